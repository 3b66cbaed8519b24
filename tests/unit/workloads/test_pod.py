"""infra/workloads/pod.py: what all pods have in common."""

from tests.unit.harness import Program


class TestTemporaryFiles:
    """/tmp is writable in every container, and bounded."""

    def test_mounted_everywhere(self, local: Program) -> None:
        for name, container in local.containers():
            assert "/tmp" in [mount["mountPath"] for mount in container["volumeMounts"]], name

    def test_bounded(self, local: Program) -> None:
        for workload, template in local.pod_templates():
            (volume,) = (one for one in template["spec"]["volumes"] if one["name"] == "tmp")
            assert volume["emptyDir"]["sizeLimit"] == "256Mi", workload


class TestSpread:
    """Pods of one revision are spread; those that a rollout replaces do not count."""

    def test_by_revision(self, local: Program) -> None:
        labels = {"Deployment": "pod-template-hash", "StatefulSet": "controller-revision-hash"}
        for workload, template in local.pod_templates():
            for constraint in template["spec"]["topologySpreadConstraints"]:
                assert constraint["matchLabelKeys"] == [labels[workload.kind]], workload

    def test_a_full_node_does_not_hold_pods_back(self, local: Program) -> None:
        for workload, template in local.pod_templates():
            for constraint in template["spec"]["topologySpreadConstraints"]:
                assert constraint["whenUnsatisfiable"] == "ScheduleAnyway", workload
