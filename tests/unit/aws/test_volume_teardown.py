"""infra/aws/volume_teardown.py: no volume is forgotten when its driver goes."""

import asyncio
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pulumi
import pytest

from infra.aws.volume_teardown import (
    EBS_DRIVER,
    HOOK,
    TeardownError,
    list_volumes,
    volume_teardown,
    wait_for_volumes,
)
from infra.platform.storage_classes import PROVISIONER
from tests.unit.harness import run_component

KUBECONFIG = "the kubeconfig"


def volume(handle: str, *, policy: str = "Delete") -> dict[str, Any]:
    return {
        "kind": "PersistentVolume",
        "metadata": {"name": handle},
        "spec": {
            "csi": {"driver": EBS_DRIVER, "volumeHandle": handle},
            "capacity": {"storage": "5Gi"},
            "persistentVolumeReclaimPolicy": policy,
            "claimRef": {"namespace": "image-serving", "name": "models-0", "uid": "uid-0"},
        },
    }


class Cluster:
    """Lists the volumes that it is given, one answer after the other, the last for ever."""

    def __init__(self, *answers: list[dict[str, Any]] | TeardownError) -> None:
        self._answers = list(answers)
        self.looks = 0

    def look(self, kubeconfig: str) -> dict[str, Any]:
        assert kubeconfig == KUBECONFIG
        answer = self._answers[min(self.looks, len(self._answers) - 1)]
        self.looks += 1
        if isinstance(answer, TeardownError):
            raise answer
        return {"items": answer}


def wait(cluster: Cluster, *, limit_seconds: float = 60) -> list[str]:
    """What was said in the end."""
    said: list[str] = []
    asyncio.run(
        wait_for_volumes(
            KUBECONFIG,
            look=cluster.look,
            say=said.append,
            limit_seconds=limit_seconds,
            period_seconds=0,
        )
    )
    return said


class TestWaiting:
    def test_until_the_driver_has_deleted_them(self) -> None:
        cluster = Cluster([volume("vol-1"), volume("vol-2")], [volume("vol-2")], [])
        assert wait(cluster) == []
        assert cluster.looks == 3

    def test_not_where_there_is_none(self) -> None:
        cluster = Cluster([])
        wait(cluster)
        assert cluster.looks == 1

    def test_not_longer_than_the_limit_and_then_they_are_named(self) -> None:
        cluster = Cluster([volume("vol-1"), volume("vol-2", policy="Retain")])
        with pytest.raises(TeardownError) as error:
            wait(cluster, limit_seconds=0.01)
        assert "vol-1 (5Gi, of claim image-serving/models-0)" in str(error.value)
        assert "vol-2" not in str(error.value)

    def test_through_answers_that_fail(self) -> None:
        refused = TeardownError("connection refused")
        wait(Cluster(refused, refused, [volume("vol-1")], refused, []))

    def test_a_cluster_that_never_answers_stops_it(self) -> None:
        cluster = Cluster(TeardownError("connection refused"))
        with pytest.raises(TeardownError, match="connection refused"):
            wait(cluster)
        assert cluster.looks == 3


def test_volumes_that_stay_are_named_with_the_way_to_delete_them() -> None:
    (said,) = wait(Cluster([volume("vol-1", policy="Retain")]))
    assert "vol-1 (5Gi, of claim image-serving/models-0)" in said
    assert "aws ec2 delete-volume" in said


class TestHook:
    """Bound to the driver's add-on, it runs while the cluster can still be asked."""

    def test_before_the_deletion_and_with_access(self) -> None:
        def build() -> None:
            connection = pulumi.Stash("connection", input="")
            options = volume_teardown(connection.output, connection=connection)
            pulumi.Stash("ebs-csi", input="", opts=options)

        program = run_component(build)
        driver, connection = (
            program.one("pulumi:index:Stash", name) for name in ("ebs-csi", "connection")
        )
        assert driver.options.before_delete == (HOOK,)
        assert connection.urn in driver.depends_on

    def test_the_driver_is_that_of_the_storage_classes(self) -> None:
        assert EBS_DRIVER == PROVISIONER


class TestKubectl:
    """The cluster is asked by kubectl, with the stack's own kubeconfig."""

    @pytest.fixture
    def kubectl(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
        """Puts a program in its place."""
        monkeypatch.setenv("PATH", str(tmp_path))

        def install(lines: str) -> None:
            file = tmp_path / "kubectl"
            file.write_text(f"#!{sys.executable}\nimport sys\n{textwrap.dedent(lines)}")
            file.chmod(0o755)

        return install

    def test_its_answer_is_what_the_cluster_lists(self, kubectl: Callable[[str], None]) -> None:
        kubectl(
            """
            [file] = [one for one in sys.argv if one.startswith("--kubeconfig=")]
            assert open(file.partition("=")[2]).read() == "the kubeconfig"
            assert "persistentvolumes,persistentvolumeclaims" in sys.argv
            assert "--all-namespaces" in sys.argv
            print('{"items": []}')
            """
        )
        assert list_volumes(KUBECONFIG) == {"items": []}

    def test_its_complaint_is_passed_on(self, kubectl: Callable[[str], None]) -> None:
        kubectl('sys.exit("You must be logged in to the server")')
        with pytest.raises(TeardownError, match="You must be logged in"):
            list_volumes(KUBECONFIG)

    def test_where_there_is_none(self, kubectl: Callable[[str], None]) -> None:
        with pytest.raises(TeardownError, match="not on the PATH"):
            list_volumes(KUBECONFIG)

    def test_the_kubeconfig_does_not_stay_on_the_disk(
        self, kubectl: Callable[[str], None], tmp_path: Path
    ) -> None:
        kubectl(f"open({str(tmp_path / 'seen')!r}, 'w').write(sys.argv[1]); print('{{}}')")
        list_volumes(KUBECONFIG)
        assert not Path((tmp_path / "seen").read_text().partition("=")[2]).exists()
