"""local/new_stack/command.py: the dialogue at a terminal, and what it leaves behind."""

import os
import pty
import re
import select
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from local.errors import LocalError
from local.new_stack.command import new_stack, next_steps

SECONDS = 60
PROGRAM = """\
import sys
from pathlib import Path
from local.new_stack.command import new_stack
sys.exit(new_stack("trial", None, folder=Path(sys.argv[1])))
"""
COLOURS = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")


def _plain(shown: bytes) -> str:
    """Without colours, and with spaces for line breaks."""
    return re.sub(r"\s+", " ", COLOURS.sub("", shown.decode(errors="replace")))


class Terminal:
    """A child process at a terminal of its own."""

    def __init__(self, folder: Path) -> None:
        self.pid, self._end = pty.fork()
        if self.pid == 0:
            os.environ.update(TERM="xterm", COLUMNS="100")
            os.execv(sys.executable, [sys.executable, "-c", PROGRAM, str(folder)])
        self._read = b""

    def expect(self, text: str) -> str:
        """Waits for the text; what came up to it, without colours and line breaks."""
        until = time.monotonic() + SECONDS
        # Of all that was read: a part may end within a word, a colour or a letter.
        while text not in (shown := _plain(self._read)):
            readable, _, _ = select.select([self._end], [], [], max(0, until - time.monotonic()))
            assert readable, f"{text!r} did not come, but {shown!r}"
            try:
                self._read += os.read(self._end, 4096)
            except OSError:  # the other end is closed
                raise AssertionError(f"ended without {text!r}: {shown!r}") from None
        before, _, after = shown.partition(text)
        self._read = after.encode()
        return before

    def answer(self, question: str, answer: str = "") -> None:
        self.expect(question)
        self.press(f"{answer}\n")

    def press(self, keys: str) -> None:
        os.write(self._end, keys.encode())

    def exit_code(self) -> int:
        while True:  # a terminal that nobody reads would keep the child waiting
            try:
                if not os.read(self._end, 4096):
                    break
            except OSError:
                break
        _, status = os.waitpid(self.pid, 0)
        self.pid = 0
        return os.waitstatus_to_exitcode(status)

    def close(self) -> None:
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self._end)


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    made = Terminal(tmp_path)
    yield made
    made.close()


class TestDialogue:
    def test_from_the_first_question_to_the_next_commands(
        self, terminal: Terminal, tmp_path: Path
    ) -> None:
        terminal.answer("Where does it run")
        terminal.answer("(dev), or protected")
        terminal.answer("AWS account", "1234")
        terminal.expect('awsAccountId = "1234": must be the account\'s 12 digits')
        terminal.answer("AWS account", "111122223333")
        terminal.answer("AWS region", "eu-central-1")
        terminal.answer("(eu-central-1a, eu-central-1b)")
        terminal.answer("ARNs of IAM roles or users")
        terminal.expect("an answer is needed")
        terminal.answer("among them", "arn:aws:iam::111122223333:role/me")
        terminal.answer("CI deploys")
        terminal.answer("through the VPC alone [none]", "198.51.100.7/32")
        terminal.answer("without TLS [none]")
        terminal.answer("alarms go to [none]")
        terminal.answer("(0)")  # a budget that nobody would hear of
        terminal.answer("Name of the model (digits)", "shoes")
        terminal.answer("Image of the model")
        terminal.expect("make preview STACK=trial")
        assert terminal.exit_code() == 0
        config = yaml.safe_load((tmp_path / "Pulumi.trial.yaml").read_text())["config"]
        assert config["image-serving:awsAccountId"] == "111122223333"
        assert config["image-serving:eksCluster"]["publicAccessCidrs"] == ["198.51.100.7/32"]
        assert config["image-serving:models"][0]["name"] == "shoes"

    @pytest.mark.parametrize("keys", ["\x03", "\x04"], ids=["Ctrl-C", "Ctrl-D"])
    def test_an_end_halfway_leaves_nothing(
        self, terminal: Terminal, tmp_path: Path, keys: str
    ) -> None:
        terminal.answer("Where does it run", "cluster")
        terminal.expect("Context of your kubeconfig")
        terminal.press(keys)
        terminal.expect("interrupted; Pulumi.trial.yaml was not written")
        assert terminal.exit_code() == 130
        assert list(tmp_path.iterdir()) == []


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    file = tmp_path / "answers.yaml"
    file.write_text(
        "kind: local\ngateway_image: localhost/gateway:1\nmodel_image: localhost/models:1\n"
    )
    return file


class TestFile:
    def test_it_is_written_as_others_are(self, answers: Path, tmp_path: Path) -> None:
        assert new_stack("trial", answers, folder=tmp_path) == 0
        assert (tmp_path / "Pulumi.trial.yaml").stat().st_mode & 0o777 == 0o644

    def test_one_that_is_there_is_kept(self, answers: Path, tmp_path: Path) -> None:
        file = tmp_path / "Pulumi.trial.yaml"
        file.write_text("mine")
        with pytest.raises(LocalError, match=r"Pulumi\.trial\.yaml is there already.*FORCE=1"):
            new_stack("trial", answers, folder=tmp_path)
        assert file.read_text() == "mine"

    def test_unless_it_is_said_by_name(self, answers: Path, tmp_path: Path) -> None:
        file = tmp_path / "Pulumi.trial.yaml"
        file.write_text("mine")
        assert new_stack("trial", answers, folder=tmp_path, force=True) == 0
        assert "localhost/gateway:1" in file.read_text()

    def test_wrong_answers_leave_nothing(self, answers: Path, tmp_path: Path) -> None:
        answers.write_text(answers.read_text() + "namespace: Not_A_Label\n")
        with pytest.raises(LocalError, match='namespace = "Not_A_Label": must be a DNS label'):
            new_stack("trial", answers, folder=tmp_path)
        assert [file.name for file in tmp_path.iterdir()] == ["answers.yaml"]

    @pytest.mark.parametrize("name", ["", "Prod", "my_stack", "-a", "a-", "a" * 21, "../x"])
    def test_names_that_are_none(self, name: str, answers: Path, tmp_path: Path) -> None:
        with pytest.raises(LocalError, match=r"NAME=.*: a stack's name has 1 to 20 characters"):
            new_stack(name, answers, folder=tmp_path)

    def test_without_a_terminal_it_says_how(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with Path(os.devnull).open() as nothing:
            monkeypatch.setattr(sys, "stdin", nothing)
            with pytest.raises(LocalError, match=r"no terminal to ask at.*ANSWERS="):
                new_stack("trial", None, folder=tmp_path)


class TestNextSteps:
    @pytest.mark.parametrize(
        ("kind", "said"),
        [
            (
                "eks",
                [
                    "model export",
                    "preview STACK=x",
                    "stack init x",
                    "apiKeys",
                    "venv",
                    "up --stack x",
                ],
            ),
            ("cluster", ["stack init x", "apiKeys", "venv", "up --stack x"]),
            ("local", ["stack init x", "venv", "up --stack x"]),
        ],
    )
    def test_in_their_order(self, kind: str, said: list[str]) -> None:
        answers = {"kind": kind, "size": "dev", "model": "digits", "model_image": ""}
        *steps, more = next_steps("x", answers)
        assert more.startswith("# more: docs/your-own-repo.md")
        assert len(steps) == len(said)
        assert all(part in step for step, part in zip(steps, said, strict=True))
