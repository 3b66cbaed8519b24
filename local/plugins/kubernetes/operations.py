"""What happens to one object: create, change, read, delete."""

from __future__ import annotations

import threading
from typing import Final

from local.plugins.kubernetes import directives, outputs
from local.plugins.kubernetes.applying import Applier
from local.plugins.kubernetes.await_.readiness import is_going
from local.plugins.kubernetes.await_.rules import (
    DEFAULT_TIMEOUT_SECONDS,
    awaited,
    may_skip_deletion,
)
from local.plugins.kubernetes.await_.waiting import Patience, wait_until_gone, wait_until_ready
from local.plugins.kubernetes.client import Cluster
from local.plugins.kubernetes.errors import (
    AlreadyExists,
    InitFailed,
    KindUnknown,
    NotFound,
    NotReady,
)
from local.plugins.kubernetes.kinds import Kind, kind_of_resource, object_id, parse_id
from local.plugins.kubernetes.ownership import applied_by
from local.plugins.kubernetes.resource import Live, Resource, manager_of, state_of
from local.plugins.kubernetes.secrecy import with_secrets
from local.plugins.kubernetes.settings import ProviderSettings
from local.plugins.shared.engine import Log, Severity
from local.plugins.shared.errors import PluginError
from local.plugins.shared.values import Object, Properties

# A namespace or CRD that another resource of the same run is making; as long as the genuine one.
_CREATE_PAUSES_SECONDS: Final = (0.5, 1.0, 2.0, 4.0, 8.0)


