"""Where things live outside the checkout: a cache per user, a state folder per cluster."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

PROJECT = "image-serving"
DEFAULT_CLUSTER = "local"
CONTEXTS = "contexts"  # below the state root, beside the folders of the clusters of our own
REPO = Path(__file__).resolve().parent.parent


def xdg_folder(variable: str, fallback: str) -> Path:
    """Our folder below the one that the variable names; not made by asking for it."""
    return Path(os.environ.get(variable) or Path.home() / fallback) / PROJECT


def cache_dir() -> Path:
    """What can be made again: toolchain, virtual environments, images. Shared by all clusters."""
    folder = xdg_folder("XDG_CACHE_HOME", ".cache")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def state_root() -> Path:
    """What can't: etcd's data, volumes, the stack's state. One folder per cluster below it."""
    return xdg_folder("XDG_STATE_HOME", ".local/state")


@dataclass(frozen=True)
class ClusterPaths:
    """The folders of one cluster, all below its state folder."""

    root: Path

    @classmethod
    def of(cls, name: str) -> ClusterPaths:
        return cls(state_root() / name)

    @property
    def pki(self) -> Path:
        return self.root / "pki"

    @property
    def config(self) -> Path:
        return self.root / "config"

    @property
    def etcd(self) -> Path:
        return self.root / "etcd"

    @property
    def containerd(self) -> Path:
        return self.root / "containerd"

    @property
    def kubelet(self) -> Path:
        return self.root / "kubelet"

    @property
    def volumes(self) -> Path:
        """One folder per PersistentVolume."""
        return self.root / "volumes"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def services(self) -> Path:
        """The scan directory of s6: one folder per component."""
        return self.root / "services"

    @property
    def engine(self) -> Path:
        """Pulumi's home, file backend, passphrase and the copy of the stack file."""
        return self.root / "engine"

    @property
    def registries(self) -> Path:
        """A folder `<host>:<port>/hosts.toml` for each registry that needs one."""
        return self.root / "registries"

    @property
    def kubeconfig(self) -> Path:
        return self.root / "kubeconfig"
