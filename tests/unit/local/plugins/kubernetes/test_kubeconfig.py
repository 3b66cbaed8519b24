"""A kubeconfig comes as YAML or by path, and tells which cluster it means."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest
import yaml

from local.plugins.kubernetes.kubeconfig import cluster_identity, connect, load_kubeconfig
from local.plugins.shared.errors import BadConfig

AUTHORITY = "-----BEGIN CERTIFICATE-----"


def document(server: str = "https://10.0.0.1:6443", token: str = "t", **cluster: str) -> str:
    return yaml.safe_dump(
        {
            "current-context": "a",
            "clusters": [
                {"name": "a", "cluster": {"server": server, **cluster}},
                {"name": "b", "cluster": {"server": "https://10.0.0.2:6443"}},
            ],
            "users": [{"name": "u", "user": {"token": token}}],
            "contexts": [
                {"name": "a", "context": {"cluster": "a", "user": "u", "namespace": "home"}},
                {"name": "b", "context": {"cluster": "b", "user": "u"}},
            ],
        }
    )


class TestConnect:
    """Context, cluster and namespace are those that the provider's inputs name."""

    @pytest.mark.parametrize(
        ("inputs", "server", "namespace"),
        [
            ({}, "https://10.0.0.1:6443", "home"),
            ({"context": "b"}, "https://10.0.0.2:6443", "default"),
            ({"cluster": "b"}, "https://10.0.0.2:6443", "home"),
        ],
    )
    def test_overrides(self, inputs: dict[str, str], server: str, namespace: str) -> None:
        found = connect({"kubeconfig": document(), **inputs})
        assert (found.server, found.namespace) == (server, namespace)

    @pytest.mark.parametrize(
        ("inputs", "message"),
        [
            ({"kubeconfig": document(), "context": "c"}, "contexts has no 'c'; it has: a, b"),
            ({"kubeconfig": "/no/such/file"}, "no such file"),
            ({"kubeconfig": "a:\n  b"}, "not a kubeconfig"),
            ({"kubeconfig": "a: [\n"}, "not YAML"),
        ],
    )
    def test_errors_name_the_cause(self, inputs: dict[str, str], message: str) -> None:
        with pytest.raises(BadConfig, match=message):
            connect(inputs)


class TestFiles:
    """Paths in a kubeconfig are relative to it, and several files are one."""

    def test_names_of_files_become_absolute(self, tmp_path: Path) -> None:
        file = tmp_path / "config"
        file.write_text(document(**{"certificate-authority": "ca.crt"}))
        loaded: Any = load_kubeconfig(str(file))
        assert loaded["clusters"][0]["cluster"]["certificate-authority"] == str(tmp_path / "ca.crt")

    def test_the_first_file_wins(self, tmp_path: Path) -> None:
        one, two = tmp_path / "one", tmp_path / "two"
        one.write_text(document(server="https://one"))
        two.write_text(document(server="https://two"))
        assert connect({"kubeconfig": f"{one}:{two}"}).server == "https://one"

    def test_the_users_own_is_the_default(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        file = tmp_path / "config"
        file.write_text(document())
        monkeypatch.setenv("KUBECONFIG", str(file))
        assert connect({}).server == "https://10.0.0.1:6443"


class TestIdentity:
    """Address and authority make a cluster; user, file and context name don't."""

    def test_another_user_is_the_same_cluster(self) -> None:
        one, two = document(token="one"), document(token="two")
        assert cluster_identity({"kubeconfig": one}) == cluster_identity({"kubeconfig": two})

    def test_the_authority_may_be_inline_or_in_a_file(self, tmp_path: Path) -> None:
        file = tmp_path / "ca.crt"
        file.write_text(AUTHORITY)
        data = base64.b64encode(AUTHORITY.encode()).decode()
        by_path = document(**{"certificate-authority": str(file)})
        inline = document(**{"certificate-authority-data": data})
        assert cluster_identity({"kubeconfig": by_path}) == cluster_identity({"kubeconfig": inline})

    def test_another_address_or_authority_is_another_cluster(self) -> None:
        here = cluster_identity({"kubeconfig": document()})
        assert here != cluster_identity({"kubeconfig": document(server="https://10.0.0.9")})
        other = document(**{"certificate-authority-data": "eA=="})
        assert here != cluster_identity({"kubeconfig": other})

    def test_what_cant_be_read_has_none(self) -> None:
        assert cluster_identity({"kubeconfig": "/no/such/file"}) is None
