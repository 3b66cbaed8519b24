"""infra/settings/eks_rules.py: a cluster that the program couldn't get into isn't begun."""

import pytest

from tests.unit.harness import ADMIN, aws_settings, local_settings, run_program
from tests.unit.settings.wrong import problems


class TestAccess:
    def test_somebody_must_be_let_in(self) -> None:
        assert problems(aws_settings() | {"eksCluster": {}}) == {
            "image-serving:eksCluster.deployers": (
                "must name the role that runs this program, unless admins do: the cluster lets in "
                "nobody else"
            )
        }

    def test_a_viewer_is_not_enough(self) -> None:
        found = problems(aws_settings() | {"eksCluster": {"viewers": [ADMIN]}})
        assert list(found) == ["image-serving:eksCluster.deployers"]


class TestRegion:
    def test_a_cluster_of_ours_is_somewhere(self) -> None:
        settings = aws_settings() | {"awsRegion": "", "network": {}}
        assert problems(settings) == {
            "image-serving:awsRegion": "must be set where clusterSource is eks"
        }


class TestName:
    """Load balancer, launch templates and budget bear the cluster's name, and take less than it."""

    @pytest.mark.parametrize("stack", ["dev_2", "dev.eu", "d" * 60])
    def test_a_stack_whose_name_will_not_do(self, stack: str) -> None:
        assert list(problems(aws_settings(), stack=stack)) == ["image-serving:eksCluster.name"]

    def test_another_name_will(self) -> None:
        settings = aws_settings()
        settings["eksCluster"]["name"] = "vision"
        assert run_program(settings, stack="dev_2").resources


@pytest.mark.parametrize("region", ["", "eu-west-1"])
def test_a_cluster_that_is_there_needs_none_of_it(region: str) -> None:
    settings = local_settings() | {"awsRegion": region, "typo": "reported, and nothing else"}
    if region:
        settings |= {
            "awsAccountId": aws_settings()["awsAccountId"],
            "network": aws_settings()["network"],
        }
    assert list(problems(settings)) == ["image-serving:typo"]
