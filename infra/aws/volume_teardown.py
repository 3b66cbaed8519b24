"""Before the EBS driver goes: the volumes that it is deleting are waited for, the others named.

The volumes of a StatefulSet's replicas are outside of Pulumi's graph. The driver deletes them once
their claims are gone, which takes it a while; without the driver they stay, paid for and unseen.
"""

import asyncio
import json
import subprocess
import tempfile
import time
from collections.abc import Callable
from typing import Any

import pulumi

from infra.aws.block_volumes import BlockVolume, block_volumes

HOOK = "wait-for-ebs-volumes"
EBS_DRIVER = "ebs.csi.aws.com"
# A volume of a node that ended uncleanly is detached after six minutes:
# https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/faq.md
LIMIT_SECONDS = 900
PERIOD_SECONDS = 5
LOOKS_THAT_MAY_FAIL = 3  # one after the other
KUBECTL_SECONDS = 60

# What the API server lists, of a cluster given by its kubeconfig.
Look = Callable[[str], dict[str, Any]]
Say = Callable[[str], None]


class TeardownError(Exception):
    """Stops the engine before it deletes the driver; the next `destroy` looks again."""


def volume_teardown(
    kubeconfig: pulumi.Output[str],
    *,
    connection: pulumi.Resource,
    look: Look | None = None,
    limit_seconds: float = LIMIT_SECONDS,
) -> pulumi.ResourceOptions:
    """Options for the add-on of the EBS driver, on which all that has volumes depends.

    connection: what the access to the cluster depends on, so that it is still there. The engine
    runs hooks of deletions with the program: `pulumi destroy --run-program`, and says so without.
    """

    async def wait(args: pulumi.ResourceHookArgs) -> None:
        text = await kubeconfig.future()
        if text:
            await wait_for_volumes(
                text,
                look=look or list_volumes,
                say=pulumi.log.warn,
                limit_seconds=limit_seconds,
            )

    return pulumi.ResourceOptions(
        hooks=pulumi.ResourceHookBinding(before_delete=[pulumi.ResourceHook(HOOK, wait)]),
        depends_on=[connection],
    )


async def wait_for_volumes(
    kubeconfig: str,
    *,
    look: Look,
    say: Say,
    limit_seconds: float,
    period_seconds: float = PERIOD_SECONDS,
) -> None:
    """Until the driver has deleted what it is to delete; then says what stays.

    Raises TeardownError, naming the volumes, when that takes longer than the limit.
    """
    end = time.monotonic() + limit_seconds
    while True:
        volumes = block_volumes(await _look(look, kubeconfig, period_seconds), driver=EBS_DRIVER)
        going = [volume for volume in volumes if volume.is_going]
        if not going:
            break
        if time.monotonic() > end:
            raise TeardownError(
                f"After {limit_seconds:.0f} s the EBS driver has not deleted:\n{_lines(going)}\n"
                "Run destroy again to wait for longer. Without the driver these volumes stay: "
                "`aws ec2 delete-volume --volume-id …` deletes one."
            )
        await asyncio.sleep(period_seconds)
    if volumes:
        say(
            "These EBS volumes stay, as their StorageClass says or their claims are still there; "
            f"`aws ec2 delete-volume --volume-id …` deletes one:\n{_lines(volumes)}"
        )


def list_volumes(kubeconfig: str) -> dict[str, Any]:
    """By kubectl, which gets a token as the kubeconfig says. Raises TeardownError."""
    with tempfile.NamedTemporaryFile("w", suffix=".kubeconfig") as file:
        file.write(kubeconfig)
        file.flush()
        command = [
            *("kubectl", f"--kubeconfig={file.name}", "get", "--all-namespaces"),
            *("persistentvolumes,persistentvolumeclaims", "--output=json"),
        ]
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, timeout=KUBECTL_SECONDS, check=False
            )
        except FileNotFoundError as error:
            raise TeardownError("kubectl, which lists the volumes, is not on the PATH") from error
        except subprocess.TimeoutExpired as error:
            raise TeardownError(
                f"the cluster did not answer kubectl within {KUBECTL_SECONDS} s"
            ) from error
    if done.returncode:
        raise TeardownError(f"kubectl could not list the volumes: {done.stderr.strip()}")
    listing: dict[str, Any] = json.loads(done.stdout)
    return listing


async def _look(look: Look, kubeconfig: str, period_seconds: float) -> dict[str, Any]:
    """The list, though an answer may fail now and then while the cluster is taken down."""
    for attempt in range(1, LOOKS_THAT_MAY_FAIL + 1):
        try:
            return await asyncio.to_thread(look, kubeconfig)
        except TeardownError:
            if attempt == LOOKS_THAT_MAY_FAIL:
                raise
        await asyncio.sleep(period_seconds)
    raise AssertionError("unreachable")


def _lines(volumes: list[BlockVolume]) -> str:
    return "\n".join(f"  {volume}" for volume in volumes)
