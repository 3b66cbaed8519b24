"""One round: compare the source with the volume, copy what is missing, remove what is obsolete."""

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from model.disk import DISK, Disk
from model.errors import NoSpaceError, SyncError
from model.logs import fields
from model.sync.copying import VersionCopy
from model.sync.manifest import Manifest
from model.sync.retention import read_labels, wanted
from model.sync.server_state import why_not_settled
from model.sync.sources import Sources
from model.sync.space import Measure, Space, next_version_fits, require_space, space_on
from model.sync.volume import Volume

DEFAULT_KEEP = 3
# Reading, hashing and waiting for the disk or the network go on at the same time.
DEFAULT_WORKERS = 4

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a round works with.

    keep: how many of the newest versions the volume has; labels_file: names further ones.
    in_use: a server may have loaded what is there, so no version is replaced by another content.
    server_url: of the model on that server; nothing is removed before it answers as it should.
    """

    sources: Sources
    target: Path
    keep: int = DEFAULT_KEEP
    labels_file: Path | None = None
    in_use: bool = False
    server_url: str | None = None
    workers: int = DEFAULT_WORKERS
    disk: Disk = DISK
    measure: Measure = space_on


@dataclass(kw_only=True)
class Outcome:
    """What came of a round. `failures` are messages; with any of them nothing was removed."""

    copied: list[int] = field(default_factory=list)
    removed: list[int] = field(default_factory=list)
    versions: list[int] = field(default_factory=list)  # on the volume, afterwards
    bytes: int = 0  # written
    seconds: float = 0.0
    free_bytes: int = 0
    failures: list[str] = field(default_factory=list)
    held_back: str | None = None  # why obsolete versions stay for now
    fits: bool = True  # False: nothing was copied, since not all of it fits


def run_round(plan: Plan) -> Outcome:
    """Never leaves a partial version behind, whenever it ends.

    Raises SyncError when the round can't even begin; what it meets later is among the failures.
    """
    started = time.monotonic()
    volume = Volume(plan.target, plan.disk)
    outcome = Outcome()
    try:
        with volume.held():
            _Round(plan, volume, outcome).run()
            outcome.versions = sorted(volume.versions())
            outcome.free_bytes = plan.measure(plan.target).free
    except OSError as error:
        raise SyncError(f"can't work on {plan.target}: {error}") from error
    outcome.seconds = time.monotonic() - started
    return outcome


class _Round:
    def __init__(self, plan: Plan, volume: Volume, outcome: Outcome) -> None:
        self._plan = plan
        self._volume = volume
        self._outcome = outcome

    def run(self) -> None:
        plan, volume = self._plan, self._volume
        labels = read_labels(plan.labels_file)
        labelled = set(labels.values())
        available = plan.sources.versions()
        for failure in plan.sources.failures:
            self._fail(failure)
        keep = wanted(available | volume.versions(), labelled, plan.keep)
        for version in sorted(labelled - keep):
            self._fail(SyncError(f"version {version} bears a label and no source has it"))
        missing = self._missing(available & keep)
        volume.sweep(set(missing))
        try:
            require_space(plan.target, missing, plan.measure(plan.target))
        except NoSpaceError as error:
            self._outcome.fits = False
            self._fail(error)
            return
        for version, manifest in missing.items():
            self._copy(version, manifest)
        if missing:
            self._look_ahead(missing[max(missing)], plan.measure(plan.target))
        obsolete = volume.versions() - keep
        if obsolete and not self._outcome.failures and self._has_followed(labels):
            self._remove(obsolete)

    def _missing(self, versions: set[int]) -> dict[int, Manifest]:
        """Those that the volume lacks or, as long as nobody uses it, has with other content."""
        missing = {}
        for version in sorted(versions):
            try:
                manifest = self._plan.sources.manifest(version)
                if self._volume.holds(version, manifest, verify=not self._plan.in_use):
                    continue
                if self._plan.in_use and version in self._volume.versions():
                    raise SyncError(
                        f"version {version} has changed at its source, but a server may use the "
                        "one that is here; publish the change under a new version"
                    )
                missing[version] = manifest
            except (SyncError, OSError) as error:
                self._fail(error)
        return missing

    def _copy(self, version: int, manifest: Manifest) -> None:
        started = time.monotonic()
        log.info(
            "copying version",
            extra=fields(version=version, bytes=manifest.total_bytes, files=len(manifest.files)),
        )
        target = self._volume.path(version)
        copy = VersionCopy(self._plan.sources, version, manifest, target, self._plan.disk)
        try:
            copied = copy.run(self._plan.workers)
        except (SyncError, OSError) as error:
            self._fail(error)
            return
        self._outcome.copied.append(version)
        self._outcome.bytes += copied
        seconds = round(time.monotonic() - started, 3)
        log.info(
            "version is in place",
            extra=fields(version=version, target=str(target), bytes=copied, seconds=seconds),
        )

    def _look_ahead(self, newest: Manifest, space: Space) -> None:
        if not next_version_fits(newest, space):
            log.warning(
                "another version of this size will not fit beside what is there; "
                "enlarge the volume or keep fewer versions",
                extra=fields(bytes=newest.total_bytes, free_bytes=space.free),
            )

    def _has_followed(self, labels: Mapping[str, int]) -> bool:
        """Whether the server, where there is one, needs no obsolete version any more."""
        if self._plan.server_url is None:
            return True
        if read_labels(self._plan.labels_file) != labels:
            self._outcome.held_back = "labels have moved since this round began"
            return False
        newest = max(self._volume.versions())
        self._outcome.held_back = why_not_settled(self._plan.server_url, labels, newest)
        return self._outcome.held_back is None

    def _remove(self, obsolete: set[int]) -> None:
        for version in sorted(obsolete):
            self._volume.remove(version)
            self._outcome.removed.append(version)
            log.info("removed an old version", extra=fields(version=version))

    def _fail(self, error: Exception) -> None:
        self._outcome.failures.append(str(error))
