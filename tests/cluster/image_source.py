"""A pod that serves the sample images to the gateway by URL, and a name that leads elsewhere."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.kubectl import Kubectl
from tests.cluster.peers import Peer
from tests.cluster.program_pod import remove, start_program

_NAMESPACE = "sources"
_NAME = "images"
_PORT = 8000
# Not public, and in none of the networks that the local stack allows.
_PRIVATE_ADDRESS = "192.168.77.7"


@dataclass(frozen=True, kw_only=True)
class ImageSource:
    """The pod, and what is behind its URLs."""

    pod: Peer
    samples: Path

    @property
    def url(self) -> str:
        return f"http://{_NAME}.{_NAMESPACE}.svc.cluster.local:{_PORT}"

    @property
    def private_url(self) -> str:
        """A harmless name, which DNS resolves to an address that is nobody's business."""
        return f"http://private.{_NAMESPACE}.svc.cluster.local/x.png"

    def file(self, label: str) -> Path:
        """A digit, as PNG or JPEG."""
        return next(self.samples.glob(f"*-label-{label}.*"))

    def of(self, label: str) -> str:
        """The URL of a digit."""
        return f"{self.url}/files/{self.file(label).name}"


@contextmanager
def running_source(kubectl: Kubectl, samples: Path, image: str, log: Path) -> Iterator[ImageSource]:
    """Starts it with an image that has `python3`, and removes it afterwards."""
    pod = start_program(
        kubectl,
        namespace=_NAMESPACE,
        name=_NAME,
        program=Path(__file__).with_name("image_server.py"),
        port=_PORT,
        image=image,
        log=log,
        files={
            file.name: base64.b64encode(file.read_bytes()).decode()
            for file in sorted(samples.iterdir())
            if file.suffix in (".png", ".jpg")
        },
        more=_private_name(),
    )
    yield ImageSource(pod=pod, samples=samples)
    remove(pod, log)


def _private_name() -> tuple[dict[str, Any], ...]:
    """A Service without a selector, whose name leads where we say."""
    meta = {"name": "private", "namespace": _NAMESPACE}
    return (
        {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": meta,
            "spec": {"clusterIP": "None", "ports": [{"port": 80}]},
        },
        {
            "apiVersion": "discovery.k8s.io/v1",
            "kind": "EndpointSlice",
            "metadata": {**meta, "labels": {"kubernetes.io/service-name": "private"}},
            "addressType": "IPv4",
            "endpoints": [{"addresses": [_PRIVATE_ADDRESS]}],
            "ports": [{"port": 80}],
        },
    )
