"""The stack file of a simulation, and what can't be simulated."""

from __future__ import annotations

import copy

import pytest

from infra.pins import ADD_ONS
from local.errors import LocalError
from local.simulation.settings import (
    Document,
    committed,
    gpu_group,
    simulated,
    with_newer_kubernetes,
    with_other_gpu,
    with_other_timeout,
)
from tests.unit.harness import run_program, stack_settings

MODEL_IMAGE = "localhost/image-serving/model:1"


@pytest.fixture
def dev() -> Document:
    return committed("dev")


class TestRefusals:
    """Said before a cluster is started."""

    def test_a_stack_that_is_not_there(self) -> None:
        with pytest.raises(LocalError, match=r"STACK=staging: there is no Pulumi\.staging\.yaml"):
            committed("staging")

    def test_a_stack_without_aws(self) -> None:
        with pytest.raises(LocalError, match=r"STACK=local: .*clusterSource must be eks"):
            committed("local")

    def test_a_stack_that_refuses_to_be_destroyed(self) -> None:
        with pytest.raises(LocalError, match=r"STACK=prod: .*protectData must not be true"):
            committed("prod")

    def test_a_stack_without_gpu_nodes(self, dev: Document) -> None:
        dev["config"]["image-serving:gpuNodes"] = []
        with pytest.raises(LocalError, match="gpuNodes is empty"):
            gpu_group(dev)


class TestSimulated:
    """Smaller, and with the model on a GPU; the committed file stays as it is."""

    def test_the_model_asks_for_a_gpu_of_the_first_group(self, dev: Document) -> None:
        [model] = simulated(dev, MODEL_IMAGE)["config"]["image-serving:models"]
        assert (model["gpus"], model["nodeGroup"], model["image"]) == (1, "gpu", MODEL_IMAGE)

    def test_the_given_one_is_not_touched(self, dev: Document) -> None:
        before = copy.deepcopy(dev)
        with_newer_kubernetes(with_other_gpu(with_other_timeout(simulated(dev, MODEL_IMAGE))))
        assert dev == before

    def test_the_program_takes_it_with_every_change(self, dev: Document) -> None:
        document = simulated(dev, MODEL_IMAGE)
        for change in (with_newer_kubernetes, with_other_gpu, with_other_timeout):
            document = change(document)
        config = document["config"]
        settings = {key.removeprefix("image-serving:"): value for key, value in config.items()}
        run_program(stack_settings("dev") | settings, stack="dev")

    def test_the_newest_kubernetes_that_there_are_add_ons_for(self, dev: Document) -> None:
        config = with_newer_kubernetes(dev)["config"]
        assert config["image-serving:eksCluster"]["kubernetesVersion"] == sorted(ADD_ONS)[-1]
