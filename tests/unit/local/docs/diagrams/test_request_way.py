"""local/docs/diagrams/request_way.py: a connection is drawn if both ends allow it."""

import copy
from dataclasses import replace
from typing import Any

import pytest

from local.docs.command import DIAGRAMS
from local.docs.diagrams.diagram import Diagram
from local.docs.diagrams.drawing import draw
from local.docs.diagrams.request_way import request_way
from tests.unit.harness import Program


@pytest.fixture
def changed(local: Program) -> Program:
    """A copy whose objects may be changed."""
    return replace(local, resources=copy.deepcopy(local.resources))


def ways(diagram: Diagram) -> dict[tuple[str, str], str]:
    return {(arrow.source, arrow.target): arrow.label for arrow in diagram.arrows}


def lines(diagram: Diagram, name: str) -> list[str]:
    [box] = [box for box in diagram.boxes if box.name == name]
    return list(box.lines)


def test_the_picture_is_current(local: Program) -> None:
    drawn = draw(request_way(local, "local"))
    assert (DIAGRAMS / "request.svg").read_text() == drawn, "run `make docs`"


def test_all_connections_of_the_local_stack(local: Program) -> None:
    assert ways(request_way(local, "local")) == {
        ("clients", "gateway"): "http 9696",
        ("gateway", "model-digits"): "grpc 8500",
        ("gateway", "named networks"): "TCP",
        ("gateway", "public web"): "TCP 80, 443",
        ("gateway", "cluster DNS"): "",
        ("model-digits", "cluster DNS"): "",
        ("model-digits", "object-store"): "s3 7070",
    }


def test_only_the_request_itself_is_strong(local: Program) -> None:
    strong = [arrow for arrow in request_way(local, "local").arrows if arrow.strong]
    assert [(arrow.source, arrow.target) for arrow in strong] == [
        ("clients", "gateway"),
        ("gateway", "model-digits"),
    ]


def test_pods_and_their_numbers(local: Program) -> None:
    diagram = request_way(local, "local")
    assert "StatefulSet, 2 to 10 pods" in lines(diagram, "model-digits")
    assert "a volume of 256Mi for each" in lines(diagram, "model-digits")
    assert lines(diagram, "clients") == ["port 30696 of each node"]
    assert lines(diagram, "named networks") == ["10.244.0.0/16", "10.96.0.0/16"]


def spec(program: Program, kind: str, name: str) -> dict[str, Any]:
    return program.only(kind, name).spec


def test_one_end_that_refuses_is_enough(changed: Program) -> None:
    spec(changed, "NetworkPolicy", "model-digits")["ingress"][0]["ports"][0]["port"] = 8501
    assert ("gateway", "model-digits") not in ways(request_way(changed, "local"))


def test_a_caller_with_other_labels_is_refused(changed: Program) -> None:
    peer = spec(changed, "NetworkPolicy", "model-digits")["ingress"][0]["from"][0]
    peer["podSelector"]["matchLabels"]["app.kubernetes.io/name"] = "somebody"
    assert ("gateway", "model-digits") not in ways(request_way(changed, "local"))


def test_a_rule_without_an_end_is_everybody(changed: Program) -> None:
    spec(changed, "NetworkPolicy", "gateway")["egress"][1].pop("to")
    assert ("gateway", "any address") in ways(request_way(changed, "local"))


def test_what_no_request_leads_to_is_left_out(dev: Program) -> None:
    assert {box.name for box in request_way(dev, "dev").boxes}.isdisjoint(
        {"device-plugin", "cluster-autoscaler"}
    )
