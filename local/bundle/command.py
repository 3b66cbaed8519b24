"""The verb behind `make bundle`."""

from __future__ import annotations

import io
import tarfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from local.bundle import facts, logs, objects, stack
from local.bundle.entry import Entry
from local.bundle.redaction import REDACTED, Redactor
from local.bundle.secrets import secrets_in_cluster, secrets_in_configuration, secrets_on_disk
from local.cluster.sandbox import find_sandbox
from local.cluster.spec import ClusterSpec, load_spec
from local.errors import CommandError, LocalError
from local.kubectl import Kubectl
from local.progress import say
from local.toolchain.binaries import find_binary

_NEVER_INSIDE = (
    "passphrase, private keys, kubeconfigs, the keys that encrypt etcd, values of Secrets; what is "
    "encrypted in the stack's state stays encrypted"
)


@dataclass(frozen=True)
class Section:
    """A part of the bundle: what it is, and where its files come from."""

    title: str
    entries: Callable[[], Iterable[Entry]]


@dataclass(frozen=True)
class Bundle:
    """What was written; `contents` has a line per section, with why one is missing."""

    archive: Path
    contents: Sequence[str]
    replaced: int


def show_bundle(name: str) -> int:
    """Writes a bundle and says what is in it. Raises `LocalError` when there is no cluster."""
    spec = load_spec(name)
    if spec is None:
        raise LocalError(f"there is no cluster '{name}' to look into; make one with `make up`")
    bundle = write_bundle(spec)
    say("\n".join(bundle.contents))
    say(f"never inside: {_NEVER_INSIDE}")
    say(f"secrets found in files and replaced by {REDACTED}: {bundle.replaced}")
    say(f"{bundle.archive} ({bundle.archive.stat().st_size / 1e6:.2f} MB)")
    return 0


def write_bundle(spec: ClusterSpec) -> Bundle:
    """Collects, blacks out and writes.

    A part that can't be had is named in the bundle. Raises `LocalError` when the stack's secrets
    can't be read: nobody could tell then whether a log holds one.
    """
    kubectl = _running_kubectl(spec)
    redactor = Redactor(_known_secrets(spec, kubectl))
    contents: list[str] = []
    entries: list[Entry] = []
    for section in _sections(spec, kubectl):
        found, line = _collect(section)
        entries += [Entry(each.path, redactor.clean(each.text)) for each in found]
        contents.append(redactor.clean(line))
    entries.insert(0, Entry("README.txt", _readme(spec, contents)))
    now = datetime.now(UTC)
    folder = f"image-serving-{spec.name}-{now:%Y%m%d-%H%M%S}"
    archive = spec.paths.root / "bundles" / f"{folder}.tar.gz"
    _write(archive, folder, entries)
    return Bundle(archive, contents, redactor.replaced)


def _sections(spec: ClusterSpec, kubectl: Kubectl | None) -> Iterator[Section]:
    paths = spec.paths
    yield Section("machine", lambda: facts.machine(spec))
    yield Section("versions", facts.used_versions)
    yield Section("components and their configuration", lambda: facts.cluster_facts(spec))
    yield Section("logs of components", lambda: logs.component_logs(paths))
    yield Section("logs of pods", lambda: logs.pod_logs(paths))
    yield Section("logs of `make up`", lambda: logs.step_logs(paths))
    yield Section("the stack's settings and state", lambda: stack.state(paths.engine))
    if kubectl is not None:
        yield Section("Kubernetes objects and events", lambda: objects.objects(kubectl))


def _collect(section: Section) -> tuple[list[Entry], str]:
    """The section's files, and a line that says how many there are or why it is cut short."""
    found: list[Entry] = []
    try:
        found.extend(section.entries())
    except (LocalError, OSError) as error:
        return found, f"  {len(found):>3} files  {section.title}; cut short: {error}"
    return found, f"  {len(found):>3} files  {section.title}"


def _known_secrets(spec: ClusterSpec, kubectl: Kubectl | None) -> list[bytes]:
    known = list(secrets_on_disk(spec.paths))
    try:
        known += secrets_in_configuration(stack.configuration(spec.paths.engine))
    except LocalError as error:
        raise LocalError(
            f"the stack's secrets can't be read, so none could be kept out; no bundle was written. "
            f"{error}"
        ) from error
    if kubectl is not None:
        try:
            known += secrets_in_cluster(objects.secrets(kubectl))
        except CommandError as error:
            say(f"the API server does not answer, its objects are left out: {error}")
    return known


def _running_kubectl(spec: ClusterSpec) -> Kubectl | None:
    if find_sandbox(spec) is None:
        say(f"cluster '{spec.name}' does not run: the bundle holds its logs and state alone")
        return None
    return Kubectl(find_binary("kubectl"), spec.paths.kubeconfig)


def _readme(spec: ClusterSpec, contents: Sequence[str]) -> str:
    return "\n".join(
        [
            f"State of the cluster '{spec.name}' of image-serving, for a bug report.",
            "",
            *contents,
            "",
            f"Never inside: {_NEVER_INSIDE}.",
            f"Logs hold the last {logs.TAIL_BYTES / 1e6:.0f} MB of each file; secrets in them were "
            f"replaced by {REDACTED}.",
            "",
        ]
    )


def _write(archive: Path, folder: str, entries: Sequence[Entry]) -> None:
    archive.parent.mkdir(exist_ok=True)
    new = archive.with_suffix(".new")
    new.touch(mode=0o600)
    with tarfile.open(new, "w:gz") as opened:
        for entry in entries:
            content = entry.text.encode(errors="replace")
            info = tarfile.TarInfo(f"{folder}/{entry.path}")
            info.size, info.mtime, info.mode = len(content), int(time.time()), 0o644
            opened.addfile(info, io.BytesIO(content))
    new.replace(archive)
