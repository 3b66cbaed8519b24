"""The flags of tensorflow_model_server (model_servers/main.cc), in its grammar: `--name=value`.

As in the real server a bad value ends the start with the usage, and an unknown flag is only named
in a warning. Known flags that this server can't honour are named too, or refused where going on
would be unsafe.
"""

import os
import re
from collections.abc import Sequence
from dataclasses import Field, dataclass, field, fields
from typing import Any, TypeVar

from model.errors import ModelError

T = TypeVar("T", bool, int, float, str)
Value = bool | int | float | str

THREADS_PER_CPU = 4
INT32 = range(-(2**31), 2**31)
FLOAT = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)
BOOLEANS = {"true": True, "1": True, "false": False, "0": False}

# Known to the real server, harmless to ignore: what they tune isn't there, or is so by itself.
WITHOUT_EFFECT = frozenset(
    {
        "enable_profiler",
        "flush_filesystem_caches",
        "num_load_threads",
        "num_tflite_interpreters_per_pool",
        "num_tflite_pools",
        "num_unload_threads",
        "prefer_tflite_model",
        "remove_unused_fields_from_bundle_metagraph",
        "skip_initialize_tpu",
        "thread_pool_factory_config_file",
        "xla_cpu_compilation_enabled",
        "xla_gpu_compilation_enabled",
    }
)
# Ignoring these would serve in the clear, or other models than asked for.
REFUSED = frozenset({"platform_config_file", "use_alts_credentials"})
# Passed to switch off what isn't here anyway: no reason to warn.
OFF_VALUES = frozenset({"", "0", "false"})


class FlagError(ModelError):
    """A flag that the server can't start with."""


def _flag(default: T, meaning: str) -> T:
    flag: T = field(default=default, metadata={"meaning": meaning})
    return flag


@dataclass(frozen=True, kw_only=True)
class Flags:
    """The flags that are honoured, with the real server's names and defaults."""

    port: int = _flag(8500, "TCP port of gRPC on all IPv4 addresses; 0 is off")
    grpc_socket_path: str = _flag("", "UNIX socket to serve gRPC on")
    rest_api_port: int = _flag(0, "TCP port of REST and metrics on all addresses; 0 is off")
    rest_api_num_threads: int = _flag(0, "REST calls at the same time; 0 is four per CPU")
    rest_api_timeout_in_ms: int = _flag(30_000, "limit of a REST call's run; 0 is none")
    rest_api_enable_cors_support: bool = _flag(False, "allow REST calls from other origins' pages")
    model_config_file: str = _flag("", "text ModelServerConfig; the next two are then ignored")
    model_name: str = _flag("default", "name of the only model")
    model_base_path: str = _flag("", "folder of its version folders")
    model_config_file_poll_wait_seconds: int = _flag(0, "interval of reading it anew; 0 is never")
    file_system_poll_wait_seconds: int = _flag(
        1, "interval of looking for new versions; 0 looks once, a negative number never"
    )
    max_num_load_retries: int = _flag(5, "retries of a load that failed")
    load_retry_interval_micros: int = _flag(60_000_000, "microseconds between them")
    saved_model_tags: str = _flag("serve", "comma-separated tags of the graph to load")
    enable_model_warmup: bool = _flag(True, "replay assets.extra/tf_serving_warmup_requests")
    num_request_iterations_for_warmup: int = _flag(0, "how often each is replayed; 0 is once")
    enable_batching: bool = _flag(False, "run several requests as one batch")
    batching_parameters_file: str = _flag("", "text BatchingParameters")
    enable_per_model_batching_parameters: bool = _flag(
        False, "take them from batching_params.pbtxt in the version folder; without it no batching"
    )
    tensorflow_session_config_file: str = _flag("", "text ConfigProto; flags win over it")
    per_process_gpu_memory_fraction: float = _flag(
        0.0, "share of a GPU's memory to reserve, so that several servers fit; 0 is nearly all"
    )
    mixed_precision: str = _flag("", "bfloat16 or nothing")
    tensorflow_session_parallelism: int = _flag(0, "threads for both of the next two; 0 is auto")
    tensorflow_intra_op_parallelism: int = _flag(0, "threads within one operation; 0 is auto")
    tensorflow_inter_op_parallelism: int = _flag(0, "operations at the same time; 0 is auto")
    grpc_max_threads: int = _flag(0, "threads that answer calls; 0 is four per CPU")
    grpc_channel_arguments: str = _flag("", "key=value,key=value for the gRPC server")
    enable_grpc_healthcheck_service: bool = _flag(False, "serve grpc.health.v1.Health")
    allow_version_labels_for_unavailable_models: bool = _flag(
        False, "new labels may name versions that aren't loaded yet"
    )
    enable_serialization_as_tensor_content: bool = _flag(False, "answer in tensor_content")
    enable_signature_method_name_check: bool = _flag(
        False, "Classify and Regress insist on their signature's method_name"
    )
    ssl_config_file: str = _flag("", "text SSLConfig: TLS for gRPC")
    monitoring_config_file: str = _flag("", "text MonitoringConfig; metrics are on the REST port")
    version: bool = _flag(False, "print versions and exit")


