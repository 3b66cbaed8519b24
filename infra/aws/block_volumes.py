"""The volumes that a storage driver made for a cluster, and what becomes of them without claims."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from infra.labels import SHARED_LABELS


@dataclass(frozen=True, kw_only=True, order=True)
class BlockVolume:
    """handle: the driver's name for it, `vol-0123…`. claim: `<namespace>/<name>`.

    is_going: the driver deletes it, as its claim is gone and its class says so. complaint: why
    that failed, as the driver says.
    """

    handle: str
    claim: str
    size: str
    is_going: bool
    complaint: str = ""

    def __str__(self) -> str:
        complaint = f": {self.complaint}" if self.complaint else ""
        return f"{self.handle} ({self.size}, of claim {self.claim}){complaint}"


def block_volumes(listing: Mapping[str, Any], *, driver: str) -> list[BlockVolume]:
    """Those of the driver among the PersistentVolumes and -Claims that the API server lists.

    Volumes that the stack itself declares are left out: it has its own word on them.
    """
    items = [item for item in listing["items"] if not _is_declared(item)]
    claims = {
        (item["metadata"]["namespace"], item["metadata"]["name"]): item["metadata"]["uid"]
        for item in items
        if item["kind"] == "PersistentVolumeClaim" and not _is_ending(item)
    }
    return sorted(
        _block_volume(item, claims)
        for item in items
        if item["kind"] == "PersistentVolume"
        and item["spec"].get("csi", {}).get("driver") == driver
    )


def _block_volume(item: dict[str, Any], claims: Mapping[tuple[str, str], str]) -> BlockVolume:
    spec = item["spec"]
    reference = spec.get("claimRef") or {"namespace": "", "name": ""}
    key = (reference["namespace"], reference["name"])
    # By its uid: a claim of that name may have been made anew, with a volume of its own.
    is_claimed = key in claims and claims[key] == reference.get("uid")
    return BlockVolume(
        handle=spec["csi"]["volumeHandle"],
        claim="/".join(key),
        size=spec["capacity"]["storage"],
        is_going=spec["persistentVolumeReclaimPolicy"] == "Delete" and not is_claimed,
        complaint=item.get("status", {}).get("message", ""),
    )


def _is_declared(item: dict[str, Any]) -> bool:
    labels: dict[str, str] = item["metadata"].get("labels", {})
    return item["kind"] == "PersistentVolume" and SHARED_LABELS.items() <= labels.items()


def _is_ending(item: dict[str, Any]) -> bool:
    return "deletionTimestamp" in item["metadata"]
