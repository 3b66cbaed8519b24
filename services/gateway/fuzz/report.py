"""What the fuzzers say."""


def say(text: str) -> None:
    """A line, at once."""
    print(text, flush=True)
