"""Every secret that this machine knows of a cluster: what must never be in a bundle."""

from __future__ import annotations

import base64
import contextlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from cryptography.hazmat.primitives import serialization

from local.paths import ClusterPaths


def secrets_on_disk(paths: ClusterPaths) -> Iterator[bytes]:
    """The passphrase, the private keys (PEM and DER) and the keys that encrypt etcd's Secrets."""
    passphrase = paths.engine / "passphrase"
    if passphrase.exists():
        yield passphrase.read_bytes()
    for file in sorted(paths.pki.glob("*.key")):
        yield from _private_key(file)
    encryption = paths.pki / "encryption.yaml"
    if encryption.exists():
        for leaf in _texts(yaml.safe_load(encryption.read_text()), "secret"):
            yield leaf.encode()
            yield base64.b64decode(leaf)


def secrets_in_configuration(config: Mapping[str, Any]) -> Iterator[bytes]:
    """The values that `pulumi config --show-secrets --json` marks as secret."""
    for setting in config.values():
        if setting["secret"]:
            for leaf in _leaves(setting.get("objectValue", setting.get("value"))):
                yield leaf.encode()


def secrets_in_cluster(secrets: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """The values in Secrets, as `kubectl get secrets -o json` prints them, but no certificates."""
    for secret in secrets:
        for encoded in (secret.get("data") or {}).values():
            value = base64.b64decode(encoded)
            if b"BEGIN CERTIFICATE" not in value or b"PRIVATE KEY" in value:
                yield value


def _private_key(file: Path) -> Iterator[bytes]:
    pem = file.read_bytes()
    yield pem
    # Half a file is no key, but what there is of it stays out.
    with contextlib.suppress(ValueError):
        yield serialization.load_pem_private_key(pem, password=None).private_bytes(
            serialization.Encoding.DER,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )


def _texts(value: Any, name: str) -> Iterator[str]:
    """The texts below keys of this name, at any depth."""
    if isinstance(value, dict):
        for key, each in value.items():
            if key == name and isinstance(each, str):
                yield each
            yield from _texts(each, name)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each, name)


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for each in value.values():
            yield from _leaves(each)
    elif isinstance(value, list):
        for each in value:
            yield from _leaves(each)
    elif value is not None:
        yield str(value)
