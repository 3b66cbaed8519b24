"""`pulumi up` and its proof, on any cluster that is ready for the stack."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.engine.plugin import choose_plugin
from local.engine.plugin_install import install_genuine_plugin
from local.engine.stack import LocalStack
from local.engine.workspace import prepare_workspace
from local.kubectl import Kubectl
from local.progress import Progress, say
from local.proof import Answer, prove, require_all_right, table


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """A cluster with what the stack needs there, and the folder of the engine's state.

    `settings` come on top of the committed stack file; `model_image` carries the model, and
    `python_image` is any image on the cluster with python3, for the proof. `reach_gateway` gives a
    URL of the gateway that works on this machine, as long as it is used.
    """

    engine: Path
    pulumi: Path
    kubectl: Kubectl
    settings: Mapping[str, Any]
    model_image: str
    python_image: str
    samples: Path
    reach_gateway: Callable[[], AbstractContextManager[str]]


def deploy(deployment: Deployment, progress: Progress) -> dict[str, Any]:
    """Brings the stack up and classifies images through it; returns the stack's outputs.

    Raises `LocalError` with the engine's diagnostics, or when an answer is missing or wrong.
    """
    with progress.step("engine", "pulumi up, stack local") as step:
        install_genuine_plugin(deployment.engine, deployment.pulumi, step)
        stack = _open_stack(deployment)
        changes = stack.up(step.log)
        outputs = stack.outputs()
        step.note(_describe(changes))
    with progress.step("proof", "classifying held-out digits") as step:
        answers = _prove(deployment, step.log)
        step.note(f"{sum(each.is_right for each in answers)} of {len(answers)} images are right")
    say(f"\n{table(answers)}\n\nWhat took how long:\n{progress.summary()}")
    require_all_right(answers)
    return outputs


def _open_stack(deployment: Deployment) -> LocalStack:
    """The stack with its settings written. Raises `LocalError` when somebody works on it."""
    engine = deployment.engine
    plugin = choose_plugin(engine)
    say(f"              {plugin.description}")
    work = prepare_workspace(engine, plugin, deployment.settings, deployment.model_image)
    return LocalStack(engine, work, plugin, deployment.pulumi)


def describe_outputs(outputs: Mapping[str, Any]) -> str:
    """The stack's outputs, a line each."""
    width = max(len(name) for name in outputs)
    shown = [f"  {name:<{width}}  {_one_line(value)}" for name, value in sorted(outputs.items())]
    return "\n".join(["Stack outputs:", *shown])


def try_it(url: str, samples: Path) -> str:
    """A command that classifies a sample."""
    first = sorted(samples.glob("*.png"))[0]
    return f"  curl --data-binary @{first} -H 'Content-Type: image/png' {url}/predict"


def _prove(deployment: Deployment, log: Path) -> list[Answer]:
    with deployment.reach_gateway() as url:
        return prove(deployment.kubectl, url, deployment.samples, deployment.python_image, log)


def _describe(changes: Mapping[str, int]) -> str:
    words = [f"{count} {operation}" for operation, count in sorted(changes.items())]
    unchanged = set(changes) <= {"same"}
    return ("no change: " if unchanged else "") + ", ".join(words)


def _one_line(value: object) -> str:
    text = str(value)
    return f"({len(text.splitlines())} lines)" if "\n" in text else text or '""'
