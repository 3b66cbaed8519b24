"""Which versions of an add-on EKS has, asked by AWS's own command line."""

from __future__ import annotations

import json
import subprocess
from typing import Any

from infra.pins import Pin
from local.pins.finding import Finding, NotAskedError, Verdict

_TIMEOUT_SECONDS = 30.0


class EksAddOns:
    """Asks EKS; once it can't be asked, it is asked no more."""

    def __init__(self) -> None:
        self._silent = ""

    def check(self, pin: Pin, minor: str, name: str) -> Finding:
        """Whether EKS has that version for that minor of Kubernetes. Raises `NotAskedError`."""
        versions = self._versions(minor, name)
        if pin.value in versions:
            return Finding(pin=pin, verdict=Verdict.VERIFIED)
        if not versions:
            said = f"EKS has no {name} for Kubernetes {minor}"
            return Finding(pin=pin, verdict=Verdict.DIFFERS, said=said)
        default = next((each for each, is_default in versions.items() if is_default), "")
        return Finding(
            pin=pin,
            verdict=Verdict.DIFFERS,
            said=f"EKS has no {pin.value} for Kubernetes {minor}; it has {', '.join(versions)}",
            replacement=default or next(iter(versions)),
        )

    def _versions(self, minor: str, name: str) -> dict[str, bool]:
        """Each version, the newest first, and whether it is the default for that minor."""
        if self._silent:
            raise NotAskedError(self._silent)
        try:
            answer = _describe(minor, name)
        except NotAskedError as error:
            self._silent = str(error)
            raise
        return {
            version["addonVersion"]: any(
                one.get("defaultVersion", False) for one in version.get("compatibilities", [])
            )
            for add_on in answer["addons"]
            for version in add_on["addonVersions"]
        }


def _describe(minor: str, name: str) -> Any:
    """https://docs.aws.amazon.com/cli/latest/reference/eks/describe-addon-versions.html"""
    command = ["aws", "eks", "describe-addon-versions", "--output", "json"]
    command += ["--kubernetes-version", minor, "--addon-name", name]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=_TIMEOUT_SECONDS, check=False
        )
    except FileNotFoundError as error:
        raise NotAskedError("EKS is asked by the AWS CLI, which is not installed") from error
    except subprocess.TimeoutExpired as error:
        raise NotAskedError(f"EKS doesn't answer within {_TIMEOUT_SECONDS:.0f} s") from error
    if "ResourceNotFoundException" in done.stderr:
        return {"addons": []}
    if done.returncode != 0:
        raise NotAskedError(f"the AWS CLI says: {' '.join(done.stderr.split())}")
    return json.loads(done.stdout)
