import pytest

from model.server.flags import FlagError, Flags, channel_arguments, parse, usage

BASE = "--model_base_path=/models/digits"
# What the manifest of the model server passes; infra/ must not use others.
MANIFEST_FLAGS = [
    "--port=8500",
    "--model_config_file=/etc/tensorflow-serving/models.config",
    "--model_config_file_poll_wait_seconds=10",
    "--file_system_poll_wait_seconds=5",
    "--enable_grpc_healthcheck_service=true",
    "--allow_version_labels_for_unavailable_models=true",
    "--grpc_channel_arguments=grpc.max_connection_age_ms=30000,grpc.max_connection_age_grace_ms=9",
    "--tensorflow_intra_op_parallelism=2",
    "--tensorflow_inter_op_parallelism=1",
    "--grpc_max_threads=8",
    "--enable_profiler=false",
]


class TestValues:
    """The grammar is that of the real server: --name=value."""

    def test_the_manifest_needs_no_warning(self) -> None:
        flags, warnings = parse(MANIFEST_FLAGS)
        assert warnings == []
        assert flags.port == 8500
        assert flags.model_config_file == "/etc/tensorflow-serving/models.config"
        assert flags.enable_grpc_healthcheck_service is True
        assert (flags.tensorflow_intra_op_parallelism, flags.grpc_max_threads) == (2, 8)

    def test_defaults_are_those_of_the_real_server(self) -> None:
        flags, _ = parse([BASE])
        assert (flags.port, flags.model_name, flags.file_system_poll_wait_seconds) == (
            8500,
            "default",
            1,
        )
        assert (flags.max_num_load_retries, flags.load_retry_interval_micros) == (5, 60_000_000)

    @pytest.mark.parametrize(
        ("argument", "expected"),
        [
            ("", True),
            ("=true", True),
            ("=TRUE", True),
            ("=1", True),
            ("=false", False),
            ("=0", False),
        ],
    )
    def test_booleans(self, argument: str, expected: bool) -> None:
        flags, _ = parse([BASE, f"--enable_grpc_healthcheck_service{argument}"])
        assert flags.enable_grpc_healthcheck_service is expected

    @pytest.mark.parametrize(("text", "expected"), [("0.5", 0.5), ("1", 1.0), (".25", 0.25)])
    def test_numbers_with_a_fraction(self, text: str, expected: float) -> None:
        flags, _ = parse([BASE, f"--per_process_gpu_memory_fraction={text}"])
        assert flags.per_process_gpu_memory_fraction == expected

    def test_the_last_of_two_counts(self) -> None:
        assert parse([BASE, "--port=1", "--port=2"])[0].port == 2

    def test_channel_arguments_are_integers_where_they_read_as_such(self) -> None:
        flags = Flags(grpc_channel_arguments="grpc.max_connection_age_ms=2000,grpc.lb=a=b")
        assert channel_arguments(flags) == [
            ("grpc.max_connection_age_ms", 2000),
            ("grpc.lb", "a=b"),
        ]


class TestWarnings:
    """What has no effect is named, and the server starts."""

    @pytest.mark.parametrize("argument", ["--modl_name=x", "port=1", "-h", "--port"])
    def test_unknown_arguments(self, argument: str) -> None:
        [warning] = parse([BASE, argument])[1]
        assert warning.startswith(f"unknown argument: {argument}")

    @pytest.mark.parametrize("argument", ["--num_load_threads=2", "--prefer_tflite_model=true"])
    def test_flags_of_the_real_server_only(self, argument: str) -> None:
        [warning] = parse([BASE, argument])[1]
        assert "has no effect in the embedded model server" in warning

    def test_metrics_need_rest(self) -> None:
        [warning] = parse([BASE, "--monitoring_config_file=/etc/monitoring.config"])[1]
        assert "has no effect without --rest_api_port" in warning

    @pytest.mark.parametrize("argument", ["--enable_profiler=false", "--rest_api_port=0"])
    def test_switching_off_what_is_off_is_fine(self, argument: str) -> None:
        assert parse([BASE, argument])[1] == []


class TestErrors:
    """What can't be started with is refused, with the flag's name."""

    @pytest.mark.parametrize(
        "argument",
        [
            "--port=http",
            "--port=",
            "--port=8500x",
            "--port=99999999999",
            "--grpc_max_threads=1.5",
            "--per_process_gpu_memory_fraction=half",
        ],
    )
    def test_no_integer(self, argument: str) -> None:
        with pytest.raises(FlagError, match=r"Couldn't interpret value .* for flag \w+\."):
            parse([BASE, argument])

    def test_no_boolean(self) -> None:
        with pytest.raises(FlagError, match="value yes for flag enable_grpc_healthcheck_service"):
            parse([BASE, "--enable_grpc_healthcheck_service=yes"])

    def test_no_model(self) -> None:
        with pytest.raises(FlagError, match="one of --model_base_path and --model_config_file"):
            parse(["--port=8500"])

    def test_no_address(self) -> None:
        with pytest.raises(FlagError, match="needs --grpc_socket_path"):
            parse([BASE, "--port=0"])

    def test_other_credentials_are_never_ignored(self) -> None:
        with pytest.raises(FlagError, match="--use_alts_credentials is not supported"):
            parse([BASE, "--use_alts_credentials=true"])

    def test_batching_parameters_without_batching(self) -> None:
        with pytest.raises(FlagError, match="without --enable_batching"):
            parse([BASE, "--batching_parameters_file=/etc/batching.config"])

    @pytest.mark.parametrize("value", ["1.5", "-0.1"])
    def test_a_share_of_memory_that_is_none(self, value: str) -> None:
        with pytest.raises(FlagError, match="between 0 and 1"):
            parse([BASE, f"--per_process_gpu_memory_fraction={value}"])

    def test_contradicting_parallelism(self) -> None:
        separate = ["--tensorflow_intra_op_parallelism=1", "--tensorflow_inter_op_parallelism=1"]
        with pytest.raises(FlagError, match="excludes"):
            parse([BASE, "--tensorflow_session_parallelism=2", *separate])

    def test_a_channel_argument_without_a_value(self) -> None:
        with pytest.raises(FlagError, match=r"'grpc\.x' is not key=value"):
            parse([BASE, "--grpc_channel_arguments=grpc.x"])


def test_usage_lists_every_flag_with_its_default() -> None:
    lines = usage().splitlines()
    assert any(line.startswith("\t--port=8500\t") for line in lines)
    assert any(line.startswith('\t--model_name="default"\t') for line in lines)
    assert any(line.startswith("\t--enable_grpc_healthcheck_service=false\t") for line in lines)
