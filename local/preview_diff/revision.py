"""The two sides of a comparison: a git revision, and the working tree as it is."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from local.errors import LocalError

SHORT = 10  # digits of a commit, for people


@dataclass(frozen=True, kw_only=True)
class Base:
    """`revision` as the user wrote it; `missing` commits of it aren't in the head's history."""

    revision: str
    commit: str
    missing: int

    def __str__(self) -> str:
        return f"{self.revision} ({self.commit[:SHORT]})"


@dataclass(frozen=True, kw_only=True)
class Head:
    """The working tree: a commit, and perhaps what isn't committed yet."""

    commit: str
    is_edited: bool

    def __str__(self) -> str:
        edited = " with uncommitted changes" if self.is_edited else ""
        return f"the working tree ({self.commit[:SHORT]}{edited})"


class Repository:
    """Read with git; neither the working tree nor the index of its user is touched."""

    def __init__(self, project: Path) -> None:
        """Raises `LocalError` for a project that isn't in a git repository."""
        self._project = project
        if not project.is_dir():
            raise LocalError(f"{project} is no folder")
        try:
            self._root = Path(self._git("rev-parse", "--show-toplevel"))
            self._prefix = self._git("rev-parse", "--show-prefix")
        except LocalError as error:
            raise LocalError(
                f"a revision to compare with is read from git, and here it can't be: {error}"
            ) from error

    def base(self, revision: str) -> Base:
        """Raises `LocalError` for a revision that this repository doesn't have."""
        if not revision:
            raise LocalError("BASE is missing: a git revision to compare with, such as BASE=main")
        try:
            commit = self._git(
                "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"
            )
        except LocalError:
            raise LocalError(
                f"BASE={revision}: no branch, tag or commit of this repository; branches are "
                f"{', '.join(self._branches()) or 'none'} (a revision of a remote needs `git "
                "fetch` first; a shallow clone has the newest alone)"
            ) from None
        return Base(revision=revision, commit=commit, missing=self._missing(commit))

    def head(self) -> Head:
        """The working tree as it is now."""
        edited = self._git("status", "--porcelain", "--", ".")
        return Head(commit=self._git("rev-parse", "HEAD"), is_edited=bool(edited))

    def check_out(self, commit: str, folder: Path) -> None:
        """Writes the project's files at that commit into `folder`, as git would check them out.

        Not an archive: files get the modes that the user's umask gives them, as in the head.
        """
        folder.mkdir(parents=True)
        index = {"GIT_INDEX_FILE": str(folder.with_name(f"{folder.name}.index"))}
        self._git("read-tree", f"{commit}:{self._prefix}", env=index, folder=self._root)
        self._git("checkout-index", "--all", f"--prefix={folder}/", env=index, folder=self._root)

    def _missing(self, commit: str) -> int:
        """A shallow clone doesn't know: then it is none."""
        if self._git("rev-parse", "--is-shallow-repository") == "true":
            return 0
        return int(self._git("rev-list", "--count", f"HEAD..{commit}"))

    def _branches(self) -> list[str]:
        return self._git("for-each-ref", "--format=%(refname:short)", "refs/heads").split()

    def _git(
        self, *arguments: str, env: Mapping[str, str] | None = None, folder: Path | None = None
    ) -> str:
        try:
            done = subprocess.run(
                ["git", "-C", str(folder or self._project), *arguments],
                capture_output=True,
                text=True,
                env={**os.environ, **(env or {})},
                check=False,
            )
        except FileNotFoundError as error:
            raise LocalError("git is not installed") from error
        if done.returncode != 0:
            reason = done.stderr.strip() or f"git {arguments[0]} ended with {done.returncode}"
            raise LocalError(reason)
        return done.stdout.strip()
