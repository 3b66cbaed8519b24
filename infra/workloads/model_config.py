"""The server's configuration files, in the text form of their messages.

models.config is read anew while the server runs; a change of the others needs new pods.

https://github.com/tensorflow/serving/blob/master/tensorflow_serving/config/model_server_config.proto
https://github.com/tensorflow/serving/blob/master/tensorflow_serving/servables/tensorflow/session_bundle_config.proto
https://github.com/tensorflow/serving/blob/master/tensorflow_serving/config/monitoring_config.proto
"""

import json
from collections.abc import Mapping

from infra.settings.model_versions import Batching

MODELS_FOLDER = "/models"
LABELS_FILE = "labels.json"
METRICS_PATH = "/monitoring/prometheus/metrics"


def models_config(model_name: str, labels: Mapping[str, int]) -> str:
    """With labels all versions of the volume are loaded, else the newest.

    A list of versions would be a trap: the server checks labels before it loads, and refuses the
    list together with the label, so that the version it misses never comes. This way loading waits
    for no label, and a label that came too early is moved at the next reading.

    A wrong base path makes the server wait for that path for ever, deaf to corrections
    (tensorflow/serving#2189): it is not a setting.
    """
    policy = ["    model_version_policy { all {} }"] if labels else []
    lines = [
        "model_config_list {",
        "  config {",
        f'    name: "{model_name}"',
        f'    base_path: "{model_folder(model_name)}"',
        '    model_platform: "tensorflow"',
        *policy,
        *(
            f'    version_labels {{ key: "{label}" value: {version} }}'
            for label, version in labels.items()
        ),
        "  }",
        "}",
    ]
    return "\n".join(lines) + "\n"


def batching_config(batching: Batching, *, cores: int) -> str:
    """One thread per core of the container, where the server would count the node's."""
    lines = [
        f"max_batch_size {{ value: {batching.max_batch_size} }}",
        f"batch_timeout_micros {{ value: {batching.batch_timeout_micros} }}",
        f"max_enqueued_batches {{ value: {batching.max_enqueued_batches} }}",
        f"num_batch_threads {{ value: {cores} }}",
        *(f"allowed_batch_sizes: {size}" for size in batching.allowed_batch_sizes),
    ]
    return "\n".join(lines) + "\n"


def monitoring_config() -> str:
    return f'prometheus_config {{ enable: true path: "{METRICS_PATH}" }}\n'


def labels_file(labels: Mapping[str, int]) -> str:
    """The versions by label that sync keeps on the volume, read anew each time."""
    return json.dumps(labels, sort_keys=True) + "\n"


def model_folder(model_name: str) -> str:
    return f"{MODELS_FOLDER}/{model_name}"
