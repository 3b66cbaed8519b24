"""`make down`: ends what `make up` started; with PURGE=1 what it left on disk goes too."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

from local.cluster.lifecycle import purge as purge_cluster
from local.cluster.lifecycle import take_down
from local.cluster.sandbox import find_sandbox
from local.cluster.spec import ClusterSpec, known_specs, load_spec
from local.errors import LocalError
from local.locks import cluster_lock, holders_beside
from local.paths import cache_dir
from local.progress import say


def down(name: str, *, purge: bool, confirmed: bool) -> None:
    """Stops the cluster; data and caches stay unless `purge`.

    The caches are those of all clusters: they stay as long as another one needs them.

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
        _purge(spec, confirmed=confirmed)
    elif spec is not None:
        say(f"its objects and volumes are kept in {spec.paths.root}; `make up` goes on with them")


def _purge(spec: ClusterSpec | None, *, confirmed: bool) -> None:
    users = _users_of_the_cache(spec)
    state = [spec.paths.root] if spec is not None else []
    folders = [*state, *([] if users else [cache_dir()])]
    if folders and not confirmed:
        _confirm(folders)
    if spec is not None:
        purge_cluster(spec)
    if not users:
        shutil.rmtree(cache_dir(), ignore_errors=True)
    say(f"removed: {', '.join(map(str, folders)) or 'nothing'}")
    if users:
        say(f"the caches in {cache_dir()} stay, since they are in use: {'; '.join(users)}")


def _users_of_the_cache(spec: ClusterSpec | None) -> list[str]:
    """Other clusters that run from the caches, and other runs that fill them."""
    running = [
        f"cluster '{each.name}' runs, stop it with `make down CLUSTER={each.name}`"
        for each in known_specs()
        if each != spec and find_sandbox(each) is not None
    ]
    at_work = holders_beside(spec.name if spec is not None else None)
    return [*running, *(f"{each} works" for each in at_work)]


def _confirm(folders: Sequence[Path]) -> None:
    say("this removes objects and volumes of the cluster, and caches:")
    for folder in folders:
        say(f"  {folder}")
    if not sys.stdin.isatty():
        raise LocalError("nobody is there to ask; say it with: make down PURGE=1 YES=1")
    if input("remove them? [y/N] ").strip().lower() != "y":
        raise LocalError("nothing was removed")
