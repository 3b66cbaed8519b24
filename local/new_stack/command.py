"""`make new-stack NAME=`: asks, checks, writes `Pulumi.<name>.yaml`, says what comes next."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from rich.console import Console

from local.errors import LocalError
from local.files import write_atomically
from local.new_stack.answers import from_file, from_terminal
from local.new_stack.document import secrets_provider, stack_file_text
from local.new_stack.questions import EKS, LOCAL, PROD, Answers
from local.paths import REPO
from local.progress import complain, say

# Short, since EKS, S3 and IAM names begin with it.
_NAME = re.compile(r"[a-z]([a-z0-9-]{0,18}[a-z0-9])?")
_INTERRUPTED = 130


def new_stack(
    name: str, answers_file: Path | None, *, force: bool = False, folder: Path = REPO
) -> int:
    """The exit code. Raises `LocalError` for a name that is wrong or taken, and for wrong answers.

    Nothing is written before all questions are answered, and then the file as a whole.
    """
    file = folder / f"Pulumi.{name}.yaml"
    _require_free(name, file, force=force)
    try:
        if answers_file is not None:
            answers = from_file(name, answers_file)
        else:
            answers = _from_somebody(name)
    except (KeyboardInterrupt, EOFError):
        complain(f"\ninterrupted; {file.name} was not written")
        return _INTERRUPTED
    write_atomically(file, stack_file_text(name, answers).encode())
    say(f"wrote {file.name}, which the program's settings take. Next:\n")
    for step in next_steps(name, answers):
        say(f"  {step}")
    return 0


def next_steps(name: str, answers: Answers) -> list[str]:
    """Commands, each with what it is for."""
    on_eks = answers["kind"] == EKS
    steps = []
    if on_eks and not answers["model_image"]:
        steps.append(
            f"cd services/model && python -m model export …  # into export/{answers['model']}: "
            "docs/models.md"
        )
    if on_eks:
        steps.append(f"make preview STACK={name}  # what it would make, without an account")
    steps.append(f"pulumi stack init {name}{_secrets_option(name, answers)}")
    if answers["kind"] != LOCAL:
        steps.append(
            "pulumi config set --secret --path 'apiKeys.app' \"$(openssl rand -hex 24)\" "
            f"--stack {name}  # a client's key"
        )
    steps.append(
        "python3 -m venv policy/.venv && policy/.venv/bin/pip install -r policy/requirements.txt"
    )
    steps.append(f"pulumi up --stack {name} --policy-pack policy")
    pages = (
        "docs/eks.md; state that a team shares: docs/bootstrap.md" if on_eks else "docs/local.md"
    )
    steps.append(f"# more: docs/your-own-repo.md, {pages}")
    return steps


def _require_free(name: str, file: Path, *, force: bool) -> None:
    if not _NAME.fullmatch(name):
        raise LocalError(
            f"NAME={name}: a stack's name has 1 to 20 characters of a-z, 0-9 and '-', begins with "
            "a letter and doesn't end with '-'"
        )
    if file.exists() and not force:
        raise LocalError(
            f"{file.name} is there already; choose another NAME, or replace it with FORCE=1"
        )


def _from_somebody(name: str) -> dict[str, str]:
    if not sys.stdin.isatty():
        raise LocalError(
            "there is no terminal to ask at; give the answers in a file: ANSWERS=<file> "
            "(docs/your-own-repo.md)"
        )
    say(f"Pulumi.{name}.yaml is written once all is answered; Enter takes what is shown.")
    return from_terminal(name, Console())


def _secrets_option(name: str, answers: Answers) -> str:
    if answers["kind"] != EKS or answers["size"] != PROD:
        return ""
    return f' --secrets-provider="{secrets_provider(name, answers["region"])}"'
