"""infra/platform/storage_classes.py: encrypted volumes, in the zone of their first pod."""

from typing import Any

import pytest

from infra.platform.storage_classes import StorageClasses, StorageClassesArgs
from tests.unit.harness import Program, run_component

KEY = "arn:aws:kms:eu-west-1:111122223333:key/0"
CLASSES = ("gp3", "gp3-retain")


def classes(*, is_default: bool = True) -> Program:
    args = StorageClassesArgs(
        volumes_key_arn=KEY,
        tags={"project": "image-serving", "stack": "dev"},
        is_default=is_default,
    )
    return run_component(lambda: StorageClasses("storage", args))


@pytest.fixture(scope="module")
def made() -> Program:
    return classes()


def inputs(program: Program, name: str) -> dict[str, Any]:
    return program.only("StorageClass", name).inputs


class TestVolumes:
    @pytest.mark.parametrize("name", CLASSES)
    def test_encrypted_with_the_stacks_key(self, made: Program, name: str) -> None:
        parameters = inputs(made, name)["parameters"]
        assert (parameters["encrypted"], parameters["kmsKeyId"]) == ("true", KEY)
        assert parameters["type"] == "gp3"

    @pytest.mark.parametrize("name", CLASSES)
    def test_every_parameter_is_a_string(self, made: Program, name: str) -> None:
        """The API server refuses anything else."""
        assert all(isinstance(value, str) for value in inputs(made, name)["parameters"].values())

    @pytest.mark.parametrize("name", CLASSES)
    def test_the_pod_decides_on_the_zone(self, made: Program, name: str) -> None:
        assert inputs(made, name)["volumeBindingMode"] == "WaitForFirstConsumer"

    @pytest.mark.parametrize("name", CLASSES)
    def test_they_can_grow(self, made: Program, name: str) -> None:
        assert inputs(made, name)["allowVolumeExpansion"] is True

    @pytest.mark.parametrize("name", CLASSES)
    def test_they_bear_the_stacks_tags(self, made: Program, name: str) -> None:
        parameters = inputs(made, name)["parameters"]
        assert {parameters["tagSpecification_1"], parameters["tagSpecification_2"]} == {
            "project=image-serving",
            "stack=dev",
        }


class TestReclaiming:
    def test_one_goes_with_its_claim_and_one_stays(self, made: Program) -> None:
        policies = [inputs(made, name)["reclaimPolicy"] for name in CLASSES]
        assert policies == ["Delete", "Retain"]


class TestDefault:
    """A claim that names no class gets gp3, on clusters that have no other default."""

    def test_one_default(self, made: Program) -> None:
        annotated = [
            one.object_name
            for one in made.all("StorageClass")
            if "storageclass.kubernetes.io/is-default-class"
            in one.inputs["metadata"].get("annotations", {})
        ]
        assert annotated == ["gp3"]

    def test_a_cluster_with_its_own(self) -> None:
        for one in classes(is_default=False).all("StorageClass"):
            assert "annotations" not in one.inputs["metadata"]
