"""Secrets encrypted at rest."""

from __future__ import annotations

import base64

from tests.cluster.conftest import Deployed

_SECRET = "gateway-api-keys"


class TestEncryptionAtRest:
    """Whoever reads etcd's files reads no Secret."""

    def test_an_api_key_is_nowhere_in_etcds_files(self, deployed: Deployed) -> None:
        data = deployed.kubectl.get("secret", _SECRET, "-n", deployed.namespace)["data"]
        files = [file for file in deployed.ground.spec.paths.etcd.rglob("*") if file.is_file()]
        stored = b"".join(file.read_bytes() for file in files)
        # The object is there, encrypted; a ConfigMap's text can be read, so the search works.
        assert f"/registry/secrets/{deployed.namespace}/{_SECRET}".encode() in stored
        assert b"k8s:enc:secretbox:v1:" in stored
        assert b"model_config_list" in stored
        assert data
        for encoded in data.values():
            key = base64.b64decode(encoded)
            assert len(key) >= 16
            assert key not in stored
            assert encoded.encode() not in stored
