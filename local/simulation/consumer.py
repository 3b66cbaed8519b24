"""The other team of examples/consumer, beside a stack that runs: its project, its images."""

from __future__ import annotations

import csv
import json
import os
import runpy
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml
from pulumi import automation as auto

from local.errors import LocalError
from local.paths import PROJECT, REPO
from local.progress import Step
from local.shell import output
from local.up import Ground

CONSUMER = REPO / "examples" / "consumer"


class ConsumerStack:
    """A stack of the other team's project; it reads `serving` by a StackReference.

    `folder` is made anew: the project file's copy names the plugins that `serving` has, and the
    settings are those of this run.
    """

    def __init__(
        self, folder: Path, serving: auto.Stack, settings: Mapping[str, str], name: str = ""
    ) -> None:
        """name: of the stack; empty is the same as of `serving`."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        project: dict[str, Any] = yaml.safe_load((CONSUMER / "Pulumi.yaml").read_text())
        theirs = yaml.safe_load((Path(serving.workspace.work_dir) / "Pulumi.yaml").read_text())
        if "plugins" in theirs:
            project["plugins"] = theirs["plugins"]
        (folder / "Pulumi.yaml").write_text(yaml.safe_dump(project))
        self._stack = auto.create_or_select_stack(
            stack_name=name or serving.name,
            project_name=project["name"],
            program=_program,
            opts=auto.LocalWorkspaceOptions(
                work_dir=str(folder),
                env_vars=dict(serving.workspace.env_vars),
                pulumi_command=serving.workspace.pulumi_command,
            ),
        )
        values = {"serving": f"organization/{PROJECT}/{serving.name}", **settings}
        for key, value in values.items():
            self._stack.set_config(key, auto.ConfigValue(value))

    def up(self, log: Path) -> dict[str, Any]:
        """Its outputs. Raises `LocalError` with what the engine says."""
        result = _logged(log, self._stack.up)
        return {name: each.value for name, each in result.outputs.items()}

    def destroy(self, log: Path) -> None:
        """Raises `LocalError` with what the engine says."""
        _logged(log, self._stack.destroy)


def wrong_classes(
    ground: Ground, consumer: ConsumerStack, outputs: Mapping[str, Any], step: Step
) -> list[str]:
    """A line for each held-out image without its class. Raises `LocalError`, `CommandError`.

    By the scripts and the program as they are committed: `outputs` are the serving stack's.
    """
    fill_volume(ground, outputs)
    show = consumer.up(step.log)["show_table"].split()
    rows = csv.DictReader(ground.kubectl.text(*show[1:]).splitlines())
    found = {Path(row["image"]).name: row["class_1"] or row["error"] for row in rows}
    expected = labels(ground)
    step.note(f"{sum(found.get(file) == label for file, label in expected.items())} images right")
    return [
        f"{file}: {found.get(file, 'no row')}, and not {label}"
        for file, label in expected.items()
        if found.get(file) != label
    ]


def fill_volume(ground: Ground, outputs: Mapping[str, Any]) -> str:
    """The held-out images onto the datasets volume; returns what the script says."""
    kubectl = ground.kubectl
    environment = {
        "PATH": f"{kubectl.program.parent}{os.pathsep}{os.environ['PATH']}",
        "KUBECONFIG": str(kubectl.kubeconfig),
    }
    script = [CONSUMER / "fill.sh", ground.samples]
    return output(script, env=environment, stdin=json.dumps(dict(outputs)))


def labels(ground: Ground) -> dict[str, str]:
    """The class that each held-out image shows, by file."""
    manifest = json.loads((ground.samples / "manifest.json").read_text())
    return {str(each["file"]): str(each["label"]) for each in manifest}


def _program() -> None:
    """As `pulumi up` runs it: the folder as a script."""
    runpy.run_path(str(CONSUMER), run_name="__main__")


def _logged(log: Path, operation: Callable[..., Any]) -> Any:
    with log.open("a") as sink:
        try:
            return operation(
                color="never", on_output=lambda text: print(text.rstrip("\n"), file=sink)
            )
        except auto.CommandError as error:
            raise LocalError(f"the engine reports:\n{error}\n  log: {log}") from error