class Operations:
    """The operations on the objects of one cluster."""

    def __init__(
        self,
        cluster: Cluster,
        applier: Applier,
        settings: ProviderSettings,
        log: Log,
        cancelled: threading.Event,
    ) -> None:
        self._cluster = cluster
        self._applier = applier
        self._settings = settings
        self._log = log
        self._cancelled = cancelled

    def create(
        self, resource: Resource, inputs: Properties, timeout_seconds: float
    ) -> tuple[str, Properties]:
        """Makes the object and waits for it; its id and outputs.

        Raises AlreadyExists for an object that is there already, InitFailed if it isn't ready in
        time, and what the API server refuses.
        """
        kind = kind_of_resource(resource.type, inputs.value)
        manager = manager_of(resource)
        live = self._create_patiently(resource, kind, inputs.value, manager)
        live = self._await_ready(resource, kind, inputs, live, manager, timeout_seconds)
        return object_id(live), state_of(kind, live, inputs, manager)

    def update(
        self,
        resource: Resource,
        state: Properties,
        new: Properties,
        ignored: list[str],
        timeout_seconds: float,
    ) -> Properties:
        """Changes the object and waits for it; makes it anew if somebody deleted it."""
        kind = kind_of_resource(resource.type, new.value)
        manager = manager_of(resource, state)
        self._wait_for_deletion(resource, kind, new.value, timeout_seconds)
        live = self._applier.change(kind, new.value, manager, ignored, dry_run=False)
        live = self._await_ready(resource, kind, new, live, manager, timeout_seconds)
        return state_of(kind, live, new, manager)

    def read(
        self, resource: Resource, identifier: str, inputs: Properties, state: Properties
    ) -> Live | None:
        """The object as it is, or None if it is gone.

        Without inputs (an import, a get) the object is only read; else what drifted since `state`
        shows in the inputs. Inputs without a state are of a creation whose end nobody saw
        (local/engine/pending.py): an object that another manager made is none of ours.

        Raises InitFailed for an object of ours that isn't ready.
        """
        kind = kind_of_resource(resource.type, inputs.value or state.value)
        manager = manager_of(resource, state)
        live = self._find(kind, identifier)
        if live is None:
            return None
        if not inputs.value:
            new_inputs = outputs.imported(live)
        elif state.value:
            new_inputs = outputs.drifted(inputs.value, state.value, outputs.from_live(live))
        elif applied_by(live, manager):
            new_inputs = inputs.value
        else:
            return None
        result = Live(
            identifier,
            state_of(kind, live, inputs, manager),
            with_secrets(new_inputs, kind, inputs),
        )
        if inputs.value:
            self._refuse_unready(kind, live, result)
        return result

    def delete(
        self,
        resource: Resource,
        identifier: str,
        inputs: Properties,
        state: Properties,
        timeout_seconds: float,
    ) -> None:
        """Deletes the object and waits until it is gone; fine if it is gone already.

        Raises DeleteStuck if it is still there when time runs out or the run is cancelled.
        """
        kind = kind_of_resource(resource.type, inputs.value or state.value)
        live = self._find(kind, identifier)
        if live is None:
            return
        propagation = directives.propagation(inputs.value)
        self._cluster.delete(kind, *parse_id(identifier), propagation)
        if directives.is_true(inputs.value, directives.SKIP_AWAIT) and may_skip_deletion(kind):
            return
        seconds = directives.timeout_seconds(inputs.value, timeout_seconds, DEFAULT_TIMEOUT_SECONDS)
        wait_until_gone(live, kind, self._cluster, self._patience(resource, seconds))

    def _find(self, kind: Kind, identifier: str) -> Object | None:
        """An object whose kind is gone, with its CRD, is gone too."""
        try:
            return self._cluster.get(kind, *parse_id(identifier))
        except KindUnknown:
            return None

    def _create_patiently(
        self, resource: Resource, kind: Kind, inputs: Object, manager: str
    ) -> Object:
        """Tries again while the namespace or the kind is missing."""
        for pause_seconds in _CREATE_PAUSES_SECONDS:
            try:
                return self._create_now(kind, inputs, manager)
            except (KindUnknown, NotFound) as error:
                self._log.status(resource.urn, Severity.INFO, f"trying again: {error}")
                if self._cancelled.wait(pause_seconds):
                    raise
        return self._create_now(kind, inputs, manager)

    def _create_now(self, kind: Kind, inputs: Object, manager: str) -> Object:
        body = self._applier.body(kind, inputs)
        if not self._settings.upsert and self._applier.find(kind, body) is not None:
            raise AlreadyExists(f"{kind.name} {object_id(body)}")
        return self._applier.change(kind, inputs, manager, (), dry_run=False)

    def _wait_for_deletion(
        self, resource: Resource, kind: Kind, inputs: Object, timeout_seconds: float
    ) -> None:
        """An object on its way out would take the change with it."""
        live = self._applier.find(kind, self._applier.body(kind, inputs))
        if live is not None and is_going(live):
            seconds = directives.timeout_seconds(inputs, timeout_seconds, DEFAULT_TIMEOUT_SECONDS)
            wait_until_gone(live, kind, self._cluster, self._patience(resource, seconds))

    def _await_ready(
        self,
        resource: Resource,
        kind: Kind,
        inputs: Properties,
        live: Object,
        manager: str,
        timeout_seconds: float,
    ) -> Object:
        """The object once it is ready; whatever happens meanwhile, what was written is kept."""
        rule = awaited(kind)
        if rule is None or directives.is_true(inputs.value, directives.SKIP_AWAIT):
            return live
        seconds = directives.timeout_seconds(inputs.value, timeout_seconds, rule.timeout_seconds)
        patience = self._patience(resource, seconds)
        try:
            ready = wait_until_ready(live, kind, rule.make_rule(), self._cluster, patience)
        except PluginError as error:
            last = error.live if isinstance(error, NotReady) else live
            reasons = error.reasons if isinstance(error, NotReady) else [str(error)]
            state = state_of(kind, last, inputs, manager)
            raise InitFailed(object_id(last), state, reasons) from error
        self._log.status(resource.urn, Severity.INFO, "")
        return ready

    def _refuse_unready(self, kind: Kind, live: Object, result: Live) -> None:
        if is_going(live):
            reasons = ["somebody deleted it, and it is on its way out"]
            raise InitFailed(result.identifier, result.outputs, reasons, result.inputs)
        rule = awaited(kind)
        if rule is None or rule.make_glance is None:
            return
        if directives.is_true(result.inputs.value, directives.SKIP_AWAIT):
            return
        readiness = rule.make_glance()(live, self._cluster)
        if not readiness.ready:
            reasons = list(readiness.problems) or [readiness.doing]
            raise InitFailed(result.identifier, result.outputs, reasons, result.inputs)

    def _patience(self, resource: Resource, timeout_seconds: float) -> Patience:
        """Progress is shown when it changes, not at every look."""
        shown: list[str] = []

        def progress(text: str) -> None:
            if shown[-1:] != [text]:
                shown[:] = [text]
                self._log.status(resource.urn, Severity.INFO, text)

        return Patience(timeout_seconds, self._cancelled, progress)
