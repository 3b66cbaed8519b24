"""infra/workloads/disruption.py: a drained node takes one pod at a time, and is never blocked."""

from tests.unit.harness import Program


class TestBudget:
    """Each scaled workload has a budget that holds at its smallest size too."""

    def test_every_scaled_workload_has_one(self, local: Program) -> None:
        assert sorted(one.object_name for one in local.all("PodDisruptionBudget")) == sorted(
            workload.object_name for workload, _ in local.scaled()
        )

    def test_one_pod_at_a_time(self, local: Program) -> None:
        for budget in local.all("PodDisruptionBudget"):
            assert budget.spec["maxUnavailable"] == 1, budget
            assert "minAvailable" not in budget.spec, budget

    def test_service_goes_on_during_a_drain(self, local: Program) -> None:
        for budget in local.all("PodDisruptionBudget"):
            scaling = local.only("HorizontalPodAutoscaler", budget.object_name).spec
            assert scaling["minReplicas"] > budget.spec["maxUnavailable"], budget

    def test_broken_pods_do_not_hold_a_node(self, local: Program) -> None:
        for budget in local.all("PodDisruptionBudget"):
            assert budget.spec["unhealthyPodEvictionPolicy"] == "AlwaysAllow", budget
