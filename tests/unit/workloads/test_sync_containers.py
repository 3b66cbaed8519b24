"""infra/workloads/sync_containers.py: versions come before the server starts, and beside it."""

from typing import Any

import pytest

from tests.unit.harness import Program, run_program, settings_without_bucket

Spec = dict[str, Any]
COMMON = [
    "--source=/models/digits",
    "--source=s3://models/digits",
    "--target=/volume/digits",
    "--keep=2",
    "--labels=/etc/tensorflow-serving/labels.json",
]


def sync_containers(program: Program) -> list[Spec]:
    pod = program.only("StatefulSet", "model-digits").spec["template"]["spec"]
    return list(pod["initContainers"])


@pytest.fixture
def once(local: Program) -> Spec:
    return sync_containers(local)[0]


@pytest.fixture
def poll(local: Program) -> Spec:
    return sync_containers(local)[1]


class TestBoth:
    """The model's own image; nothing but the volume is written."""

    def test_image_and_command(self, local: Program) -> None:
        for container in sync_containers(local):
            assert container["image"] == "localhost/model-digits:1.0.0"
            assert container["command"] == ["python3", "-m", "model", "sync"]

    def test_the_volume_does_not_hide_the_images_model(self, local: Program) -> None:
        for container in sync_containers(local):
            assert "/models" not in [mount["mountPath"] for mount in container["volumeMounts"]]

    def test_the_reason_of_a_failure_is_shown_with_the_pod(self, local: Program) -> None:
        for container in sync_containers(local):
            assert container["terminationMessagePolicy"] == "FallbackToLogsOnError"


class TestOnce:
    """Before the server starts."""

    def test_arguments(self, once: Spec) -> None:
        assert once["args"] == [*COMMON, "--allow-stale"]

    def test_it_ends(self, once: Spec) -> None:
        assert "restartPolicy" not in once


class TestPoll:
    """A sidecar: it starts before the server, ends after it, and holds nothing up."""

    def test_arguments(self, poll: Spec) -> None:
        assert poll["args"] == [
            *COMMON,
            "--poll=5",
            "--metrics-port=9100",
            "--server-url=http://127.0.0.1:8501/v1/models/digits",
        ]

    def test_it_stays(self, poll: Spec) -> None:
        assert poll["restartPolicy"] == "Always"

    def test_metrics_have_a_port(self, poll: Spec) -> None:
        assert poll["ports"] == [{"name": "sync-metrics", "containerPort": 9100}]


class TestImageAlone:
    """Where no bucket brings later versions, nobody looks for any, and a failure is final."""

    def test_one_container(self) -> None:
        (once,) = sync_containers(run_program(settings_without_bucket()))
        assert once["args"] == [
            "--source=/models/digits",
            "--target=/volume/digits",
            "--keep=2",
            "--labels=/etc/tensorflow-serving/labels.json",
        ]
        assert "env" not in once
