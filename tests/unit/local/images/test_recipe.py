"""An image is named after its content."""

from __future__ import annotations

from pathlib import Path

import pytest

from local.images.recipe import digest_of


@pytest.fixture
def context(tmp_path: Path) -> Path:
    (tmp_path / "Dockerfile").write_text("FROM scratch\n")
    (tmp_path / "code.py").write_text("print(1)\n")
    return tmp_path


def _digest(context: Path, *extra: str) -> str:
    return digest_of([each for each in context.iterdir() if each.is_file()], context, *extra)


class TestDigest:
    """It changes exactly when what goes into the image does."""

    def test_same_content_same_digest(
        self, context: Path, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        other = tmp_path_factory.mktemp("other")
        for file in context.iterdir():
            (other / file.name).write_bytes(file.read_bytes())
        assert _digest(context) == _digest(other)

    def test_text_name_mode_and_arguments_count(self, context: Path) -> None:
        digests = {_digest(context), _digest(context, "python:3.11")}
        (context / "code.py").write_text("print(2)\n")
        digests.add(_digest(context))
        (context / "code.py").chmod(0o755)
        digests.add(_digest(context))
        (context / "code.py").rename(context / "main.py")
        digests.add(_digest(context))
        assert len(digests) == 5
