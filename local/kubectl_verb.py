"""`make kubectl ARGS=…`: kubectl on the local cluster."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence

from local.errors import LocalError, no_access
from local.progress import complain, say
from local.running import running_kubectl

_EXIT_INTERRUPTED = 130


def kubectl_verb(cluster: str, arguments: Sequence[str]) -> int:
    """Returns kubectl's exit code; 1 where the cluster doesn't run."""
    try:
        kubectl = running_kubectl(cluster)
    except LocalError as error:
        complain(f"error: {error}")
        return 1
    except PermissionError as error:
        complain(f"error: {no_access(error)}")
        return 1
    if not arguments:
        say("usage: make kubectl ARGS='get pods -A'")
    sys.stdout.flush()
    try:
        return subprocess.run(kubectl.command(*arguments), check=False).returncode
    except KeyboardInterrupt:  # the usual end of `logs --follow` and `get --watch`
        return _EXIT_INTERRUPTED
