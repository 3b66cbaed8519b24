"""The flags of tensorflow_model_server (model_servers/main.cc), in its grammar: `--name=value`.

As in the real server a bad value ends the start with the usage, and an unknown flag is only named
in a warning. Known flags that this server can't honour are named too, or refused where going on
would be unsafe.
"""

import re
from collections.abc import Sequence
from dataclasses import Field, dataclass, field, fields
from typing import Any, TypeVar

from model.errors import ModelError

T = TypeVar("T", bool, int, str)

INT32 = range(-(2**31), 2**31)
BOOLEANS = {"true": True, "1": True, "false": False, "0": False}

# Known to the real server, harmless to ignore.
WITHOUT_EFFECT = frozenset(
    {
        "batching_parameters_file",
        "enable_batching",
        "enable_model_warmup",
        "enable_per_model_batching_parameters",
        "enable_profiler",
        "enable_signature_method_name_check",
        "flush_filesystem_caches",
        "mixed_precision",
        "monitoring_config_file",
        "num_load_threads",
        "num_request_iterations_for_warmup",
        "num_tflite_interpreters_per_pool",
        "num_tflite_pools",
        "num_unload_threads",
        "per_process_gpu_memory_fraction",
        "prefer_tflite_model",
        "remove_unused_fields_from_bundle_metagraph",
        "rest_api_enable_cors_support",
        "rest_api_num_threads",
        "rest_api_timeout_in_ms",
        "skip_initialize_tpu",
        "tensorflow_session_config_file",
        "thread_pool_factory_config_file",
        "xla_cpu_compilation_enabled",
        "xla_gpu_compilation_enabled",
    }
)
# Ignoring these would serve in the clear, or other models than asked for.
REFUSED = frozenset({"platform_config_file", "ssl_config_file", "use_alts_credentials"})
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
    rest_api_port: int = _flag(0, "accepted, but REST is not served")
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
    values: dict[str, bool | int | str] = {}
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
    if flags.rest_api_port > 0:
        warnings.append(f"--rest_api_port={flags.rest_api_port}: REST is not served, only gRPC")
    return flags, warnings


def channel_arguments(flags: Flags) -> list[tuple[str, int | str]]:
    """`grpc_channel_arguments` as pairs; a value that reads as an integer is one."""
    entries = [entry for entry in flags.grpc_channel_arguments.split(",") if entry]
    pairs = [entry.partition("=") for entry in entries]
    return [(k, int(v) if re.fullmatch(r"[+-]?\d+", v) else v) for k, _, v in pairs]


def usage() -> str:
    lines = [_usage_line(flag) for flag in fields(Flags)]
    return "usage: tensorflow_model_server\nFlags:\n" + "\n".join(lines) + "\n"


def _usage_line(flag: Field[Any]) -> str:
    value = str(flag.default).lower() if isinstance(flag.default, bool) else flag.default
    shown = f'"{value}"' if isinstance(value, str) and not isinstance(flag.default, bool) else value
    return f"\t--{flag.name}={shown}\t{flag.metadata['meaning']}"


def _convert(flag: Field[Any], text: str) -> bool | int | str:
    error = FlagError(f"Couldn't interpret value {text} for flag {flag.name}.")
    if isinstance(flag.default, bool):
        if text.lower() not in BOOLEANS:
            raise error
        return BOOLEANS[text.lower()]
    if isinstance(flag.default, int):
        if not re.fullmatch(r"[+-]?\d+", text) or int(text) not in INT32:
            raise error
        return int(text)
    return text


def _check(flags: Flags) -> None:
    if flags.version:
        return
    if flags.port == 0 and not flags.grpc_socket_path:
        raise FlagError("--port=0 needs --grpc_socket_path")
    if not (flags.model_base_path or flags.model_config_file):
        raise FlagError("one of --model_base_path and --model_config_file is needed")
    separate = (flags.tensorflow_intra_op_parallelism, flags.tensorflow_inter_op_parallelism)
    if flags.tensorflow_session_parallelism > 0 and all(count > 0 for count in separate):
        raise FlagError(
            "--tensorflow_session_parallelism excludes "
            "--tensorflow_intra_op_parallelism with --tensorflow_inter_op_parallelism"
        )
    for entry in flags.grpc_channel_arguments.split(","):
        if entry and "=" not in entry:
            raise FlagError(f"--grpc_channel_arguments: {entry!r} is not key=value")
