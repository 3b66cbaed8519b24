"""`make down`: ends what `make up` started; with PURGE=1 what it left on disk goes too."""

from __future__ import annotations

import shutil
import sys
from contextlib import nullcontext

from local.cluster.lifecycle import purge as purge_cluster
from local.cluster.lifecycle import take_down
from local.cluster.spec import ClusterSpec, load_spec
from local.errors import LocalError
from local.locks import cluster_lock
from local.paths import cache_dir
from local.progress import say


def down(name: str, *, purge: bool, confirmed: bool) -> None:
    """Stops the cluster; data and caches stay unless `purge`.

    Raises `LocalError` when purging was not confirmed.
    """
    spec = load_spec(name)
    with cluster_lock(name, "make down") if spec is not None else nullcontext():
        _down(spec, name, purge=purge, confirmed=confirmed)


def _down(spec: ClusterSpec | None, name: str, *, purge: bool, confirmed: bool) -> None:
    if spec is None:
        say(f"there is no cluster '{name}'")
    else:
        ran = take_down(spec)
        say(f"cluster '{name}' {'stopped' if ran else 'was not running'}")
    if purge:
        root = spec.paths.root if spec is not None else None
        if not confirmed:
            _confirm([str(each) for each in (root, cache_dir()) if each is not None])
        if spec is not None:
            purge_cluster(spec)
        shutil.rmtree(cache_dir(), ignore_errors=True)
        say("state and caches removed")
    elif spec is not None:
        say(f"its objects and volumes are kept in {spec.paths.root}; `make up` goes on with them")


def _confirm(folders: list[str]) -> None:
    say("this removes all objects and volumes of the cluster, and the caches:")
    for folder in folders:
        say(f"  {folder}")
    if not sys.stdin.isatty():
        raise LocalError("nobody is there to ask; say it with: make down PURGE=1 YES=1")
    if input("remove them? [y/N] ").strip().lower() != "y":
        raise LocalError("nothing was removed")
