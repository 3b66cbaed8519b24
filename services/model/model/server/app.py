"""The server as a whole: models first, then the ports."""

import logging
from pathlib import Path
from threading import Event, Thread

import grpc
from tensorflow_serving.config import model_server_config_pb2

from model.logs import fields
from model.server.config import PLATFORM, ModelConfig, model_configs, read_config_file
from model.server.config_messages import MonitoringConfig
from model.server.errors import ServingError
from model.server.flags import Flags, default_threads
from model.server.grpc_server import start_grpc_server
from model.server.inference import Inference
from model.server.labels import Labels
from model.server.loader import VersionLoader
from model.server.manager import ModelManager
from model.server.registry import Registry
from model.server.rest.handler import RestHandler
from model.server.rest.server import RestServer
from model.server.services import ModelService, PredictionService
from model.server.serving_metrics import MICROSECONDS_PER_SECOND, ServingMetrics
from model.server.text_files import read_text_file
from model.server.worker import WorkerOptions

MILLISECONDS_PER_SECOND = 1000
# util/prometheus_exporter.cc
DEFAULT_METRICS_PATH = "/monitoring/prometheus/metrics"

log = logging.getLogger(__name__)


class ModelServer:
    """Flags in, a listening server out; `start` and `stop` once each, from any thread.

    Raises:
        ServingError: INVALID_ARGUMENT: a file that a flag names is wrong.
    """

    def __init__(self, flags: Flags) -> None:
        self._flags = flags
        self._metrics = ServingMetrics()
        registry = Registry()
        labels = Labels(
            registry, allow_unavailable=flags.allow_version_labels_for_unavailable_models
        )
        self._inference = Inference(
            registry,
            labels,
            self._metrics,
            check_method_names=flags.enable_signature_method_name_check,
        )
        options = WorkerOptions(
            poll_seconds=flags.file_system_poll_wait_seconds,
            max_load_retries=flags.max_num_load_retries,
            retry_seconds=max(0, flags.load_retry_interval_micros) / MICROSECONDS_PER_SECOND,
        )
        loader = VersionLoader(flags, self._metrics)
        self._manager = ModelManager(registry, labels, loader, options)
        self._metrics_path = _metrics_path(flags)
        self._stopping = Event()
        self._grpc_server: grpc.Server | None = None
        self._rest_server: RestServer | None = None

    def start(self) -> None:
        """Load the models, then open the ports: an open port means ready.

        Raises:
            ServingError: the configuration is wrong, a model can't be loaded, the port is taken.
        """
        models = self._initial_models()
        if models is None:
            log.info("Taking no action for empty config.")
        else:
            self._manager.apply(models)
        self._grpc_server = self._start_grpc()
        log.info("serving gRPC", extra=fields(port=self._flags.port))
        self._rest_server = self._start_rest()
        if self._flags.model_config_file and self._flags.model_config_file_poll_wait_seconds > 0:
            Thread(target=self._poll_config_file, name="config-poll", daemon=True).start()

    def stop(self, grace_seconds: float) -> None:
        """Refuse new calls, let running ones finish within the grace; also ends a start."""
        self._stopping.set()
        self._manager.stop()
        ended = self._grpc_server.stop(grace_seconds) if self._grpc_server else None
        if self._rest_server:
            self._rest_server.stop(grace_seconds)
        if ended:
            ended.wait()

    def _initial_models(self) -> dict[str, ModelConfig] | None:
        if self._flags.model_config_file:
            return read_config_file(Path(self._flags.model_config_file))
        config = model_server_config_pb2.ModelServerConfig()
        config.model_config_list.config.add(
            name=self._flags.model_name,
            base_path=self._flags.model_base_path,
            model_platform=PLATFORM,
        )
        return model_configs(config)

    def _start_grpc(self) -> grpc.Server:
        as_content = self._flags.enable_serialization_as_tensor_content
        prediction = PredictionService(self._inference, self._metrics, as_content=as_content)
        models = ModelService(self._inference, self._manager, self._metrics)
        return start_grpc_server(self._flags, prediction, models)

    def _start_rest(self) -> RestServer | None:
        """None when it is off, or can't be: the real server goes on without REST too."""
        flags = self._flags
        if not flags.rest_api_port:
            return None
        if flags.rest_api_port == flags.port:
            log.error("REST is not served: its port must be another than gRPC's")
            return None
        milliseconds = flags.rest_api_timeout_in_ms
        handler = RestHandler(
            self._inference,
            self._metrics,
            metrics_path=self._metrics_path,
            timeout_seconds=milliseconds / MILLISECONDS_PER_SECOND if milliseconds > 0 else None,
            allow_cors=flags.rest_api_enable_cors_support,
        )
        try:
            server = RestServer(
                handler, flags.rest_api_port, flags.rest_api_num_threads or default_threads()
            )
        except OSError as error:
            log.error("REST is not served: can't listen", extra=fields(error=str(error)))
            return None
        log.info("serving REST", extra=fields(port=flags.rest_api_port))
        return server

    def _poll_config_file(self) -> None:
        """Read the file again and again; a wrong one is logged and changes nothing."""
        path = Path(self._flags.model_config_file)
        while not self._stopping.wait(self._flags.model_config_file_poll_wait_seconds):
            try:
                models = read_config_file(path)
                if models is not None:
                    self._manager.apply(models)
            except ServingError as error:
                log.error("model config was not applied", extra=fields(error=str(error)))


def _metrics_path(flags: Flags) -> str | None:
    """Where the metrics are, None without a monitoring config that enables them."""
    if not flags.monitoring_config_file:
        return None
    config = read_text_file(flags.monitoring_config_file, MonitoringConfig()).prometheus_config
    return (config.path or DEFAULT_METRICS_PATH) if config.enable else None
