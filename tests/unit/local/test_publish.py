"""`make publish`: the way into the cluster's bucket, here with a script for kubectl."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from local.errors import LocalError
from local.kubectl import Kubectl
from local.publish import bucket_environment

# Answers `get` by what is asked for, and forwards a port by saying so until it is ended.
_SCRIPT = """#!/bin/sh
case "$*" in
  *"get services"*) echo '{services}' ;;
  *"get secret"*) echo '{keys}' ;;
  *port-forward*) {forward} ;;
esac
"""
_STORE = '{"items": [{"metadata": {"namespace": "vision"}}]}'
_KEYS = '{"data": {"AWS_ACCESS_KEY_ID": "bWU=", "AWS_SECRET_ACCESS_KEY": "aGlkZGVu"}}'
_FORWARD = 'echo $$ > "$0.pid"; echo "Forwarding from 127.0.0.1:41234 -> 7070"; exec sleep 60'


def _kubectl(folder: Path, *, services: str = _STORE, forward: str = _FORWARD) -> Kubectl:
    program = folder / "kubectl"
    program.write_text(_SCRIPT.format(services=services, keys=_KEYS, forward=forward))
    program.chmod(0o755)
    return Kubectl(program, folder / "kubeconfig")


class TestEnvironment:
    """The AWS SDKs are told where the bucket is and by which keys; the way is closed again."""

    def test_variables(self, tmp_path: Path) -> None:
        with bucket_environment(_kubectl(tmp_path)) as environment:
            assert environment == {
                "AWS_ENDPOINT_URL": "http://127.0.0.1:41234",
                "AWS_REGION": "us-east-1",
                "AWS_ACCESS_KEY_ID": "me",
                "AWS_SECRET_ACCESS_KEY": "hidden",
            }

    def test_the_forwarding_ends(self, tmp_path: Path) -> None:
        with bucket_environment(_kubectl(tmp_path)):
            pid = int((tmp_path / "kubectl.pid").read_text())
            os.kill(pid, 0)
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)

    def test_it_ends_after_a_failure_too(self, tmp_path: Path) -> None:
        with pytest.raises(KeyboardInterrupt), bucket_environment(_kubectl(tmp_path)):
            raise KeyboardInterrupt
        with pytest.raises(ProcessLookupError):
            os.kill(int((tmp_path / "kubectl.pid").read_text()), 0)


class TestErrors:
    """What is missing is named, with the next step."""

    def test_no_store(self, tmp_path: Path) -> None:
        kubectl = _kubectl(tmp_path, services='{"items": []}')
        said = pytest.raises(LocalError, match="no object store; run `make up`")
        with said, bucket_environment(kubectl):
            pytest.fail("there is none")

    def test_no_way(self, tmp_path: Path) -> None:
        kubectl = _kubectl(tmp_path, forward="echo pod is not running >&2; exit 1")
        said = pytest.raises(
            LocalError, match="object-store in namespace 'vision': pod is not running"
        )
        with said, bucket_environment(kubectl):
            pytest.fail("it is closed")
