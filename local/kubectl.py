"""kubectl against one cluster."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.shell import output, run


@dataclass(frozen=True)
class Kubectl:
    """The program and the kubeconfig that it is called with."""

    program: Path
    kubeconfig: Path

    def command(self, *arguments: str | Path) -> list[str | Path]:
        return [self.program, f"--kubeconfig={self.kubeconfig}", *arguments]

    def run(self, *arguments: str | Path, log: Path) -> None:
        """Runs kubectl with its output in `log`. Raises `CommandError`."""
        run(self.command(*arguments), log=log)

    def apply(self, manifests: str, *, log: Path, field_manager: str) -> None:
        """Server-side apply of YAML documents. Raises `CommandError`."""
        command = self.command(
            "apply", "--server-side", "--force-conflicts", f"--field-manager={field_manager}"
        )
        run([*command, "-f", "-"], log=log, stdin=manifests)

    def create(self, manifests: str) -> list[Any]:
        """Creates YAML documents; returns them as the server made them. Raises `CommandError`."""
        text = output(self.command("create", "-f", "-", "-o", "json"), stdin=manifests)
        decoder, made, position = json.JSONDecoder(), [], 0
        while position < len(text.rstrip()):  # one JSON document after the other, without a list
            document, position = decoder.raw_decode(text, position)
            made.append(document)
            position += len(text[position:]) - len(text[position:].lstrip())
        return made

    def text(self, *arguments: str) -> str:
        """What kubectl prints. Raises `CommandError`."""
        return output(self.command(*arguments))

    def get(self, *arguments: str) -> Any:
        """`kubectl get … -o json`, decoded. Raises `CommandError`."""
        return json.loads(self.text("get", *arguments, "-o", "json"))
