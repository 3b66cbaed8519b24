"""infra/settings/between_groups.py: groups of settings that contradict each other are refused."""

from typing import Any, ClassVar

import pytest

from tests.unit.harness import Settings, aws_settings, local_settings, run_program
from tests.unit.settings.wrong import problems

PARTS = {"devicePlugin": True, "clusterAutoscaler": True}
A10G = {"name": "a10g", "instanceTypes": ["g5.xlarge"], "accelerator": "nvidia-a10g"}


def on_eks(*, model: dict[str, Any], group: dict[str, Any] | None = None) -> Settings:
    """A stack with one GPU group in three zones, and one model."""
    settings = aws_settings() | {"gpuNodes": [A10G | (group or {})], "platform": PARTS}
    settings["models"][0] |= model
    return settings


def message(settings: Settings, key: str) -> str:
    return problems(settings)[f"image-serving:{key}"]


class TestNodeGroup:
    """On a cluster of ours, a pod that asks for GPUs runs in a group that the stack makes."""

    def test_a_group_that_is_not_there(self) -> None:
        settings = on_eks(model={"gpus": 1, "nodeGroup": "h100"})
        assert message(settings, "models[0].nodeGroup") == (
            '= "h100": must name a group in gpuNodes (a10g), since gpus is 1'
        )

    def test_no_group_at_all(self) -> None:
        settings = on_eks(model={"gpus": 1}) | {"gpuNodes": []}
        assert "(there is none)" in message(settings, "models[0].nodeGroup")

    def test_nodes_of_others_are_theirs(self) -> None:
        settings = local_settings()
        settings["models"][0] |= {"gpus": 1, "nodeGroup": "theirs"}
        assert run_program(settings).resources


class TestGpus:
    def test_more_than_a_node_has(self) -> None:
        settings = on_eks(model={"gpus": 8, "nodeGroup": "a10g"}, group={"gpusPerNode": 4})
        assert message(settings, "models[0].gpus") == (
            "= 8: must not exceed gpusPerNode of a10g (4)"
        )

    def test_two_shares_of_what_is_shared(self) -> None:
        """They would not be twice the speed, and the device plugin refuses them."""
        settings = on_eks(
            model={"gpus": 2, "nodeGroup": "a10g"}, group={"gpusPerNode": 4, "podsPerGpu": 2}
        )
        assert "must be 1, since pods share the GPUs of a10g" in message(settings, "models[0].gpus")


class TestRoom:
    """The pods that are always there must fit into the group at its largest."""

    MODEL: ClassVar = {"gpus": 1, "nodeGroup": "a10g", "scaling": {"minReplicas": 7}}

    def test_too_few_nodes(self) -> None:
        settings = on_eks(model=self.MODEL, group={"maxNodes": 2})
        assert message(settings, "gpuNodes[0].maxNodes") == (
            "= 2: must be at least 3, for the minReplicas of digits"
        )

    def test_a_paused_model_needs_none(self) -> None:
        settings = on_eks(model=self.MODEL | {"paused": True}, group={"maxNodes": 2})
        assert run_program(settings).resources

    def test_shared_gpus_have_room_for_more(self) -> None:
        settings = on_eks(model=self.MODEL, group={"maxNodes": 2, "podsPerGpu": 4})
        assert run_program(settings).resources


class TestParts:
    """What pods on GPUs can't do without."""

    @pytest.mark.parametrize("part", PARTS)
    def test_one_is_off(self, part: str) -> None:
        settings = on_eks(model={"gpus": 1, "nodeGroup": "a10g"})
        settings["platform"] = PARTS | {part: False}
        assert list(problems(settings)) == [f"image-serving:platform.{part}"]
        assert "must be true for the GPUs of digits" in message(settings, f"platform.{part}")

    def test_without_gpus_none_is_needed(self) -> None:
        assert run_program(on_eks(model={}) | {"platform": {}}).resources


