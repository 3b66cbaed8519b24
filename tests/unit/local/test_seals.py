"""A product that is not what was made is made again."""

from __future__ import annotations

from pathlib import Path

import pytest

from local.seals import is_present, is_whole, put_in_place, remove_damaged, seal_of


@pytest.fixture
def product(tmp_path: Path) -> Path:
    new = tmp_path / "gateway.new"
    new.write_bytes(b"layers" * 100)
    put_in_place(new, tmp_path / "gateway.tar")
    assert not new.exists()
    return tmp_path / "gateway.tar"


def test_what_was_put_in_place_is_whole(product: Path) -> None:
    assert is_present(product)
    assert is_whole(product)
    assert remove_damaged([product]) == []


class TestDamage:
    """A short file is seen at a glance, a changed one when something failed."""

    def test_a_truncated_one_counts_as_missing(self, product: Path) -> None:
        product.write_bytes(product.read_bytes()[:-1])
        assert not is_present(product)

    def test_a_flipped_bit_is_found_and_the_product_removed(self, product: Path) -> None:
        content = bytearray(product.read_bytes())
        content[7] ^= 1
        product.write_bytes(content)
        assert is_present(product)
        assert remove_damaged([product]) == [product]
        assert not product.exists()
        assert not seal_of(product).exists()

    def test_a_damaged_seal_vouches_for_nothing(self, product: Path) -> None:
        seal_of(product).write_text('{"bytes": 60')
        assert not is_present(product)

    def test_a_seal_without_its_product_is_nothing(self, product: Path) -> None:
        product.unlink()
        assert not is_present(product)


def test_one_made_before_there_were_seals_is_taken_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "kubelet").write_bytes(b"program")
    assert is_whole(tmp_path / "kubelet")
