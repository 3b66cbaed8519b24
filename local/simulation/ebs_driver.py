"""The node's part of the EBS driver: what the datasets volume is mounted by.

The kubelet finds a driver by a socket in its folder `plugins_registry`, asks it where the node is,
and has it mount each volume of a pod (NodePublishVolume). Here a volume is a folder.
https://kubernetes-csi.github.io/docs/driver-registrar.html
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any

import grpc
import yaml

from infra.aws.datasets_volume import CSI_DRIVER, ZONE_LABEL
from local.errors import LocalError
from local.kubectl import Kubectl
from local.shell import output
from local.simulation import csi_messages as messages

_REGISTRATION_TIMEOUT_SECONDS = 60.0
_VERSION = "1.0.0"  # of CSI: the kubelet takes any 1.x


@dataclass(frozen=True)
class NodeDriver:
    """`volumes` has a folder per volume; `inside` makes a command one of the kubelet's mounts."""

    node: str
    zone: str
    volumes: Path
    inside: Callable[..., list[str]]

    def info(self, _: bytes) -> Any:
        """The zone becomes a label of the node, by which the volume's pods are placed."""
        segment = messages.Segment(key=ZONE_LABEL, value=self.zone)
        return messages.NodeGetInfoResponse(
            node_id=self.node, accessible_topology=messages.Topology(segments=[segment])
        )

    def publish(self, request: Any) -> None:
        """Mounts a volume for a pod; asked again, once it is mounted, it does nothing."""
        folder, target = self.volumes / f"ebs-{request.volume_id}", request.target_path
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o770)  # the kubelet gives it to the pod's fsGroup
        Path(target).mkdir(parents=True, exist_ok=True)
        if not self._is_mounted(target):
            self._run("mount", "--bind", str(folder), target)

    def unpublish(self, request: Any) -> None:
        """The contrary."""
        if self._is_mounted(request.target_path):
            self._run("umount", request.target_path)
        if Path(request.target_path).is_dir():
            Path(request.target_path).rmdir()

    def _is_mounted(self, target: str) -> bool:
        command = self.inside("mountpoint", "--quiet", target)
        return subprocess.run(command, check=False).returncode == 0

    def _run(self, *command: str) -> None:
        output(self.inside(*command))


@contextmanager
def running_driver(
    driver: NodeDriver, kubelet: Path, kubectl: Kubectl, log: Path
) -> Iterator[None]:
    """As long as it lasts, the kubelet with that root folder has the driver.

    Raises `LocalError` when it doesn't take it.
    """
    socket = kubelet / "plugins" / CSI_DRIVER / "csi.sock"
    socket.parent.mkdir(parents=True, exist_ok=True)
    registration = kubelet / "plugins_registry" / f"{CSI_DRIVER}-reg.sock"
    registered = _Registration(socket)
    kubectl.apply(_driver_object(), log=log, field_manager="image-serving-simulation")
    try:
        with _served(socket, _node_service(driver)), _served(registration, registered.service()):
            registered.wait()
            yield
    finally:
        kubectl.run("delete", "csidriver", CSI_DRIVER, log=log)
        kubectl.run("label", "node", driver.node, f"{ZONE_LABEL}-", log=log)


class _Registration:
    """What the kubelet asks first, and how it says what became of it."""

    def __init__(self, socket: Path) -> None:
        self._socket = socket
        self._answered = Event()
        self._error = ""

    def service(self) -> grpc.GenericRpcHandler:
        return grpc.method_handlers_generic_handler(
            "pluginregistration.Registration",
            {
                "GetInfo": _method(self._info),
                "NotifyRegistrationStatus": _method(self._hear, messages.RegistrationStatus),
            },
        )

    def wait(self) -> None:
        if not self._answered.wait(_REGISTRATION_TIMEOUT_SECONDS):
            raise LocalError(f"the kubelet did not look for {CSI_DRIVER} at {self._socket}")
        if self._error:
            raise LocalError(f"the kubelet refuses {CSI_DRIVER}: {self._error}")

    def _info(self, _: bytes) -> Any:
        return messages.PluginInfo(
            type="CSIPlugin",
            name=CSI_DRIVER,
            endpoint=str(self._socket),
            supported_versions=[_VERSION],
        )

    def _hear(self, status: Any) -> None:
        self._error = "" if status.plugin_registered else status.error or "no reason given"
        self._answered.set()


def _node_service(driver: NodeDriver) -> grpc.GenericRpcHandler:
    return grpc.method_handlers_generic_handler(
        "csi.v1.Node",
        {
            "NodeGetInfo": _method(driver.info),
            "NodeGetCapabilities": _method(lambda _: None),  # none: one mount is all
            "NodePublishVolume": _method(driver.publish, messages.NodePublishVolumeRequest),
            "NodeUnpublishVolume": _method(driver.unpublish, messages.NodeUnpublishVolumeRequest),
        },
    )


def _method(answer: Callable[[Any], Any], request: Any = None) -> Any:
    """A method whose answer is a message, or None for an empty one."""

    def call(asked: Any, context: grpc.ServicerContext) -> Any:
        try:
            return answer(asked)
        except (OSError, LocalError) as error:
            return context.abort(grpc.StatusCode.INTERNAL, str(error))

    return grpc.unary_unary_rpc_method_handler(
        call,
        request_deserializer=request.FromString if request else None,
        response_serializer=lambda made: made.SerializeToString() if made is not None else b"",
    )


@contextmanager
def _served(socket: Path, service: grpc.GenericRpcHandler) -> Iterator[None]:
    socket.unlink(missing_ok=True)  # of a run that was killed
    server = grpc.server(ThreadPoolExecutor(max_workers=4))
    server.add_generic_rpc_handlers((service,))
    server.add_insecure_port(f"unix:{socket}")
    server.start()
    try:
        yield
    finally:
        server.stop(grace=None).wait()
        socket.unlink(missing_ok=True)


def _driver_object() -> str:
    """Nothing is to be attached to the node before it is mounted."""
    return yaml.safe_dump(
        {
            "apiVersion": "storage.k8s.io/v1",
            "kind": "CSIDriver",
            "metadata": {"name": CSI_DRIVER},
            "spec": {"attachRequired": False},
        }
    )
