"""What the next `make up` has to make or fetch, and what that costs.

The costs were measured on 2 cores with a fast network; they are for an estimate and for a check
of the space, so they are rounded up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from local.cluster.spec import load_spec
from local.images.base import stored_base_image
from local.images.services import missing_service_images
from local.models import REQUIREMENTS as MODEL_REQUIREMENTS
from local.models import exported_model, is_exported
from local.preconditions.sources import Source
from local.toolchain.binaries import missing_tools
from local.toolchain.debian import missing_packages
from local.toolchain.releases import RELEASES
from local.venvs import PROGRAM_REQUIREMENTS, find_venv
from local.versions import CLIENT_TOOLS, DEBIAN_PACKAGES, GO_TOOLS, GoTool

MIB = 1024**2
GIB = 1024**3

_START_SECONDS = 75  # cluster, import of the images, engine and proof
_NEW_CLUSTER_BYTES = 4 * GIB  # unpacked images, etcd, volumes, logs
_KNOWN_CLUSTER_BYTES = GIB // 2


@dataclass(frozen=True)
class Work:
    """One thing to make: how long it takes, what it leaves on disk and where it comes from.

    `go_cache_bytes` are Go's own, in the user's home.
    """

    what: str
    seconds: int
    cache_bytes: int = 0
    go_cache_bytes: int = 0
    source: Source | None = None


@dataclass(frozen=True)
class Plan:
    """The work of the next `make up`; `state_bytes` is what the cluster's own folder needs."""

    works: tuple[Work, ...]
    state_bytes: int

    @property
    def cache_bytes(self) -> int:
        return sum(each.cache_bytes for each in self.works)

    @property
    def go_cache_bytes(self) -> int:
        return sum(each.go_cache_bytes for each in self.works)

    @property
    def seconds(self) -> int:
        return sum(each.seconds for each in self.works) + _START_SECONDS

    def fetched_from(self, source: Source) -> list[str]:
        return [each.what for each in self.works if each.source is source]


def plan_for(name: str) -> Plan:
    """The plan for a cluster. Looks at the cache and changes nothing that stays."""
    works = [*_packages(), *_tools(), *_environments(), *_model(), *_images()]
    known = load_spec(name) is not None
    return Plan(tuple(works), _KNOWN_CLUSTER_BYTES if known else _NEW_CLUSTER_BYTES)


def plan_for_a_context() -> Plan:
    """The plan for a cluster of the user's own: nothing of it is made or run here."""
    works = [*_tools(CLIENT_TOOLS), *_environments(), *_model(), *_images()]
    return Plan(tuple(works), MIB)


def plan_for_the_tool() -> Plan:
    """The plan of the verbs that need no cluster: just the tool's own packages."""
    return Plan(tuple(each for each in _environments() if "program" in each.what), 0)


def _packages() -> list[Work]:
    missing = missing_packages(DEBIAN_PACKAGES)
    return [Work(f"install {', '.join(missing)}", 60, source=Source.DEBIAN)] if missing else []


def _tools(tools: Sequence[GoTool] = GO_TOOLS) -> list[Work]:
    return [
        Work(f"{_how(tool)} {tool.name} {tool.version}", 75, 110 * MIB, 600 * MIB, Source.GO)
        for tool in missing_tools(tools)
    ]


def _how(tool: GoTool) -> str:
    return "download or build" if tool.name in RELEASES else "build"


def _environments() -> list[Work]:
    sets: list[tuple[str, tuple[Path, ...], int, int]] = [
        ("program", PROGRAM_REQUIREMENTS, 30, 500 * MIB)
    ]
    if not is_exported():
        sets.append(("model", MODEL_REQUIREMENTS, 90, 1800 * MIB))
    return [
        Work(f"install the Python packages of '{name}'", seconds, size, source=Source.PYPI)
        for name, files, seconds, size in sets
        if find_venv(name, files) is None
    ]


def _model() -> list[Work]:
    return [] if is_exported() else [Work("train and export the digits model", 50, MIB)]


def _images() -> list[Work]:
    base = stored_base_image()
    works = [] if base else [Work("make the base image", 60, 400 * MIB, source=Source.DEBIAN)]
    sizes = {"gateway": 700 * MIB, "model": 450 * MIB, "model-server": 2800 * MIB}
    missing = list(sizes)
    if base and is_exported():
        missing = missing_service_images(base, exported_model())
    return [
        *works,
        *(Work(f"build the image {each}", 45, sizes[each], source=Source.PYPI) for each in missing),
    ]
