"""Which versions a model's folder holds and its policy wants.

Rules of sources/storage_path/file_system_storage_path_source.cc: a child whose name reads as a
64-bit integer is a version, other names (`lost+found`, temporary ones) are skipped silently.
"""

import logging
import re
from pathlib import Path

from model.logs import fields
from model.server.config import ModelConfig, PolicyKind, VersionPolicy

INT64 = range(-(2**63), 2**63)

log = logging.getLogger(__name__)


def wanted_versions(config: ModelConfig) -> dict[int, Path]:
    """The wanted ones among the versions on disk, each with its folder.

    Raises:
        OSError: the base path is missing or can't be read.
    """
    found = _versions_in(config.base_path)
    wanted = {version: found[version] for version in _select(config.policy, found)}
    if not wanted:
        log.warning(
            "no wanted version under the base path; version folders are named by numbers",
            extra=fields(model=config.name, base_path=str(config.base_path)),
        )
    return wanted


def _versions_in(base_path: Path) -> dict[int, Path]:
    versions: dict[int, Path] = {}
    for child in sorted(base_path.iterdir()):
        if not re.fullmatch(r"[+-]?[0-9]+", child.name) or int(child.name) not in INT64:
            continue
        if int(child.name) in versions:
            log.warning("duplicate version; this folder counts", extra=fields(path=str(child)))
        versions[int(child.name)] = child
    return versions


def _select(policy: VersionPolicy, found: dict[int, Path]) -> list[int]:
    match policy.kind:
        case PolicyKind.ALL:
            return sorted(found)
        case PolicyKind.SPECIFIC:
            return sorted(policy.versions & found.keys())
        case PolicyKind.LATEST:
            return sorted(found)[-policy.latest_count :]
