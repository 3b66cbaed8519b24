"""infra/platform/cluster.py: the connection that every object uses."""

from pathlib import Path
from typing import Any

from tests.unit.harness import Program, local_settings, run_program


def provider(program: Program) -> dict[str, Any]:
    (found,) = (one for one in program.resources if one.type == "pulumi:providers:kubernetes")
    return found.inputs


class TestConnection:
    """The stack says which cluster; without a word it is kubectl's own."""

    def test_by_default_kubectls_own(self, local: Program) -> None:
        assert provider(local).keys().isdisjoint({"kubeconfig", "context"})

    def test_the_content_of_the_file_is_handed_over(self, kubeconfig: Path) -> None:
        program = run_program(local_settings() | {"kubeconfig": str(kubeconfig)})
        assert provider(program)["kubeconfig"] == kubeconfig.read_text()
        assert program.outputs["cluster_name"] == "laptop-cluster"

    def test_another_context(self, kubeconfig: Path) -> None:
        program = run_program(
            local_settings() | {"kubeconfig": str(kubeconfig), "kubeContext": "other"}
        )
        assert provider(program)["context"] == "other"
        assert program.outputs["cluster_name"] == "other-cluster"


class TestSecrecy:
    """A kubeconfig with a key inside is secret in state and output; one with paths is readable."""

    def test_paths_are_no_secret(self, kubeconfig: Path) -> None:
        program = run_program(local_settings() | {"kubeconfig": str(kubeconfig)})
        assert "kubeconfig" not in program.secret_outputs

    def test_keys_are_secret(self, kubeconfig: Path) -> None:
        kubeconfig.write_text(kubeconfig.read_text().replace("client-key:", "client-key-data:"))
        program = run_program(local_settings() | {"kubeconfig": str(kubeconfig)})
        (resource,) = (one for one in program.resources if "kubeconfig" in one.inputs)
        assert "kubeconfig" in resource.secrets
        assert "kubeconfig" in program.secret_outputs


class TestMutability:
    """Pods read changed ConfigMaps and Secrets by themselves, so these must not be replaced."""

    def test_changed_in_place(self, local: Program) -> None:
        inputs = provider(local)
        # The SDK hands a provider's booleans over as JSON.
        assert inputs["enableConfigMapMutable"] == inputs["enableSecretMutable"] == "true"
