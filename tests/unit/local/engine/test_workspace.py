"""The engine's folder: nothing is written into the checkout, and secrets survive."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from local.engine.plugin import KubernetesPlugin
from local.engine.workspace import API_KEYS, OBJECT_STORE_KEY, prepare_workspace

SETTINGS = {"gatewayImage": "localhost/image-serving/gateway:1", "gatewayNodePort": 30696}


def _prepare(
    folder: Path,
    plugin_folder: Path | None = None,
    settings: Mapping[str, Any] = SETTINGS,
) -> tuple[dict[str, Any], Path]:
    plugin = KubernetesPlugin(folder=plugin_folder, pulumi_home=folder / "home")
    work = prepare_workspace(folder, plugin, settings, "localhost/image-serving/model:1")
    return yaml.safe_load((work / "Pulumi.local.yaml").read_text()), work


class TestStackFile:
    """The committed stack file, with this machine's settings on top."""

    def test_it_holds_the_machines_settings(self, tmp_path: Path) -> None:
        document, _ = _prepare(tmp_path)
        config = document["config"]
        assert config["image-serving:gatewayImage"] == "localhost/image-serving/gateway:1"
        [model] = config["image-serving:models"]
        assert model["image"] == "localhost/image-serving/model:1"
        assert model["name"] == "digits"

    def test_the_bucket_is_the_object_stores(self, tmp_path: Path) -> None:
        document, _ = _prepare(tmp_path, settings={"objectStoreImage": "localhost/store:1"})
        [model] = document["config"]["image-serving:models"]
        assert model["source"]["bucketUrl"] == "s3://models/digits"

    def test_a_cluster_without_object_store_has_no_bucket(self, tmp_path: Path) -> None:
        document, _ = _prepare(tmp_path)
        [model] = document["config"]["image-serving:models"]
        assert "source" not in model

    def test_salt_and_secrets_of_an_earlier_run_are_kept(self, tmp_path: Path) -> None:
        document, work = _prepare(tmp_path)
        secret = {"local": {"secure": "v1:abc"}}
        document["encryptionsalt"] = "v1:salt"
        document["config"][API_KEYS] = secret
        document["config"][OBJECT_STORE_KEY] = {"secure": "v1:def"}
        (work / "Pulumi.local.yaml").write_text(yaml.safe_dump(document))
        again, _ = _prepare(tmp_path)
        assert again["encryptionsalt"] == "v1:salt"
        assert again["config"][API_KEYS] == secret
        assert again["config"][OBJECT_STORE_KEY] == {"secure": "v1:def"}

    def test_the_passphrase_is_made_once_and_for_root_alone(self, tmp_path: Path) -> None:
        _prepare(tmp_path)
        passphrase = (tmp_path / "passphrase").read_text()
        _prepare(tmp_path)
        assert (tmp_path / "passphrase").read_text() == passphrase
        assert (tmp_path / "passphrase").stat().st_mode & 0o777 == 0o600


class TestProjectFile:
    """The engine finds the stand-in through the project file, and only where it is needed."""

    @pytest.mark.parametrize("stands_in", [True, False])
    def test_it_names_the_stand_in_only_where_it_stands_in(
        self, tmp_path: Path, stands_in: bool
    ) -> None:
        _, work = _prepare(tmp_path, tmp_path / "plugins" if stands_in else None)
        project = yaml.safe_load((work / "Pulumi.yaml").read_text())
        assert ("plugins" in project) is stands_in
        assert project["name"] == "image-serving"
