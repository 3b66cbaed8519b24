"""The manifests of every stack, and the tools that judge them."""

from pathlib import Path

import pytest
import yaml

from local.paths import cache_dir
from local.progress import Progress
from local.toolchain.binaries import ensure_binaries
from local.venvs import ensure_venv
from local.versions import ACTIONLINT_TOOL, KUBE_SCORE_TOOL
from tests.manifests.documents import Document, documents
from tests.unit.harness import STACKS, run_program, stack_settings

CHECKOV_REQUIREMENTS = Path(__file__).parent / "checkov-requirements.txt"
WORKFLOW_REQUIREMENTS = Path(__file__).parent / "workflow-requirements.txt"


@pytest.fixture(scope="session", params=STACKS)
def manifests(request: pytest.FixtureRequest) -> list[Document]:
    return documents(run_program(stack_settings(request.param), stack=request.param))


@pytest.fixture(scope="session")
def manifests_file(manifests: list[Document], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("manifests") / "stack.yaml"
    path.write_text(yaml.safe_dump_all(manifests))
    return path


@pytest.fixture(scope="session")
def kube_score() -> Path:
    with Progress(cache_dir() / "logs").step("kube-score", "looking for kube-score") as step:
        return ensure_binaries(step, [KUBE_SCORE_TOOL])[KUBE_SCORE_TOOL.name]


@pytest.fixture(scope="session")
def checkov() -> Path:
    """In an environment of its own: it wants other versions of much that we use."""
    with Progress(cache_dir() / "logs").step("checkov", "looking for checkov") as step:
        return ensure_venv("checkov", [CHECKOV_REQUIREMENTS], step).with_name("checkov")


@pytest.fixture(scope="session")
def actionlint() -> Path:
    with Progress(cache_dir() / "logs").step("actionlint", "looking for actionlint") as step:
        return ensure_binaries(step, [ACTIONLINT_TOOL])[ACTIONLINT_TOOL.name]


@pytest.fixture(scope="session")
def workflow_tools() -> Path:
    """The folder of zizmor and shellcheck."""
    with Progress(cache_dir() / "logs").step("zizmor", "looking for zizmor") as step:
        return ensure_venv("workflows", [WORKFLOW_REQUIREMENTS], step).parent
