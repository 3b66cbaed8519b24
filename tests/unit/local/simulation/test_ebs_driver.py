"""local/simulation/ebs_driver.py: a kubelet finds it, and its pods get the volume's folder."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import grpc
import pytest

from local.errors import LocalError
from local.kubectl import Kubectl
from local.simulation import csi_messages as messages
from local.simulation import ebs_driver
from local.simulation.ebs_driver import NodeDriver, running_driver

DRIVER, ZONE = "ebs.csi.aws.com", "topology.ebs.csi.aws.com/zone"


class FakeKubectl:
    def __init__(self) -> None:
        self.applied: list[str] = []
        self.ran: list[tuple[str, ...]] = []

    def apply(self, manifests: str, **_: Any) -> None:
        self.applied.append(manifests)

    def run(self, *arguments: str, log: Path) -> None:
        self.ran.append(arguments)


@pytest.fixture
def mounts(tmp_path: Path) -> Path:
    """A file with the mounts that a pretended `mount` made: no test needs to be root."""
    file = tmp_path / "mounts"
    file.touch()
    return file


@pytest.fixture
def driver(tmp_path: Path, mounts: Path) -> NodeDriver:
    script = {
        "mount": f'echo "$3 $2" >>{mounts}',
        "umount": f'grep -v "^$1 " {mounts} >{mounts}.new || true; mv {mounts}.new {mounts}',
        "mountpoint": f'grep -q "^$2 " {mounts}',
    }

    def inside(name: str, *arguments: str) -> list[str]:
        return ["sh", "-euc", script[name], name, *arguments]

    return NodeDriver(node="node-1", zone="eu-west-1a", volumes=tmp_path / "v", inside=inside)


class Kubelet:
    """Asks by the sockets, as the kubelet does."""

    def __init__(self, root: Path) -> None:
        self._registration = f"unix:{root}/plugins_registry/{DRIVER}-reg.sock"
        self._endpoint = ""

    def register(self, error: str = "") -> Any:
        made = self._ask(
            self._registration,
            "pluginregistration.Registration/GetInfo",
            answer=messages.PluginInfo,
        )
        self._endpoint = f"unix:{made.endpoint}"
        status = messages.RegistrationStatus(plugin_registered=not error, error=error)
        self._ask(
            self._registration, "pluginregistration.Registration/NotifyRegistrationStatus", status
        )
        return made

    def node(self, method: str, request: Any = None, answer: Any = None) -> Any:
        return self._ask(self._endpoint, f"csi.v1.Node/{method}", request, answer)

    def _ask(self, target: str, method: str, request: Any = None, answer: Any = None) -> Any:
        with grpc.insecure_channel(target) as channel:
            call: Any = channel.unary_unary(
                f"/{method}",
                request_serializer=lambda made: made.SerializeToString() if made else b"",
                response_deserializer=answer.FromString if answer else None,
            )
            return call(request, timeout=5, wait_for_ready=True)


@pytest.fixture
def kubectl() -> FakeKubectl:
    return FakeKubectl()


@pytest.fixture
def kubelet(tmp_path: Path, driver: NodeDriver, kubectl: FakeKubectl) -> Iterator[Kubelet]:
    """One that took the driver."""
    root = tmp_path / "k"
    (root / "plugins_registry").mkdir(parents=True)
    asking = Kubelet(root)
    threading.Thread(target=asking.register).start()
    with running_driver(driver, root, cast(Kubectl, kubectl), tmp_path / "log"):
        yield asking
    assert list(root.rglob("*.sock")) == []


class TestRegistration:
    def test_the_object_says_that_nothing_is_attached(
        self, kubelet: Kubelet, kubectl: FakeKubectl
    ) -> None:
        [document] = kubectl.applied
        assert "attachRequired: false" in document

    def test_it_is_found_as_a_storage_driver(self, kubelet: Kubelet) -> None:
        made = kubelet.register()
        assert (made.type, made.name, list(made.supported_versions)) == (
            *("CSIPlugin", DRIVER),
            ["1.0.0"],
        )

    def test_what_the_kubelet_refuses_is_told(
        self, tmp_path: Path, driver: NodeDriver, kubectl: FakeKubectl
    ) -> None:
        root = tmp_path / "k"
        (root / "plugins_registry").mkdir(parents=True)
        threading.Thread(target=Kubelet(root).register, args=["no such version"]).start()
        with (
            pytest.raises(LocalError, match=r"refuses ebs\.csi\.aws\.com: no such"),
            running_driver(driver, root, cast(Kubectl, kubectl), tmp_path / "log"),
        ):
            pytest.fail("it was refused")

    def test_a_kubelet_that_does_not_look(
        self,
        tmp_path: Path,
        driver: NodeDriver,
        kubectl: FakeKubectl,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        (tmp_path / "k" / "plugins_registry").mkdir(parents=True)
        monkeypatch.setattr(ebs_driver, "_REGISTRATION_TIMEOUT_SECONDS", 0.1)
        with (
            pytest.raises(LocalError, match="did not look for ebs"),
            running_driver(driver, tmp_path / "k", cast(Kubectl, kubectl), tmp_path / "log"),
        ):
            pytest.fail("nobody took it")
        assert ("delete", "csidriver", DRIVER) in kubectl.ran
        assert ("label", "node", "node-1", f"{ZONE}-") in kubectl.ran


class TestVolume:
    def test_the_node_says_its_zone(self, kubelet: Kubelet) -> None:
        info = kubelet.node("NodeGetInfo", answer=messages.NodeGetInfoResponse)
        [segment] = info.accessible_topology.segments
        assert (info.node_id, segment.key, segment.value) == ("node-1", ZONE, "eu-west-1a")

    def test_a_pod_gets_the_folder_and_gives_it_back(
        self, kubelet: Kubelet, driver: NodeDriver, mounts: Path, tmp_path: Path
    ) -> None:
        target = tmp_path / "pod" / "mount"
        wanted = messages.NodePublishVolumeRequest(volume_id="vol-1", target_path=str(target))
        for _ in range(2):  # the kubelet asks again where it isn't sure
            kubelet.node("NodePublishVolume", wanted)
        assert mounts.read_text() == f"{target} {driver.volumes / 'ebs-vol-1'}\n"
        over = messages.NodeUnpublishVolumeRequest(volume_id="vol-1", target_path=str(target))
        for _ in range(2):
            kubelet.node("NodeUnpublishVolume", over)
        assert mounts.read_text() == ""
        assert not target.exists()
        assert (driver.volumes / "ebs-vol-1").is_dir()

    def test_a_mount_that_fails_is_an_error(self, kubelet: Kubelet, driver: NodeDriver) -> None:
        driver.volumes.write_text("a file in the place of the folder")
        wanted = messages.NodePublishVolumeRequest(volume_id="vol-1", target_path="/nowhere/mount")
        with pytest.raises(grpc.RpcError, match="Not a directory"):
            kubelet.node("NodePublishVolume", wanted)
