"""Waiting ends in time, with the reason, and at once when it is of no use."""

from __future__ import annotations

import threading

import pytest

from local.plugins.kubernetes.await_.readiness import READY, Reader, Readiness
from local.plugins.kubernetes.await_.rules import awaited, may_skip_deletion
from local.plugins.kubernetes.await_.waiting import Patience, wait_until_gone, wait_until_ready
from local.plugins.kubernetes.errors import DeleteStuck, NotReady
from local.plugins.kubernetes.kinds import Kind
from local.plugins.shared.values import Object
from tests.unit.local.plugins.kubernetes.await_.fake_cluster import FakeCluster, named

WIDGET = Kind("engine.example", "v1", "Widget")
WAITING = Readiness(False, "waiting for a sign", ("no sign was given",))


class Patient:
    """A short patience, and what it was shown."""

    def __init__(self, timeout_seconds: float = 0.3) -> None:
        self.shown: list[str] = []
        self.cancelled = threading.Event()
        self.patience = Patience(timeout_seconds, self.cancelled, self.shown.append)


def never(obj: Object, cluster: Reader) -> Readiness:
    return WAITING


class TestReady:
    """An object is awaited until its rule is content."""

    def test_the_last_state_is_returned(self) -> None:
        holding = FakeCluster((WIDGET, named("x", status="new")))

        def rule(obj: Object, cluster: Reader) -> Readiness:
            return READY if obj.get("status") == "new" else WAITING

        found = wait_until_ready(named("x"), WIDGET, rule, holding, Patient().patience)
        assert found["status"] == "new"

    def test_time_runs_out_with_the_reasons(self) -> None:
        patient, cluster = Patient(), FakeCluster((WIDGET, named("x", status="last")))
        with pytest.raises(NotReady) as caught:
            wait_until_ready(named("x"), WIDGET, never, cluster, patient.patience)
        assert caught.value.reasons == ["not ready after 0.3 s", "no sign was given"]
        assert caught.value.live["status"] == "last"
        assert "waiting for a sign" in patient.shown

    def test_cancelling_ends_it_at_once(self) -> None:
        patient = Patient(timeout_seconds=600)
        patient.cancelled.set()
        with pytest.raises(NotReady, match="cancelled"):
            wait_until_ready(named("x"), WIDGET, never, FakeCluster(), patient.patience)

    def test_what_is_hopeless_isnt_awaited(self) -> None:
        def failed(obj: Object, cluster: Reader) -> Readiness:
            return Readiness(False, "failed", ("it broke",), hopeless=True)

        with pytest.raises(NotReady, match="it broke"):
            wait_until_ready(named("x"), WIDGET, failed, FakeCluster(), Patient(600).patience)

    def test_a_deleted_object_isnt_awaited(self) -> None:
        with pytest.raises(NotReady, match="deleted"):
            wait_until_ready(named("x"), WIDGET, never, FakeCluster(), Patient(600).patience)


class TestGone:
    """An object is gone when the server doesn't know this very one."""

    def test_another_of_the_same_name_isnt_it(self) -> None:
        cluster = FakeCluster((WIDGET, named("x", metadata={"uid": "other"})))
        patient = Patient(600)
        wait_until_gone(named("x"), WIDGET, cluster, patient.patience)
        assert patient.shown == []

    def test_finalizers_are_named(self) -> None:
        stuck = named("x", metadata={"finalizers": ["engine.example/never"]})
        with pytest.raises(DeleteStuck, match="finalizers: engine"):
            wait_until_gone(stuck, WIDGET, FakeCluster((WIDGET, stuck)), Patient().patience)


class TestRules:
    """Kinds without a rule are ready once they exist."""

    @pytest.mark.parametrize("name", ["ConfigMap", "Namespace", "ServiceAccount"])
    def test_not_awaited(self, name: str) -> None:
        assert awaited(Kind("", "v1", name)) is None

    @pytest.mark.parametrize(
        ("name", "seconds"),
        [("Pod", 600), ("PersistentVolumeClaim", 300), ("ResourceQuota", 60), ("Secret", 5)],
    )
    def test_each_has_its_time(self, name: str, seconds: float) -> None:
        rule = awaited(Kind("", "v1", name))
        assert rule is not None
        assert rule.timeout_seconds == seconds

    def test_a_refresh_judges_workloads_but_no_claims(self) -> None:
        workload = awaited(Kind("apps", "v1", "Deployment"))
        claim = awaited(Kind("", "v1", "PersistentVolumeClaim"))
        assert workload is not None
        assert workload.make_glance is not None
        assert claim is not None
        assert claim.make_glance is None

    def test_skip_await_is_about_deletion_too_for_some(self) -> None:
        assert may_skip_deletion(Kind("apps", "v1", "StatefulSet"))
        assert not may_skip_deletion(Kind("", "v1", "Service"))
