"""The few messages by which a kubelet and a storage driver talk, with the fields used here.

https://github.com/container-storage-interface/spec/blob/v1.9.0/csi.proto
https://github.com/kubernetes/kubelet/blob/v0.35.4/pkg/apis/pluginregistration/v1/api.proto
"""

from __future__ import annotations

from typing import Any, Final

from google.protobuf.descriptor_pb2 import FieldDescriptorProto, FileDescriptorProto
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message_factory import GetMessageClass

# By message: the number of each field, and the type of those that are no strings. A map is a list
# of entries on the wire.
_MESSAGES: Final[dict[str, dict[str, tuple[int, str]]]] = {
    "PluginInfo": {
        "type": (1, "string"),
        "name": (2, "string"),
        "endpoint": (3, "string"),
        "supported_versions": (4, "strings"),
    },
    "RegistrationStatus": {"plugin_registered": (1, "bool"), "error": (2, "string")},
    "Segment": {"key": (1, "string"), "value": (2, "string")},
    "Topology": {"segments": (1, "Segment")},
    "NodeGetInfoResponse": {"node_id": (1, "string"), "accessible_topology": (3, "Topology")},
    "NodePublishVolumeRequest": {"volume_id": (1, "string"), "target_path": (4, "string")},
    "NodeUnpublishVolumeRequest": {"volume_id": (1, "string"), "target_path": (2, "string")},
}
_REPEATED = ("strings", "Segment")


def _classes() -> dict[str, Any]:
    file = FileDescriptorProto(name="csi-in-part.proto", package="csi", syntax="proto3")
    for message, fields in _MESSAGES.items():
        described = file.message_type.add(name=message)
        for name, (number, kind) in fields.items():
            field = described.field.add(name=name, number=number)
            many = kind in _REPEATED
            field.label = (
                FieldDescriptorProto.LABEL_REPEATED if many else FieldDescriptorProto.LABEL_OPTIONAL
            )
            if kind in _MESSAGES:
                field.type, field.type_name = FieldDescriptorProto.TYPE_MESSAGE, f".csi.{kind}"
            elif kind == "bool":
                field.type = FieldDescriptorProto.TYPE_BOOL
            else:
                field.type = FieldDescriptorProto.TYPE_STRING
    pool = DescriptorPool()
    pool.Add(file)
    return {name: GetMessageClass(pool.FindMessageTypeByName(f"csi.{name}")) for name in _MESSAGES}


_made = _classes()
PluginInfo: Final = _made["PluginInfo"]
RegistrationStatus: Final = _made["RegistrationStatus"]
Segment: Final = _made["Segment"]
Topology: Final = _made["Topology"]
NodeGetInfoResponse: Final = _made["NodeGetInfoResponse"]
NodePublishVolumeRequest: Final = _made["NodePublishVolumeRequest"]
NodeUnpublishVolumeRequest: Final = _made["NodeUnpublishVolumeRequest"]
