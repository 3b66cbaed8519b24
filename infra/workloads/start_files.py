"""The files that a model server reads when it starts and never again."""

import hashlib
import json

from infra.settings.model import ModelSettings
from infra.workloads.model_config import batching_config, monitoring_config
from infra.workloads.model_server_flags import BATCHING_FILE, MONITORING_FILE, cores_of


def start_files(model: ModelSettings) -> dict[str, str]:
    """Content by name, for the ConfigMap."""
    files = {MONITORING_FILE: monitoring_config()}
    if model.batching:
        cores = cores_of(model.resources.limits.cpu)
        files[BATCHING_FILE] = batching_config(model.batching, cores=cores)
    return files


def checksum(files: dict[str, str]) -> str:
    """As an annotation of the pods it makes them start anew with a change."""
    return hashlib.sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()
