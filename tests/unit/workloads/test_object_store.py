"""infra/workloads/object_store.py: one server of buckets, which outlives its pod."""

import pytest

from tests.unit.harness import Program, local_settings, run_program


class TestVolume:
    """What was published stays when the pod goes."""

    def test_size(self, local: Program) -> None:
        (claim,) = local.only("StatefulSet", "object-store").spec["volumeClaimTemplates"]
        assert claim["spec"]["resources"] == {"requests": {"storage": "2Gi"}}

    @pytest.mark.parametrize(("with_stack", "when_deleted"), [(True, "Delete"), (False, "Retain")])
    def test_retention(self, with_stack: bool, when_deleted: str) -> None:
        program = run_program(local_settings() | {"deleteVolumesWithStack": with_stack})
        spec = program.only("StatefulSet", "object-store").spec
        assert spec["persistentVolumeClaimRetentionPolicy"] == {
            "whenScaled": "Retain",
            "whenDeleted": when_deleted,
        }

    def test_one_replica(self, local: Program) -> None:
        assert local.only("StatefulSet", "object-store").spec["replicas"] == 1


class TestService:
    """Its name leads to the container's port."""

    def test_port(self, local: Program) -> None:
        (port,) = local.only("Service", "object-store").spec["ports"]
        (server,) = local.only("StatefulSet", "object-store").spec["template"]["spec"]["containers"]
        assert port["targetPort"] == server["ports"][0]["name"]
        assert port["port"] == server["ports"][0]["containerPort"] == 7070
