"""The engine is killed, as by the kernel, at points all over up, update and destroy.

The next run finds out what was done, finishes it, and leaves nothing behind and nothing twice.
"""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

import pytest
from kubernetes import client, config

from tests.conftest import Cluster
from tests.engine.api_proxy import ApiProxy
from tests.engine.killing import Point, kill_at
from tests.engine.small_stack import KEY, SmallStack
from tests.fault_table import matches

# What each does: the version before (0: no stack), and the one to come.
OPERATIONS = (("up", 0, 1), ("update", 1, 2), ("destroy", 2, 0))
UNCHANGED = {"same": 6}  # the stack, its provider, four objects
# Of each namespace, not of ours.
CLUSTERS_OWN = "kube-root-ca.crt"

AT_UP = (
    Point("asked", "PATCH settings"),  # before any object
    Point("answered", "PATCH settings"),
    Point("noted", "settings"),
    Point("answered", "PATCH notes"),
    Point("answered", "PATCH model"),
    Point("asked", "GET model", after="PATCH model"),  # it is awaited
    Point("ending"),
)
AT_UPDATE = (
    Point("asked", "DELETE settings"),
    Point("answered", "DELETE settings"),
    Point("asked", "PATCH settings"),  # the old one is gone, the new one isn't there
    Point("answered", "PATCH settings"),
    Point("answered", "PATCH notes"),  # the new one is there beside the old one
    Point("answered", "PATCH keys"),
    Point("asked", "GET model", after="PATCH model"),
    Point("asked", "DELETE notes"),
    Point("answered", "DELETE notes"),
)
AT_DESTROY = (
    Point("asked", "DELETE model"),
    Point("answered", "DELETE model"),
    Point("forgotten", "model"),
    Point("answered", "DELETE notes"),
    Point("answered", "DELETE settings"),
    Point("forgotten", "settings"),
)


@dataclass
class Life:
    """The stack, and the cluster as it is seen without Pulumi.

    `version` is what both are known to be at: 0 for nothing at all, None after a failure.
    """

    stack: SmallStack
    proxy: ApiProxy
    core: Any
    apps: Any
    version: int | None = None

    def bring_to(self, version: int) -> None:
        """By a run that nobody disturbs; 0 destroys."""
        if version != self.version:
            self.run(version)

    def run(self, version: int) -> None:
        """`up` to the version, or `destroy` for 0; everything is right afterwards."""
        self.version = None
        self.stack.run(version)
        if version:
            self.assert_is(version)
            assert self.stack.run(version) == UNCHANGED
        else:
            self.assert_gone()
        self.version = version

    def kill(self, point: Point, version: int, **how: Any) -> None:
        """The same, but the engine is killed at the point."""
        self.version = None
        shown = kill_at(point, self.stack, version, self.proxy, **how)
        assert matches("engine killed", shown), shown

    def assert_is(self, version: int) -> None:
        """Each object of the program is there once, state and cluster agree, nothing is open."""
        text, namespace = f"version {version}", self.stack.namespace
        config_maps = {
            each.metadata.name: each.data
            for each in self.core.list_namespaced_config_map(namespace).items
            if each.metadata.name != CLUSTERS_OWN
        }
        [notes] = set(config_maps) - {"settings"}
        assert config_maps == {"settings": {"text": text}, notes: {"text": text}}
        [keys] = self.core.list_namespaced_secret(namespace).items
        assert keys.metadata.annotations["text"] == text
        assert base64.b64decode(keys.data["key"]).decode() == KEY
        [model] = self.apps.list_namespaced_stateful_set(namespace).items
        assert model.spec.template.metadata.annotations == {"text": text}
        assert self.stack.ids() == {
            "ConfigMap settings": [f"{namespace}/settings"],
            "ConfigMap notes": [f"{namespace}/{notes}"],
            "Secret keys": [f"{namespace}/keys"],
            "StatefulSet model": [f"{namespace}/model"],
        }
        self._assert_settled()

    def assert_gone(self) -> None:
        namespace = self.stack.namespace
        [own] = self.core.list_namespaced_config_map(namespace).items
        assert own.metadata.name == CLUSTERS_OWN
        assert self.core.list_namespaced_secret(namespace).items == []
        assert self.apps.list_namespaced_stateful_set(namespace).items == []
        assert self.stack.state().get("resources") is None
        self._assert_settled()

    def _assert_settled(self) -> None:
        state = self.stack.state()
        assert "pending_operations" not in state
        for each in state.get("resources") or []:
            assert not each.keys() & {"initErrors", "delete", "pendingReplacement"}, each["urn"]
            assert not each.get("refreshBeforeUpdate")
        assert KEY not in json.dumps(state)
        assert self.stack.locks() == []
        assert self.stack.processes() == []


