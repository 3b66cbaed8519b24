"""infra/platform/quota.py: the most that the namespace takes."""

from infra.platform.quota import Quota, QuotaArgs
from tests.unit.harness import Program, run_component


def quota(*, max_pods: int = 0, max_gpus: int = 0) -> Program:
    args = QuotaArgs(namespace="vision", max_pods=max_pods, max_gpus=max_gpus)
    return run_component(lambda: Quota("quota", args))


class TestQuota:
    def test_pods_and_gpus(self) -> None:
        (found,) = quota(max_pods=50, max_gpus=8).all("ResourceQuota")
        assert found.spec["hard"] == {"pods": "50", "requests.nvidia.com/gpu": "8"}
        assert found.inputs["metadata"]["namespace"] == "vision"

    def test_nothing_is_no_limit(self) -> None:
        """A quota of 0 would refuse every pod."""
        (found,) = quota(max_pods=50).all("ResourceQuota")
        assert found.spec["hard"] == {"pods": "50"}


class TestLimitRange:
    def test_a_silent_container_gets_requests_below_its_limits(self) -> None:
        (found,) = quota(max_pods=50).all("LimitRange")
        (item,) = found.spec["limits"]
        assert item["type"] == "Container"
        assert item["defaultRequest"] == {"cpu": "100m", "memory": "128Mi"}
        assert item["default"] == {"cpu": "1", "memory": "512Mi"}
