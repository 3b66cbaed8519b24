"""The gRPC server: threads, channel arguments, addresses, TLS."""

from concurrent.futures import ThreadPoolExecutor

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from tensorflow_serving.apis import model_service_pb2_grpc, prediction_service_pb2_grpc

from model.server.errors import invalid_argument
from model.server.flags import Flags, channel_arguments, default_threads
from model.server.services import ModelService, PredictionService
from model.server.tls import server_credentials

UNLIMITED = -1
# Set once, never changed: as in the real server it says nothing about single models.
HEALTHY_NAMES = ("", "ModelService", "PredictionService")


def start_grpc_server(
    flags: Flags, prediction: PredictionService, models: ModelService
) -> grpc.Server:
    """A listening server.

    Raises:
        ServingError: INVALID_ARGUMENT: an address is taken, or the TLS file is wrong.
    """
    threads = flags.grpc_max_threads or default_threads()
    pool = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="grpc")
    server = grpc.server(pool, options=_options(flags))
    prediction_service_pb2_grpc.add_PredictionServiceServicer_to_server(prediction, server)
    model_service_pb2_grpc.add_ModelServiceServicer_to_server(models, server)
    if flags.enable_grpc_healthcheck_service:
        _add_health_service(server)
    _bind(server, flags)
    server.start()
    return server


def _options(flags: Flags) -> list[tuple[str, int | str]]:
    """Arguments from the flags come last: they win."""
    return [
        ("grpc.max_receive_message_length", UNLIMITED),
        ("grpc.max_send_message_length", UNLIMITED),
        # Otherwise a second server on the same port would start and share its calls.
        ("grpc.so_reuseport", 0),
        *channel_arguments(flags),
    ]


def _bind(server: grpc.Server, flags: Flags) -> None:
    credentials = server_credentials(flags.ssl_config_file) if flags.ssl_config_file else None
    addresses = [f"0.0.0.0:{flags.port}"] if flags.port else []
    if flags.grpc_socket_path:
        addresses.append(f"unix:{flags.grpc_socket_path}")
    for address in addresses:
        try:
            if credentials is None:
                server.add_insecure_port(address)
            else:
                server.add_secure_port(address, credentials)
        except RuntimeError as error:
            raise invalid_argument(f"Can't listen on {address}: is it in use?") from error


def _add_health_service(server: grpc.Server) -> None:
    servicer = health.HealthServicer()
    for name in HEALTHY_NAMES:
        servicer.set(name, health_pb2.HealthCheckResponse.SERVING)
    health_pb2_grpc.add_HealthServicer_to_server(servicer, server)
