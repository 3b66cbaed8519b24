"""A stack of four objects, run as `make up` runs the real one; also a program to be killed.

`python -m tests.engine.small_stack FOLDER KUBECONFIG NAMESPACE PULUMI VERSION [hold]`
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pulumi
import pulumi_kubernetes as k8s

from local.engine.plugin import stand_in
from local.engine.process import EngineProcess, plugins
from local.engine.stack import LocalStack
from local.engine.workspace import prepare_workspace
from local.errors import LocalError
from tests.engine.manifests import stateful_set_spec

_POLL_SECONDS = 0.05
KEY = "k-51c0ffee-of-the-small-stack"


@dataclass(frozen=True)
class SmallStack:
    """Its objects are made one after the other, in a namespace of their own.

    A new version replaces `settings` (named: old one first) and `notes` (auto-named: new one
    first), changes `keys`, and changes `model`, which is awaited.
    """

    folder: Path
    kubeconfig: Path
    namespace: str
    pulumi: Path

    @property
    def log(self) -> Path:
        return self.folder / "log"

    @property
    def all_made(self) -> Path:
        """A file that is there once a program that holds has the outputs of all its resources."""
        return self.folder / "all-made"

    def run(self, version: int, *, hold: bool = False) -> dict[str, int]:
        """`up`, or `destroy` for version 0; what the engine did: {"create": 6}.

        `hold` keeps the program from ending after its last resource.
        """
        engine = self.folder / "engine"
        plugin = stand_in(engine)
        work = prepare_workspace(engine, plugin, {}, "none")
        stack = LocalStack(
            engine, work, plugin, self.pulumi, lambda: self._program(version, hold=hold)
        )
        if version:
            return stack.up(self.log)
        stack.destroy(self.log)
        return {}

    def command(self, version: int, *, hold: bool) -> list[str]:
        """The same in a process of its own; to be started in the repository."""
        arguments = (self.folder, self.kubeconfig, self.namespace, self.pulumi, version)
        program = [sys.executable, "-m", "tests.engine.small_stack", *map(str, arguments)]
        return [*program, "hold"] if hold else program

    def processes(self) -> list[int]:
        """The engine that runs, and its plugins."""
        engine = EngineProcess(self.folder / "engine").pid()
        return [] if engine is None else [engine, *plugins(engine)]

    def state(self) -> dict[str, Any]:
        """As the backend keeps it; empty before the first run."""
        try:
            content = self.checkpoint.read_text()
        except FileNotFoundError:
            return {}
        document: dict[str, Any] = json.loads(content)["checkpoint"]["latest"] or {}
        return document

    @property
    def checkpoint(self) -> Path:
        return self._pulumi_folder / "stacks" / "image-serving" / "local.json"

    def locks(self) -> list[Path]:
        return list((self._pulumi_folder / "locks").rglob("*.json"))

    def ids(self) -> dict[str, list[str]]:
        """Of the state's objects, by kind and name in the program: {"Secret keys": [id]}."""
        found: dict[str, list[str]] = {}
        for each in self.state().get("resources") or []:
            if each["type"].startswith("kubernetes:"):
                key = f"{each['type'].rpartition(':')[2]} {each['urn'].rpartition('::')[2]}"
                found.setdefault(key, []).append(each["id"])
        return found

    @property
    def _pulumi_folder(self) -> Path:
        return self.folder / "engine" / "backend" / ".pulumi"

    def _program(self, version: int, *, hold: bool) -> None:
        text = f"version {version}"
        provider = k8s.Provider(
            "cluster", kubeconfig=self.kubeconfig.read_text(), namespace=self.namespace
        )

        def after(*before: pulumi.Resource) -> pulumi.ResourceOptions:
            return pulumi.ResourceOptions(provider=provider, depends_on=before)

        settings = k8s.core.v1.ConfigMap(
            "settings", metadata={"name": "settings"}, data={"text": text}, opts=after()
        )
        notes = k8s.core.v1.ConfigMap("notes", data={"text": text}, opts=after(settings))
        keys = k8s.core.v1.Secret(
            "keys",
            metadata={"name": "keys", "annotations": {"text": text}},
            string_data={"key": pulumi.Output.secret(KEY)},
            opts=after(notes),
        )
        spec = stateful_set_spec("model")
        spec["template"]["metadata"]["annotations"] = {"text": text}
        model = k8s.apps.v1.StatefulSet(
            "model", metadata={"name": "model"}, spec=spec, opts=after(keys)
        )
        if hold:
            model.id.apply(self._hold)

    def _hold(self, _: str) -> None:
        self.all_made.touch()
        while self.processes():
            time.sleep(_POLL_SECONDS)


if __name__ == "__main__":
    folder, kubeconfig, namespace, cli, version, *hold = sys.argv[1:]
    stack = SmallStack(Path(folder), Path(kubeconfig), namespace, Path(cli))
    try:
        stack.run(int(version), hold=bool(hold))
    except LocalError as error:
        sys.exit(str(error))
