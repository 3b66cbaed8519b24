"""What must not go unnoticed: the end of something that holds data, or that pods run on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from local.plugins.shared.values import at

# In the order in which they are told: what takes most with it comes first.
_KINDS: Final[Mapping[str, str]] = {
    "aws:eks/cluster:Cluster": "cluster",
    "aws:kms/key:Key": "KMS key",
    "aws:s3/bucket:Bucket": "bucket",
    "aws:s3/bucketV2:BucketV2": "bucket",
    "aws:rds/cluster:Cluster": "database",
    "aws:rds/instance:Instance": "database",
    "aws:dynamodb/table:Table": "table",
    "aws:efs/fileSystem:FileSystem": "file system",
    "aws:ebs/volume:Volume": "volume",
    "kubernetes:core/v1:Namespace": "namespace",
    "kubernetes:core/v1:PersistentVolume": "persistent volume",
    "kubernetes:core/v1:PersistentVolumeClaim": "volume claim",
    "aws:eks/nodeGroup:NodeGroup": "node group",
}
_STATEFUL_SET: Final = "kubernetes:apps/v1:StatefulSet"
_OF_PODS: Final = "stateful set with volumes"
_PROTECTED: Final = "protected resource"
ORDER: Final = tuple(dict.fromkeys((*_KINDS.values(), _OF_PODS, _PROTECTED)))


def dangerous_kind(type_name: str, inputs: Mapping[str, Any], *, is_protected: bool) -> str:
    """What a resource is called if its replacement or deletion is dangerous, else "".

    `inputs` are those that it has until now.
    """
    if type_name in _KINDS:
        return _KINDS[type_name]
    if type_name == _STATEFUL_SET and at(dict(inputs), "spec", "volumeClaimTemplates"):
        return _OF_PODS
    return _PROTECTED if is_protected else ""
