"""infra/workloads/volume_claim.py: one writer per volume."""

import pytest

from tests.unit.harness import Program


@pytest.mark.parametrize("name", ["model-digits", "object-store"])
def test_one_writer_and_the_labels_of_the_workload(local: Program, name: str) -> None:
    stateful_set = local.only("StatefulSet", name)
    (claim,) = stateful_set.spec["volumeClaimTemplates"]
    assert claim["spec"]["accessModes"] == ["ReadWriteOnce"]
    assert claim["metadata"]["labels"] == stateful_set.inputs["metadata"]["labels"]
