"""The command line of the model server, a stock TensorFlow Serving.

A misspelt flag is only a warning to it (tensorflow_serving/model_servers/main.cc), so each one
here is compared with the list of known flags in the tests.
"""

from infra.settings.types import cpu_millis

CONFIG_FOLDER = "/etc/tensorflow-serving"
CONFIG_FILE = "models.config"
BATCHING_FILE = "batching.config"
MONITORING_FILE = "monitoring.config"
# Metrics and the models' states. The gateway speaks gRPC alone.
REST_PORT = 8501
REST_THREADS = 2

CONFIG_POLL_SECONDS = 10
NEW_VERSION_POLL_SECONDS = 5
# Clients look the pods up again when a connection ends: this is how new pods get their share.
# Less gains nothing: gRPC waits 30 s between look-ups (grpc.dns_min_time_between_resolutions_ms).
MAX_CONNECTION_AGE_SECONDS = 30
# A running call may finish: longer than any request takes in the gateway's own default.
MAX_CONNECTION_AGE_GRACE_SECONDS = 20
GRPC_THREADS_PER_CORE = 4  # the server's own ratio


def cores_of(cpu_limit: str) -> int:
    """Whole cores; left alone the server counts the node's, not the container's share of them."""
    return -(-cpu_millis(cpu_limit) // 1000)


def model_server_command(
    *,
    port: int,
    cpu_limit: str,
    has_batching: bool,
    has_warm_up: bool,
    gpu_memory_fraction: float | None = None,
) -> list[str]:
    """The program itself, since the image's entry point is a shell script that eats signals.

    gpu_memory_fraction: of a GPU that others use too. Left alone the first takes all of it.
    """
    cores = cores_of(cpu_limit)
    channel_arguments = ",".join(
        [
            f"grpc.max_connection_age_ms={MAX_CONNECTION_AGE_SECONDS * 1000}",
            f"grpc.max_connection_age_grace_ms={MAX_CONNECTION_AGE_GRACE_SECONDS * 1000}",
        ]
    )
    return [
        "/usr/bin/tensorflow_model_server",
        f"--port={port}",
        f"--model_config_file={CONFIG_FOLDER}/{CONFIG_FILE}",
        f"--model_config_file_poll_wait_seconds={CONFIG_POLL_SECONDS}",
        f"--file_system_poll_wait_seconds={NEW_VERSION_POLL_SECONDS}",
        "--enable_grpc_healthcheck_service=true",
        f"--rest_api_port={REST_PORT}",
        f"--rest_api_num_threads={REST_THREADS}",
        f"--monitoring_config_file={CONFIG_FOLDER}/{MONITORING_FILE}",
        f"--enable_model_warmup={_boolean(has_warm_up)}",
        f"--enable_batching={_boolean(has_batching)}",
        # Without the flag above it the server would not start.
        *([f"--batching_parameters_file={CONFIG_FOLDER}/{BATCHING_FILE}"] if has_batching else []),
        # A label may be set in the same change that brings its version.
        "--allow_version_labels_for_unavailable_models=true",
        f"--grpc_channel_arguments={channel_arguments}",
        f"--tensorflow_intra_op_parallelism={cores}",
        f"--tensorflow_inter_op_parallelism={cores}",
        f"--grpc_max_threads={cores * GRPC_THREADS_PER_CORE}",
        "--enable_profiler=false",  # on by default, and open to every client
        *(
            [f"--per_process_gpu_memory_fraction={gpu_memory_fraction}"]
            if gpu_memory_fraction
            else []
        ),
    ]


def _boolean(value: bool) -> str:
    return "true" if value else "false"
