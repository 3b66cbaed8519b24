"""pipeline/dangerous.py: the check knows dangerous from broken."""

from pathlib import Path

import pytest

from pipeline import dangerous

REPORT = "**dangerous**: node group gpu is replaced\n"


@pytest.fixture
def job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the files that GitHub reads after a step."""
    monkeypatch.setenv("GITHUB_OUTPUT", str(tmp_path / "output"))
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary"))
    return tmp_path


def ends_with(code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def compare(base: str, out: Path) -> int:
        assert base == "0f3c"
        out.write_text(REPORT)
        return code

    monkeypatch.setattr(dangerous, "compare", compare)


@pytest.mark.parametrize(("code", "verdict"), [(0, "false"), (3, "true")])
def test_the_verdict_is_an_output_and_the_report_the_summary(
    job: Path, monkeypatch: pytest.MonkeyPatch, code: int, verdict: str
) -> None:
    ends_with(code, monkeypatch)
    assert dangerous.main(["--base", "0f3c", "--out", str(job / "comment" / "diff.md")]) == 0
    assert (job / "output").read_text() == f"dangerous={verdict}\n"
    assert (job / "summary").read_text() == REPORT


def test_a_comparison_that_fails_says_neither(job: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ends_with(1, monkeypatch)
    assert dangerous.main(["--base", "0f3c", "--out", str(job / "diff.md")]) == 1
    assert not (job / "output").exists()


def test_the_verb_takes_what_it_is_given(job: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A revision that isn't there is the first thing that it says, and not a wrong option."""
    out = job / "diff.md"
    assert dangerous.main(["--base", "no-such-revision", "--out", str(out)]) == 1
    assert "no-such-revision" in capfd.readouterr().err
