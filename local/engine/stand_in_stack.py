"""A stack in a folder of its own, driven by the genuine engine with plugins that stand in."""

from __future__ import annotations

import runpy
import secrets
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pulumi import automation as auto

from local.engine.process import EngineProcess
from local.engine.stack_secrets import set_placeholders, without_secrets
from local.engine.stand_ins import write_stand_ins
from local.files import write_if_changed
from local.paths import REPO

Program = Callable[[], None]


@dataclass(frozen=True)
class StandInStack:
    """`stack` is Pulumi's own handle; `file` is the copy of the stack file that it works with."""

    stack: auto.Stack
    process: EngineProcess
    file: Path


def make_stand_in_stack(
    folder: Path,
    name: str,
    pulumi: Path,
    document: Mapping[str, Any],
    program: Program,
    environment: Mapping[str, str] | None = None,
    project: Path = REPO,
) -> StandInStack:
    """An empty stack; `document` is the stack file's content, and `folder` is made anew.

    `environment` is what the plugins get beside Pulumi's own variables; `project` is the folder
    that holds Pulumi.yaml.
    """
    shutil.rmtree(folder, ignore_errors=True)
    for part in ("backend", "home", "work"):
        (folder / part).mkdir(parents=True)
    process = EngineProcess(folder)
    process.write_launcher(pulumi)
    plugins = write_stand_ins(folder / "plugins")
    description = _project(project)
    work = {key: value for key, value in description.items() if key != "main"}  # it runs inline
    write_if_changed(folder / "work" / "Pulumi.yaml", yaml.safe_dump(work | {"plugins": plugins}))
    file = folder / "work" / f"Pulumi.{name}.yaml"
    write_if_changed(file, yaml.safe_dump(without_secrets(document)), mode=0o600)
    variables = {
        "AWS_REGION": "",
        "PULUMI_BACKEND_URL": f"file://{folder / 'backend'}",
        "PULUMI_CONFIG_PASSPHRASE": secrets.token_urlsafe(16),
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_HOME": str(folder / "home"),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        **(environment or {}),
    }
    stack = auto.create_stack(
        stack_name=name,
        project_name=description["name"],
        program=program,
        opts=auto.LocalWorkspaceOptions(
            work_dir=str(folder / "work"), env_vars=variables, pulumi_command=process.command()
        ),
    )
    set_placeholders(stack, document)
    return StandInStack(stack, process, file)


def whole_program() -> None:
    """The same program that `pulumi up` runs: its folder is run as a script."""
    program_in(REPO)()


def program_in(project: Path) -> Program:
    """The program of that checkout. One process runs those of one alone: modules stay loaded."""

    def run() -> None:
        runpy.run_path(str(project / _project(project).get("main", "")), run_name="__main__")

    return run


def _project(folder: Path) -> dict[str, Any]:
    description: dict[str, Any] = yaml.safe_load((folder / "Pulumi.yaml").read_text())
    return description
