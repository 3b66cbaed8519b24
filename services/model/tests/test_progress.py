import re

import pytest

from model.progress import progress_since_now


def test_each_line_has_the_seconds_since_the_start(capsys: pytest.CaptureFixture[str]) -> None:
    progress = progress_since_now()
    progress("reading")
    progress("writing")
    assert re.fullmatch(
        r"\[ +\d+\.\d s\] reading\n\[ +\d+\.\d s\] writing\n", capsys.readouterr().out
    )