class TestStorage:
    def test_a_new_cluster_has_no_default_class(self) -> None:
        settings = aws_settings() | {"storageClass": ""}
        assert "storageClass name a class" in message(settings, "platform.storageClasses")

    @pytest.mark.parametrize(
        "classes", [{"storageClass": "gp2"}, {"platform": {"storageClasses": True}}]
    )
    def test_one_that_is_named_or_made(self, classes: Settings) -> None:
        assert run_program(aws_settings() | {"storageClass": ""} | classes).resources


class TestQuota:
    """It covers what the autoscalers may ask for."""

    def test_fewer_pods(self) -> None:
        """One more than their sum, while the gateway is replaced."""
        settings = on_eks(model={"scaling": {"maxReplicas": 8}}) | {
            "gatewayScaling": {"maxReplicas": 12},
            "platform": PARTS | {"maxPods": 20},
        }
        expected = "= 20: must be at least 21, what gateway and models take at their most"
        assert expected in message(settings, "platform.maxPods")

    def test_fewer_gpus(self) -> None:
        settings = on_eks(
            model={"gpus": 2, "nodeGroup": "a10g", "scaling": {"maxReplicas": 5}},
            group={"gpusPerNode": 4},
        ) | {"platform": PARTS | {"maxGpus": 9}}
        assert "must be at least 10" in message(settings, "platform.maxGpus")


class TestAddOns:
    def test_a_minor_without_them(self) -> None:
        settings = aws_settings()
        settings["eksCluster"]["kubernetesVersion"] = "1.29"
        assert "add-ons are in infra/pins.py (1.35, 1.36)" in message(
            settings, "eksCluster.kubernetesVersion"
        )


class TestClusterAutoscaler:
    def test_a_minor_without_one(self) -> None:
        settings = aws_settings() | {"platform": {"clusterAutoscaler": True}}
        settings["eksCluster"]["kubernetesVersion"] = "1.29"
        assert "(1.35, 1.36)" in message(settings, "eksCluster.kubernetesVersion")


class TestDatasets:
    """One volume for batch jobs, under one name."""

    def test_a_claim_beside_the_volume(self) -> None:
        settings = aws_settings() | {
            "datasetsClaimSize": "10Gi",
            "datasetsVolume": {"enabled": True},
        }
        assert message(settings, "datasetsClaimSize") == (
            '= "10Gi": must be empty while datasetsVolume.enabled is true; both would be the '
            "claim `datasets`"
        )


class TestClusterThatIsThere:
    """What works only with nodes, keys or roles of ours is refused, and not left out in silence."""

    @pytest.mark.parametrize(
        ("group", "field", "others"),
        [
            ("entry", "enabled", {"allowPlainHttp": True}),
            ("datasetsVolume", "enabled", {}),
            ("observability", "enabled", {}),
            ("platform", "clusterAutoscaler", {}),
            ("platform", "storageClasses", {}),
        ],
    )
    def test_a_part_of_a_cluster_of_ours(
        self, group: str, field: str, others: dict[str, Any]
    ) -> None:
        settings = self.in_aws() | {group: {field: True} | others, "gatewayNodePort": 30696}
        assert problems(settings) == {
            f"image-serving:{group}.{field}": (
                "= true: needs clusterSource eks, since it works with what that makes"
            )
        }

    def test_a_budget(self) -> None:
        budget = {"monthlyBudgetUsd": 500, "alarmEmails": ["team@example.com"]}
        settings = self.in_aws() | {"observability": budget}
        assert "needs clusterSource eks" in message(settings, "observability.monthlyBudgetUsd")

    def in_aws(self) -> Settings:
        """Registry and bucket may be in AWS, whosever the cluster is."""
        aws = aws_settings()
        return local_settings() | {
            key: aws[key] for key in ("awsRegion", "awsAccountId", "network")
        }


@pytest.mark.parametrize("group", [{}, {"podsPerGpu": 4}, {"gpusPerNode": 8}])
def test_what_fits_is_taken(group: dict[str, Any]) -> None:
    assert run_program(on_eks(model={"gpus": 1, "nodeGroup": "a10g"}, group=group)).resources
