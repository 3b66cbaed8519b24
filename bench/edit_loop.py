"""How long an edit of the gateway takes to answer: from saving the file to a new pod's answer.

Works on a copy of the checkout, on a local cluster that `make up` brought up before. Each round
edits what `GET /healthz` says, runs `make up` and asks the gateway until it says so. The last round
takes the edits back, so that the cluster runs the checkout's gateway again.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import statistics
import subprocess
import tempfile
import threading
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from local.cluster.sandbox import find_sandbox
from local.cluster.spec import load_spec
from local.paths import REPO
from local.running import running_kubectl

GOAL_SECONDS = 25.0
_EDITED = Path("services") / "gateway" / "gateway" / "app.py"
_ANSWER = 'JSONResponse({"status": "ok"})'
_NOT_COPIED = shutil.ignore_patterns(".git", "__pycache__", ".venv", "node_modules", ".*_cache")
_POLL_SECONDS = 0.1
_TIMEOUT_SECONDS = 300.0
_STEP = re.compile(r"^[* ] (\w+(?: \w+)*) +([0-9.]+) s  ", re.M)


@dataclass(frozen=True, kw_only=True)
class Round:
    """Seconds from the edit to the new pod's answer, to the end of `make up`, and per step."""

    answer_seconds: float
    up_seconds: float
    step_seconds: dict[str, float]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cluster", default="local")
    parser.add_argument("--rounds", type=int, default=5, help="edits to make (default: 5)")
    arguments = parser.parse_args()
    spec = load_spec(arguments.cluster)
    if spec is None or find_sandbox(spec) is None:
        raise SystemExit(f"cluster '{arguments.cluster}' does not run; start it with `make up`")
    with tempfile.TemporaryDirectory(prefix="edit-loop-") as folder:
        copy = Path(folder) / "image-serving"
        shutil.copytree(REPO, copy, ignore=_NOT_COPIED)
        _up(copy, arguments.cluster)  # components whose commands name the checkout change once
        model_pods = _model_pods(arguments.cluster)
        rounds = []
        for number in range(1, arguments.rounds + 1):
            rounds.append(_round(copy, arguments.cluster, spec.gateway_url, number))
            print(f"edit {number}: answers after {rounds[-1].answer_seconds:.1f} s", flush=True)
        untouched = _model_pods(arguments.cluster) == model_pods
    _up(REPO, arguments.cluster)
    _report(rounds)
    if not untouched:
        raise SystemExit("the edits of the gateway also replaced pods of the model server")
    print("  no pod of the model server was replaced")


def _round(copy: Path, cluster: str, gateway_url: str, number: int) -> Round:
    status = f"edit {time.time_ns()} {number}"
    text = (REPO / _EDITED).read_text()
    if _ANSWER not in text:
        raise SystemExit(f"{_EDITED} no longer holds {_ANSWER}, which this benchmark edits")
    answered_at: list[float] = []
    watcher = threading.Thread(
        target=lambda: answered_at.append(_answered(gateway_url, status)), daemon=True
    )
    edited_at = time.monotonic()
    (copy / _EDITED).write_text(text.replace(_ANSWER, _ANSWER.replace("ok", status)))
    watcher.start()
    printed = _up(copy, cluster)
    up_seconds = time.monotonic() - edited_at
    watcher.join()
    return Round(
        answer_seconds=answered_at[0] - edited_at,
        up_seconds=up_seconds,
        step_seconds={name: float(seconds) for name, seconds in _STEP.findall(printed)},
    )


def _answered(gateway_url: str, status: str) -> float:
    """When the gateway first said so."""
    deadline = time.monotonic() + _TIMEOUT_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{gateway_url}/healthz", timeout=1) as response:
                if json.load(response)["status"] == status:
                    return time.monotonic()
        except (OSError, ValueError):
            pass  # pods come and go
        time.sleep(_POLL_SECONDS)
    raise SystemExit(f"the edit was not answered within {_TIMEOUT_SECONDS:.0f} s")


def _up(checkout: Path, cluster: str) -> str:
    done = subprocess.run(
        ["make", "up", f"CLUSTER={cluster}"], cwd=checkout, capture_output=True, text=True
    )
    if done.returncode != 0:
        raise SystemExit(f"{done.stdout}\n{done.stderr}\n`make up` failed")
    return done.stdout


def _report(rounds: list[Round]) -> None:
    print(f"\nmedians of {len(rounds)} edits, in seconds")
    for name in rounds[0].step_seconds:
        print(f"  {name:<24}{statistics.median(each.step_seconds[name] for each in rounds):>7.1f}")
    whole = statistics.median(each.up_seconds for each in rounds)
    print(f"  {'edit to end of make up':<24}{whole:>7.1f}")
    answer = statistics.median(each.answer_seconds for each in rounds)
    print(
        f"  {'edit to new pod answers':<24}{answer:>7.1f}  "
        f"goal {GOAL_SECONDS:.0f}, {answer / GOAL_SECONDS:.0%} of it"
    )


def _model_pods(cluster: str) -> set[str]:
    """The uids of the model servers' pods, which an edit of the gateway must not touch."""
    selector = "--selector=app.kubernetes.io/name=model-server"
    pods = running_kubectl(cluster).get("pods", "-A", selector)["items"]
    return {pod["metadata"]["uid"] for pod in pods}


if __name__ == "__main__":
    main()