@pytest.fixture(scope="module")
def life(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Life]:
    """One stack that goes from kill to kill; each test sets up what it needs on it."""
    api = config.new_client_from_config(str(cluster.kubeconfig))  # type: ignore[no-untyped-call]
    core: Any = client.CoreV1Api(api)
    namespace = f"killed-{uuid.uuid4().hex[:8]}"
    core.create_namespace(client.V1Namespace(metadata=client.V1ObjectMeta(name=namespace)))
    folder = tmp_path_factory.mktemp("killed")
    with ApiProxy(cluster.kubeconfig).serving() as proxy:
        kubeconfig = folder / "kubeconfig"
        kubeconfig.write_text(proxy.kubeconfig)
        stack = SmallStack(folder, kubeconfig, namespace, cluster.pulumi)
        yield Life(stack, proxy, core, client.AppsV1Api(api))
    core.delete_namespace(namespace)


def in_turn() -> Iterator[Any]:
    """The points of up, update, destroy, up, … : each finds the stack as the one before left it."""
    for points in zip_longest(AT_UP, AT_UPDATE, AT_DESTROY):
        for (name, before, after), point in zip(OPERATIONS, points, strict=True):
            if point is not None:
                yield pytest.param(before, after, point, id=f"{name}: {point}")


@pytest.mark.parametrize(("before", "after", "point"), list(in_turn()))
def test_the_next_run_finishes_it(life: Life, before: int, after: int, point: Point) -> None:
    life.bring_to(before)
    life.kill(point, after)
    life.run(after)


class TestTheNextRunIsAnother:
    """What was half done for one program is right for the next one, too."""

    def test_a_change_is_taken_back(self, life: Life) -> None:
        life.bring_to(1)
        life.kill(Point("answered", "PATCH keys"), 2)
        life.run(1)

    def test_a_deletion_is_taken_back(self, life: Life) -> None:
        life.bring_to(1)
        life.kill(Point("answered", "DELETE model"), 0)
        life.run(1)

    def test_a_half_replaced_stack_is_destroyed(self, life: Life) -> None:
        life.bring_to(1)
        life.kill(Point("answered", "PATCH notes"), 2)
        life.run(0)

    def test_a_half_made_stack_is_destroyed(self, life: Life) -> None:
        life.bring_to(0)
        life.kill(Point("answered", "PATCH notes"), 1)
        life.run(0)


def test_a_plugin_that_outlives_its_engine_writes_nothing_more(life: Life) -> None:
    life.bring_to(0)
    life.kill(Point("asked", "PATCH notes"), 1, plugins_too=False)
    life.run(1)


class TestTheStateInTheWriting:
    """Killed while it wrote its state, which takes it a moment that the points above don't hit."""

    def test_its_attributes_are_empty(self, life: Life) -> None:
        life.bring_to(1)
        checkpoint = life.stack.checkpoint
        checkpoint.with_name(f"{checkpoint.name}.attrs").write_text("")
        unfinished = checkpoint.with_name(f"{checkpoint.name}.18eb768822ca6730.tmp")
        unfinished.write_text(checkpoint.read_text()[:100])
        life.run(2)
        assert not unfinished.exists()

    def test_half_of_it_is_on_disk(self, life: Life) -> None:
        life.bring_to(1)
        life.stack.checkpoint.write_text("")
        life.run(2)
