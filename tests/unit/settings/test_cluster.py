"""infra/settings/cluster.py: a cluster that can't be meant is refused, with what is allowed."""

from pathlib import Path

import pytest

from tests.unit.harness import local_settings
from tests.unit.settings.wrong import WrongSettings, change, message_of, problems

DESCRIPTION = {
    "labels": ["a", "b"],
    "inputHeight": 28,
    "inputWidth": 28,
    "resizeFilter": "nearest",
}

WRONG: WrongSettings = {
    "namespace in capitals": (
        change("namespace", "Vision"),
        "namespace",
        '= "Vision": must be a DNS',
    ),
    "namespace too long": (change("namespace", "x" * 64), "namespace", "must be a DNS label"),
    "namespace with a dot": (change("namespace", "a.b"), "namespace", "must be a DNS label"),
    "kubeconfig elsewhere": (
        change("kubeconfig", "/nowhere/kubeconfig"),
        "kubeconfig",
        '= "/nowhere/kubeconfig": must be the path of a kubeconfig file',
    ),
    "kubeconfig of another kind": (
        change("kubeconfig", "Pulumi.yaml"),
        "kubeconfig",
        "not a kubeconfig",
    ),
    "storage class": (change("storageClass", "Fast SSD"), "storageClass", "must be the name"),
    "size of the datasets": (
        change("datasetsClaimSize", "ten"),
        "datasetsClaimSize",
        '= "ten": must be a quantity of bytes',
    ),
    "retention": (change("deleteVolumesWithStack", "maybe"), "deleteVolumesWithStack", "boolean"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_one_is_named(case: str) -> None:
    message, expected = message_of(WRONG[case])
    assert expected in message


def test_a_context_that_the_kubeconfig_lacks(kubeconfig: Path) -> None:
    settings = local_settings() | {"kubeconfig": str(kubeconfig), "kubeContext": "prod"}
    assert problems(settings) == {
        "image-serving:kubeContext": (
            '= "prod": must be one of the kubeconfig\'s contexts (laptop, other)'
        )
    }
