"""infra/aws/block_volumes.py: of each volume it is known whether it goes or stays."""

from typing import Any

import pytest

from infra.aws.block_volumes import BlockVolume, block_volumes
from infra.labels import SHARED_LABELS

DRIVER = "ebs.csi.aws.com"


def persistent_volume(handle: str, **changes: Any) -> dict[str, Any]:
    """As the driver makes it for the claim `models-0`."""
    return {
        "kind": "PersistentVolume",
        "metadata": {"name": f"pvc-{handle}", "labels": changes.get("labels", {})},
        "spec": {
            "csi": {"driver": changes.get("driver", DRIVER), "volumeHandle": handle},
            "capacity": {"storage": "5Gi"},
            "persistentVolumeReclaimPolicy": changes.get("policy", "Delete"),
            "claimRef": {"namespace": "image-serving", "name": "models-0", "uid": "uid-0"},
        },
        "status": {"message": changes.get("message", "")},
    }


def claim(*, uid: str = "uid-0", is_ending: bool = False) -> dict[str, Any]:
    metadata = {"namespace": "image-serving", "name": "models-0", "uid": uid}
    if is_ending:
        metadata["deletionTimestamp"] = "2026-11-25T20:00:00Z"
    return {"kind": "PersistentVolumeClaim", "metadata": metadata}


def only(*items: dict[str, Any]) -> BlockVolume:
    (volume,) = block_volumes({"items": list(items)}, driver=DRIVER)
    return volume


class TestGoing:
    """It goes once its claim does, unless its class says otherwise."""

    @pytest.mark.parametrize(
        ("others", "is_going"),
        [
            ([], True),
            ([claim(is_ending=True)], True),
            ([claim()], False),
            ([claim(uid="of a claim made anew")], True),
        ],
        ids=["claim gone", "claim going", "claimed", "claimed by another"],
    )
    def test_by_its_claim(self, others: list[dict[str, Any]], is_going: bool) -> None:
        assert only(persistent_volume("vol-1"), *others).is_going is is_going

    def test_by_its_class(self) -> None:
        assert not only(persistent_volume("vol-1", policy="Retain")).is_going


class TestLeftOut:
    def test_volumes_of_other_drivers(self) -> None:
        items = [persistent_volume("vol-1", driver="local.example")]
        assert block_volumes({"items": items}, driver=DRIVER) == []

    def test_what_the_stack_itself_declares(self) -> None:
        items = [persistent_volume("vol-1", labels=SHARED_LABELS)]
        assert block_volumes({"items": items}, driver=DRIVER) == []


def test_it_is_named_as_aws_and_its_owner_know_it() -> None:
    volume = only(persistent_volume("vol-1", message="UnauthorizedOperation"))
    assert str(volume) == "vol-1 (5Gi, of claim image-serving/models-0): UnauthorizedOperation"


def test_a_volume_of_no_claim() -> None:
    item = persistent_volume("vol-1")
    del item["spec"]["claimRef"], item["status"]
    assert only(item).is_going
