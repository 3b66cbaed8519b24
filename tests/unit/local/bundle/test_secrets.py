"""All that must stay out is known."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest
import yaml

from local.bundle.secrets import secrets_in_cluster, secrets_in_configuration, secrets_on_disk
from local.paths import ClusterPaths


@pytest.fixture
def paths(tmp_path: Path) -> ClusterPaths:
    (tmp_path / "pki").mkdir()
    (tmp_path / "engine").mkdir()
    return ClusterPaths(tmp_path)


class TestOnDisk:
    """Passphrase, private keys and the keys that encrypt etcd."""

    def test_a_new_cluster_has_none(self, paths: ClusterPaths) -> None:
        assert list(secrets_on_disk(paths)) == []

    def test_the_passphrase_and_the_keys_of_etcd(self, paths: ClusterPaths) -> None:
        (paths.engine / "passphrase").write_text("correct horse")
        key = base64.b64encode(b"k" * 32).decode()
        providers = [{"secretbox": {"keys": [{"name": "key1", "secret": key}]}}]
        document = {"resources": [{"resources": ["secrets"], "providers": providers}]}
        (paths.pki / "encryption.yaml").write_text(yaml.safe_dump(document))
        assert list(secrets_on_disk(paths)) == [b"correct horse", key.encode(), b"k" * 32]

    def test_half_a_key_file_counts_as_it_is(self, paths: ClusterPaths) -> None:
        (paths.pki / "admin.key").write_text("-----BEGIN PRIVATE KEY-----\nMIGH")
        assert list(secrets_on_disk(paths)) == [b"-----BEGIN PRIVATE KEY-----\nMIGH"]


def test_secret_settings_count_and_others_do_not() -> None:
    config = {
        "image-serving:gatewayUrl": {"value": "http://127.0.0.1:9696", "secret": False},
        "image-serving:apiKeys": {
            "value": '{"local":"first","other":"second"}',
            "objectValue": {"local": "first", "other": "second"},
            "secret": True,
        },
        "image-serving:token": {"value": "third", "secret": True},
    }
    assert list(secrets_in_configuration(config)) == [b"first", b"second", b"third"]


def test_values_of_secrets_count_and_certificates_do_not() -> None:
    def encoded(text: str) -> str:
        return base64.b64encode(text.encode()).decode()

    found: list[dict[str, Any]] = [
        {"data": {"local": encoded("api key"), "tls.crt": encoded("-----BEGIN CERTIFICATE-----")}},
        {"data": {"both.pem": encoded("BEGIN CERTIFICATE and a PRIVATE KEY")}},
        {"data": None},
        {},
    ]
    assert list(secrets_in_cluster(found)) == [b"api key", b"BEGIN CERTIFICATE and a PRIVATE KEY"]
