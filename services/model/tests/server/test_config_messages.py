"""Files as TF Serving's documentation shows them can be read."""

from pathlib import Path

import pytest

from model.server.config_messages import BatchingParameters, MonitoringConfig, SSLConfig
from model.server.errors import ServingError
from model.server.text_files import read_text_file


def test_batching_parameters(tmp_path: Path) -> None:
    path = tmp_path / "batching.config"
    path.write_text(
        "max_batch_size { value: 128 }\nbatch_timeout_micros { value: 0 }\n"
        'thread_pool_name { value: "pool" }\nallowed_batch_sizes: 64\nallowed_batch_sizes: 128\n'
        "pad_variable_length_inputs: true\n"
    )
    message = read_text_file(path, BatchingParameters())
    assert message.max_batch_size.value == 128
    assert message.HasField("batch_timeout_micros")
    assert not message.HasField("num_batch_threads")
    assert list(message.allowed_batch_sizes) == [64, 128]


def test_monitoring_config(tmp_path: Path) -> None:
    path = tmp_path / "monitoring.config"
    path.write_text('prometheus_config { enable: true, path: "/metrics" }')
    config = read_text_file(path, MonitoringConfig()).prometheus_config
    assert (config.enable, config.path) == (True, "/metrics")


def test_an_unknown_field_is_an_error_with_the_file(tmp_path: Path) -> None:
    path = tmp_path / "ssl.config"
    path.write_text('server_kye: "x"')
    with pytest.raises(ServingError, match=f"Invalid protobuf file: '{path}'.*server_kye"):
        read_text_file(path, SSLConfig())


def test_a_missing_file_is_an_error_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(ServingError, match=f"Can't read {tmp_path}/none: No such file"):
        read_text_file(tmp_path / "none", SSLConfig())
