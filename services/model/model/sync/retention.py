"""Which versions a volume is to have: the newest ones, and those that bear a label."""

import json
from pathlib import Path

from model.errors import SyncError
from model.sync.sources import MAX_VERSION


def wanted(known: set[int], labelled: set[int], keep: int) -> set[int]:
    """Of the `known` versions the newest `keep` and the labelled ones."""
    return set(sorted(known)[-keep:]) | (known & labelled)


def read_labels(file: Path | None) -> dict[str, int]:
    """Versions by label from a file, `{"stable": 1, "canary": 2}`.

    It is read anew each time, since labels move while we run.

    Raises SyncError when it can't be read: without it nobody knows what may be removed.
    """
    if file is None:
        return {}
    try:
        labels = dict(json.loads(file.read_bytes()).items())
    except (OSError, ValueError, AttributeError) as error:
        raise SyncError(f"can't read the labels in {file} ({error})") from error
    if not all(type(version) is int and 0 <= version <= MAX_VERSION for version in labels.values()):
        raise SyncError(f"the labels in {file} must be numbers of versions by name")
    return labels
