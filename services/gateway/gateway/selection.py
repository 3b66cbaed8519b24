"""Which version of a model is to answer."""

import re
from dataclasses import dataclass

from starlette.requests import Request
from tensorflow_serving.apis import model_pb2

from gateway.errors import MalformedRequest

LABEL_HEADER = "X-Model-Label"
LABEL_PATTERN = r"^[A-Za-z0-9._-]{1,64}$"


@dataclass(frozen=True)
class Selection:
    """A version by its number, by its label, or with neither: each server's newest."""

    version: int | None = None
    label: str = ""

    @property
    def names_a_version(self) -> bool:
        """Whether a server may not have it, while others do."""
        return self.version is not None or bool(self.label)

    def spec(self, model_name: str) -> model_pb2.ModelSpec:
        """The same as a message."""
        spec = model_pb2.ModelSpec(name=model_name)
        if self.version is not None:
            spec.version.value = self.version
        elif self.label:
            spec.version_label = self.label
        return spec

    def __str__(self) -> str:
        if self.version is not None:
            return f"version {self.version}"
        return f"version labelled {self.label!r}" if self.label else "newest version"


def selection_by_header(request: Request) -> Selection | None:
    """The version that bears the label of X-Model-Label; raises MalformedRequest if it is none."""
    label = request.headers.get(LABEL_HEADER)
    if label is None:
        return None
    if not re.match(LABEL_PATTERN, label):
        raise MalformedRequest(f"the header {LABEL_HEADER} has no label; {LABEL_PATTERN} is one")
    return Selection(label=label)
