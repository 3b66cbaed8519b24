"""docs/tutorial: pages that can be read in a sitting, whose blocks are run but for a named few."""

from pathlib import Path

import pytest

from local.paths import REPO
from tests.tutorial.pages import PAGES, Block, blocks

LINES = 150
# What no test can do. Each says why on its page.
NOT_RUN = {"1-deploy.md": 1, "4-eks.md": 2}
COMPARED_BY = {"4-eks.md": ["tests/engine/test_simulation.py"]}
LANGUAGES = {"console", "diff"}


def test_there_are_a_start_and_four_exercises() -> None:
    assert [page.name[:2] for page in PAGES] == ["RE", "1-", "2-", "3-", "4-"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
class TestPage:
    def test_it_is_short(self, page: Path) -> None:
        assert len(page.read_text().splitlines()) <= LINES

    def test_every_block_is_one_that_is_run(self, page: Path) -> None:
        found = blocks(page)
        assert page.read_text().count("```") == 2 * len(found)
        assert {block.language for block in found} <= LANGUAGES
        for block in found:
            assert block.language == "diff" or block.exchanges()

    def test_but_for_those_that_are_counted(self, page: Path) -> None:
        found = blocks(page)
        assert sum(bool(block.not_run) for block in found) == NOT_RUN.get(page.name, 0)
        compared = [block.compared_by for block in found if block.compared_by]
        assert compared == COMPARED_BY.get(page.name, [])
        assert all((REPO / test).is_file() for test in compared)

    def test_commands_are_typed_for_the_default_cluster(self, page: Path) -> None:
        """Another one is put in its place by the test, without the page."""
        for block in blocks(page):
            if block.language == "console":
                assert not any("CLUSTER=" in each.command for each in block.exchanges())


def _page(tmp_path: Path, text: str) -> Path:
    page = tmp_path / "page.md"
    page.write_text(text)
    return page


class TestBlock:
    def test_commands_and_what_they_print(self, tmp_path: Path) -> None:
        text = "Text.\n\n```console\n$ one \\\n    more\nfirst\n…\n$ two\n```\n"
        [block] = blocks(_page(tmp_path, text))
        assert [(each.command, each.shown) for each in block.exchanges()] == [
            ("one \\\n    more", "first\n…"),
            ("two", ""),
        ]
        assert block.where == "page.md:3"

    def test_why_it_is_not_run(self, tmp_path: Path) -> None:
        text = "<!-- not run: it costs money -->\n```console\n$ pulumi up\n```\n"
        [block] = blocks(_page(tmp_path, text))
        assert block.not_run == "it costs money"

    @pytest.mark.parametrize("remark", ["not run:", "not run", "later"])
    def test_no_remark_without_a_reason(self, tmp_path: Path, remark: str) -> None:
        text = f"<!-- {remark} -->\n```console\n$ pulumi up\n```\n"
        with pytest.raises(ValueError, match=rf"page\.md:2: <!-- {remark} --> is neither"):
            blocks(_page(tmp_path, text))

    def test_output_without_a_command_is_a_mistake(self) -> None:
        with pytest.raises(ValueError, match=r"page\.md:3: a console block begins with"):
            Block("page.md:3", "console", "output\n").exchanges()


class TestEdit:
    EDIT = Block("page.md:3", "diff", "--- stack.yaml\n scaling:\n-  a: 1\n+  a: 2\n+  b: 3\n")

    def test_it_changes_the_file(self, tmp_path: Path) -> None:
        file = tmp_path / "stack.yaml"
        file.write_text("models:\nscaling:\n  a: 1\nend: 1\n")
        self.EDIT.edit(tmp_path)
        assert file.read_text() == "models:\nscaling:\n  a: 2\n  b: 3\nend: 1\n"

    @pytest.mark.parametrize("text", ["scaling:\n  a: 3\n", 2 * "scaling:\n  a: 1\n"])
    def test_it_must_be_clear_where(self, tmp_path: Path, text: str) -> None:
        (tmp_path / "stack.yaml").write_text(text)
        with pytest.raises(ValueError, match=r"page\.md:3: stack\.yaml has \d times"):
            self.EDIT.edit(tmp_path)
