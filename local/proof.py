"""The proof at the end of `make up`: real images in, their classes out.

Held-out digits are served by a web server inside the cluster; the gateway downloads each by URL
and a model pod classifies it over gRPC. Nothing on the way is simulated.
"""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
import secrets
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from local.errors import LocalError
from local.kubectl import Kubectl

_PORT = 8000
_NAME = "image-serving-proof"
_ANSWER_TIMEOUT_SECONDS = 60.0
_REQUEST_TIMEOUT_SECONDS = 15.0
_STEPS = ("fetch", "decode", "predict")

Object = dict[str, object]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back for one image; times are in milliseconds."""

    file: str
    expected: str
    predicted: str
    score: float
    model: str
    step_ms: dict[str, float]
    total_ms: float

    @property
    def is_right(self) -> bool:
        return self.predicted == self.expected


def prove(
    kubectl: Kubectl, gateway_url: str, samples: Path, server_image: str, log: Path
) -> list[Answer]:
    """Classifies every sample through the whole stack.

    `samples` holds images and `manifest.json` (`[{"file", "label", "format"}]`); `server_image` is
    any image with `python3`. Raises `LocalError` or `CommandError` when an answer is missing.
    """
    manifest = json.loads((samples / "manifest.json").read_text())
    # One of its own, as that of a proof just before may still be on its way out.
    namespace = f"{_NAME}-{secrets.token_hex(3)}"
    labels = _labels(kubectl)
    content = {
        entry["file"]: base64.b64encode((samples / entry["file"]).read_bytes()).decode()
        for entry in manifest
    }
    try:
        manifests = _manifests(namespace, labels, content, server_image)
        _serve(kubectl, manifests, namespace, log)
        url = f"http://images.{namespace}.svc.cluster.local:{_PORT}"
        return [
            _classify(gateway_url, f"{url}/{entry['file']}", str(entry["label"]))
            for entry in manifest
        ]
    finally:
        # Also what a killed proof left. It takes the cluster seconds that nobody needs to wait for.
        every = ",".join(f"{key}={value}" for key, value in labels.items())
        kubectl.run("delete", "namespace", f"--selector={every}", "--wait=false", log=log)


def table(answers: Sequence[Answer]) -> str:
    """Expected and predicted classes with the time of each step, a row per image."""
    head = f"  {'image':<22} {'expected':>8} {'predicted':>9} {'score':>6}"
    head += "".join(f" {f'{step} ms':>10}" for step in (*_STEPS, "total"))
    rows = [
        f"  {each.file:<22} {each.expected:>8} {each.predicted:>9} {each.score:>6.3f}"
        + "".join(f" {each.step_ms.get(step, float('nan')):>10.1f}" for step in _STEPS)
        + f" {each.total_ms:>10.1f}"
        + ("" if each.is_right else "  WRONG")
        for each in answers
    ]
    return "\n".join([head, *rows])


def require_all_right(answers: Sequence[Answer]) -> None:
    """Raises `LocalError` when there is no answer at all or a wrong one."""
    wrong = [each for each in answers if not each.is_right]
    if wrong or not answers:
        raise LocalError(f"{len(wrong)} of {len(answers)} images got the wrong class")


def _serve(kubectl: Kubectl, documents: Sequence[Object], namespace: str, log: Path) -> None:
    kubectl.apply(yaml.safe_dump_all(documents), log=log, field_manager=_NAME)
    wait = ("wait", "--for=condition=Ready", "pod/images", "--timeout=90s")
    kubectl.run("--namespace", namespace, *wait, log=log)


def _labels(kubectl: Kubectl) -> dict[str, str]:
    """Of this stack's proofs alone: others may prove theirs on the same cluster meanwhile."""
    owner = hashlib.sha256(f"{socket.gethostname()}:{kubectl.kubeconfig}".encode()).hexdigest()
    return {"app.kubernetes.io/part-of": _NAME, "app.kubernetes.io/instance": owner[:12]}


