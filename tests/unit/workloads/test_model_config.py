"""infra/workloads/model_config.py: models.config and labels, and how they reach a pod."""

import json
from typing import Any

from google.protobuf import text_format
from pydantic import TypeAdapter

from infra.settings.model_versions import Batching
from infra.workloads.model_config import (
    batching_config,
    labels_file,
    models_config,
    monitoring_config,
)
from tests.unit.harness import Program, local_settings, run_program
from tests.unit.serving_messages import BatchingParameters, ModelServerConfig, MonitoringConfig


def parsed(text: str, kind: Any) -> Any:
    """As the server reads it: an unknown field or a wrong type is an error."""
    return text_format.Parse(text, kind())


def only_model(text: str) -> Any:
    [model] = parsed(text, ModelServerConfig).model_config_list.config
    return model


class TestModels:
    """One model under its own folder."""

    def test_without_labels_the_newest_version(self) -> None:
        model = only_model(models_config("digits", {}))
        assert (model.name, model.base_path) == ("digits", "/models/digits")
        assert model.model_platform == "tensorflow"
        assert not model.HasField("model_version_policy")  # the server's default is the newest
        assert dict(model.version_labels) == {}

    def test_with_labels_loading_waits_for_no_label(self) -> None:
        """A list of versions would be refused together with a label that came too early."""
        model = only_model(models_config("digits", {"stable": 7, "canary": 8}))
        assert model.model_version_policy.WhichOneof("policy_choice") == "all"
        assert dict(model.version_labels) == {"stable": 7, "canary": 8}


class TestBatching:
    """Sizes and times as they are set, threads as many as the container's cores."""

    def test_parameters(self) -> None:
        batching = TypeAdapter(Batching).validate_python(
            {
                "maxBatchSize": 64,
                "batchTimeoutMicros": 500,
                "maxEnqueuedBatches": 3,
                "allowedBatchSizes": [1, 16, 64],
            }
        )
        message = parsed(batching_config(batching, cores=4), BatchingParameters)
        assert message.max_batch_size.value == 64
        assert message.batch_timeout_micros.value == 500
        assert message.max_enqueued_batches.value == 3
        assert message.num_batch_threads.value == 4
        assert list(message.allowed_batch_sizes) == [1, 16, 64]


class TestMonitoring:
    """Metrics where the server's documentation has them."""

    def test_prometheus(self) -> None:
        config = parsed(monitoring_config(), MonitoringConfig).prometheus_config
        assert config.enable
        assert config.path == "/monitoring/prometheus/metrics"


class TestPlace:
    """Sync and server mean the same folder."""

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


class TestFile:
    """The running server reads it anew."""

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
