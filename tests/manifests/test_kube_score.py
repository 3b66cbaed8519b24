"""kube-score's opinion of every stack; what we don't follow, with the reason."""

import subprocess
from pathlib import Path

IGNORED = {
    # Tags don't move here: they are pinned, or the registry holds them immutable. Asking the
    # registry at each start would only make it one more thing that can fail.
    "container-image-pull-policy",
    # Pods are spread over zones and hosts by topologySpreadConstraints, which a full cluster may
    # break; an anti-affinity can't be counted.
    "deployment-has-host-podantiaffinity",
    "statefulset-has-host-podantiaffinity",
    # The load balancer is the program's own and needs a port of the nodes.
    "service-type",
}


def test_nothing_is_left_to_mend(kube_score: Path, manifests_file: Path) -> None:
    done = subprocess.run(
        [
            *(kube_score, "score", "--output-format=ci", "--kubernetes-version=v1.35"),
            *(f"--ignore-test={each}" for each in sorted(IGNORED)),
            *("--exit-one-on-warning", manifests_file),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    found = [line for line in done.stdout.splitlines() if line.startswith(("[CRIT", "[WARN"))]
    assert found == []
    assert "[OK] gateway/" in done.stdout, done.stderr
