"""Volumes of type `local` for claims that the scheduler has placed."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from kubernetes.client import ApiException

from local.volumes.provisioner import PROVISIONER, Provisioner


class FakeApi:
    """The four calls that the provisioner makes, on lists that a test fills."""

    def __init__(self) -> None:
        self.claims: list[Any] = []
        self.volumes: list[Any] = []
        self.created: list[dict[str, Any]] = []
        self.deleted: list[str] = []
        self.conflict = False

    def list_persistent_volume_claim_for_all_namespaces(self) -> Any:
        return SimpleNamespace(items=self.claims)

    def list_persistent_volume(self) -> Any:
        return SimpleNamespace(items=self.volumes)

    def create_persistent_volume(self, body: dict[str, Any]) -> None:
        if self.conflict:
            raise ApiException(status=409)
        self.created.append(body)

    def delete_persistent_volume(self, name: str) -> None:
        self.deleted.append(name)


def _claim(**changes: Any) -> Any:
    annotations = {
        "volume.kubernetes.io/storage-provisioner": PROVISIONER,
        "volume.kubernetes.io/selected-node": "one-node",
    }
    metadata = {
        "name": "models-model-digits-0",
        "namespace": "image-serving",
        "uid": "u1",
        "annotations": annotations,
        "deletion_timestamp": None,
    }
    spec = {
        "volume_name": None,
        "storage_class_name": "local",
        "access_modes": ["ReadWriteOnce"],
        "resources": SimpleNamespace(requests={"storage": "1Gi"}),
    }
    return SimpleNamespace(
        metadata=SimpleNamespace(**{**metadata, **changes.get("metadata", {})}),
        spec=SimpleNamespace(**{**spec, **changes.get("spec", {})}),
        status=SimpleNamespace(phase=changes.get("phase", "Pending")),
    )


def _volume(folder: Path, **changes: Any) -> Any:
    return SimpleNamespace(
        metadata=SimpleNamespace(
            name=folder.name,
            annotations={"pv.kubernetes.io/provisioned-by": changes.get("by", PROVISIONER)},
            deletion_timestamp=None,
        ),
        spec=SimpleNamespace(
            local=SimpleNamespace(path=str(folder)),
            persistent_volume_reclaim_policy=changes.get("policy", "Delete"),
        ),
        status=SimpleNamespace(phase=changes.get("phase", "Released")),
    )


@pytest.fixture
def api() -> FakeApi:
    return FakeApi()


@pytest.fixture
def provisioner(api: FakeApi, tmp_path: Path) -> Provisioner:
    return Provisioner(api, tmp_path)


class TestCreation:
    """A placed claim of our class gets a volume on its node; nothing else does."""

    def test_a_placed_claim_gets_a_volume_and_a_folder(
        self, api: FakeApi, provisioner: Provisioner, tmp_path: Path
    ) -> None:
        api.claims = [_claim()]
        provisioner.reconcile()
        [volume] = api.created
        assert volume["metadata"]["name"] == "pvc-u1"
        assert volume["spec"]["local"]["path"] == str(tmp_path / "pvc-u1")
        assert (tmp_path / "pvc-u1").stat().st_mode & 0o777 == 0o770
        assert "one-node" in str(volume["spec"]["nodeAffinity"])
        assert volume["spec"]["claimRef"]["uid"] == "u1"

    @pytest.mark.parametrize(
        "changes",
        [
            {"metadata": {"annotations": None}},
            {"metadata": {"deletion_timestamp": "now"}},
            {"phase": "Bound"},
            {"spec": {"volume_name": "pvc-u1"}},
        ],
        ids=["not placed", "being deleted", "bound", "given a volume"],
    )
    def test_other_claims_are_left_alone(
        self, api: FakeApi, provisioner: Provisioner, changes: dict[str, Any]
    ) -> None:
        api.claims = [_claim(**changes)]
        provisioner.reconcile()
        assert api.created == []

    def test_a_volume_made_before_a_restart_is_no_error(
        self, api: FakeApi, provisioner: Provisioner
    ) -> None:
        api.claims, api.conflict = [_claim()], True
        provisioner.reconcile()


class TestDeletion:
    """A released volume of ours goes with its data; nothing else does."""

    def test_a_released_volume_goes(
        self, api: FakeApi, provisioner: Provisioner, tmp_path: Path
    ) -> None:
        folder = tmp_path / "pvc-u1"
        folder.mkdir()
        (folder / "model.pb").write_text("data")
        api.volumes = [_volume(folder)]
        provisioner.reconcile()
        assert api.deleted == ["pvc-u1"]
        assert not folder.exists()

    @pytest.mark.parametrize(
        "changes", [{"phase": "Bound"}, {"policy": "Retain"}, {"by": "ebs.csi.aws.com"}]
    )
    def test_others_keep_their_data(
        self, api: FakeApi, provisioner: Provisioner, tmp_path: Path, changes: dict[str, str]
    ) -> None:
        folder = tmp_path / "pvc-u1"
        folder.mkdir()
        api.volumes = [_volume(folder, **changes)]
        provisioner.reconcile()
        assert api.deleted == []
        assert folder.exists()

    def test_a_folder_elsewhere_is_never_removed(
        self, api: FakeApi, provisioner: Provisioner, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        elsewhere = tmp_path_factory.mktemp("elsewhere")
        api.volumes = [_volume(elsewhere)]
        provisioner.reconcile()
        assert elsewhere.exists()


class TestOtherNames:
    """A provisioner serves the classes that name it, and leaves those of another one alone."""

    NAME = "ebs.csi.aws.com"

    def test_claims_of_its_classes(self, api: FakeApi, tmp_path: Path) -> None:
        other = _claim()
        ours = _claim(
            metadata={
                "uid": "u2",
                "annotations": {
                    "volume.kubernetes.io/storage-provisioner": self.NAME,
                    "volume.kubernetes.io/selected-node": "one-node",
                },
            }
        )
        api.claims = [other, ours]
        Provisioner(api, tmp_path, self.NAME).reconcile()
        [volume] = api.created
        assert volume["metadata"]["name"] == "pvc-u2"
        assert volume["metadata"]["annotations"] == {"pv.kubernetes.io/provisioned-by": self.NAME}
