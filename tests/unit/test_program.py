"""infra/__main__.py: rules for the program as a whole."""

import json
import sys
from pathlib import Path
from typing import ClassVar

import pulumi
import pytest

from policy.rules.pod_security_standard import violations
from tests.unit.harness import (
    API_KEY,
    OBJECT_STORE_KEY,
    PROJECT_FOLDER,
    Program,
    Registration,
    containers_of,
    local_settings,
    run_program,
)

OBJECTS = {
    ("Namespace", "image-serving"),
    ("ConfigMap", "gateway"),
    ("Deployment", "gateway"),
    ("HorizontalPodAutoscaler", "gateway"),
    ("NetworkPolicy", "gateway"),
    ("PodDisruptionBudget", "gateway"),
    ("Secret", "gateway-api-keys"),
    ("Service", "gateway"),
    ("ServiceAccount", "gateway"),
    ("ConfigMap", "model-digits-config"),
    ("HorizontalPodAutoscaler", "model-digits"),
    ("NetworkPolicy", "model-digits"),
    ("PodDisruptionBudget", "model-digits"),
    ("Service", "model-digits"),
    ("ServiceAccount", "model-digits"),
    ("StatefulSet", "model-digits"),
    ("NetworkPolicy", "object-store"),
    ("Secret", "object-store-keys"),
    ("Service", "object-store"),
    ("ServiceAccount", "object-store"),
    ("StatefulSet", "object-store"),
    ("PersistentVolumeClaim", "datasets"),
}


def identities(program: Program) -> list[tuple[str, str]]:
    return sorted((resource.type, resource.name) for resource in program.resources)


class TestGraph:
    """The stack holds these objects, all on the stack's own provider, none hidden in a preview."""

    def test_the_objects_have_fixed_names(self, local: Program) -> None:
        assert {(one.kind, one.object_name) for one in local.manifests} == OBJECTS

    def test_a_preview_shows_what_an_up_makes(self, local: Program) -> None:
        preview = run_program(preview=True)
        assert preview.outputs["namespace"] is None, "the preview should know nothing beforehand"
        assert identities(preview) == identities(local)

    def test_two_runs_are_equal(self, local: Program) -> None:
        again = {one.urn: one.inputs for one in run_program().resources}
        assert again == {one.urn: one.inputs for one in local.resources}

    def test_every_object_is_a_child_of_a_component(self, local: Program) -> None:
        components = {component.urn for component in local.components}
        for one in local.manifests:
            assert one.parent in components, one

    def test_every_object_uses_the_cluster_of_the_stack(self, local: Program) -> None:
        for one in local.manifests:
            assert "::cluster::" in one.provider, one

    def test_every_component_publishes_its_outputs(self, local: Program) -> None:
        for component in local.components:
            assert local.component_outputs[component.urn], component

    def test_everything_lives_in_the_namespace(self, local: Program) -> None:
        (namespace,) = local.all("Namespace")
        for one in local.manifests:
            if one is not namespace:
                assert one.inputs["metadata"]["namespace"] == namespace.object_name, one
                assert namespace.urn in one.depends_on, one

    def test_the_namespace_is_a_setting(self) -> None:
        program = run_program(local_settings() | {"namespace": "vision"})
        assert {one.inputs["metadata"].get("namespace", "vision") for one in program.manifests} == {
            "vision"
        }


class TestPods:
    """Every pod passes Pod Security `restricted` and says what it needs."""

    def test_restricted(self, local: Program) -> None:
        for workload, template in local.pod_templates():
            assert violations(template["spec"]) == [], workload

    def test_read_only_root(self, local: Program) -> None:
        for name, container in local.containers():
            assert container["securityContext"]["readOnlyRootFilesystem"] is True, name

    def test_requests_and_limits(self, local: Program) -> None:
        for name, container in local.containers():
            for kind in ("requests", "limits"):
                assert container["resources"][kind].keys() >= {"cpu", "memory"}, f"{name}: {kind}"

    def test_images_are_pinned(self, local: Program) -> None:
        for name, container in local.containers():
            image = container["image"].rsplit("/", 1)[-1]
            assert ("@sha256:" in image or ":" in image) and ":latest" not in image, name

    def test_no_token_and_no_service_variables(self, local: Program) -> None:
        for workload, template in local.pod_templates():
            assert template["spec"]["automountServiceAccountToken"] is False, workload
            assert template["spec"]["enableServiceLinks"] is False, workload

    def test_own_service_account(self, local: Program) -> None:
        for workload, template in local.pod_templates():
            account = local.only("ServiceAccount", template["spec"]["serviceAccountName"])
            assert account.inputs["automountServiceAccountToken"] is False, account
            assert account.urn in workload.depends_on, workload

    def test_spread_over_zones_and_nodes(self, local: Program) -> None:
        for workload, template in local.pod_templates():
            constraints = template["spec"]["topologySpreadConstraints"]
            assert {one["topologyKey"] for one in constraints} == {
                "topology.kubernetes.io/zone",
                "kubernetes.io/hostname",
            }, workload
            for one in constraints:
                assert one["labelSelector"] == workload.spec["selector"], workload

    def test_probes_on_every_server(self, local: Program) -> None:
        for workload, template in local.pod_templates():
            for container in template["spec"]["containers"]:
                for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
                    assert probe in container, f"{workload}: {probe}"

    def test_the_grace_period_covers_the_drain(self, local: Program) -> None:
        for workload, template in local.pod_templates():
            for container in template["spec"]["containers"]:
                drain = container["lifecycle"]["preStop"]["sleep"]["seconds"]
                assert template["spec"]["terminationGracePeriodSeconds"] > drain, workload

    def test_mounted_volumes_exist(self, local: Program) -> None:
        for workload, template in local.pod_templates():
            claims = workload.spec.get("volumeClaimTemplates", [])
            volumes = {one["name"] for one in template["spec"]["volumes"]}
            volumes |= {one["metadata"]["name"] for one in claims}
            for container in containers_of(template["spec"]):
                mounted = {one["name"] for one in container["volumeMounts"]}
                assert mounted <= volumes, f"{workload}, {container['name']}"

    def test_nothing_is_mounted_by_sub_path(self, local: Program) -> None:
        """Such a file never changes in a running pod."""
        for name, container in local.containers():
            for mount in container["volumeMounts"]:
                assert mount.keys().isdisjoint({"subPath", "subPathExpr"}), name


