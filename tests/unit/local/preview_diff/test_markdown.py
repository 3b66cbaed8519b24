"""local/preview_diff/markdown.py: a comment that GitHub takes, and takes for nothing else."""

from __future__ import annotations

import re

import pytest
from markdown_it import MarkdownIt

from local.preview_diff.markdown import MAX_CHARACTERS, as_markdown
from tests.unit.local.preview_diff.reports import (
    changed_topic,
    deleted_bucket,
    replaced_nodes,
    report,
    stack,
)


def test_danger_is_on_top_and_all_else_is_folded() -> None:
    text = as_markdown(report(stack(changed_topic(), replaced_nodes()), stack(name="prod")))
    headline = "**DANGEROUS: dev replaces 1 node group (gpu)**"
    at = [
        text.index(part)
        for part in (
            "## Preview diff: dangerous",
            headline,
            "### dev: dangerous",
            "! eks.NodeGroup gpu: replaced because of instanceTypes",
            "<details><summary>dev: 1 changed, 1 replaced, 7 unchanged; 1 dangerous</summary>",
            "! sns.Topic alarms",
            "</details>",
            "prod: no change",
        )
    ]
    assert at == sorted(at)


def test_a_long_diff_is_cut_and_said_to_be() -> None:
    many = [changed_topic(f"topic-{number}", new=f"{number}" * 40) for number in range(2000)]
    text = as_markdown(report(stack(deleted_bucket(), *many), stack(changed_topic(), name="prod")))
    assert 0.9 * MAX_CHARACTERS < len(text) <= MAX_CHARACTERS
    assert "cut here" in text
    # What matters, and what is short, stays whole.
    assert "s3.Bucket models" in text
    assert "sns.Topic alarms" in text


def test_even_danger_is_cut_where_there_is_too_much_of_it() -> None:
    many = [deleted_bucket(f"bucket-{number}-{'x' * 90}") for number in range(3000)]
    changed = [changed_topic(f"{number}-{'x' * 90}", old=number) for number in range(1000)]
    assert len(as_markdown(report(stack(*many, *changed)))) <= MAX_CHARACTERS


def test_a_part_of_a_comment_gets_a_part_of_its_room() -> None:
    many = [changed_topic(f"topic-{number}", new=number) for number in range(2000)]
    assert len(as_markdown(report(stack(*many)), 20_000)) <= 20_000


@pytest.mark.parametrize(
    "name",
    [
        "@everyone",
        "<img src=x>",
        "[click](http://x.example)",
        "**bold**",
        "```\n@everyone",
        "`code`",
        "</summary></details>",
    ],
)
def test_names_are_no_markup(name: str) -> None:
    """A pull request of anybody decides what its resources are called."""
    text = as_markdown(report(stack(deleted_bucket(name), changed_topic(name), name=name)))
    page = MarkdownIt("commonmark").render(text)
    assert page.count("<details>") == page.count("</details>") == 1
    outside = re.sub("<pre>.*?</pre>", "", page, flags=re.DOTALL)
    for markup in ("<img", "<a ", "<strong>bold", "@everyone", "://", "<code>code"):
        assert markup not in outside


def test_a_fence_is_longer_than_those_in_it() -> None:
    text = as_markdown(report(stack(changed_topic(new="```\nno end"))))
    assert "````diff\n" in text
