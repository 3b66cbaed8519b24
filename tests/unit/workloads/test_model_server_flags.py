"""infra/workloads/model_server_flags.py: the command line of TensorFlow Serving."""

import pytest

from infra.workloads.model_server_flags import model_server_command

# tensorflow_serving/model_servers/main.cc at 2.20.0, without flags for TFLite, TLS and REST.
KNOWN_FLAGS = {
    "allow_version_labels_for_unavailable_models",
    "batching_parameters_file",
    "enable_batching",
    "enable_grpc_healthcheck_service",
    "enable_model_warmup",
    "enable_per_model_batching_parameters",
    "enable_profiler",
    "file_system_poll_wait_seconds",
    "flush_filesystem_caches",
    "grpc_channel_arguments",
    "grpc_max_threads",
    "load_retry_interval_micros",
    "max_num_load_retries",
    "model_config_file",
    "model_config_file_poll_wait_seconds",
    "monitoring_config_file",
    "num_load_threads",
    "num_unload_threads",
    "per_process_gpu_memory_fraction",
    "port",
    "rest_api_num_threads",
    "rest_api_port",
    "tensorflow_inter_op_parallelism",
    "tensorflow_intra_op_parallelism",
}


def flags(
    cpu_limit: str = "2",
    *,
    has_batching: bool = False,
    has_warm_up: bool = True,
    gpu_memory_fraction: float | None = None,
) -> dict[str, str]:
    _, *arguments = model_server_command(
        port=8500,
        cpu_limit=cpu_limit,
        has_batching=has_batching,
        has_warm_up=has_warm_up,
        gpu_memory_fraction=gpu_memory_fraction,
    )
    return dict(argument.removeprefix("--").split("=", 1) for argument in arguments)


class TestSpelling:
    """An unknown flag is only a warning to the server, so that a misspelt one would do nothing."""

    def test_every_flag_exists(self) -> None:
        assert flags(has_batching=True, gpu_memory_fraction=0.3).keys() <= KNOWN_FLAGS

    def test_the_program_runs_without_a_shell(self) -> None:
        program, *_ = model_server_command(
            port=8500, cpu_limit="1", has_batching=False, has_warm_up=True
        )
        assert program == "/usr/bin/tensorflow_model_server"


class TestThreads:
    """The server would count the node's cores; it gets those of its own limit."""

    @pytest.mark.parametrize(
        ("cpu_limit", "cores"), [("100m", 1), ("1", 1), ("1500m", 2), ("2", 2), ("0.5", 1)]
    )
    def test_cores_rounded_up(self, cpu_limit: str, cores: int) -> None:
        given = flags(cpu_limit)
        assert given["tensorflow_intra_op_parallelism"] == str(cores)
        assert given["tensorflow_inter_op_parallelism"] == str(cores)
        assert given["grpc_max_threads"] == str(4 * cores)


class TestLifetimes:
    """Models, versions and pods are found while the server runs."""

    def test_the_files_are_read_again(self) -> None:
        """Zero, the default of the first, would be never."""
        assert int(flags()["model_config_file_poll_wait_seconds"]) > 0
        assert int(flags()["file_system_poll_wait_seconds"]) > 0

    def test_connections_end_so_that_new_pods_are_found(self) -> None:
        arguments = dict(one.split("=") for one in flags()["grpc_channel_arguments"].split(","))
        assert arguments == {
            "grpc.max_connection_age_ms": "30000",
            "grpc.max_connection_age_grace_ms": "20000",
        }


class TestFiles:
    """Each configuration file is named where it is mounted, and only one that is there."""

    def test_batching(self) -> None:
        """A parameters file without batching itself keeps the server from starting."""
        assert flags(has_batching=True)["enable_batching"] == "true"
        file = "/etc/tensorflow-serving/batching.config"
        assert flags(has_batching=True)["batching_parameters_file"] == file
        assert flags(has_batching=False)["enable_batching"] == "false"
        assert "batching_parameters_file" not in flags(has_batching=False)

    def test_metrics_are_served_over_rest(self) -> None:
        assert flags()["monitoring_config_file"] == "/etc/tensorflow-serving/monitoring.config"
        assert flags()["rest_api_port"] == "8501"

    def test_warm_up(self) -> None:
        assert flags(has_warm_up=True)["enable_model_warmup"] == "true"
        assert flags(has_warm_up=False)["enable_model_warmup"] == "false"


class TestSafety:
    """What is on by default and no business of clients is off; what probes need is on."""

    def test_profiler(self) -> None:
        assert flags()["enable_profiler"] == "false"

    def test_health_service(self) -> None:
        assert flags()["enable_grpc_healthcheck_service"] == "true"
