"""A new version is tried out, takes over and is taken back under load, and no request notices."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local.errors import CommandError
from tests.cluster.conftest import MODEL_PODS, Deployed, versions_on_volume
from tests.cluster.requests import SteadyRequests, steady_requests
from tests.cluster.waiting import eventually

_TIMEOUT_SECONDS = 120
# Asks a pod's own server, which only the gateway reaches over the network.
_ASK = """
import json, sys, urllib.request
url = "http://127.0.0.1:8501/v1/models/digits"
if sys.argv[1:]:
    image = [[[0, 0, 0]] * 96] * 96
    body = json.dumps({"instances": [image]}).encode()
    url = urllib.request.Request(f"{url}/labels/{sys.argv[1]}:predict", body)
print(urllib.request.urlopen(url).read().decode())
"""


def _ask(deployed: Deployed, pod: str, *label: str) -> Any:
    into = ("exec", "-n", deployed.namespace, pod, "-c", "server", "--")
    return json.loads(deployed.kubectl.text(*into, "python3", "-c", _ASK, *label))


def _loaded(deployed: Deployed, pod: str) -> set[str]:
    statuses = _ask(deployed, pod)["model_version_status"]
    return {each["version"] for each in statuses if each["state"] == "AVAILABLE"}


def _containers(deployed: Deployed) -> dict[str, int]:
    """How often each container of the model's pods was restarted, by pod uid and name."""
    pods = [deployed.kubectl.get("pod", pod, "-n", deployed.namespace) for pod in MODEL_PODS]
    return {
        f"{pod['metadata']['uid']} {each['name']}": each["restartCount"]
        for pod in pods
        for each in [*pod["status"]["initContainerStatuses"], *pod["status"]["containerStatuses"]]
    }


@pytest.fixture(scope="module")
def client(deployed: Deployed) -> Iterator[SteadyRequests]:
    """Asks the gateway all the time, from before the first step until after the last."""
    before = _containers(deployed)
    sample = next(deployed.ground.samples.glob("*.png"))
    with steady_requests(f"{deployed.url}/predict", sample) as requests:
        requests.wait_for(5)
        yield requests
        requests.wait_for(5)
    assert Counter(requests.failures) == {}
    assert _containers(deployed) == before


def _only(version: int, requests: SteadyRequests) -> bool:
    """Whether the last answers all came from this version."""
    requests.wait_for(10)
    return set(requests.models[-10:]) == {f"digits/{version}"}


class TestSwap:
    """Each step is one edit of the stack's settings; the steps build on each other."""

    def test_a_canary_answers_beside_the_stable_version(
        self, deployed: Deployed, client: SteadyRequests, published: Path
    ) -> None:
        assert deployed.label_versions(stable=1, canary=2)["update"] == 1  # the ConfigMap
        for pod in MODEL_PODS:
            eventually(
                lambda pod=pod: _answers(deployed, pod, "canary"),  # type: ignore[misc]
                timeout_seconds=_TIMEOUT_SECONDS,
                what=f"the canary of {pod} to answer",
            )
            assert versions_on_volume(deployed, pod) == ["1", "2"]
        assert _only(1, client)

    def test_it_becomes_the_stable_one_and_the_old_one_goes(
        self, deployed: Deployed, client: SteadyRequests
    ) -> None:
        deployed.label_versions(stable=2)
        eventually(lambda: _only(2, client), timeout_seconds=_TIMEOUT_SECONDS, what="version 2")
        for pod in MODEL_PODS:
            eventually(
                lambda pod=pod: _loaded(deployed, pod) == {"2"},  # type: ignore[misc]
                timeout_seconds=_TIMEOUT_SECONDS,
                what=f"version 1 to be unloaded by {pod}",
            )
            # The server unloads it because it is gone from there.
            assert versions_on_volume(deployed, pod) == ["2"]

    def test_one_step_takes_it_back(self, deployed: Deployed, client: SteadyRequests) -> None:
        """Though the old version is on no volume any more, and no canary prepares the way."""
        deployed.label_versions(stable=1)
        eventually(lambda: _only(1, client), timeout_seconds=_TIMEOUT_SECONDS, what="version 1")
        assert set(client.models) == {"digits/1", "digits/2"}


def _answers(deployed: Deployed, pod: str, label: str) -> bool:
    try:
        [scores] = _ask(deployed, pod, label)["predictions"]
    except CommandError:
        return False
    return len(scores) == 10
