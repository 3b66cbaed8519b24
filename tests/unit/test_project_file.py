"""Pulumi.yaml and the stack files: what the engine knows of the settings, and what the program."""

from typing import Any

import pytest

from infra.settings.load import KNOWN_KEYS
from tests.unit.harness import PROJECT_FOLDER, project_file, stack_file

DECLARED: dict[str, dict[str, Any]] = project_file()["config"]
# https://github.com/pulumi/pulumi/blob/master/sdk/go/common/workspace/project.json
PYTHON_TYPES = {"string": str, "integer": int, "boolean": bool, "array": list, "object": dict}


class TestSchema:
    """Every setting is declared for the engine, with what `pulumi config` shows of it."""

    def test_the_engine_and_the_program_know_the_same_keys(self) -> None:
        assert sorted(DECLARED) == sorted(KNOWN_KEYS)

    @pytest.mark.parametrize("key", DECLARED)
    def test_type_default_and_description(self, key: str) -> None:
        declared = DECLARED[key]
        assert type(declared["default"]) is PYTHON_TYPES[declared["type"]], key
        assert declared["description"].endswith("."), key

    @pytest.mark.parametrize("key", DECLARED)
    def test_arrays_declare_their_items(self, key: str) -> None:
        assert ("items" in DECLARED[key]) == (DECLARED[key]["type"] == "array"), key


class TestProject:
    """A plain `pulumi up` works where the genuine tools are."""

    def test_nothing_outranks_the_genuine_plugins(self) -> None:
        assert "plugins" not in project_file()

    def test_the_program_is_where_the_project_says(self) -> None:
        assert (PROJECT_FOLDER / project_file()["main"] / "__main__.py").is_file()

    def test_the_active_interpreter_is_used(self) -> None:
        assert project_file()["runtime"] == "python"


class TestStackFiles:
    """A stack file says only what its stack needs to say differently."""

    STACKS = tuple(path.name.split(".")[1] for path in sorted(PROJECT_FOLDER.glob("Pulumi.*.yaml")))

    def test_the_local_stack_is_there(self) -> None:
        assert "local" in self.STACKS

    @pytest.mark.parametrize("stack", STACKS)
    def test_known_keys_with_values_of_their_own(self, stack: str) -> None:
        for key, value in stack_file(stack).items():
            assert value != DECLARED[key]["default"], f"{stack}: {key} repeats the default"

    @pytest.mark.parametrize("stack", STACKS)
    def test_no_secrets_and_nothing_of_one_machine(self, stack: str) -> None:
        assert stack_file(stack).keys().isdisjoint({"apiKeys", "kubeconfig"})
