"""infra/platform/device_plugin.py: on every GPU node one plugin, and on no other."""

import json

import pytest
from pydantic import TypeAdapter

from infra.aws.node_group import gpu_spec
from infra.platform.device_plugin import DevicePlugin, DevicePluginArgs
from infra.settings.aws.nodes import GpuNodes
from policy.rules.pods import RESTRICTED_PODS
from tests.unit.harness import Program, run_component


def group(name: str, *, pods_per_gpu: int) -> GpuNodes:
    settings = {
        "name": name,
        "instanceTypes": ["g5.xlarge"],
        "accelerator": "nvidia-a10g",
        "podsPerGpu": pods_per_gpu,
    }
    return TypeAdapter(GpuNodes).validate_python(settings)


GROUPS = [group("shared", pods_per_gpu=4), group("whole", pods_per_gpu=1)]


def plugin(*groups: GpuNodes, preview: bool = False) -> Program:
    return run_component(
        lambda: DevicePlugin("device-plugin", DevicePluginArgs(groups=groups)), preview=preview
    )


@pytest.fixture(scope="module")
def two() -> Program:
    return plugin(*GROUPS)


class TestNodes:
    """The label is what the node groups bear; without it there would be no pod, and no word."""

    def test_each_group_has_its_own(self, two: Program) -> None:
        assert {
            one.object_name: one.spec["template"]["spec"]["nodeSelector"]
            for one in two.all("DaemonSet")
        } == {
            name: {"nvidia.com/gpu.present": "true", "serving/node-group": name}
            for name in ("shared", "whole")
        }

    def test_unknown_groups_share_one(self) -> None:
        (found,) = plugin().all("DaemonSet")
        assert found.spec["template"]["spec"]["nodeSelector"] == {"nvidia.com/gpu.present": "true"}

    def test_a_preview_shows_what_an_up_makes(self, two: Program) -> None:
        preview = plugin(*GROUPS, preview=True)
        assert {one.name for one in preview.resources} == {one.name for one in two.resources}


class TestNodesOfOurs:
    """The nodes that the program makes are those that the plugin looks for."""

    @pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.name)
    def test_they_bear_the_labels(self, two: Program, group: GpuNodes) -> None:
        pod = two.only("DaemonSet", group.name).spec["template"]["spec"]
        assert pod["nodeSelector"].items() <= gpu_spec(group).labels.items()

    @pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.name)
    def test_they_offer_as_many_gpus_as_the_autoscaler_is_told(
        self, two: Program, group: GpuNodes
    ) -> None:
        config = json.loads(two.only("ConfigMap", group.name).inputs["data"]["config.yaml"])
        sharing = config.get("sharing", {"timeSlicing": {"resources": [{"replicas": 1}]}})
        (resource,) = sharing["timeSlicing"]["resources"]
        offered = group.gpus_per_node * resource["replicas"]
        assert gpu_spec(group).resources["nvidia.com/gpu"] == str(offered)

    def test_their_system_brings_no_plugin_of_its_own(self) -> None:
        """Bottlerocket does, and two of them would hand the same GPU out twice."""
        assert gpu_spec(GROUPS[0]).ami_type.startswith("AL2023")


class TestConfiguration:
    def test_each_group_shares_as_it_says(self, two: Program) -> None:
        shared = json.loads(two.only("ConfigMap", "shared").inputs["data"]["config.yaml"])
        assert shared["sharing"]["timeSlicing"]["resources"][0]["replicas"] == 4
        whole = json.loads(two.only("ConfigMap", "whole").inputs["data"]["config.yaml"])
        assert "sharing" not in whole

    def test_a_change_rolls_the_pods_of_its_group_alone(self, two: Program) -> None:
        changed = plugin(group("shared", pods_per_gpu=2), GROUPS[1])
        templates = [
            {one.object_name: one.spec["template"] for one in each.all("DaemonSet")}
            for each in (two, changed)
        ]
        assert templates[0]["shared"] != templates[1]["shared"]
        assert templates[0]["whole"] == templates[1]["whole"]


class TestGuards:
    def test_a_namespace_of_its_own(self, two: Program) -> None:
        """The service's own refuses such pods."""
        labels = two.only("Namespace", "nvidia-device-plugin").inputs["metadata"]["labels"]
        assert labels["pod-security.kubernetes.io/enforce"] == "privileged"
        for one in two.manifests:
            if one.kind != "Namespace":
                assert one.inputs["metadata"]["namespace"] == "nvidia-device-plugin", one

    def test_policies_know_it_before_it_is_there(self) -> None:
        """They let these pods, and no others, have a folder of the node."""
        preview = plugin(*GROUPS, preview=True)
        for one in preview.all("DaemonSet"):
            assert list(RESTRICTED_PODS.check(one.type, one.inputs)) == []

    def test_its_objects_come_after_it(self, two: Program) -> None:
        (namespace,) = two.all("Namespace")
        for one in two.manifests:
            assert one is namespace or namespace.urn in one.depends_on, one

    def test_no_network(self, two: Program) -> None:
        policies = two.all("NetworkPolicy")
        assert len(policies) == len(two.all("DaemonSet"))
        for policy in policies:
            assert policy.spec["policyTypes"] == ["Ingress", "Egress"]
            assert policy.spec.keys().isdisjoint({"ingress", "egress"})

    def test_objects_find_their_pods(self, two: Program) -> None:
        for one in two.all("DaemonSet"):
            labels = one.spec["template"]["metadata"]["labels"]
            assert one.spec["selector"]["matchLabels"].items() <= labels.items()
            account = two.only("ServiceAccount", one.spec["template"]["spec"]["serviceAccountName"])
            assert account.urn in one.depends_on
