"""The cluster's certificates."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.x509.oid import NameOID

from local.cluster import pki
from local.cluster.pki import ensure_pki
from local.cluster.spec import ClusterSpec


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    ensure_pki(_spec())
    return _spec().paths.pki


def _spec() -> ClusterSpec:
    return ClusterSpec(name="one", index=3, gateway_port=9696)


def _read(folder: Path, name: str) -> x509.Certificate:
    return x509.load_pem_x509_certificate((folder / f"{name}.crt").read_bytes())


class TestIdentities:
    """RBAC and Node authorization know components by their certificates' names."""

    def test_every_leaf_is_signed_by_its_authority(self, folder: Path) -> None:
        for file in folder.glob("*.crt"):
            if file.stem in ("ca", "front-proxy-ca"):
                continue
            proxy = file.stem == "front-proxy-client"
            authority = _read(folder, "front-proxy-ca" if proxy else "ca")
            _read(folder, file.stem).verify_directly_issued_by(authority)

    def test_the_kubelet_is_a_node(self, folder: Path) -> None:
        subject = _read(folder, "kubelet").subject
        names = [each.value for each in subject.get_attributes_for_oid(NameOID.COMMON_NAME)]
        groups = [each.value for each in subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)]
        assert names == ["system:node:one-node"]
        assert groups == ["system:nodes"]

    def test_the_api_server_answers_to_its_addresses(self, folder: Path) -> None:
        names = _read(folder, "apiserver").extensions.get_extension_for_class(
            x509.SubjectAlternativeName
        )
        addresses = {str(each) for each in names.value.get_values_for_type(x509.IPAddress)}
        assert {_spec().node_ip, "10.96.0.1", "127.0.0.1"} == addresses

    def test_keys_are_for_root_alone(self, folder: Path) -> None:
        assert {file.stat().st_mode & 0o777 for file in folder.glob("*.key")} == {0o600}


class TestMove:
    """A cluster whose address changed gets certificates for the new one, and only those."""

    def test_servers_answer_to_the_new_address(self, folder: Path) -> None:
        before = {file.stem: file.read_bytes() for file in folder.glob("*.crt")}
        ensure_pki(ClusterSpec(name="one", index=4, gateway_port=9696))
        changed = {name for name, content in before.items() if content != _bytes(folder, name)}
        assert changed == {"apiserver", "kubelet-serving"}


def _bytes(folder: Path, name: str) -> bytes:
    return (folder / f"{name}.crt").read_bytes()


class TestRenewal:
    """Certificates are kept until they run out soon; the authority stays."""

    def test_a_second_run_changes_nothing(self, folder: Path) -> None:
        before = {file: file.read_bytes() for file in folder.iterdir()}
        ensure_pki(_spec())
        assert {file: file.read_bytes() for file in folder.iterdir()} == before

    def test_what_runs_out_soon_is_renewed(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before = {file: file.read_bytes() for file in folder.glob("*.crt")}
        later = pki._now() + datetime.timedelta(days=340)
        monkeypatch.setattr(pki, "_now", lambda: later)
        ensure_pki(_spec())
        for file, content in before.items():
            kept = file.stem in ("ca", "front-proxy-ca")
            assert (file.read_bytes() == content) is kept, file.name


class TestHalfMadePair:
    """A run killed between key and certificate leaves a pair that doesn't match."""

    def test_a_new_key_with_the_old_certificate_is_made_again(self, folder: Path) -> None:
        (folder / "scheduler.key").write_bytes((folder / "proxy.key").read_bytes())
        kept = (folder / "proxy.crt").read_bytes()
        ensure_pki(_spec())
        key = serialization.load_pem_private_key((folder / "scheduler.key").read_bytes(), None)
        assert key.public_key() == _read(folder, "scheduler").public_key()
        assert (folder / "proxy.crt").read_bytes() == kept

    @pytest.mark.parametrize("file", ["scheduler.key", "scheduler.crt"])
    def test_one_that_was_cut_short_is_made_again(self, folder: Path, file: str) -> None:
        (folder / file).write_bytes((folder / file).read_bytes()[:40])
        ensure_pki(_spec())
        assert _read(folder, "scheduler").public_key()
