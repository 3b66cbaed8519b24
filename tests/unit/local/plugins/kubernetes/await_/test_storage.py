"""Volumes, claims, quotas and tokens are ready when their controllers have done their part."""

from __future__ import annotations

from typing import Any

import pytest

from local.plugins.kubernetes.await_ import storage
from tests.unit.local.plugins.kubernetes.await_.fake_cluster import FakeCluster, named

PENDING = {"phase": "Pending"}


def class_with(mode: str) -> Any:
    return storage.STORAGE_CLASS, named("local", volumeBindingMode=mode)


class TestClaim:
    """A claim is bound, unless its class waits for a pod."""

    def test_bound_is_ready(self) -> None:
        assert storage.claim(named("data", status={"phase": "Bound"}), FakeCluster()).ready

    @pytest.mark.parametrize(
        ("mode", "ready"), [("WaitForFirstConsumer", True), ("Immediate", False)]
    )
    def test_pending_depends_on_the_class(self, mode: str, ready: bool) -> None:
        data = named("data", spec={"storageClassName": "local"}, status=PENDING)
        assert storage.claim(data, FakeCluster(class_with(mode))).ready is ready

    def test_a_missing_class_is_told(self) -> None:
        data = named("data", spec={"storageClassName": "fast"}, status=PENDING)
        found = storage.claim(data, FakeCluster())
        assert found.problems == ("the claim is Pending and its StorageClass fast doesn't exist",)


@pytest.mark.parametrize(
    ("phase", "ready"), [("Available", True), ("Bound", True), ("Pending", False), (None, False)]
)
def test_a_volume_is_available_or_bound(phase: str | None, ready: bool) -> None:
    assert storage.volume(named("v", status={"phase": phase}), FakeCluster()).ready is ready


def test_a_quota_is_in_force_once_its_status_says_so() -> None:
    quota = named("q", spec={"hard": {"pods": "3"}}, status={})
    assert not storage.quota(quota, FakeCluster()).ready
    quota["status"] = {"hard": {"pods": "3"}}
    assert storage.quota(quota, FakeCluster()).ready


@pytest.mark.parametrize(
    ("kind", "data", "ready"),
    [
        ("Opaque", {}, True),
        ("kubernetes.io/service-account-token", {}, False),
        ("kubernetes.io/service-account-token", {"token": "eA=="}, True),
    ],
)
def test_only_tokens_are_awaited(kind: str, data: dict[str, str], ready: bool) -> None:
    assert storage.token(named("s", type=kind, data=data), FakeCluster()).ready is ready
