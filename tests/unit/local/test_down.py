"""Removing data asks first."""

from __future__ import annotations

from pathlib import Path

import pytest

from local import down as down_module
from local.cluster.sandbox import Sandbox
from local.cluster.spec import ensure_spec
from local.down import down
from local.errors import LocalError
from local.locks import cluster_lock
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

    def test_the_caches_stay_while_another_cluster_runs_from_them(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        one, two = ensure_spec("one", free_port()), ensure_spec("two", free_port())
        monkeypatch.setattr(
            down_module, "find_sandbox", lambda spec: Sandbox(1) if spec == two else None
        )
        cache_dir()
        down("one", purge=True, confirmed=True)
        assert not one.paths.root.exists()
        assert two.paths.root.exists()
        assert cache_dir().exists()
        assert "make down CLUSTER=two" in capsys.readouterr().out

    @pytest.mark.parametrize("at_work", ["two", "contexts/two"])
    def test_the_caches_stay_while_another_run_fills_them(
        self, at_work: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        cache_dir()
        with cluster_lock(at_work, "make up"):
            down("one", purge=True, confirmed=True)
        assert (tmp_path / "cache" / "image-serving").exists()
        assert "`make up` (process " in capsys.readouterr().out

    def test_without_it_the_state_is_kept(self, capsys: pytest.CaptureFixture[str]) -> None:
        spec = ensure_spec("one", free_port())
        down("one", purge=False, confirmed=False)
        assert spec.paths.root.exists()
        assert str(spec.paths.root) in capsys.readouterr().out

    def test_a_cluster_that_never_was_is_no_error(self, capsys: pytest.CaptureFixture[str]) -> None:
        down("one", purge=False, confirmed=False)
        assert "there is no cluster 'one'" in capsys.readouterr().out