def _manifests(
    namespace: str, labels: dict[str, str], content: dict[str, str], image: str
) -> list[Object]:
    """A namespace with a web server for images; `content` is base64 by file name."""
    pods = {"app.kubernetes.io/name": "images"}
    meta = {"name": "images", "namespace": namespace, "labels": pods}
    container = {
        "name": "server",
        "image": image,
        "command": ["python3", "-m", "http.server", str(_PORT), "--directory", "/images"],
        "ports": [{"containerPort": _PORT}],
        "readinessProbe": {"tcpSocket": {"port": _PORT}, "periodSeconds": 1},
        "resources": {
            "requests": {"cpu": "20m", "memory": "32Mi"},
            "limits": {"cpu": "500m", "memory": "128Mi"},
        },
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        "volumeMounts": [{"name": "images", "mountPath": "/images", "readOnly": True}],
    }
    pod = {
        "automountServiceAccountToken": False,
        "terminationGracePeriodSeconds": 0,
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": 10001,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "containers": [container],
        "volumes": [{"name": "images", "configMap": {"name": "images"}}],
    }
    restricted = {"pod-security.kubernetes.io/enforce": "restricted"}
    ports = [{"port": _PORT, "targetPort": _PORT}]
    return [
        {
            "apiVersion": "v1",
            "kind": "Namespace",
            "metadata": {"name": namespace, "labels": restricted | labels},
        },
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": meta, "binaryData": content},
        {"apiVersion": "v1", "kind": "Pod", "metadata": meta, "spec": pod},
        {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": meta,
            "spec": {"selector": pods, "ports": ports},
        },
    ]


def _classify(gateway_url: str, image_url: str, expected: str) -> Answer:
    """One prediction; asks again while the gateway or the image's name is not there yet."""
    deadline = time.monotonic() + _ANSWER_TIMEOUT_SECONDS
    while True:
        try:
            return _ask(gateway_url, image_url, expected)
        except (urllib.error.URLError, http.client.HTTPException, ConnectionError) as error:
            if _is_final(error) or time.monotonic() > deadline:
                raise LocalError(
                    f"{gateway_url}/predict gave no answer for {image_url}: {_reason(error)}"
                ) from error
            time.sleep(0.5)


def _ask(gateway_url: str, image_url: str, expected: str) -> Answer:
    request = urllib.request.Request(
        f"{gateway_url}/predict",
        data=json.dumps({"url": image_url}).encode(),
        headers={"Content-Type": "application/json"},
    )
    started = time.monotonic()
    with urllib.request.urlopen(request, timeout=_REQUEST_TIMEOUT_SECONDS) as response:
        scores: dict[str, float] = json.load(response)
        total_ms = (time.monotonic() - started) * 1000
        predicted = max(scores, key=lambda label: scores[label])
        return Answer(
            file=image_url.rpartition("/")[2],
            expected=expected,
            predicted=predicted,
            score=scores[predicted],
            model=response.headers.get("X-Model", ""),
            step_ms=_server_timing(response.headers.get("Server-Timing", "")),
            total_ms=total_ms,
        )


def _server_timing(header: str) -> dict[str, float]:
    """Milliseconds by step, from `fetch;dur=1.2, decode;dur=0.3` (W3C Server Timing)."""
    entries = (entry.strip().partition(";dur=") for entry in header.split(",") if ";dur=" in entry)
    return {name: float(milliseconds) for name, _, milliseconds in entries}


def _is_final(error: Exception) -> bool:
    """Whether asking again is of no use: the request itself was refused."""
    return isinstance(error, urllib.error.HTTPError) and error.code in (400, 401, 403, 404, 405)


def _reason(error: Exception) -> str:
    if isinstance(error, urllib.error.HTTPError):
        return f"{error.code} {error.read().decode(errors='replace').strip()}"
    return str(error)
