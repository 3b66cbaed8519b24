"""The URL filter by a coverage-guided fuzzer (atheris, libFuzzer): URLs, redirects, addresses.

A finding is an address that must be refused (told by `address_oracle`) and isn't, a URL that passes
though it names no plain host by http or https, or an exception that a caller would see as a fault
of the gateway. Whether the fuzzer is any good is tried first, on the rule that Python's
`is_global` alone would be.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from fuzz.report import say

FOLDER = Path(__file__).parents[1]
FINDINGS = FOLDER / "tests" / "regressions" / "urls"
PLANTED_LIMIT_SECONDS = 60
URL_MARK = b"\xff"  # see `url_checks.check`
SEEDS = (
    b"http://example.com/a.jpg",
    b"https://user:secret@example.com:8443/a?b=c#d",
    b"http://[::ffff:127.0.0.1]/",
    b"http://0x7f.1/",
    b"http://2130706433/",
    b"//denied.example/../x",
    b"http://a.denied.example./",
    b"http://b\xc3\xbccher.example/%2e%2e",
    b"file:///etc/passwd",
)
SHOWN = ("fuzz.url_checks.Hole", "Done", "stat::number_of_executed_units", "artifact_prefix")


def run(seconds: float) -> int:
    """Fuzz for a time; returns the exit code: 1 with a finding, 3 if the planted one is missed."""
    say("urls: is the fuzzer any good? looking for a hole in a rule of `is_global` alone")
    with tempfile.TemporaryDirectory() as nowhere:
        found = _libfuzzer(PLANTED_LIMIT_SECONDS, "--planted", f"-artifact_prefix={nowhere}/")
    if not found:
        say(f"urls: NOT found within {PLANTED_LIMIT_SECONDS} s; the fuzzer is broken")
        return 3
    say(f"urls: found; now the genuine rule, {seconds:g} s")
    FINDINGS.mkdir(parents=True, exist_ok=True)
    code = _libfuzzer(int(seconds), f"-artifact_prefix={FINDINGS}/")
    if code != 0:
        say(f"urls: FOUND, kept in {FINDINGS}; mend it, and the test stays")
    return 1 if code else 0


def _libfuzzer(seconds: int, *arguments: str) -> int:
    """In a process of its own, which libFuzzer ends; shows its last words."""
    with tempfile.TemporaryDirectory() as corpus:
        for number, seed in enumerate(SEEDS):
            Path(corpus, str(number)).write_bytes(URL_MARK + seed)
        done = subprocess.run(
            [
                *(sys.executable, "-m", "fuzz.urls_target", *arguments),
                *(f"-max_total_time={seconds}", "-max_len=256", "-print_final_stats=1", corpus),
            ],
            cwd=FOLDER,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
    said = [line for line in done.stderr.splitlines() if line.startswith(SHOWN)]
    say("\n".join(f"  {line}" for line in said))
    return done.returncode
