"""What an object may be, by the official schemas of a Kubernetes version.

The schemas say fields, types and what is required, not more: that a name is a DNS label or a port
one of a container, only an API server knows.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator
from typing import Any, Final

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from kubernetes_validate import utils
from referencing import Registry, Resource

from local.plugins.kubernetes.kinds import Kind
from local.plugins.shared.checking import Problem
from local.plugins.shared.errors import BadConfig
from local.plugins.shared.values import UNKNOWN, UNKNOWN_STRING, Object, has_unknown

_COMBINING: Final = ("oneOf", "anyOf", "allOf")
# The kinds of the official schemas that don't live in namespaces.
_CLUSTER_WIDE: Final = frozenset(
    (
        "APIService",
        "CSIDriver",
        "CSINode",
        "CertificateSigningRequest",
        "ClusterRole",
        "ClusterRoleBinding",
        "ClusterTrustBundle",
        "CustomResourceDefinition",
        "DeviceClass",
        "FlowSchema",
        "IPAddress",
        "IngressClass",
        "MutatingAdmissionPolicy",
        "MutatingAdmissionPolicyBinding",
        "MutatingWebhookConfiguration",
        "Namespace",
        "Node",
        "PersistentVolume",
        "PriorityClass",
        "PriorityLevelConfiguration",
        "ResourceSlice",
        "RuntimeClass",
        "ServiceCIDR",
        "StorageClass",
        "ValidatingAdmissionPolicy",
        "ValidatingAdmissionPolicyBinding",
        "ValidatingWebhookConfiguration",
        "VolumeAttachment",
        "VolumeAttributesClass",
    )
)


class Schemas:
    """The schemas of one version, such as "1.34". Raises BadConfig for a version without any."""

    def __init__(self, version: str) -> None:
        known = {utils.major_minor(each): each for each in utils.all_versions()}
        self.version = utils.major_minor(version.removeprefix("v"))
        if self.version not in known:
            raise BadConfig(
                f"no schemas of Kubernetes {version} here; there are those of {', '.join(known)}"
            )
        self._folder = f"kubernetes-json-schema/v{known[self.version]}-local-strict"

    def knows(self, kind: Kind) -> bool:
        """Whether this version has the kind; those of CustomResourceDefinitions it has not."""
        return self._validator(kind) is not None

    def is_namespaced(self, kind: Kind) -> bool:
        """A kind without a schema counts as namespaced."""
        return kind.name not in _CLUSTER_WIDE

    def problems(self, kind: Kind, inputs: Object) -> Iterator[Problem]:
        """All that the schema doesn't allow; values that aren't known yet may be anything."""
        validator = self._validator(kind)
        if validator is None:
            return
        # Unknown values are texts on their way through the validator.
        document = json.loads(json.dumps(inputs, default=lambda _: UNKNOWN_STRING))
        for error in validator.iter_errors(document):
            if not _is_about_unknown(error):
                path = tuple(error.absolute_path)
                yield Problem(path, _reason(error), _value(inputs, path))

    @functools.cache  # noqa: B019 (one for each plugin process)
    def _validator(self, kind: Kind) -> Any:
        group = kind.group.partition(".")[0]
        name = "-".join(filter(None, (kind.name.lower(), group, kind.version)))
        try:
            schema = utils.schema_contents(f"{self._folder}/{name}.json", self.version)
        except FileNotFoundError:
            return None
        return Draft202012Validator(
            schema, registry=Resource.from_contents(schema) @ self._definitions()
        )

    @functools.cache  # noqa: B019
    def _definitions(self) -> Any:
        contents = utils.schema_contents(f"{self._folder}/_definitions.json", self.version)
        return Resource.from_contents(contents) @ Registry()


def _is_about_unknown(error: ValidationError) -> bool:
    if error.validator in _COMBINING:
        return has_unknown_text(error.instance)
    return bool(error.instance == UNKNOWN_STRING)


def has_unknown_text(value: Any) -> bool:
    """Whether a value holds one that was unknown before it became a text."""
    if isinstance(value, dict):
        return any(map(has_unknown_text, value.values()))
    if isinstance(value, list):
        return any(map(has_unknown_text, value))
    return bool(value == UNKNOWN_STRING)


def _reason(error: ValidationError) -> str:
    """The validator's words, without the value, which may be secret and is shown by itself."""
    match error.validator:
        case "additionalProperties":
            names = ", ".join(re.findall(r"'([^']*)'", error.message))
            known = ", ".join(sorted(error.schema.get("properties") or {}))
            return f"no such field: {names}; there are {known}"
        case "required":
            return str(error.message)
        case "type":
            wanted = error.validator_value
            types = wanted if isinstance(wanted, list) else [wanted]
            return f"{' or '.join(each for each in types if each != 'null')} is expected"
        case "enum":
            return f"one of {', '.join(map(str, error.validator_value))} is expected"
    return f"doesn't fit the schema ({error.validator})"


def _value(inputs: Object, path: tuple[Any, ...]) -> Any:
    """The value to show: none for objects, whose path says enough."""
    value: Any = inputs
    for step in path:
        value = value[step]
    return UNKNOWN if isinstance(value, dict) or has_unknown(value) else value
