"""Services are ready when what they lead to is."""

from __future__ import annotations

from typing import Any

import pytest

from local.plugins.kubernetes.await_.network import (
    ENDPOINT_SLICE,
    SERVICE,
    SETTLE_SECONDS,
    ServiceRule,
    ingress,
)
from local.plugins.shared.values import Object
from tests.unit.local.plugins.kubernetes.await_.fake_cluster import FakeCluster, named

ADDRESS = {"loadBalancer": {"ingress": [{"ip": "1.2.3.4"}]}}
SELECTING = {"selector": {"app": "x"}}


def endpoints(*ready: bool, terminating: bool = False) -> tuple[Any, Object]:
    labels = {"kubernetes.io/service-name": "web"}
    items = [{"conditions": {"ready": r, "terminating": terminating}} for r in ready]
    return ENDPOINT_SLICE, named("web-1", metadata={"labels": labels}, endpoints=items)


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class TestService:
    """No endpoint is unready, and that has lasted a moment."""

    @pytest.mark.parametrize("ready", [(), (True,), (True, True)])
    def test_it_is_ready_once_its_endpoints_settle(self, ready: tuple[bool, ...]) -> None:
        clock = Clock()
        rule, cluster = ServiceRule(clock=clock), FakeCluster(endpoints(*ready))
        web = named("web", spec=SELECTING)
        assert not rule(web, cluster).ready
        clock.now = SETTLE_SECONDS
        assert rule(web, cluster).ready

    def test_a_change_of_endpoints_starts_the_moment_anew(self) -> None:
        clock = Clock()
        rule, web = ServiceRule(clock=clock), named("web", spec=SELECTING)
        rule(web, FakeCluster(endpoints(True)))
        clock.now = SETTLE_SECONDS
        assert not rule(web, FakeCluster(endpoints(True, True))).ready

    def test_an_unready_endpoint_holds_it_up(self) -> None:
        rule = ServiceRule(settle_seconds=0)
        found = rule(named("web", spec=SELECTING), FakeCluster(endpoints(True, False)))
        assert found.problems == ("1 of 2 endpoints aren't ready",)

    def test_a_terminating_one_doesnt(self) -> None:
        cluster = FakeCluster(endpoints(False, terminating=True))
        assert ServiceRule(settle_seconds=0)(named("web", spec=SELECTING), cluster).ready

    @pytest.mark.parametrize(
        "spec",
        [
            {},
            {**SELECTING, "clusterIP": "None"},
            {**SELECTING, "type": "ExternalName"},
        ],
    )
    def test_without_pods_to_wait_for_it_is_ready_at_once(self, spec: dict[str, Any]) -> None:
        assert ServiceRule()(named("web", spec=spec), FakeCluster()).ready

    def test_a_load_balancer_needs_its_address(self) -> None:
        web = named("web", spec={"type": "LoadBalancer"})
        assert not ServiceRule()(web, FakeCluster()).ready
        web["status"] = ADDRESS
        assert ServiceRule()(web, FakeCluster()).ready


def test_an_ingress_needs_its_address_and_services() -> None:
    path = {"backend": {"service": {"name": "web"}}}
    door = named("door", spec={"rules": [{"http": {"paths": [path]}}]})
    missing, address = ingress(door, FakeCluster()).problems
    assert missing == "no Service named web"
    assert "no address" in address
    door["status"] = ADDRESS
    assert ingress(door, FakeCluster((SERVICE, named("web")))).ready
