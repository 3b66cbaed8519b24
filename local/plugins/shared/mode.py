"""What the stand-ins pretend, and what is real: the only switches that a verb sets for them.

STAND_IN_KUBECONFIG: a file. The cluster that `eks` hands out is this one, its objects are real.
    Without it the cluster is pretended, and its objects are checked by schema alone.
STAND_IN_IMAGES: a file with a JSON object. What `docker-build` builds is the reference that stands
    there under the image's name (`gateway` of `…/gateway:1`). Without it a digest is made up.

The pretended cluster's kubeconfig says so itself, and which version of Kubernetes it pretends to be
(`pretended.py`): the kubernetes stand-in needs no switch.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

KUBECONFIG: Final = "STAND_IN_KUBECONFIG"
IMAGES: Final = "STAND_IN_IMAGES"
_CREDENTIALS: Final = ("client-key-data", "password", "token")


@dataclass(frozen=True)
class GivenCluster:
    """A real cluster in the place of the one in AWS; `kubeconfig` is the file's content."""

    kubeconfig: Mapping[str, Any]

    @property
    def server(self) -> str:
        return str(self._cluster["server"])

    @property
    def authority(self) -> str:
        """The certificate authority as base64, which the file holds or names; "" without one."""
        data = str(self._cluster.get("certificate-authority-data", ""))
        file = self._cluster.get("certificate-authority")
        return base64.b64encode(Path(file).read_bytes()).decode() if file else data

    @property
    def holds_credentials(self) -> bool:
        """Whether who reads the kubeconfig can use the cluster."""
        users = [each.get("user") or {} for each in self.kubeconfig.get("users") or []]
        return any(name in user for user in users for name in _CREDENTIALS)

    @property
    def _cluster(self) -> Mapping[str, Any]:
        cluster: Mapping[str, Any] = self.kubeconfig["clusters"][0]["cluster"]
        return cluster


@dataclass(frozen=True)
class Mode:
    """Files that the verb gives; None where all is pretended."""

    kubeconfig: Path | None = None
    images: Path | None = None

    @classmethod
    def of_environment(cls, environment: Mapping[str, str] = os.environ) -> Mode:
        """As the verb has set it."""

        def path(name: str) -> Path | None:
            return Path(environment[name]) if environment.get(name) else None

        return cls(kubeconfig=path(KUBECONFIG), images=path(IMAGES))

    def cluster(self) -> GivenCluster | None:
        """The cluster in the place of the one in AWS."""
        if self.kubeconfig is None:
            return None
        return GivenCluster(yaml.safe_load(self.kubeconfig.read_text()))

    def image(self, name: str) -> str | None:
        """The reference of an image that the cluster has, by the last part of its name."""
        if self.images is None:
            return None
        references: dict[str, str] = json.loads(self.images.read_text())
        return references.get(name)
