"""Objects in a cluster that is only pretended: checked by schema, and kept in the state alone."""

from __future__ import annotations

import copy
import threading

from local.plugins.kubernetes.applying import Applier
from local.plugins.kubernetes.discovery import Endpoint
from local.plugins.kubernetes.kinds import Kind, kind_of_resource, object_id
from local.plugins.kubernetes.planning import Planner
from local.plugins.kubernetes.resource import Live, Resource, manager_of, state_of
from local.plugins.kubernetes.schema import Schemas
from local.plugins.kubernetes.settings import ProviderSettings
from local.plugins.shared.engine import Log, Severity
from local.plugins.shared.errors import BadInput
from local.plugins.shared.values import Object, Properties


class PretendedServer:
    """Stands where the API server would: it has every kind, and agrees to everything."""

    def __init__(self, schemas: Schemas) -> None:
        self._schemas = schemas

    def endpoint(self, kind: Kind) -> Endpoint:
        return Endpoint("", kind.name, self._schemas.is_namespaced(kind))

    def get(self, kind: Kind, namespace: str, name: str) -> Object | None:
        return None

    def apply(
        self, kind: Kind, body: Object, manager: str, *, force: bool, dry_run: bool
    ) -> Object:
        return copy.deepcopy(body)


class PretendedPlanner(Planner):
    """Plans as on a real cluster, and checks by schema what only a server would check there."""

    def __init__(self, schemas: Schemas, settings: ProviderSettings, log: Log) -> None:
        super().__init__(Applier(PretendedServer(schemas), settings), settings)
        self._schemas = schemas
        self._log = log
        self._owners: dict[tuple[Kind, str], str] = {}
        self._lock = threading.Lock()

    def check(
        self,
        resource: Resource,
        new: Properties,
        old: Properties,
        seed: bytes,
        proposed_name: str | None,
    ) -> Properties:
        """Raises BadInput with all that the schema doesn't allow."""
        inputs = super().check(resource, new, old, seed, proposed_name)
        kind = kind_of_resource(resource.type, inputs.value)
        if not self._schemas.knows(kind):
            text = f"not checked: Kubernetes {self._schemas.version} has no schema of {kind}"
            self._log.message(resource.urn, Severity.INFO, text)
        problems = [
            each.text(inputs.secrets) for each in self._schemas.problems(kind, inputs.value)
        ]
        if problems:
            version = self._schemas.version
            raise BadInput(f"{kind} of Kubernetes {version}: " + "; ".join(problems))
        self._refuse_twins(resource, kind, inputs.value)
        return inputs

    def _refuse_twins(self, resource: Resource, kind: Kind, inputs: Object) -> None:
        """Two resources can't be one object."""
        with self._lock:
            owner = self._owners.setdefault((kind, object_id(inputs)), resource.urn)
        if owner != resource.urn:
            other = owner.rpartition("::")[2]
            raise BadInput(f"{kind} {object_id(inputs)} is the resource {other} already")


class PretendedOperations:
    """What happens to one object: nothing, but that its outputs are its inputs."""

    def create(
        self, resource: Resource, inputs: Properties, timeout_seconds: float
    ) -> tuple[str, Properties]:
        return object_id(inputs.value), self._state(resource, inputs)

    def update(
        self,
        resource: Resource,
        state: Properties,
        new: Properties,
        ignored: list[str],
        timeout_seconds: float,
    ) -> Properties:
        return self._state(resource, new)

    def read(
        self, resource: Resource, identifier: str, inputs: Properties, state: Properties
    ) -> Live | None:
        return Live(identifier, state, inputs) if inputs.value else None

    def delete(
        self,
        resource: Resource,
        identifier: str,
        inputs: Properties,
        state: Properties,
        timeout_seconds: float,
    ) -> None:
        return

    def _state(self, resource: Resource, inputs: Properties) -> Properties:
        kind = kind_of_resource(resource.type, inputs.value)
        return state_of(kind, inputs.value, inputs, manager_of(resource))
