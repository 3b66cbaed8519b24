"""An apply takes fields from other managers only when it is told to."""

from __future__ import annotations

from typing import Any, cast

import pytest

from local.plugins.kubernetes.applying import Applier
from local.plugins.kubernetes.client import Cluster
from local.plugins.kubernetes.discovery import Endpoint
from local.plugins.kubernetes.errors import KindUnknown
from local.plugins.kubernetes.kinds import Kind
from local.plugins.kubernetes.settings import ProviderSettings
from local.plugins.shared.values import Object

KIND = Kind("", "v1", "ConfigMap")
FORCED = {"annotations": {"pulumi.com/patchForce": "true"}}


class Recorder:
    """Notes what was forced; serves kinds with or without namespaces, or (None) no kind."""

    def __init__(self, namespaced: bool | None = True) -> None:
        self.namespaced = namespaced
        self.forced: list[bool] = []

    def endpoint(self, kind: Kind) -> Endpoint:
        if self.namespaced is None:
            raise KindUnknown(kind)
        return Endpoint("/api/v1", "things", self.namespaced)

    def apply(
        self, kind: Kind, body: Object, manager: str, *, force: bool, dry_run: bool
    ) -> Object:
        self.forced.append(force)
        return body


def applier(recorder: Recorder, **settings: Any) -> Applier:
    return Applier(cast(Cluster, recorder), ProviderSettings(**settings))


@pytest.mark.parametrize(
    ("metadata", "settings", "forced"),
    [({}, {}, False), (FORCED, {}, True), ({}, {"patch_force": True}, True)],
    ids=["by itself", "by annotation", "by the provider"],
)
def test_force_is_asked_for(
    metadata: dict[str, Any], settings: dict[str, Any], forced: bool
) -> None:
    recorder = Recorder()
    inputs = {"metadata": {"name": "x", **metadata}}
    applier(recorder, **settings).change(KIND, inputs, "us", [], dry_run=False)
    assert recorder.forced == [forced]


def test_a_kind_without_namespaces_is_sent_without_one() -> None:
    inputs = {"metadata": {"name": "x", "namespace": "here"}}
    assert applier(Recorder(namespaced=False)).body(KIND, inputs) == {"metadata": {"name": "x"}}


def test_a_kind_that_comes_with_the_same_run_counts_as_namespaced() -> None:
    assert applier(Recorder(namespaced=None)).is_namespaced(KIND)
