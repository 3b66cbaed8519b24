"""The release that this checkout is, or will become: semver.org, as CHANGELOG.md heads it."""

RELEASE = "0.1.0"


def series(release: str) -> tuple[int, int]:
    """Major and minor: what a fix (`0.1.1`) shares with what it mends."""
    major, minor, _ = release.split(".")
    return int(major), int(minor)
