"""What a killed engine had begun is found out by the next run, and nothing is forgotten."""

from __future__ import annotations

from typing import Any

import pytest

from local.engine.pending import settled

URN = "urn:pulumi:local::x::kubernetes:core/v1:ConfigMap::notes"
PROVIDER_URN = "urn:pulumi:local::x::pulumi:providers:kubernetes::cluster"


def resource(name: str, **more: Any) -> dict[str, Any]:
    """An object of the cluster; auto-named ones share their URN."""
    inputs = {"metadata": {"name": name, "namespace": "here"}}
    return {"urn": URN, "type": "kubernetes:core/v1:ConfigMap", "inputs": inputs, **more}


def noted(name: str, **more: Any) -> dict[str, Any]:
    """One whose creation the engine has seen end."""
    return resource(name, id=f"here/{name}", **more)


def deployment(
    resources: list[dict[str, Any]], *pending: tuple[str, dict[str, Any]]
) -> dict[str, Any]:
    operations = [{"type": kind, "resource": each} for kind, each in pending]
    return {"resources": resources, "pending_operations": operations}


NOTES = noted("notes-1")


def test_a_settled_deployment_stays_as_it_is() -> None:
    assert settled({"resources": [noted("notes-1")]}) == ({"resources": [noted("notes-1")]}, [])


def test_an_empty_one_too() -> None:
    assert settled({}) == ({}, [])


class TestCreation:
    """What may have been made is in the state from now on, to be read before all else."""

    def test_it_gets_the_id_that_it_was_to_get(self) -> None:
        found, told = settled(deployment([], ("creating", resource("notes-1"))))
        assert found == {"resources": [noted("notes-1", refreshBeforeUpdate=True)]}
        assert told == [f"creating {URN}"]

    def test_the_one_that_it_replaces_is_to_be_deleted(self) -> None:
        other = {**noted("other"), "urn": "urn:other"}
        before = deployment([other, noted("notes-1")], ("creating", resource("notes-2")))
        new = noted("notes-2", refreshBeforeUpdate=True)
        # The engine wants an object before the deleted ones of the same URN.
        assert settled(before)[0]["resources"] == [other, new, noted("notes-1", delete=True)]

    def test_the_one_that_made_room_for_it_is_forgotten(self) -> None:
        gone, other = noted("notes", pendingReplacement=True), {**noted("x"), "urn": "urn:x"}
        other["pendingReplacement"] = True
        found, _ = settled(deployment([gone, other], ("creating", resource("notes"))))
        assert found["resources"] == [noted("notes", refreshBeforeUpdate=True), other]

    def test_two_objects_of_one_name_cant_be(self) -> None:
        found, _ = settled(deployment([noted("notes")], ("creating", resource("notes"))))
        assert found["resources"] == [noted("notes")]

    @pytest.mark.parametrize(
        "made",
        [
            {"urn": PROVIDER_URN, "type": "pulumi:providers:kubernetes", "inputs": {}},
            {**resource("x"), "inputs": {"metadata": {"name": {"ciphertext": "hidden"}}}},
        ],
        ids=["no object of the cluster", "secret name"],
    )
    def test_what_cant_be_looked_for_is_made_again(self, made: dict[str, Any]) -> None:
        found, told = settled(deployment([], ("creating", made)))
        assert found["resources"] == []
        assert told == [f"creating {made['urn']}"]


class TestChangeAndDeletion:
    """An object that was written or deleted in part is written again, even if nothing differs."""

    @pytest.mark.parametrize("operation", [("updating", resource("notes-1")), ("deleting", NOTES)])
    def test_it_is_marked(self, operation: tuple[str, dict[str, Any]]) -> None:
        [found] = settled(deployment([NOTES], operation))[0]["resources"]
        assert found.pop("initErrors")
        assert found == NOTES

    def test_the_heir_of_a_deleted_one_isnt(self) -> None:
        new, old = noted("notes-2"), noted("notes-1", delete=True)
        found, _ = settled(deployment([new, old], ("deleting", old)))
        assert found["resources"][0] == new