class TestPlatform:
    """Parts that a cluster may have already come only when they are named."""

    PARTS: ClassVar = {"devicePlugin": True, "priorityClasses": True, "maxPods": 50}

    def test_named_parts_are_added(self) -> None:
        program = run_program(local_settings() | {"platform": self.PARTS})
        for kind in ("DaemonSet", "PriorityClass", "ResourceQuota", "LimitRange"):
            assert program.all(kind), kind

    def test_pods_bear_their_priority(self) -> None:
        program = run_program(local_settings() | {"platform": {"priorityClasses": True}})
        named = {
            workload.object_name: template["spec"].get("priorityClassName")
            for workload, template in program.pod_templates()
        }
        assert named == {
            "gateway": "serving-gateway",
            "model-digits": "serving-model-server",
            "object-store": None,
        }

    def test_a_pod_comes_after_its_priority(self) -> None:
        """The API server refuses pods of a class that isn't there."""
        program = run_program(local_settings() | {"platform": {"priorityClasses": True}})
        gateway = program.only("Deployment", "gateway")
        assert program.only("PriorityClass", "serving-gateway").urn in gateway.depends_on

    def test_a_preview_shows_them_too(self) -> None:
        settings = local_settings() | {"platform": self.PARTS}
        assert identities(run_program(settings, preview=True)) == identities(run_program(settings))


class TestLabels:
    """Objects are found by the labels that Kubernetes recommends, and selectors find their pods."""

    LABELS = frozenset(
        f"app.kubernetes.io/{name}"
        for name in ("component", "instance", "managed-by", "name", "part-of")
    )

    def test_recommended_labels(self, local: Program) -> None:
        for one in local.manifests:
            if one.kind != "Namespace":
                assert one.inputs["metadata"]["labels"].keys() >= self.LABELS, one

    def test_pods_bear_the_labels_of_their_selector(self, local: Program) -> None:
        for workload, template in local.pod_templates():
            labels = template["metadata"]["labels"]
            assert workload.spec["selector"]["matchLabels"].items() <= labels.items(), workload
            assert labels.keys() >= self.LABELS, workload

    @pytest.mark.parametrize("kind", ["Service", "PodDisruptionBudget", "NetworkPolicy"])
    def test_selectors_find_exactly_one_workload(self, local: Program, kind: str) -> None:
        assert local.all(kind)
        for one in local.all(kind):
            assert len(found_by(local, selector_of(one))) == 1, one

    def test_every_peer_in_a_network_policy_is_a_workload(self, local: Program) -> None:
        for policy in local.all("NetworkPolicy"):
            for rule in [*policy.spec.get("ingress", []), *policy.spec.get("egress", [])]:
                for peer in [*rule.get("from", []), *rule.get("to", [])]:
                    if "podSelector" in peer and "namespaceSelector" not in peer:
                        selector = peer["podSelector"]["matchLabels"]
                        assert len(found_by(local, selector)) == 1, policy


def selector_of(one: Registration) -> dict[str, str]:
    """The labels that a Service, PodDisruptionBudget or NetworkPolicy looks for."""
    field = "podSelector" if one.kind == "NetworkPolicy" else "selector"
    selector = one.spec[field]
    labels: dict[str, str] = selector if one.kind == "Service" else selector["matchLabels"]
    return labels


def found_by(program: Program, selector: dict[str, str]) -> list[str]:
    return [
        workload.object_name
        for workload, template in program.pod_templates()
        if selector.items() <= template["metadata"]["labels"].items()
    ]


class TestSecrets:
    """Keys are secret wherever they are, and each is in one Secret and nowhere else."""

    KEYS: ClassVar = {"gateway-api-keys": API_KEY, "object-store-keys": OBJECT_STORE_KEY}

    @pytest.mark.parametrize("name", KEYS)
    def test_only_its_secret_holds_a_key(self, local: Program, name: str) -> None:
        holders = [one for one in local.resources if self.KEYS[name] in json.dumps(one.inputs)]
        assert holders == [local.only("Secret", name)]

    @pytest.mark.parametrize("name", KEYS)
    def test_the_engine_is_told_that_they_are_secret(self, local: Program, name: str) -> None:
        secret = local.only("Secret", name)
        assert any(path.startswith("stringData") for path in secret.secrets)

    def test_no_output_holds_a_key(self, local: Program) -> None:
        outputs = json.dumps(local.outputs)
        assert not any(key in outputs for key in self.KEYS.values())


class TestImportPath:
    """Pulumi puts infra/ first in sys.path, where infra/platform would hide Python's `platform`."""

    def test_the_program_has_the_project_in_the_path_instead(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        seen: list[str] = []

        def look_around() -> None:
            seen.extend(sys.path)
            raise pulumi.RunError("seen enough")

        monkeypatch.setattr("infra.settings.load.load_settings", look_around)
        with pytest.raises(pulumi.RunError, match="seen enough"):
            run_program()
        assert seen[0] == str(PROJECT_FOLDER)
        assert PROJECT_FOLDER / "infra" not in [Path(path).resolve() for path in seen]
