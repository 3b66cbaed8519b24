"""Removing data asks first."""

from __future__ import annotations

from pathlib import Path

import pytest

from local.cluster.spec import ensure_spec
from local.down import down
from local.errors import LocalError
from local.paths import cache_dir
from tests.conftest import free_port


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


class TestPurge:
    """PURGE=1 removes state and caches, but only when somebody said yes."""

    def test_with_nobody_to_ask_nothing_is_removed(self) -> None:
        spec = ensure_spec("one", free_port())
        with pytest.raises(LocalError, match="YES=1"):
            down("one", purge=True, confirmed=False)
        assert spec.paths.root.exists()
        assert cache_dir().exists()

    def test_confirmed_it_removes_both(self, tmp_path: Path) -> None:
        spec = ensure_spec("one", free_port())
        cache_dir()
        down("one", purge=True, confirmed=True)
        assert not spec.paths.root.exists()
        assert list((tmp_path / "cache").iterdir()) == []

    def test_without_it_the_state_is_kept(self, capsys: pytest.CaptureFixture[str]) -> None:
        spec = ensure_spec("one", free_port())
        down("one", purge=False, confirmed=False)
        assert spec.paths.root.exists()
        assert str(spec.paths.root) in capsys.readouterr().out

    def test_a_cluster_that_never_was_is_no_error(self, capsys: pytest.CaptureFixture[str]) -> None:
        down("one", purge=False, confirmed=False)
        assert "there is no cluster 'one'" in capsys.readouterr().out
