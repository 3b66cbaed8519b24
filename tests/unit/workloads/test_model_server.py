"""infra/workloads/model_server.py: replicas with a volume each, found one by one."""

from typing import Any

import pytest

from tests.unit.harness import Program, local_settings, run_program


def stateful_set(program: Program) -> dict[str, Any]:
    return program.only("StatefulSet", "model-digits").spec


class TestVolumes:
    """Each replica has its own volume, which goes with the replica."""

    def claim(self, program: Program) -> dict[str, Any]:
        (claim,) = stateful_set(program)["volumeClaimTemplates"]
        spec: dict[str, Any] = claim["spec"]
        return spec

    def test_one_writer(self, local: Program) -> None:
        assert self.claim(local)["accessModes"] == ["ReadWriteOnce"]

    def test_size(self, local: Program) -> None:
        assert self.claim(local)["resources"] == {"requests": {"storage": "256Mi"}}

    def test_the_clusters_default_class(self, local: Program) -> None:
        """An empty name would ask for volumes without a class."""
        assert "storageClassName" not in self.claim(local)

    def test_a_named_class(self) -> None:
        program = run_program(local_settings() | {"storageClass": "gp3"})
        assert self.claim(program)["storageClassName"] == "gp3"

    @pytest.mark.parametrize(("with_stack", "when_deleted"), [(True, "Delete"), (False, "Retain")])
    def test_retention(self, with_stack: bool, when_deleted: str) -> None:
        program = run_program(local_settings() | {"deleteVolumesWithStack": with_stack})
        assert stateful_set(program)["persistentVolumeClaimRetentionPolicy"] == {
            "whenScaled": "Delete",
            "whenDeleted": when_deleted,
        }


class TestDiscovery:
    """Clients see every pod: a headless Service, and a target that gRPC resolves by DNS."""

    def test_headless(self, local: Program) -> None:
        service = local.only("Service", "model-digits").spec
        assert service["clusterIP"] == "None"
        assert "publishNotReadyAddresses" not in service

    def test_the_stateful_set_belongs_to_it(self, local: Program) -> None:
        assert stateful_set(local)["serviceName"] == "model-digits"

    def test_the_target_names_the_service_and_its_port(self, local: Program) -> None:
        (port,) = local.only("Service", "model-digits").spec["ports"]
        assert (
            local.outputs["model_grpc_target"]
            == f"dns:///model-digits.image-serving.svc.cluster.local:{port['port']}"
        )

    def test_the_service_leads_to_the_container(self, local: Program) -> None:
        (port,) = local.only("Service", "model-digits").spec["ports"]
        (server,) = stateful_set(local)["template"]["spec"]["containers"]
        assert port["targetPort"] == server["ports"][0]["name"]
        assert port["port"] == server["ports"][0]["containerPort"]


class TestReplicas:
    """They know nothing of each other."""

    def test_started_together(self, local: Program) -> None:
        assert stateful_set(local)["podManagementPolicy"] == "Parallel"

    def test_replaced_one_by_one(self, local: Program) -> None:
        assert stateful_set(local)["updateStrategy"] == {"type": "RollingUpdate"}

    def test_pods_start_after_what_they_mount(self, local: Program) -> None:
        config_map = local.only("ConfigMap", "model-digits-config")
        assert config_map.urn in local.only("StatefulSet", "model-digits").depends_on


class TestNames:
    """Every object is named after the model."""

    def test_another_model(self) -> None:
        settings = local_settings()
        settings["models"][0]["name"] = "shoes"
        program = run_program(settings)
        names = {one.object_name for one in program.manifests if "model" in one.object_name}
        assert names == {"model-shoes", "model-shoes-config"}
        assert program.outputs["model_name"] == "shoes"


class TestPause:
    """No pods, so that their nodes go; and all that it needs to come back."""

    def paused(self) -> Program:
        settings = local_settings()
        settings["models"][0]["paused"] = True
        return run_program(settings)

    def test_no_replicas(self) -> None:
        assert stateful_set(self.paused())["replicas"] == 0

    def test_no_autoscaler(self) -> None:
        """It can't go below one, and would bring them back."""
        scaled = {one.object_name for one in self.paused().all("HorizontalPodAutoscaler")}
        assert scaled == {"gateway"}

    def test_clients_still_find_its_name(self) -> None:
        assert self.paused().only("Service", "model-digits")

    def test_the_gateway_takes_requests_to_say_so(self) -> None:
        """By its own health: else no gateway pod were ready, and nobody told anything."""
        pod = self.paused().only("Deployment", "gateway").spec["template"]["spec"]
        (container,) = pod["containers"]
        assert container["readinessProbe"]["httpGet"]["path"] == "/healthz"

    def test_another_model_may_pause_alone(self) -> None:
        settings = local_settings()
        settings["models"].append(settings["models"][0] | {"name": "letters", "paused": True})
        program = run_program(settings)
        assert "replicas" not in program.only("StatefulSet", "model-digits").spec
        assert program.only("StatefulSet", "model-letters").spec["replicas"] == 0
        (container,) = program.only("Deployment", "gateway").spec["template"]["spec"]["containers"]
        assert container["readinessProbe"]["httpGet"]["path"] == "/readyz"

    def test_back_again_the_replicas_are_the_autoscalers(self, local: Program) -> None:
        assert "replicas" not in stateful_set(local)
        assert local.only("HorizontalPodAutoscaler", "model-digits")
