"""infra/settings/types.py: quantities are understood, and wrong forms are refused."""

import pytest

from infra.settings.types import MODEL_NAME_MAX_LENGTH, cpu_millis, memory_bytes


class TestCpu:
    """Thousandths of a core."""

    @pytest.mark.parametrize(
        ("quantity", "millis"), [("1", 1000), ("250m", 250), ("0.5", 500), ("1.25", 1250)]
    )
    def test_read(self, quantity: str, millis: int) -> None:
        assert cpu_millis(quantity) == millis

    @pytest.mark.parametrize(
        "quantity", ["", "0", "0m", "-1", "1.5m", "0.0001", "1 ", "one", "1Gi"]
    )
    def test_refused(self, quantity: str) -> None:
        with pytest.raises(ValueError, match="CPU quantity"):
            cpu_millis(quantity)


class TestMemory:
    """Bytes, by powers of ten and of two."""

    @pytest.mark.parametrize(
        ("quantity", "size"),
        [("1Mi", 2**20), ("512Mi", 2**29), ("1.5Gi", 3 * 2**29), ("2G", 2 * 10**9)],
    )
    def test_read(self, quantity: str, size: int) -> None:
        assert memory_bytes(quantity) == size

    @pytest.mark.parametrize("quantity", ["", "0", "512", "1Ki", "100m", "1 Gi", "-1Gi", "1gi"])
    def test_refused(self, quantity: str) -> None:
        with pytest.raises(ValueError, match="quantity of bytes"):
            memory_bytes(quantity)


class TestModelName:
    """A StatefulSet's pods bear a label of its name and a hash, of at most 63 characters."""

    def test_the_longest_name_fits(self) -> None:
        assert len("model-" + "x" * MODEL_NAME_MAX_LENGTH + "-" + "0123456789") == 63
