"""Where a stack runs."""

from typing import Literal

from pydantic import ValidationInfo, field_validator
from pydantic.dataclasses import dataclass

from infra.settings.shapes import STRICT
from infra.settings.types import DnsLabel, KubeconfigFile, StorageClassName, VolumeSize


@dataclass(frozen=True, kw_only=True, config=STRICT)
class ClusterSettings:
    """Where the stack runs."""

    # eks: the program makes the cluster. kubeconfig: it is there, and only named parts are added.
    cluster_source: Literal["kubeconfig", "eks"]
    namespace: DnsLabel
    kubeconfig: KubeconfigFile
    kube_context: str
    storage_class: StorageClassName
    delete_volumes_with_stack: bool
    datasets_claim_size: VolumeSize

    @field_validator("kube_context")
    @classmethod
    def _a_context_of_the_file(cls, kube_context: str, info: ValidationInfo) -> str:
        kubeconfig = info.data.get("kubeconfig")
        if kubeconfig and (kube_context or kubeconfig.current_context) not in kubeconfig.clusters:
            contexts = ", ".join(sorted(kubeconfig.clusters))
            raise ValueError(f"must be one of the kubeconfig's contexts ({contexts})")
        return kube_context
