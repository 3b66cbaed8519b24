"""checkov's opinion of every stack; what we don't follow, with the reason."""

import json
import subprocess
from pathlib import Path

from tests.manifests.suppressions import ALL, Finding, Suppressions, remaining

SUPPRESSED: Suppressions = {
    "CKV_K8S_15": {ALL: "tags don't move, see test_kube_score.py"},
    "CKV_K8S_43": {
        ALL: "images that the program builds are named by digest; on one machine, where they are "
        "built and imported, no registry gives one"
    },
    "CKV_K8S_35": {
        "StatefulSet object-store": "it reads its keys from variables alone",
        "StatefulSet model-digits": "the AWS SDK's own variables, for a bucket that isn't "
        "Amazon's; on EKS there are no keys",
    },
    "CKV_K8S_38": {
        "Deployment cluster-autoscaler": "it works through the API server, with rights of its own"
    },
    "CKV_K8S_8": {"DaemonSet gpu": "it has no port; it ends by itself when the kubelet goes"},
    "CKV_K8S_9": {"DaemonSet gpu": "nobody sends it requests"},
    "CKV_K8S_23": {"DaemonSet gpu": "the kubelet's socket belongs to root"},
    "CKV_K8S_40": {"DaemonSet gpu": "the kubelet's socket belongs to root"},
}


def test_nothing_is_left_to_mend(checkov: Path, manifests_file: Path) -> None:
    done = subprocess.run(
        [
            *(checkov, "--framework=kubernetes", f"--file={manifests_file}", "--output=json"),
            *("--skip-download", "--quiet"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    report = json.loads(done.stdout)
    failed = [
        Finding(each["check_id"], _about(each["resource"]), each["check_name"])
        for each in report["results"]["failed_checks"]
    ]
    assert remaining(failed, SUPPRESSED) == []
    assert report["summary"]["passed"] > 100, report["summary"]


def _about(resource: str) -> str:
    """`Deployment gateway` of `Deployment.image-serving.gateway`."""
    kind, _, name = resource.split(".", 2)
    return f"{kind} {name}"
