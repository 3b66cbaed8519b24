"""Output of programs in Markdown that it can't break out of."""

from __future__ import annotations

import re


def code_block(text: str) -> str:
    """Between fences longer than any in the text."""
    longest = max((len(fence) for fence in re.findall(r"`{3,}", text)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}\n{text.strip()}\n{fence}"


def folded(title: str, text: str) -> str:
    """Code behind a line to click on."""
    return f"<details><summary>{title}</summary>\n\n{code_block(text)}\n\n</details>"


def middle_out(text: str, most: int) -> str:
    """At most so many characters: first and last lines, since programs sum up at the end."""
    if len(text) <= most:
        return text
    note = "\n… cut here: the job's log has the whole …\n"
    half = (most - len(note)) // 2
    head = text[:half].rpartition("\n")[0]
    tail = text[-half:].partition("\n")[2]
    return head + note + tail


def without_comments(text: str) -> str:
    """HTML comments made visible: ours say where a section begins and ends."""
    return text.replace("<!--", "<!\N{NON-BREAKING HYPHEN}-")
