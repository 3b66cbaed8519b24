"""local/preview_diff/revision.py: git is read, and what a user has is left alone."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from local.errors import LocalError
from local.preview_diff.revision import Repository


def git(folder: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=Test", "-c", "user.email=test@example.com")
    done = subprocess.run(
        ["git", *identity, *arguments], cwd=folder, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def commit(folder: Path, text: str) -> None:
    (folder / "file").write_text(text)
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", text)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A branch `main` with `old`, and a branch `change` from there, checked out, with `new`."""
    made = tmp_path / "repository"
    made.mkdir()
    git(made, "init", "-q", "-b", "main")
    (made / "tool").write_text("#!/bin/sh\n")
    (made / "tool").chmod(0o755)
    commit(made, "old")
    git(made, "checkout", "-q", "-b", "change")
    commit(made, "new")
    return made


def test_the_base_is_written_beside(folder: Path, tmp_path: Path) -> None:
    repository = Repository(folder)
    repository.check_out(repository.base("main").commit, tmp_path / "base")
    assert (tmp_path / "base" / "file").read_text() == "old"
    assert (tmp_path / "base" / "tool").stat().st_mode == (folder / "tool").stat().st_mode


def test_tree_and_index_of_the_user_stay_as_they_are(folder: Path, tmp_path: Path) -> None:
    (folder / "file").write_text("edited")
    (folder / "staged").write_text("x")
    git(folder, "add", "staged")
    before = git(folder, "status", "--porcelain=v2", "--branch")
    repository = Repository(folder)
    repository.check_out(repository.base("main").commit, tmp_path / "base")
    assert git(folder, "status", "--porcelain=v2", "--branch") == before
    assert git(folder, "worktree", "list").count("\n") == 0
    assert not (tmp_path / "base" / "staged").exists()


def test_a_project_below_the_repositorys_root_is_taken_from_there(
    folder: Path, tmp_path: Path
) -> None:
    below = folder / "below"
    below.mkdir()
    (below / "inner").write_text("x")
    commit(folder, "newer")
    repository = Repository(below)
    repository.check_out(repository.base("change").commit, tmp_path / "base")
    assert [each.name for each in (tmp_path / "base").iterdir()] == ["inner"]


def test_the_head_says_whether_it_is_committed(folder: Path) -> None:
    assert not Repository(folder).head().is_edited
    (folder / "new-file").write_text("x")
    head = Repository(folder).head()
    assert head.is_edited
    assert str(head).endswith("with uncommitted changes)")


def test_commits_that_the_head_lacks_are_counted(folder: Path) -> None:
    assert Repository(folder).base("main").missing == 0
    git(folder, "checkout", "-q", "main")
    commit(folder, "a")
    commit(folder, "b")
    git(folder, "checkout", "-q", "change")
    assert Repository(folder).base("main").missing == 2


@pytest.mark.parametrize("revision", ["mian", "--all", "main^{tree}", "HEAD~9"])
def test_an_unknown_revision_is_named_with_those_that_there_are(
    folder: Path, revision: str
) -> None:
    with pytest.raises(LocalError, match="branches are change, main") as caught:
        Repository(folder).base(revision)
    assert str(caught.value).startswith(f"BASE={revision}: ")


def test_no_revision_is_an_error_with_an_example(folder: Path) -> None:
    with pytest.raises(LocalError, match=r"BASE is missing.*BASE=main"):
        Repository(folder).base("")


def test_a_folder_outside_of_git_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(LocalError, match=r"read from git, and here it can't be: .*not a git repo"):
        Repository(tmp_path)
