"""The verbs, their help and their exit codes."""

from __future__ import annotations

import errno
import pkgutil
import re
import subprocess

import pytest

from local import cli
from local.context.up import Wishes
from local.errors import LocalError
from local.paths import REPO
from tests.fault_table import matches


def test_a_failure_is_one_line_and_exit_code_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise LocalError("port 9696 is taken; choose another")

    monkeypatch.setattr(cli, "up", fail)
    assert cli.main(["up"]) == 1
    assert capsys.readouterr().err == "error: port 9696 is taken; choose another\n"


def test_a_folder_of_another_user_is_one_line_with_the_next_step(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", "/root/.cache/image-serving")

    monkeypatch.setattr(cli, "up", fail)
    assert cli.main(["up"]) == 1
    shown = capsys.readouterr().err.removeprefix("error: ").rstrip()
    assert matches("another user's folder", shown)


def test_an_interruption_is_exit_code_130(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "up", interrupt)
    assert cli.main(["up"]) == cli.EXIT_INTERRUPTED
    assert "make down" in capsys.readouterr().err


@pytest.mark.parametrize("argv", [[], ["fly"], ["up", "--gateway-port=http"]])
def test_wrong_usage_is_exit_code_2(argv: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        cli.main(argv)
    assert caught.value.code == 2


@pytest.mark.parametrize("verb", ["logs", "bundle", "doctor", "kubectl", "test"])
def test_a_verb_for_our_own_clusters_alone_says_so(
    verb: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["--context=work", verb]) == 2
    assert "kubectl --context=work" in capsys.readouterr().err


def test_with_a_context_no_cluster_of_ours_is_touched(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[tuple[str, Wishes]] = []
    monkeypatch.setattr(cli, "up_on_context", lambda name, wishes: called.append((name, wishes)))
    monkeypatch.setattr(cli, "up", lambda *_: pytest.fail("it brought a cluster up"))
    assert cli.main(["--context=work", "up", "--images=kind", "--namespace=mine"]) == 0
    assert called == [("work", Wishes(images="kind", namespace="mine"))]


def test_status_of_a_cluster_that_does_not_run_says_how_to_start_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert cli.main(["--cluster=nowhere", "status"]) == 1
    assert "make up" in capsys.readouterr().out


def test_every_verb_of_the_makefile_is_a_verb_of_the_tool(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    known = re.findall(r"^    ([\w-]+) ", capsys.readouterr().out, re.M)
    used = re.findall(r"\$\(LOCAL\) ([\w-]+)", (REPO / "Makefile").read_text())
    assert set(used) <= set(known)


def test_every_benchmark_can_be_chosen() -> None:
    modules = {module.name for module in pkgutil.iter_modules([REPO / "bench"])}
    assert set(cli.BENCHMARKS) == modules


def test_a_benchmark_gets_the_options_meant_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    commands: list[list[str]] = []

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        commands.append(command)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(subprocess, "run", run)
    assert cli.main(["bench", "--name=gateway", "--", "--quick", "--document"]) == 0
    [command] = commands
    assert command[2:] == ["bench.gateway", "--cluster=local", "--quick", "--document"]
