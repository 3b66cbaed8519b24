"""API keys from a mounted Secret."""

import logging
from pathlib import Path

import pytest
from gateway.api_keys import ApiKeys


class TestLookup:
    """A key tells whose it is; whatever is no key is nobody's."""

    def test_client_of_each_key(self, tmp_path: Path) -> None:
        (tmp_path / "shop").write_text("first\n")
        (tmp_path / "tests").write_text("second")
        keys = ApiKeys(tmp_path)
        assert (keys.client_of("first"), keys.client_of("second")) == ("shop", "tests")

    @pytest.mark.parametrize("key", ["", "firs", "first ", "FIRST", "f\u00fcrst", "first\nsecond"])
    def test_nobody(self, tmp_path: Path, key: str) -> None:
        (tmp_path / "shop").write_text("first")
        assert ApiKeys(tmp_path).client_of(key) is None

    def test_empty_file_lets_nobody_in(self, tmp_path: Path) -> None:
        (tmp_path / "shop").write_text(" \n")
        assert ApiKeys(tmp_path).client_of("") is None

    def test_folder_is_missing(self, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
        assert ApiKeys(tmp_path / "nowhere").client_of("first") is None
        assert "nowhere" in caplog.text

    def test_keys_are_not_logged(self, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.DEBUG)
        (tmp_path / "shop").write_text("first")
        ApiKeys(tmp_path).client_of("second")
        assert "1 clients" in caplog.text
        assert not {"first", "second"} & set(caplog.text.split())


class TestRotation:
    """A change of the folder counts at the next request."""

    def test_added_and_withdrawn(self, tmp_path: Path) -> None:
        keys = ApiKeys(tmp_path)
        assert keys.client_of("first") is None
        (tmp_path / "shop").write_text("first")
        assert keys.client_of("first") == "shop"
        (tmp_path / "shop").unlink()
        assert keys.client_of("first") is None

    def test_as_kubernetes_swaps_a_mounted_secret(self, tmp_path: Path) -> None:
        (tmp_path / "shop").symlink_to("..data/shop")
        swap(tmp_path, "..2026_01", {"shop": "alpha"})
        keys = ApiKeys(tmp_path)
        assert keys.client_of("alpha") == "shop"
        swap(tmp_path, "..2026_02", {"shop": "gamma"})
        assert (keys.client_of("alpha"), keys.client_of("gamma")) == (None, "shop")

    def test_link_without_its_file_is_nobodys(self, tmp_path: Path) -> None:
        (tmp_path / "shop").symlink_to("..data/shop")
        assert ApiKeys(tmp_path).client_of("alpha") is None


def swap(folder: Path, version: str, keys: dict[str, str]) -> None:
    """Write a new version of a Secret the way the kubelet does."""
    (folder / version).mkdir()
    for name, key in keys.items():
        (folder / version / name).write_text(key)
    (folder / "..data_tmp").symlink_to(version)
    (folder / "..data_tmp").rename(folder / "..data")
