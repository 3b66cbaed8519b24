"""infra/platform/namespace.py: the API server itself refuses pods with rights."""

import pytest

from tests.unit.harness import Program


class TestPodSecurity:
    """The standard is enforced, and told early: on the workload, and in the audit log."""

    @pytest.mark.parametrize("mode", ["enforce", "audit", "warn"])
    def test_restricted(self, local: Program, mode: str) -> None:
        labels = local.only("Namespace", "image-serving").inputs["metadata"]["labels"]
        assert labels[f"pod-security.kubernetes.io/{mode}"] == "restricted"
