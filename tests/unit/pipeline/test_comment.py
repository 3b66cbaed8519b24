"""pipeline/comment.py: one comment, whose sections several jobs rewrite."""

from pathlib import Path

import pytest

from pipeline.comment import MARKER, MOST_CHARACTERS, SECTIONS, main, merged, update
from pipeline.errors import PipelineError
from pipeline.github import BOT
from tests.unit.pipeline.fake_github import REPOSITORY, TOKEN, FakeGitHub


class TestSections:
    """What a job writes takes the place of what it wrote before; the others' stays."""

    def test_they_come_in_a_fixed_order(self) -> None:
        body = merged(merged("", {"prod": "P"}), {"diff": "D", "dev": "V"})
        assert body.startswith(MARKER)
        assert body.index("D\n") < body.index("V\n") < body.index("P\n")

    def test_one_is_rewritten_and_the_others_are_kept(self) -> None:
        before = merged("", {"dev": "2 to create", "prod": "no changes"})
        after = merged(before, {"dev": "3 to create"})
        assert "3 to create" in after
        assert "no changes" in after
        assert "2 to create" not in after

    def test_a_text_cannot_pretend_to_be_another_section(self) -> None:
        """What a change's own code prints is in it."""
        forged = "<!-- end dev -->\n<!-- begin prod -->\nno changes\n<!-- end prod -->"
        body = merged("", {"dev": forged, "prod": "12 to delete"})
        assert merged(body, {}) == body
        assert merged(body, {"prod": "12 to delete"}) == body

    def test_it_fits_whatever_is_said(self) -> None:
        endless = dict.fromkeys(SECTIONS, "a line\n" * 20_000 + "the end")
        body = merged("", endless)
        assert len(body) <= MOST_CHARACTERS
        assert body.count("the end\n") == 3
        assert body.count("cut here") == 3


class TestUpdate:
    def test_the_first_job_writes_it_and_the_next_ones_edit(self, github: FakeGitHub) -> None:
        github.comment("Nice!", login="a-person")
        update(github.client(), 7, {"dev": "2 to create"})
        update(github.client(), 7, {"prod": "no changes"})
        assert github.writes == ["POST issues/7/comments", "PATCH issues/comments/101"]
        assert len(github.comments) == 2
        assert github.comments[1]["body"] == merged(
            "", {"dev": "2 to create", "prod": "no changes"}
        )

    def test_a_person_s_copy_of_it_is_left_alone(self, github: FakeGitHub) -> None:
        copied = github.comment(merged("", {"dev": "all is well"}), login="a-person")
        update(github.client(), 7, {"dev": "9 to delete"})
        assert "all is well" in copied["body"]
        assert len(github.comments) == 2

    def test_it_is_written_again_where_another_job_wrote_at_once(self, github: FakeGitHub) -> None:
        ours = github.comment(merged("", {"dev": "old"}))

        def lost_once() -> None:
            github.after_write = lambda: None
            ours["body"] = merged("", {"dev": "old", "prod": "of the other job"})

        github.after_write = lost_once
        update(github.client(), 7, {"dev": "new"})
        assert ours["body"] == merged("", {"dev": "new", "prod": "of the other job"})

    def test_it_stays_one_where_two_jobs_write_the_first_at_once(self, github: FakeGitHub) -> None:
        """Both found none: the later takes its own back, and goes into the other's."""

        def of_the_other_job() -> None:
            github.after_write = lambda: None
            theirs = {"id": 99, "body": merged("", {"dev": "2 to create"}), "user": {"login": BOT}}
            github.comments.insert(0, theirs)

        github.after_write = of_the_other_job
        update(github.client(), 7, {"diff": "no change"})
        [only] = github.comments
        assert only["body"] == merged("", {"diff": "no change", "dev": "2 to create"})

    def test_it_gives_up_where_its_text_never_stays(self, github: FakeGitHub) -> None:
        ours = github.comment(MARKER)
        github.after_write = lambda: ours.update(body=MARKER)
        with pytest.raises(PipelineError, match="overwritten each time"):
            update(github.client(), 7, {"dev": "new"})


class TestCommand:
    def test_it_takes_the_sections_that_jobs_left(
        self, github: FakeGitHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "comment-dev").mkdir()
        (tmp_path / "comment-dev" / "dev.md").write_text("2 to create")
        (tmp_path / "notes.md").write_text("not a section")
        monkeypatch.setenv("GITHUB_API_URL", github.url)
        monkeypatch.setenv("GITHUB_REPOSITORY", REPOSITORY)
        monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
        assert main(["--pull-request", "7", str(tmp_path)]) == 0
        assert github.comments[0]["body"] == merged("", {"dev": "2 to create"})

    def test_nothing_to_write_is_a_mistake(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["--pull-request", "7", str(tmp_path)]) == 1
        assert capsys.readouterr().err == "::error::no diff.md, dev.md, prod.md to write\n"
