"""Who made an object is told by its managers; an ignored field keeps its live value."""

from __future__ import annotations

from typing import Any

import pytest

from local.plugins.kubernetes.ownership import applied_by, keep_ignored, parse_path

INPUTS = {"spec": {"replicas": 2, "other": 1}}


def live(owner: str) -> dict[str, Any]:
    managed = {"manager": owner, "fieldsV1": {"f:spec": {"f:replicas": {}}}}
    return {"metadata": {"managedFields": [managed]}, "spec": {"replicas": 5}}


def test_an_object_is_its_managers() -> None:
    assert applied_by(live("us"), "us")
    assert not applied_by(live("autoscaler"), "us")
    assert not applied_by({}, "us")


def test_a_field_of_others_is_left_out() -> None:
    kept = keep_ignored(INPUTS, live("autoscaler"), ["spec.replicas"], "us")
    assert kept == {"spec": {"other": 1}}


def test_a_field_of_our_own_is_sent_as_it_is_in_the_cluster() -> None:
    kept = keep_ignored(INPUTS, live("us"), ["spec.replicas"], "us")
    assert kept == {"spec": {"replicas": 5, "other": 1}}


def test_a_field_that_isnt_there_is_sent_as_the_program_says() -> None:
    assert keep_ignored(INPUTS, {}, ["spec.replicas"], "us") == INPUTS


def test_a_field_in_a_list_is_set_too() -> None:
    inputs = {"spec": {"ports": [{"port": 1}]}}
    found = keep_ignored(inputs, {"spec": {"ports": [{"port": 2}]}}, ["spec.ports[0].port"], "us")
    assert found == {"spec": {"ports": [{"port": 2}]}}


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("spec.replicas", ("spec", "replicas")),
        ("spec.ports[0].name", ("spec", "ports", 0, "name")),
        ('data["a.b"]', ("data", "a.b")),
        ('metadata.annotations["x/y"]', ("metadata", "annotations", "x/y")),
    ],
)
def test_paths_are_read(text: str, path: tuple[str | int, ...]) -> None:
    assert parse_path(text) == path
