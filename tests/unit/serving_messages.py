"""The messages of TensorFlow Serving's configuration files, without TensorFlow.

Names and field numbers of ModelServerConfig: config/model_server_config.proto and
sources/storage_path/file_system_storage_path_source.proto of github.com/tensorflow/serving; those
of the others are with the embedded server, which reads them.
"""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

_SERVER = Path(__file__).parents[2] / "services" / "model" / "model" / "server"
_PACKAGE = "tensorflow.serving"

Field = descriptor_pb2.FieldDescriptorProto
# Message: (field, number, type or the message it holds).
_FIELDS: dict[str, list[tuple[str, int, Any]]] = {
    "ModelServerConfig": [("model_config_list", 1, "ModelConfigList")],
    "ModelConfigList": [("config", 1, "ModelConfig")],
    "ModelConfig": [
        ("name", 1, Field.TYPE_STRING),
        ("base_path", 2, Field.TYPE_STRING),
        ("model_platform", 4, Field.TYPE_STRING),
        ("model_version_policy", 7, "ServableVersionPolicy"),
        ("version_labels", 8, "ModelConfig.VersionLabelsEntry"),
    ],
    "ServableVersionPolicy": [("latest", 100, "Latest"), ("all", 101, "All")],
    "Latest": [("num_versions", 1, Field.TYPE_UINT32)],
    "All": [],
}
_REPEATED = {"config", "version_labels"}


def _file() -> descriptor_pb2.FileDescriptorProto:
    file = descriptor_pb2.FileDescriptorProto(
        name="model_server_config.proto", package=_PACKAGE, syntax="proto3"
    )
    for name, fields in _FIELDS.items():
        message = file.message_type.add(name=name)
        for field_name, number, kind in fields:
            field = message.field.add(name=field_name, number=number)
            is_list = field_name in _REPEATED
            field.label = Field.LABEL_REPEATED if is_list else Field.LABEL_OPTIONAL
            if isinstance(kind, str):
                field.type, field.type_name = Field.TYPE_MESSAGE, f".{_PACKAGE}.{kind}"
            else:
                field.type = kind
        if name == "ModelConfig":
            _add_map_entry(message)
        if name == "ServableVersionPolicy":
            message.oneof_decl.add(name="policy_choice")
            for field in message.field:
                field.oneof_index = 0
    return file


def _add_map_entry(message: descriptor_pb2.DescriptorProto) -> None:
    """map<string, int64> version_labels"""
    entry = message.nested_type.add(name="VersionLabelsEntry")
    entry.options.map_entry = True
    for name, number, kind in (("key", 1, Field.TYPE_STRING), ("value", 2, Field.TYPE_INT64)):
        entry.field.add(name=name, number=number, type=kind, label=Field.LABEL_OPTIONAL)


def _servers_own() -> ModuleType:
    """By its file: the package around it needs TensorFlow."""
    spec = spec_from_file_location("config_messages", _SERVER / "config_messages.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


_POOL = descriptor_pool.DescriptorPool()
_POOL.AddSerializedFile(_file().SerializeToString())
_OTHERS = _servers_own()

ModelServerConfig: Any = message_factory.GetMessageClass(
    _POOL.FindMessageTypeByName(f"{_PACKAGE}.ModelServerConfig")
)
BatchingParameters: Any = _OTHERS.BatchingParameters
MonitoringConfig: Any = _OTHERS.MonitoringConfig
