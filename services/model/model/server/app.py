"""The server as a whole: models first, then the port."""

import logging
import os
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Event, Thread

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from tensorflow_serving.apis import model_service_pb2_grpc, prediction_service_pb2_grpc
from tensorflow_serving.config import model_server_config_pb2

from model.logs import fields
from model.server.config import PLATFORM, ModelConfig, model_configs, read_config_file
from model.server.errors import ServingError, invalid_argument
from model.server.flags import Flags, channel_arguments
from model.server.labels import Labels
from model.server.manager import ModelManager
from model.server.registry import Registry
from model.server.servable import load
from model.server.services import ModelService, PredictionService
from model.server.worker import WorkerOptions

MICROSECONDS_PER_SECOND = 1_000_000
THREADS_PER_CPU = 4
UNLIMITED = -1
# Set once, never changed: as in the real server it says nothing about single models.
HEALTHY_NAMES = ("", "ModelService", "PredictionService")

log = logging.getLogger(__name__)


class ModelServer:
    """Flags in, a listening server out; `start` and `stop` once each, from any thread."""

    def __init__(self, flags: Flags) -> None:
        self._flags = flags
        self._registry = Registry()
        self._labels = Labels(
            self._registry, allow_unavailable=flags.allow_version_labels_for_unavailable_models
        )
        options = WorkerOptions(
            poll_seconds=flags.file_system_poll_wait_seconds,
            max_load_retries=flags.max_num_load_retries,
            retry_seconds=max(0, flags.load_retry_interval_micros) / MICROSECONDS_PER_SECOND,
        )
        self._manager = ModelManager(
            self._registry, self._labels, partial(load, flags=flags), options
        )
        self._stopping = Event()
        self._grpc_server: grpc.Server | None = None

    def start(self) -> None:
        """Load the models, then open the port: an open port means ready.

        Raises:
            ServingError: the configuration is wrong, a model can't be loaded, the port is taken.
        """
        models = self._initial_models()
        if models is None:
            log.info("Taking no action for empty config.")
        else:
            self._manager.apply(models)
        server = self._build_grpc_server()
        _bind(server, self._flags)
        server.start()
        self._grpc_server = server
        log.info("serving gRPC", extra=fields(port=self._flags.port))
        if self._flags.model_config_file and self._flags.model_config_file_poll_wait_seconds > 0:
            Thread(target=self._poll_config_file, name="config-poll", daemon=True).start()

    def stop(self, grace_seconds: float) -> None:
        """Refuse new calls, let running ones finish within the grace; also ends a start."""
        self._stopping.set()
        self._manager.stop()
        if self._grpc_server is not None:
            self._grpc_server.stop(grace_seconds).wait()

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

    def _build_grpc_server(self) -> grpc.Server:
        threads = self._flags.grpc_max_threads or THREADS_PER_CPU * len(os.sched_getaffinity(0))
        pool = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="grpc")
        server = grpc.server(pool, options=_server_options(self._flags))
        prediction_service_pb2_grpc.add_PredictionServiceServicer_to_server(
            PredictionService(
                self._registry,
                self._labels,
                as_content=self._flags.enable_serialization_as_tensor_content,
            ),
            server,
        )
        model_service_pb2_grpc.add_ModelServiceServicer_to_server(
            ModelService(self._registry, self._manager), server
        )
        if self._flags.enable_grpc_healthcheck_service:
            _add_health_service(server)
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


def _server_options(flags: Flags) -> list[tuple[str, int | str]]:
    """Arguments from the flags come last: they win."""
    return [
        ("grpc.max_receive_message_length", UNLIMITED),
        ("grpc.max_send_message_length", UNLIMITED),
        # Otherwise a second server on the same port would start and share its calls.
        ("grpc.so_reuseport", 0),
        *channel_arguments(flags),
    ]


def _bind(server: grpc.Server, flags: Flags) -> None:
    addresses = [f"0.0.0.0:{flags.port}"] if flags.port else []
    if flags.grpc_socket_path:
        addresses.append(f"unix:{flags.grpc_socket_path}")
    for address in addresses:
        try:
            server.add_insecure_port(address)
        except RuntimeError as error:
            raise invalid_argument(f"Can't listen on {address}: is it in use?") from error


def _add_health_service(server: grpc.Server) -> None:
    servicer = health.HealthServicer()
    for name in HEALTHY_NAMES:
        servicer.set(name, health_pb2.HealthCheckResponse.SERVING)
    health_pb2_grpc.add_HealthServicer_to_server(servicer, server)
