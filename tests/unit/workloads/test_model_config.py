"""infra/workloads/model_config.py: models.config and labels, and how they reach a pod."""

import json

from infra.workloads.model_config import labels_file, models_config
from tests.unit.harness import Program, local_settings, run_program


class TestText:
    """The text form of ModelServerConfig, one model under its own folder."""

    def test_model(self) -> None:
        assert models_config("digits").split() == [
            *("model_config_list", "{", "config", "{"),
            *("name:", '"digits"'),
            *("base_path:", '"/models/digits"'),
            *("model_platform:", '"tensorflow"'),
            *("}", "}"),
        ]

    def test_the_base_path_is_where_sync_puts_the_model(self, local: Program) -> None:
        """A wrong one makes the server wait for ever."""
        pod = local.only("StatefulSet", "model-digits").spec["template"]["spec"]
        sync, server = pod["initContainers"][0], pod["containers"][0]
        mounts = {
            container["name"]: next(
                one["mountPath"] for one in container["volumeMounts"] if one["name"] == "models"
            )
            for container in (sync, server)
        }
        (target,) = (one for one in sync["args"] if one.startswith("--target="))
        base_path = target.removeprefix("--target=").replace(mounts["sync"], mounts["server"], 1)
        config = local.only("ConfigMap", "model-digits-config").inputs["data"]["models.config"]
        assert f'base_path: "{base_path}"' in config


class TestLabels:
    """The versions that sync is to keep are a file, so that a label moves without a restart."""

    def test_text(self) -> None:
        assert json.loads(labels_file({"stable": 1, "canary": 2})) == {"stable": 1, "canary": 2}
        assert labels_file({"a": 1, "b": 2}) == labels_file({"b": 2, "a": 1})

    def test_sync_reads_it_from_the_config_map(self, local: Program) -> None:
        pod = local.only("StatefulSet", "model-digits").spec["template"]["spec"]
        data = local.only("ConfigMap", "model-digits-config").inputs["data"]
        for sync in pod["initContainers"]:
            mount = next(one for one in sync["volumeMounts"] if one["name"] == "config")
            assert f"--labels={mount['mountPath']}/labels.json" in sync["args"]
        assert json.loads(data["labels.json"]) == {}


class TestRollout:
    """The running server reads the file anew, so that its content is no part of the pods."""

    def test_the_content_is_no_part_of_the_pod(self, local: Program) -> None:
        template = local.only("StatefulSet", "model-digits").spec["template"]
        assert "annotations" not in template["metadata"]

    def test_mounted_as_a_folder(self, local: Program) -> None:
        server = local.only("StatefulSet", "model-digits").spec["template"]["spec"]["containers"][0]
        mount = next(one for one in server["volumeMounts"] if one["name"] == "config")
        assert f"--model_config_file={mount['mountPath']}/models.config" in server["args"]

    def test_each_model_has_its_own(self) -> None:
        settings = local_settings()
        settings["models"][0]["name"] = "shoes"
        program = run_program(settings)
        config = program.only("ConfigMap", "model-shoes-config").inputs["data"]["models.config"]
        assert 'name: "shoes"' in config
