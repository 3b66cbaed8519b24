"""What the engine plans with: checked inputs, differences, previews. Changes nothing."""

from __future__ import annotations

import copy
import hashlib
from typing import Final

from local.plugins.kubernetes import directives, naming, outputs
from local.plugins.kubernetes.applying import Applier
from local.plugins.kubernetes.diff import Difference, difference
from local.plugins.kubernetes.errors import ApiRefused, KindUnknown, NotFound
from local.plugins.kubernetes.kinds import Kind, kind_of_resource
from local.plugins.kubernetes.resource import Resource, manager_of
from local.plugins.kubernetes.secrecy import with_secrets
from local.plugins.kubernetes.settings import ProviderSettings
from local.plugins.shared.values import Object, Properties, has_unknown, without_nulls

_FORBIDDEN: Final = 403
# With the suffix, still a name for the kinds that allow the shortest ones (63, a DNS label).
_MAX_STEM: Final = 50


class Planner:
    """Plans for the objects of one cluster."""

    def __init__(self, applier: Applier, settings: ProviderSettings) -> None:
        self._applier = applier
        self._settings = settings

    def check(
        self,
        resource: Resource,
        new: Properties,
        old: Properties,
        seed: bytes,
        proposed_name: str | None,
    ) -> Properties:
        """The inputs with apiVersion, kind, name and namespace filled in."""
        inputs = without_nulls(new.value)
        kind = kind_of_resource(resource.type, inputs)
        directives.refuse_unsupported(inputs)
        inputs.setdefault("apiVersion", kind.api_version)
        inputs.setdefault("kind", kind.name)
        naming.assign_name(inputs, old.value, resource.name, seed, proposed_name)
        namespaced = self._applier.is_namespaced(kind)
        naming.assign_namespace(inputs, namespaced, self._settings.default_namespace)
        return with_secrets(inputs, kind, new)

    def diff(self, resource: Resource, old: Properties, new: Properties) -> Difference:
        """What the change from old to new inputs means for the object."""
        kind = kind_of_resource(resource.type, new.value)
        return difference(
            old.value,
            new.value,
            kind,
            namespaced=self._applier.is_namespaced(kind),
            settings=self._settings,
        )

    def preview_create(self, resource: Resource, inputs: Properties) -> Properties:
        """The outputs to be expected: from a dry run, or the inputs where none is possible."""
        kind = kind_of_resource(resource.type, inputs.value)
        previewed = None if has_unknown(inputs.value) else self._dry_run_new(kind, inputs.value)
        result = outputs.for_new(previewed or inputs.value, inputs.value, kind)
        return with_secrets(result, kind, inputs)

    def preview_update(
        self, resource: Resource, state: Properties, new: Properties, ignored: list[str]
    ) -> Properties:
        """The outputs to be expected of a change; `state` are the old outputs."""
        kind = kind_of_resource(resource.type, new.value)
        previewed = None
        if not has_unknown(new.value):
            manager = manager_of(resource, state)
            previewed = self._dry_run_change(kind, new.value, manager, ignored)
        if previewed is None:
            result = outputs.for_change(new.value, state.value)
        else:
            result = outputs.from_live(previewed)
        return with_secrets(result, kind, new)

    def _dry_run_new(self, kind: Kind, inputs: Object) -> Object | None:
        """What creating would give, or None where the server can't say."""
        try:
            body = self._applier.body(kind, inputs)
            if self._applier.find(kind, body) is None:
                return self._applier.dry_run_new(kind, body)
            return self._dry_run_beside(kind, body)
        except KindUnknown:
            return None
        except ApiRefused as error:
            if _says_nothing(error):
                return None
            raise

    def _dry_run_beside(self, kind: Kind, body: Object) -> Object | None:
        """Under another name: the old object, which goes first, would refuse immutable fields."""
        name = body["metadata"]["name"]
        beside = copy.deepcopy(body)
        suffix = hashlib.sha256(name.encode()).hexdigest()[:8]
        beside["metadata"]["name"] = f"{name[:_MAX_STEM].rstrip('-.')}-{suffix}"
        try:
            previewed = self._applier.dry_run_new(kind, beside)
        except ApiRefused:
            # Some kinds (CRDs) derive the name from the content, so this proves nothing.
            return None
        previewed["metadata"]["name"] = name
        return previewed

    def _dry_run_change(
        self, kind: Kind, inputs: Object, manager: str, ignored: list[str]
    ) -> Object | None:
        """What the change would give, or None where the server can't say."""
        try:
            return self._applier.change(kind, inputs, manager, ignored, dry_run=True)
        except KindUnknown:
            return None
        except ApiRefused as error:
            if _says_nothing(error):
                return None
            raise


def _says_nothing(error: ApiRefused) -> bool:
    """The namespace comes with the same run, or the user may read but not write."""
    missing_namespace = isinstance(error, NotFound) and error.missing_namespace
    return missing_namespace or error.code == _FORBIDDEN
