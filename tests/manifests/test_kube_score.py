"""kube-score's opinion of every stack; what we don't follow, with the reason."""

import json
import subprocess
from pathlib import Path

from local.versions import KUBERNETES
from tests.manifests.suppressions import ALL, Finding, Suppressions, remaining

ALL_WELL = 10
SUPPRESSED: Suppressions = {
    "container-image-pull-policy": {
        ALL: "tags don't move: images are named by digest, or in a registry that holds tags "
        "immutable. Asking it at each start would be one more thing that can fail"
    },
    "deployment-has-host-podantiaffinity": {
        ALL: "topologySpreadConstraints spread pods over zones and hosts, and let a full cluster "
        "break that"
    },
    "statefulset-has-host-podantiaffinity": {ALL: "as for Deployments"},
    "service-type": {
        "Service gateway": "the load balancer is the program's own and needs a port of the nodes"
    },
    "pod-probes-identical": {
        "StatefulSet object-store": "it has one health page, and no state in which waiting helps",
        "Deployment cluster-autoscaler": "its /health-check is both, as upstream has it",
    },
    "statefulset-has-servicename": {
        "StatefulSet object-store": "one replica, reached by its Service's address: nobody asks "
        "for a pod's own name"
    },
    "container-security-context-user-group-id": {
        "DaemonSet gpu": "the kubelet's socket belongs to root"
    },
}


def test_nothing_is_left_to_mend(kube_score: Path, manifests_file: Path) -> None:
    version = KUBERNETES.rpartition(".")[0]
    done = subprocess.run(
        [
            *(kube_score, "score", "--output-format=json", f"--kubernetes-version=v{version}"),
            manifests_file,
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    judged = [
        (Finding(check["check"]["id"], _about(each), _says(check)), check)
        for each in json.loads(done.stdout)
        for check in each["checks"]
    ]
    bad = [
        finding for finding, check in judged if check["grade"] < ALL_WELL and not check["skipped"]
    ]
    assert remaining(bad, SUPPRESSED) == []
    assert len(judged) > 100, done.stderr


def _about(judged: dict[str, dict[str, str]]) -> str:
    return f"{judged['type_meta']['kind']} {judged['object_meta']['name']}"


def _says(check: dict[str, list[dict[str, str]]]) -> str:
    return "; ".join(each["summary"] for each in check["comments"] or [])
