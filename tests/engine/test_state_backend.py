"""State in S3, as the genuine CLI keeps it there: what it asks for is what the roles of CI may do.

versitygw is the S3 server. It knows no KMS and no roles: each request in its log is weighed by the
rights that bootstrap/ gives.
"""

from __future__ import annotations

import gc
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pulumi
import pytest
from pulumi import automation as auto

from bootstrap.rights import preview, state
from bootstrap.state_layout import backend_url
from local.progress import Progress
from local.toolchain.binaries import ensure_binaries
from local.versions import GO_TOOLS
from tests.unit.bootstrap.rights.written import written
from tests.unit.bootstrap.shared import BUCKET, DEV, SHARED, Statement, allows
from tests.unit.cloud import REGION

NAME = BUCKET.rpartition(":")[2]
ACCESS_KEY, SECRET_KEY = "the-tests", "a-key-of-no-account"
# What S3 asks of a role for a request, and whether of the object or of the bucket:
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
ASKS = {
    "s3_GetObject": ("s3:GetObject", True),
    "s3_HeadObject": ("s3:GetObject", True),
    "s3_ListObjectsV2": ("s3:ListBucket", False),
    "s3_PutObject": ("s3:PutObject", True),
    "s3_CopyObject": ("s3:PutObject", True),
    "s3_DeleteObject": ("s3:DeleteObject", True),
}
Asked = set[tuple[str, str]]  # action and ARN
_WAIT_SECONDS = 20


@dataclass(frozen=True)
class S3:
    """A server with one empty bucket."""

    port: int
    log: Path

    @property
    def url(self) -> str:
        """The program's own URL, at this server instead of Amazon's."""
        server = f"endpoint=http://127.0.0.1:{self.port}&s3ForcePathStyle=true"
        return f"{backend_url(NAME, REGION)}&{server}"

    def asked(self, operation: Callable[[], object]) -> Asked:
        """What it is asked for meanwhile."""
        before = len(self._lines())
        operation()
        return {self._right(line.split()) for line in self._lines()[before:]}

    def _lines(self) -> list[str]:
        return [line for line in self.log.read_text().splitlines() if " s3_" in line]

    def _right(self, words: list[str]) -> tuple[str, str]:
        place = next(at for at, word in enumerate(words) if word.startswith("s3_"))
        action, of_object = ASKS[words[place]]
        return action, f"{BUCKET}/{words[place + 1]}" if of_object else BUCKET


@pytest.fixture
def s3(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[S3]:
    tool = [each for each in GO_TOOLS if each.name == "versitygw"]
    with Progress(tmp_path / "logs").step("toolchain", "versitygw") as step:
        program = ensure_binaries(step, tool)["versitygw"]
    (tmp_path / "buckets" / NAME).mkdir(parents=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    log = tmp_path / "access.log"
    command: list[str | Path] = [
        program,
        f"--access={ACCESS_KEY}",
        f"--secret={SECRET_KEY}",
        f"--region={REGION}",
    ]
    command += [f"--port=127.0.0.1:{port}", f"--access-log={log}", "--quiet"]
    command += ["posix", tmp_path / "buckets"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
        try:
            _wait_for(port)
            monkeypatch.setenv("AWS_ACCESS_KEY_ID", ACCESS_KEY)
            monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET_KEY)
            yield S3(port, log)
        finally:
            server.terminate()


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + _WAIT_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except ConnectionRefusedError:
            assert time.monotonic() < deadline, "the S3 server did not start"
            time.sleep(0.05)


@pytest.fixture
def stack(
    s3: S3, pulumi_cli: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[auto.Stack]:
    """The stack dev, empty; whoever makes the first one in a bucket is an administrator."""
    monkeypatch.setenv("PATH", f"{pulumi_cli.parent}{os.pathsep}/usr/bin:/bin")
    # An inline program whose engine gave up leaves coroutines that complain when collected.
    monkeypatch.setattr(sys, "unraisablehook", lambda _: None)
    (tmp_path / "work").mkdir()
    yield auto.create_stack(
        stack_name=DEV.stack,
        project_name=DEV.project,
        program=lambda: pulumi.export("url", "http://gateway"),
        opts=auto.LocalWorkspaceOptions(
            work_dir=str(tmp_path / "work"),
            pulumi_home=str(tmp_path / "home"),
            project_settings=auto.ProjectSettings(name=DEV.project, runtime="python"),
            env_vars={
                "PULUMI_BACKEND_URL": s3.url,
                "PULUMI_CONFIG_PASSPHRASE": "in the place of a KMS key",
                "PULUMI_SKIP_UPDATE_CHECK": "true",
            },
        ),
    )
    gc.collect()


def refused(asked: Asked, rights: list[Statement]) -> list[tuple[str, str]]:
    assert asked
    return sorted(each for each in asked if not allows(rights, *each))


def test_the_roles_may_do_what_the_cli_asks_for(s3: S3, stack: auto.Stack) -> None:
    may_preview = written(lambda: preview.state(SHARED, [DEV.id]))
    may_deploy = written(
        lambda: [
            *state.read_state(SHARED),
            *state.write_state(SHARED, DEV.id),
            *state.never_touch_what_is_shared(SHARED, [DEV.regionless_arn("iam", "role/ci/*")]),
        ]
    )
    of_another = written(
        lambda: [*state.read_state(SHARED), *state.write_state(SHARED, "image-serving/prod")]
    )

    update = s3.asked(stack.up)
    assert refused(update, may_deploy) == []
    assert refused(update, of_another) != []

    look = s3.asked(stack.preview)
    assert {action for action, _ in look} == {"s3:GetObject", "s3:ListBucket"}
    assert refused(look, may_preview) == []
    assert refused(s3.asked(stack.preview_refresh), may_preview) == []  # the look for drift
    assert refused(s3.asked(stack.up), may_preview) != []
    assert refused(s3.asked(stack.outputs), may_preview) == []