def parse(argv: Sequence[str]) -> tuple[Flags, list[str]]:
    """Parse the command line; the last of several values of one flag counts.

    Returns:
        The flags and a warning for each argument that has no effect.

    Raises:
        FlagError: a value of the wrong type, a flag that must not be ignored, or flags that
            exclude each other.
    """
    known = {flag.name: flag for flag in fields(Flags)}
    values: dict[str, Value] = {}
    warnings: list[str] = []
    for argument in argv:
        name, equals, text = argument.removeprefix("--").partition("=")
        if not argument.startswith("--") or name not in known.keys() | WITHOUT_EFFECT | REFUSED:
            warnings.append(f"unknown argument: {argument}")
        elif name in known and (equals or isinstance(known[name].default, bool)):
            values[name] = _convert(known[name], text if equals else "true")
        elif name in known:
            warnings.append(f"unknown argument: {argument} (write --{name}=VALUE)")
        elif name in REFUSED and text not in OFF_VALUES:
            raise FlagError(f"--{name} is not supported by the embedded model server; remove it")
        elif text.lower() not in OFF_VALUES:
            warnings.append(f"--{name} has no effect in the embedded model server")
    flags = Flags(**values)  # type: ignore[arg-type]  # _convert gives each field its type
    _check(flags)
    if flags.monitoring_config_file and not flags.rest_api_port:
        warnings.append("--monitoring_config_file has no effect without --rest_api_port")
    return flags, warnings


def channel_arguments(flags: Flags) -> list[tuple[str, int | str]]:
    """`grpc_channel_arguments` as pairs; a value that reads as an integer is one."""
    entries = [entry for entry in flags.grpc_channel_arguments.split(",") if entry]
    pairs = [entry.partition("=") for entry in entries]
    return [(k, int(v) if re.fullmatch(r"[+-]?\d+", v) else v) for k, _, v in pairs]


def default_threads() -> int:
    """Of gRPC and of REST: four per CPU that this process may use, whatever its quota of them."""
    return THREADS_PER_CPU * len(os.sched_getaffinity(0))


def usage() -> str:
    lines = [_usage_line(flag) for flag in fields(Flags)]
    return "usage: tensorflow_model_server\nFlags:\n" + "\n".join(lines) + "\n"


def _usage_line(flag: Field[Any]) -> str:
    value = str(flag.default).lower() if isinstance(flag.default, bool) else flag.default
    shown = f'"{value}"' if isinstance(value, str) and not isinstance(flag.default, bool) else value
    return f"\t--{flag.name}={shown}\t{flag.metadata['meaning']}"


def _convert(flag: Field[Any], text: str) -> Value:
    error = FlagError(f"Couldn't interpret value {text} for flag {flag.name}.")
    if isinstance(flag.default, bool):
        if text.lower() not in BOOLEANS:
            raise error
        return BOOLEANS[text.lower()]
    if isinstance(flag.default, int):
        if not re.fullmatch(r"[+-]?\d+", text) or int(text) not in INT32:
            raise error
        return int(text)
    if isinstance(flag.default, float):
        if not FLOAT.fullmatch(text):
            raise error
        return float(text)
    return text


def _check(flags: Flags) -> None:
    if flags.version:
        return
    if flags.port == 0 and not flags.grpc_socket_path:
        raise FlagError("--port=0 needs --grpc_socket_path")
    if not (flags.model_base_path or flags.model_config_file):
        raise FlagError("one of --model_base_path and --model_config_file is needed")
    if flags.batching_parameters_file and not flags.enable_batching:
        raise FlagError("--batching_parameters_file is set without --enable_batching")
    if not 0.0 <= flags.per_process_gpu_memory_fraction <= 1.0:
        raise FlagError("--per_process_gpu_memory_fraction must be between 0 and 1")
    separate = (flags.tensorflow_intra_op_parallelism, flags.tensorflow_inter_op_parallelism)
    if flags.tensorflow_session_parallelism > 0 and all(count > 0 for count in separate):
        raise FlagError(
            "--tensorflow_session_parallelism excludes "
            "--tensorflow_intra_op_parallelism with --tensorflow_inter_op_parallelism"
        )
    for entry in flags.grpc_channel_arguments.split(","):
        if entry and "=" not in entry:
            raise FlagError(f"--grpc_channel_arguments: {entry!r} is not key=value")
