"""Sync and server beside each other, as in a pod: a label moves there and back, under load."""

import json
import socket
from pathlib import Path
from threading import Event, Thread

import grpc
import pytest

from fixture_types import AddVersion, Eventually, Serve
from model.sync.folder_source import FolderSource
from model.sync.round import Plan, run_round
from model.sync.sources import Sources
from serving_client import Client
from sync.versions import names

LOOK_FOR_VERSIONS_SECONDS = 0.1
# Rarer, as in a pod: meanwhile a version could go that still bears the label.
LOOK_AT_LABELS_SECONDS = 1.0


class Pod:
    """Its two containers, with the files of one ConfigMap."""

    def __init__(self, folder: Path, base_path: Path, source: Path, rest_port: int) -> None:
        self.base_path = base_path
        self.config = folder / "models.config"
        self._labels = folder / "labels.json"
        self._plan = Plan(
            sources=Sources([FolderSource(source)]),
            target=base_path,
            keep=1,
            labels_file=self._labels,
            in_use=True,
            server_url=f"http://127.0.0.1:{rest_port}/v1/models/tiny",
        )

    def label(self, stable: int) -> None:
        self._labels.write_text(json.dumps({"stable": stable}))
        incoming = self.config.with_suffix(".new")
        incoming.write_text(
            f'model_config_list {{ config {{ name: "tiny" base_path: "{self.base_path}" '
            'model_platform: "tensorflow" model_version_policy { all {} } '
            f'version_labels {{ key: "stable" value: {stable} }} }} }}'
        )
        incoming.rename(self.config)

    def sync(self) -> list[str]:
        """One round; returns the versions on the volume afterwards."""
        run_round(self._plan)
        return names(self.base_path)


@pytest.fixture
def pod(
    tmp_path: Path, base_path: Path, add_version: AddVersion, serve: Serve
) -> tuple[Pod, Client]:
    """Version 1 answers as `stable`; version 2 is there, too."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        rest_port = probe.getsockname()[1]
    source = tmp_path / "image"
    source.mkdir()
    for version in (1, 2):
        add_version(version, source)
    pod = Pod(tmp_path, base_path, source, rest_port)
    pod.label(stable=1)
    assert pod.sync() == ["1", "2"]
    served = serve(
        rest_api_port=rest_port,
        model_config_file=str(pod.config),
        model_config_file_poll_wait_seconds=LOOK_AT_LABELS_SECONDS,
        file_system_poll_wait_seconds=LOOK_FOR_VERSIONS_SECONDS,
        allow_version_labels_for_unavailable_models=True,
    )
    return pod, served.client


class Load:
    """Asks for `stable` all the time."""

    def __init__(self, client: Client) -> None:
        self.failures: list[str] = []
        self._client = client
        self._stop = Event()
        self._thread = Thread(target=self._ask)

    def __enter__(self) -> "Load":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _ask(self) -> None:
        while not self._stop.is_set():
            try:
                self._client.factor(version_label="stable")
            except grpc.RpcError as error:
                self.failures.append(str(error))


def test_no_request_fails(pod: tuple[Pod, Client], eventually: Eventually) -> None:
    here, client = pod
    eventually(lambda: set(client.statuses().values()) == {"AVAILABLE"})
    with Load(client) as load:
        here.label(stable=2)
        eventually(lambda: here.sync() == ["2"])
        eventually(lambda: client.statuses() == {2: "AVAILABLE", 1: "END"})
        assert client.factor(version_label="stable") == 2
        here.label(stable=1)  # which is on the volume no more
        eventually(lambda: here.sync() == ["1", "2"])
        eventually(lambda: client.factor(version_label="stable") == 1)
    assert load.failures == []
