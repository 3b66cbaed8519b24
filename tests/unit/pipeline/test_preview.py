"""pipeline/preview.py: the headline says what matters."""

from pathlib import Path

import pytest

from pipeline import engine, preview

COMMIT = "1498a08d4a5b6c7d8e9f00112233445566778899"
# As Pulumi 3.259 prints it.
SAID = """\
Previewing update (prod):
  pulumi:pulumi:Stack: (same)
    +-aws:eks/nodeGroup:NodeGroup: (replace)
      ~ instanceTypes: [ 7 to create ]
Resources:
    + 2 to create
    ~ 1 to update
    +-1 to replace
    4 changes. 212 unchanged
"""


def test_the_headline_counts_what_would_happen() -> None:
    text = preview.as_markdown("prod", COMMIT, 0, SAID)
    assert text.splitlines()[0] == "### prod: 2 to create, 1 to update, 1 to replace, at 1498a08"
    assert "+-aws:eks/nodeGroup:NodeGroup: (replace)" in text


@pytest.mark.parametrize(
    ("code", "said", "headline"),
    [
        (0, "Resources:\n    229 unchanged\n", "no changes"),
        (255, "error: the settings of stack `dev` are not usable", "the preview **fails**"),
        (engine.STACK_NOT_FOUND, "error: no stack named 'dev' found", "not made yet"),
    ],
)
def test_other_ends(code: int, said: str, headline: str) -> None:
    assert headline in preview.as_markdown("dev", COMMIT, code, said).splitlines()[0]


def test_it_goes_to_the_file_and_to_the_job_s_summary(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def shown(*command: str) -> tuple[int, str]:
        asked.append(command)
        return 3, "no credentials"

    monkeypatch.setattr(engine, "shown", shown)
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary"))
    out = tmp_path / "comment" / "dev.md"
    assert preview.main(["dev", "--revision", COMMIT, "--out", str(out)]) == 3
    assert out.read_text() == (tmp_path / "summary").read_text()
    assert asked[0][:5] == ("preview", "--stack", "dev", "--policy-pack", "policy")
