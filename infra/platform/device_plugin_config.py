"""The NVIDIA device plugin's configuration file, and the checksum that makes its pods read it.

https://github.com/NVIDIA/k8s-device-plugin, README, "With CUDA Time-Slicing"; api/config/v1.
"""

import hashlib
import json
from typing import Any

from infra.node_labels import GPU_RESOURCE

CONFIG_FILE = "config.yaml"


def plugin_config(pods_per_gpu: int) -> str:
    """JSON, which is YAML. Each GPU is handed out `pods_per_gpu` times, in turns."""
    config: dict[str, Any] = {
        "version": "v1",
        # A node without a working driver fails for all to see, in the place of offering nothing.
        # Slices of a GPU (MIG) would need the plugin to have CAP_SYS_ADMIN.
        "flags": {"migStrategy": "none", "failOnInitError": True},
    }
    if pods_per_gpu > 1:
        config["sharing"] = {
            "timeSlicing": {
                # Two shares are not twice the speed: whoever asks for them is told so.
                "failRequestsGreaterThanOne": True,
                "resources": [{"name": GPU_RESOURCE, "replicas": pods_per_gpu}],
            }
        }
    return json.dumps(config, indent=2, sort_keys=True) + "\n"


def checksum(config: str) -> str:
    """As an annotation of the pods it makes them start anew: the plugin reads the file once."""
    return hashlib.sha256(config.encode()).hexdigest()
