"""infra/aws/datasets_volume.py: batch jobs mount one volume, which the cluster can't take along."""

import re
from typing import Any

import pytest
import yaml
from pydantic import TypeAdapter

from infra.aws.datasets_volume import DatasetsVolume, DatasetsVolumeArgs
from infra.labels import DATASETS_CLAIM
from infra.platform.priority_classes import BATCH_PRIORITY
from infra.settings.aws.datasets_volume import DatasetsVolumeSettings
from policy.rules.pod_security_standard import violations
from tests.unit.harness import PROJECT_FOLDER, Program, Registration, run_component

EBS_VOLUME = "aws:ebs/volume:Volume"
KEY = "arn:aws:kms:eu-west-1:111122223333:key/volumes"
NAMESPACE = "image-serving"


def datasets(*, protect_data: bool = True, size_gib: int = 200, preview: bool = False) -> Program:
    args = DatasetsVolumeArgs(
        prefix="image-serving-prod",
        settings=TypeAdapter(DatasetsVolumeSettings).validate_python(
            {"enabled": True, "sizeGib": size_gib}
        ),
        zone="eu-west-1b",
        key_arn=KEY,
        protect_data=protect_data,
        namespace=NAMESPACE,
    )
    return run_component(lambda: DatasetsVolume("datasets", args), preview=preview)


def persistent_volume(program: Program) -> Registration:
    return program.only("PersistentVolume", "image-serving-prod-datasets")


def claim(program: Program) -> Registration:
    return program.only("PersistentVolumeClaim", DATASETS_CLAIM)


@pytest.fixture(scope="module")
def program() -> Program:
    return datasets()


def test_an_encrypted_gp3_volume_in_one_zone() -> None:
    volume = datasets().one(EBS_VOLUME)
    expected = {
        "availabilityZone": "eu-west-1b",
        "size": 200,
        "type": "gp3",
        "encrypted": True,
        "kmsKeyId": KEY,
    }
    assert expected.items() <= volume.inputs.items()


class TestOutlivesTheCluster:
    @pytest.mark.parametrize("protect_data", [True, False])
    def test_the_engine_refuses_to_delete_it(self, protect_data: bool) -> None:
        volume = datasets(protect_data=protect_data).one(EBS_VOLUME)
        assert volume.options.protect is protect_data
        assert volume.inputs["finalSnapshot"] is protect_data

    def test_the_driver_never_does(self) -> None:
        spec = persistent_volume(datasets()).spec
        assert spec["persistentVolumeReclaimPolicy"] == "Retain"

    def test_only_the_volume_itself_is_held_back(self) -> None:
        """With --exclude-protected the cluster and what points at the volume can go."""
        program = datasets()
        protected = {one.type for one in program.resources if one.options.protect}
        assert protected == {EBS_VOLUME}


class TestMounted:
    """The claim gets this volume and no other, and its pods come to the volume's zone."""

    def test_the_driver_finds_it(self, program: Program) -> None:
        csi = persistent_volume(program).spec["csi"]
        assert csi["driver"] == "ebs.csi.aws.com"
        assert csi["volumeHandle"] == "datasets-volume-id"

    def test_pods_come_to_its_zone(self, program: Program) -> None:
        affinity = persistent_volume(program).spec["nodeAffinity"]["required"]
        assert affinity["nodeSelectorTerms"] == [
            {
                "matchExpressions": [
                    {
                        "key": "topology.ebs.csi.aws.com/zone",
                        "operator": "In",
                        "values": ["eu-west-1b"],
                    }
                ]
            }
        ]

    def test_claim_and_volume_name_each_other(self, program: Program) -> None:
        volume, its_claim = persistent_volume(program), claim(program)
        reference = volume.spec["claimRef"]
        assert (reference["namespace"], reference["name"]) == (NAMESPACE, DATASETS_CLAIM)
        assert its_claim.inputs["metadata"]["namespace"] == NAMESPACE
        assert its_claim.spec["volumeName"] == volume.object_name

    def test_no_class_makes_another_volume_in_its_place(self, program: Program) -> None:
        for one in (persistent_volume(program), claim(program)):
            assert one.spec["storageClassName"] == "", one

    def test_they_agree_on_the_way_of_access(self, program: Program) -> None:
        for one in (persistent_volume(program), claim(program)):
            assert one.spec["accessModes"] == ["ReadWriteOnce"], one

    def test_a_job_learns_the_claim_s_name(self, program: Program) -> None:
        outputs = program.outputs_of("datasets")
        assert outputs == {"volume_id": "datasets-volume-id", "claim_name": DATASETS_CLAIM}


def test_a_larger_volume_leaves_the_claim_as_it_is() -> None:
    """Kubernetes refuses to change the size of a claim that has no StorageClass."""
    small, large = datasets(size_gib=10), datasets(size_gib=500)

    def capacity(program: Program) -> Any:
        return persistent_volume(program).spec["capacity"]["storage"]

    assert (capacity(small), capacity(large)) == ("10Gi", "500Gi")
    assert claim(small).spec == claim(large).spec


def test_a_preview_shows_all_of_it() -> None:
    names = [one.name for one in datasets().resources]
    assert [one.name for one in datasets(preview=True).resources] == names


def test_the_job_that_the_docs_show_is_let_in_and_finds_the_data() -> None:
    text = (PROJECT_FOLDER / "docs" / "eks.md").read_text()
    (block,) = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    pod = yaml.safe_load(block)["spec"]["template"]["spec"]
    assert violations(pod) == []
    assert pod["volumes"][0]["persistentVolumeClaim"] == {"claimName": DATASETS_CLAIM}
    assert pod["priorityClassName"] == BATCH_PRIORITY
