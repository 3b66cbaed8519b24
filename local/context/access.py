"""A context of the user's kubeconfig, as a file of its own in the state folder of its stack."""

from __future__ import annotations

from pathlib import Path

import yaml

from local.context.identity import Context
from local.context.objects import TIMEOUT, Reader
from local.errors import CommandError, LocalError
from local.files import write_if_changed
from local.kubectl import Kubectl
from local.shell import output


def save_kubeconfig(context: Context, program: Path) -> Kubectl:
    """Copies what the user's kubeconfig says of the context; returns kubectl for it.

    With a copy the stack stays on its cluster whatever becomes the current context, and one path
    is enough where KUBECONFIG names several files. Raises `LocalError` for an unknown context.
    """
    try:
        known = output([program, "config", "get-contexts", "-o", "name"]).split("\n")
    except CommandError as error:
        raise LocalError(f"the kubeconfig is not readable: {error}") from error
    if context.name not in known:
        contexts = ", ".join(filter(None, known)) or "none"
        raise LocalError(
            f"the kubeconfig has no context '{context.name}', only: {contexts}; choose one of "
            "them, or set KUBECONFIG to the file that has it"
        )
    view = ["config", "view", "--raw", "--minify", f"--context={context.name}"]
    document = yaml.safe_load(output([program, *view]))
    text = yaml.safe_dump(document, sort_keys=False)
    write_if_changed(context.paths.kubeconfig, text, mode=0o600)
    return context.kubectl(program)


def cluster_uid(reader: Reader) -> str:
    """What identifies a cluster: made with it, and never changed. Raises `CommandError`."""
    namespace = reader.get("namespace", "kube-system", TIMEOUT)
    return str(namespace["metadata"]["uid"])
