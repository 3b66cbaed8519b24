"""examples/shell/classify.sh: clear errors. Against the local stack: test_consumer.py."""

import json
import os
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.unit.harness import PROJECT_FOLDER

SCRIPT = PROJECT_FOLDER / "examples" / "shell" / "classify.sh"
KEY = "a-key-of-the-script-which-nobody-may-see"
PROBLEM = {"title": "The image is broken", "code": "broken-image", "detail": "it ends early"}


class _Gateway(BaseHTTPRequestHandler):
    """Knows one key, and takes what begins with a 3 for a three; other images are broken."""

    def do_POST(self) -> None:
        image = self.rfile.read(int(self.headers["Content-Length"]))
        assert self.path == "/v1/predict?top=1"
        assert self.headers["X-API-Key"] == KEY
        if image.startswith(b"3"):
            self._answer(200, {"predictions": [{"label": "3", "score": 0.98}]})
        else:
            self._answer(422, PROBLEM)

    def _answer(self, status: int, document: object) -> None:
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(document).encode())

    def log_message(self, format: str, *arguments: object) -> None:
        """Nobody reads it."""


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), _Gateway)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def classify(
    *arguments: str | Path, outputs: str = "", key: str = ""
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(SCRIPT), *map(str, arguments)],
        input=outputs,
        env={"PATH": os.environ["PATH"], "GATEWAY_API_KEY": key},
        capture_output=True,
        text=True,
        check=False,
    )


def outputs_of(url: str) -> str:
    return json.dumps({"gateway_url": url, "api_key_required": "true"})


class TestImages:
    def test_a_line_for_each(self, url: str, tmp_path: Path) -> None:
        images = [tmp_path / "a three.png", tmp_path / "other.png"]
        for image in images:
            image.write_text("3")
        done = classify(*images, outputs=outputs_of(url), key=KEY)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout == f"{images[0]}\t3\t0.98\n{images[1]}\t3\t0.98\n"

    def test_what_has_no_class_says_why_and_the_others_go_on(
        self, url: str, tmp_path: Path
    ) -> None:
        (tmp_path / "broken").write_text("4")
        (tmp_path / "three").write_text("3")
        images = [tmp_path / "broken", tmp_path / "nowhere", tmp_path / "three"]
        done = classify(*images, outputs=outputs_of(url), key=KEY)
        assert done.returncode == 1
        assert done.stderr.splitlines() == [
            f"{images[0]}: it ends early [broken-image] (422)",
            f"{images[1]}: no such file",
        ]
        assert done.stdout == f"{images[2]}\t3\t0.98\n"

    def test_outputs_that_were_kept(self, url: str, tmp_path: Path) -> None:
        kept, image = tmp_path / "outputs.json", tmp_path / "three"
        kept.write_text(outputs_of(url))
        image.write_text("3")
        assert classify("--outputs", kept, image, key=KEY).returncode == 0


class TestErrors:
    """Code 2, and one line that says what to do."""

    @pytest.mark.parametrize(
        ("outputs", "message"),
        [
            ("", "these are no stack outputs: they come from `pulumi stack output --json`"),
            ("[]", "these are no stack outputs"),
            ("{}", "output `gateway_url` is missing or empty"),
            ('{"gateway_url": ""}', "output `gateway_url` is missing or empty"),
            (outputs_of("http://127.0.0.1:1"), "the gateway asks for an API key"),
        ],
    )
    def test_outputs(self, outputs: str, message: str) -> None:
        done = classify("image.png", outputs=outputs)
        assert done.returncode == 2
        assert done.stdout == ""
        [line] = done.stderr.splitlines()
        assert line.startswith("classify.sh: ")
        assert message in line

    def test_a_gateway_that_does_not_answer(self, tmp_path: Path) -> None:
        image = tmp_path / "image.png"
        image.write_text("3")
        done = classify(image, outputs=outputs_of("http://127.0.0.1:1"), key=KEY)
        assert done.returncode == 2
        assert "http://127.0.0.1:1 did not answer" in done.stderr

    def test_an_option_that_it_has_not(self) -> None:
        assert "--verbose: no such option" in classify("--verbose").stderr

    def test_no_image(self) -> None:
        done = classify()
        assert (done.returncode, done.stderr[:6]) == (2, "usage:")


def test_help_says_how_and_asks_nobody() -> None:
    done = classify("--help")
    assert done.returncode == 0
    assert "pulumi stack output --stack dev --json | classify.sh IMAGE" in done.stdout


def test_shellcheck_has_nothing_to_say() -> None:
    scripts = sorted((PROJECT_FOLDER / "examples").rglob("*.sh"))
    assert SCRIPT in scripts
    done = subprocess.run(
        ["shellcheck", *map(str, scripts)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
