"""`make bundle` on the cluster with the real stack: the secrets that it really has stay out."""

from __future__ import annotations

import base64
import tarfile
from pathlib import Path

from local.bundle.command import write_bundle
from tests.cluster.conftest import Deployed
from tests.unit.local.bundle.search import holds


def _api_keys(deployed: Deployed) -> list[bytes]:
    secret = deployed.kubectl.get("secret", "gateway-api-keys", "-n", deployed.namespace)
    return [base64.b64decode(value) for value in secret["data"].values()]


def _unpack(archive: Path, folder: Path) -> dict[str, str]:
    with tarfile.open(archive) as opened:
        opened.extractall(folder, filter="data")
    files = (file for file in folder.rglob("*") if file.is_file())
    return {str(Path(*file.relative_to(folder).parts[1:])): file.read_text() for file in files}


def test_state_and_logs_are_inside_and_secrets_are_not(deployed: Deployed, tmp_path: Path) -> None:
    paths = deployed.ground.spec.paths
    secrets = [
        *_api_keys(deployed),
        (paths.engine / "passphrase").read_bytes(),
        *(file.read_bytes() for file in paths.pki.glob("*.key")),
    ]
    assert len(secrets) > 3
    planted = paths.logs / "up" / "planted.log"
    planted.write_text(
        "".join(f"{each.decode()}\n{base64.b64encode(each).decode()}\n" for each in secrets)
    )
    bundle = write_bundle(deployed.ground.spec)
    planted.unlink()
    files = _unpack(bundle.archive, tmp_path)

    assert '"deployment"' in files["stack/export.json"]
    assert "gateway-api-keys" in files[f"kubernetes/{deployed.namespace}.yaml"]
    assert any(name.startswith(f"logs/pods/{deployed.namespace}/gateway-") for name in files)
    assert "logs/up/planted.log" in files
    for secret in secrets:
        for name, text in files.items():
            assert not holds(text, secret), f"{name} holds a secret"
