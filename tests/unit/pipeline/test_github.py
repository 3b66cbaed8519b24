"""pipeline/github.py: lists are read to their end, and a refusal is told as GitHub puts it."""

import pytest

from pipeline.errors import PipelineError
from pipeline.github import GitHub
from tests.unit.pipeline.fake_github import FakeGitHub


def test_a_list_is_read_page_by_page(github: FakeGitHub) -> None:
    for number in range(205):
        github.comment(f"comment {number}")
    bodies = [comment["body"] for comment in github.client().each("issues/7/comments")]
    assert bodies == [f"comment {number}" for number in range(205)]


def test_a_token_with_too_few_rights_is_told(github: FakeGitHub) -> None:
    with pytest.raises(PipelineError, match=r"403 .*not accessible by integration"):
        github.client(token="of a fork").post("issues/7/comments", body="hello")


def test_a_github_out_of_reach_is_told() -> None:
    nobody = GitHub(api_url="http://127.0.0.1:9", repository="a/b", token="t")
    with pytest.raises(PipelineError, match=r"GET issues/1: .*refused"):
        nobody.get("issues/1")


def test_a_missing_variable_is_named() -> None:
    with pytest.raises(PipelineError, match="not set: GITHUB_TOKEN;"):
        GitHub.from_environment({"GITHUB_API_URL": "https://x", "GITHUB_REPOSITORY": "a/b"})
