"""A bundle of a cluster that is down: logs and state, and no secret of it."""

from __future__ import annotations

import base64
import tarfile
from pathlib import Path
from typing import Any

import pytest

from local.bundle import command, stack
from local.cluster.configuration import write_configuration
from local.cluster.pki import ensure_pki
from local.cluster.spec import ClusterSpec
from local.errors import CommandError, LocalError
from tests.unit.local.bundle.search import holds

_API_KEY = "4pi-k3y_of-a-client"
_PASSPHRASE = "pass-phrase_of-the-stack"


@pytest.fixture
def spec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ClusterSpec:
    """A cluster's state as `make up` leaves it, with secrets in every log."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    spec = ClusterSpec(name="local", index=0, gateway_port=9696)
    ensure_pki(spec)
    write_configuration(spec, "pause:1")
    spec.paths.engine.mkdir()
    (spec.paths.engine / "passphrase").write_text(_PASSPHRASE)
    config: dict[str, Any] = {"image-serving:apiKeys": {"secret": True, "value": _API_KEY}}
    monkeypatch.setattr(stack, "configuration", lambda _: config)
    lines = "".join(
        f"plain {secret.decode()}\nencoded {base64.b64encode(b'k: ' + secret).decode()}\n"
        for secret in _secrets(spec)
    )
    for log in ("logs/etcd/current", "logs/up/images.log", "var-log/pods/a_b_c/gateway/0.log"):
        file = spec.paths.root / log
        file.parent.mkdir(parents=True)
        file.write_text(f"first line\n{lines}last line\n")
    return spec


def _secrets(spec: ClusterSpec) -> list[bytes]:
    keys = [file.read_bytes() for file in spec.paths.pki.glob("*.key")]
    encryption = (spec.paths.pki / "encryption.yaml").read_text()
    [secret] = [line.split()[1] for line in encryption.splitlines() if "secret:" in line]
    return [_API_KEY.encode(), _PASSPHRASE.encode(), secret.encode(), *keys]


def _unpacked(archive: Path) -> dict[str, str]:
    found = {}
    with tarfile.open(archive) as opened:
        for member in opened:
            file = opened.extractfile(member)
            assert file is not None
            found[member.name.partition("/")[2]] = file.read().decode()
    return found


class TestBundle:
    """Everything that helps, nothing that harms."""

    def test_no_secret_is_in_any_file(self, spec: ClusterSpec) -> None:
        files = _unpacked(command.write_bundle(spec).archive)
        for secret in _secrets(spec):
            assert holds((spec.paths.root / "logs/etcd/current").read_text(), secret)
            for name, text in files.items():
                assert not holds(text, secret), f"{name} holds {secret[:20]!r}…"

    def test_logs_are_there_with_all_their_other_lines(self, spec: ClusterSpec) -> None:
        files = _unpacked(command.write_bundle(spec).archive)
        for log in (
            "logs/components/etcd.log",
            "logs/up/images.log",
            "logs/pods/a/b/gateway.0.log",
        ):
            assert files[log].startswith("first line\n")
            assert files[log].endswith("last line\n")

    def test_it_says_what_is_inside_and_what_is_not(
        self, spec: ClusterSpec, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(command, "load_spec", lambda _: spec)
        assert command.show_bundle("local") == 0
        shown = capsys.readouterr().out
        archive = Path(shown.splitlines()[-1].split()[0])
        assert archive.stat().st_mode & 0o777 == 0o600
        assert "logs of components" in shown
        assert "never inside: passphrase" in shown
        assert "logs of components" in _unpacked(archive)["README.txt"]

    def test_a_part_that_cannot_be_had_is_named_and_the_rest_is_there(
        self, spec: ClusterSpec, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(_: object) -> list[Any]:
            raise CommandError("the state is locked")

        monkeypatch.setattr(stack, "state", fail)
        files = _unpacked(command.write_bundle(spec).archive)
        assert "cut short: the state is locked" in files["README.txt"]
        assert "logs/up/images.log" in files


class TestRefusals:
    """Without knowing the secrets nothing leaves; without a cluster there is nothing."""

    def test_secrets_that_cannot_be_read_stop_it(
        self, spec: ClusterSpec, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(_: object) -> dict[str, Any]:
            raise CommandError("incorrect passphrase")

        monkeypatch.setattr(stack, "configuration", fail)
        with pytest.raises(LocalError, match=r"no bundle was written.*incorrect passphrase"):
            command.write_bundle(spec)
        assert not (spec.paths.root / "bundles").exists()

    def test_no_cluster_is_said(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
        with pytest.raises(LocalError, match="no cluster 'local'"):
            command.show_bundle("local")
