"""The loops that wait: until an object is ready, until it is gone."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from local.plugins.kubernetes.await_.readiness import (
    Reader,
    Readiness,
    Rule,
    name_of,
    namespace_of,
)
from local.plugins.kubernetes.errors import DeleteStuck, NotReady
from local.plugins.kubernetes.kinds import Kind
from local.plugins.shared.values import Object, at

_FIRST_PAUSE_SECONDS: Final = 0.1
_MAX_PAUSE_SECONDS: Final = 1.0


@dataclass(frozen=True)
class Patience:
    """How long to wait, what ends it early, and where progress goes."""

    timeout_seconds: float
    cancelled: threading.Event
    progress: Callable[[str], None]
    clock: Callable[[], float] = time.monotonic


def wait_until_ready(
    obj: Object, kind: Kind, rule: Rule, cluster: Reader, patience: Patience
) -> Object:
    """The object once it is ready.

    Raises NotReady, with the last state seen and the reasons, when time runs out, the run is
    cancelled, the object is deleted, or waiting has become hopeless.
    """
    end = patience.clock() + patience.timeout_seconds
    for pause_seconds in _pauses():
        readiness = rule(obj, cluster)
        if readiness.ready:
            return obj
        patience.progress(readiness.doing)
        if readiness.hopeless:
            raise NotReady(obj, list(readiness.problems))
        if patience.clock() + pause_seconds > end:
            raise NotReady(
                obj, _reasons(f"not ready after {patience.timeout_seconds:g} s", readiness)
            )
        if patience.cancelled.wait(pause_seconds):
            raise NotReady(obj, _reasons("cancelled while waiting to get ready", readiness))
        found = cluster.get(kind, namespace_of(obj), name_of(obj))
        if found is None:
            raise NotReady(obj, ["the object was deleted while it was awaited"])
        obj = found
    raise AssertionError("the pauses never end")


def wait_until_gone(obj: Object, kind: Kind, cluster: Reader, patience: Patience) -> None:
    """Returns once the object, or at least this very one (by uid), is gone.

    Raises DeleteStuck when time runs out or the run is cancelled, and names the finalizers.
    """
    end = patience.clock() + patience.timeout_seconds
    uid = at(obj, "metadata", "uid")
    for pause_seconds in _pauses():
        found = cluster.get(kind, namespace_of(obj), name_of(obj))
        if found is None or (uid and at(found, "metadata", "uid") != uid):
            return
        finalizers = ", ".join(at(found, "metadata", "finalizers") or []) or "none"
        what = f"{kind.name} {name_of(obj)} is still there (finalizers: {finalizers})"
        patience.progress(f"waiting for deletion: {what}")
        if patience.clock() + pause_seconds > end:
            raise DeleteStuck(f"{what} after {patience.timeout_seconds:g} s")
        if patience.cancelled.wait(pause_seconds):
            raise DeleteStuck(f"cancelled: {what}")


def _pauses() -> Iterator[float]:
    pause_seconds = _FIRST_PAUSE_SECONDS
    while True:
        yield pause_seconds
        pause_seconds = min(1.5 * pause_seconds, _MAX_PAUSE_SECONDS)


def _reasons(first: str, readiness: Readiness) -> list[str]:
    return [first, *readiness.problems]
