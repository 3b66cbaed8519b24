import pytest

from model.sync.sources import version_in


class TestNames:
    """One spelling per version, within TF Serving's 64 bits."""

    @pytest.mark.parametrize(
        ("name", "version"), [("0", 0), ("1", 1), ("20261124", 20261124), ("9" * 18, 10**18 - 1)]
    )
    def test_versions(self, name: str, version: int) -> None:
        assert version_in(name) == version

    @pytest.mark.parametrize(
        "name", ["", "01", "-1", "+1", "1.5", "٣", "1 ", "latest", ".incoming-1", str(2**63)]
    )
    def test_others(self, name: str) -> None:
        assert version_in(name) is None
