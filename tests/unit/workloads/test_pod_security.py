"""infra/workloads/pod_security.py: what the standard leaves open is decided the careful way."""

from tests.unit.harness import Program


class TestUser:
    """One user above all of a host's, to whom volumes are handed over."""

    def test_user_group_and_volumes(self, local: Program) -> None:
        for workload, template in local.pod_templates():
            context = template["spec"]["securityContext"]
            assert {context[key] for key in ("runAsUser", "runAsGroup", "fsGroup")} == {10001}, (
                workload
            )

    def test_volumes_are_walked_once(self, local: Program) -> None:
        for workload, template in local.pod_templates():
            policy = template["spec"]["securityContext"]["fsGroupChangePolicy"]
            assert policy == "OnRootMismatch", workload
