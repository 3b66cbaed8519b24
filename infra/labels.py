"""Who is who in the namespace: names, labels and selectors, the same for every object.

The keys are https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/.
"""

from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.meta.v1 import LabelSelectorArgs, ObjectMetaArgs

SHARED_LABELS = {
    "app.kubernetes.io/managed-by": "pulumi",
    "app.kubernetes.io/part-of": "image-serving",
}
# By this name jobs mount the datasets volume, whatever it is made of.
DATASETS_CLAIM = "datasets"


@dataclass(frozen=True, kw_only=True)
class Workload:
    """Pods that do the same work, and the objects around them."""

    name: str  # of the objects, such as `model-digits`: the instance
    application: str  # what runs, such as `model-server`
    component: str  # its part in the service, such as `inference`
    port: int  # where its pods listen

    @property
    def selector(self) -> dict[str, str]:
        """The labels that find the pods. They can't be changed in place: keep them few."""
        return {
            "app.kubernetes.io/instance": self.name,
            "app.kubernetes.io/name": self.application,
        }

    @property
    def labels(self) -> dict[str, str]:
        return SHARED_LABELS | self.selector | {"app.kubernetes.io/component": self.component}

    def pods(self) -> LabelSelectorArgs:
        return LabelSelectorArgs(match_labels=self.selector)

    def metadata(self, namespace: pulumi.Input[str], *, name: str | None = None) -> ObjectMetaArgs:
        """Of an object that belongs to the workload and, by default, bears its name."""
        return ObjectMetaArgs(name=name or self.name, namespace=namespace, labels=self.labels)


GATEWAY = Workload(name="gateway", application="gateway", component="http", port=9696)

OBJECT_STORE = Workload(
    name="object-store", application="versitygw", component="model-bucket", port=7070
)


def model_workload(model_name: str) -> Workload:
    return Workload(
        name=f"model-{model_name}", application="model-server", component="inference", port=8500
    )
