"""The proof fails on a wrong or missing answer and shows what it measured."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from local import proof
from local.errors import CommandError, LocalError
from local.kubectl import Kubectl
from local.proof import Answer, prove, require_all_right, table


def _answer(expected: str = "3", predicted: str = "3") -> Answer:
    return Answer(
        file="0001-label-3.png",
        expected=expected,
        predicted=predicted,
        score=0.987,
        model="digits/1",
        step_ms={"fetch": 3.14, "decode": 1.0, "predict": 9.0},
        total_ms=15.26,
    )


class TestVerdict:
    """Every image must have got its class."""

    def test_right_answers_pass(self) -> None:
        require_all_right([_answer(), _answer()])

    def test_a_wrong_one_fails(self) -> None:
        with pytest.raises(LocalError, match="1 of 2 images got the wrong class"):
            require_all_right([_answer(), _answer(predicted="8")])

    def test_none_at_all_fails(self) -> None:
        with pytest.raises(LocalError):
            require_all_right([])


def test_the_table_shows_classes_and_times() -> None:
    shown = table([_answer(), _answer(predicted="8")])
    head, right, wrong = shown.splitlines()
    assert head.startswith("  image ")
    assert head.endswith("fetch ms  decode ms predict ms   total ms")
    assert right.split() == ["0001-label-3.png", "3", "3", "0.987", "3.1", "1.0", "9.0", "15.3"]
    assert wrong.endswith("WRONG")


# Refuses all but a deletion, and notes what it was asked to delete.
_KUBECTL = """\
#!/bin/sh
case "$*" in *"delete namespace"*) echo "$*" >>"$(dirname "$0")/deleted" ;; *) exit 1 ;; esac
"""


class TestCleaning:
    """Every proof is removed, also what a killed one left; nobody else's is."""

    def _deleted_by(self, folder: Path) -> str:
        """What a proof deletes whose kubeconfig is in the folder."""
        folder.mkdir(exist_ok=True)
        program = folder / "kubectl"
        program.write_text(_KUBECTL)
        program.chmod(0o755)
        (folder / "manifest.json").write_text("[]")
        with pytest.raises(CommandError):
            prove(Kubectl(program, folder / "kubeconfig"), "", folder, "image", folder / "log")
        [*_, last] = (folder / "deleted").read_text().splitlines()
        return last.partition("--selector=")[2]

    def test_the_next_proof_finds_what_a_killed_one_left(self, tmp_path: Path) -> None:
        assert self._deleted_by(tmp_path / "one") == self._deleted_by(tmp_path / "one")

    def test_a_proof_of_another_stack_on_the_same_cluster_stays(self, tmp_path: Path) -> None:
        assert self._deleted_by(tmp_path / "one") != self._deleted_by(tmp_path / "two")


class _Gateway(BaseHTTPRequestHandler):
    """Answers 503 a few times, then as the gateway does."""

    refusals = 2

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if type(self).refusals > 0:
            type(self).refusals -= 1
            self.send_error(503)
            return
        body = json.dumps({"8": 0.1, "3": 0.9 if asked["url"].endswith(".png") else 0}).encode()
        self.send_response(200)
        self.send_header("Server-Timing", "fetch;dur=3.5, decode;dur=1.25, predict;dur=9")
        self.send_header("X-Model", "digits/1")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def gateway_url() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), _Gateway)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


class TestQuestion:
    """One image is asked for until the gateway is there, within a limit."""

    def test_it_asks_again_while_the_gateway_is_not_ready(self, gateway_url: str) -> None:
        answer = proof._classify(gateway_url, "http://images/0001-label-3.png", "3")
        assert answer.is_right
        assert answer.model == "digits/1"
        assert answer.step_ms == {"fetch": 3.5, "decode": 1.25, "predict": 9.0}

    def test_no_answer_is_an_error_that_names_the_image(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(proof, "_ANSWER_TIMEOUT_SECONDS", 0.0)
        with pytest.raises(LocalError, match=r"no answer for http://images/0001-label-3\.png"):
            proof._classify("http://127.0.0.1:9", "http://images/0001-label-3.png", "3")
