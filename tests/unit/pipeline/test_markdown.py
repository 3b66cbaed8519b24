"""pipeline/markdown.py: output of programs stays output."""

from pipeline.markdown import code_block, middle_out


def test_a_fence_in_the_text_does_not_end_the_block() -> None:
    assert code_block("a\n````\nb") == "`````\na\n````\nb\n`````"


def test_a_long_text_keeps_its_first_and_last_lines() -> None:
    text = "\n".join(f"line {number:04}" for number in range(1000))
    cut = middle_out(text, 500).splitlines()
    assert len("\n".join(cut)) <= 500
    assert (cut[0], cut[-1]) == ("line 0000", "line 0999")
    assert all(line in text or line.startswith("… cut") for line in cut)


def test_a_short_one_is_left_as_it_is() -> None:
    assert middle_out("two\nlines", 500) == "two\nlines"
