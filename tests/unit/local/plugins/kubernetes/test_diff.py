"""Which changes there are between two versions of the inputs, and which make a new object."""

from __future__ import annotations

from typing import Any

import pytest

from local.plugins.kubernetes.diff import difference
from local.plugins.kubernetes.kinds import Kind
from local.plugins.kubernetes.settings import ProviderSettings
from local.plugins.shared.comparison import ChangeKind, render_path
from local.plugins.shared.values import UNKNOWN, Path

CONFIG_MAP = Kind("", "v1", "ConfigMap")
SECRET = Kind("", "v1", "Secret")
DEPLOYMENT = Kind("apps", "v1", "Deployment")
STATEFUL_SET = Kind("apps", "v1", "StatefulSet")
METADATA = {"name": "x", "namespace": "here"}
MUTABLE = ProviderSettings(config_map_mutable=True, secret_mutable=True)


def changed(
    old: dict[str, Any], new: dict[str, Any], kind: Kind = DEPLOYMENT
) -> dict[Path, ChangeKind]:
    found = difference(old, new, kind, namespaced=True, settings=ProviderSettings())
    return {change.path: change.kind for change in found.changes}


def replaced(
    old: dict[str, Any],
    new: dict[str, Any],
    kind: Kind,
    settings: ProviderSettings | None = None,
) -> tuple[set[str], bool]:
    """Paths that replace, and whether the old object goes first."""
    old, new = {"metadata": METADATA, **old}, {"metadata": METADATA, **new}
    found = difference(old, new, kind, namespaced=True, settings=settings or ProviderSettings())
    paths = {render_path(change.path) for change in found.changes if change.replaces}
    return paths, found.delete_first


class TestChanges:
    """Exactly what differs is a change."""

    def test_each_property_is_told_by_its_path(self) -> None:
        old = {"spec": {"a": 1, "b": 2, "list": [1, 2]}}
        new = {"spec": {"a": 9, "c": 3, "list": [1, 5, 6]}}
        assert changed(old, new) == {
            ("spec", "a"): ChangeKind.UPDATE,
            ("spec", "b"): ChangeKind.DELETE,
            ("spec", "c"): ChangeKind.ADD,
            ("spec", "list", 1): ChangeKind.UPDATE,
            ("spec", "list", 2): ChangeKind.ADD,
        }

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ({"a": 1}, {"a": 1.0}),
            ({"a": None}, {}),
            ({"a": {"b": None}}, {"a": {}}),
            ({"metadata": {"name": "x"}}, {"metadata": {"name": "x", "namespace": "default"}}),
        ],
    )
    def test_what_means_the_same_is_no_change(
        self, old: dict[str, Any], new: dict[str, Any]
    ) -> None:
        assert changed(old, new) == {}

    def test_true_isnt_one(self) -> None:
        assert changed({"a": 1}, {"a": True}) == {("a",): ChangeKind.UPDATE}

    def test_an_empty_selector_isnt_a_missing_one(self) -> None:
        assert changed({}, {"spec": {}}) == {("spec",): ChangeKind.ADD}

    def test_an_unknown_may_be_a_change(self) -> None:
        assert changed({"a": "x"}, {"a": UNKNOWN}) == {("a",): ChangeKind.UPDATE}

    def test_the_namespace_of_a_kind_without_one_doesnt_count(self) -> None:
        old, new = {"metadata": METADATA}, {"metadata": {"name": "x"}}
        kind = Kind("engine.example", "v1", "Widget")
        settings = ProviderSettings()
        assert difference(old, new, kind, namespaced=False, settings=settings).changes == ()


class TestReplacement:
    """What the API server would refuse to change makes a new object, as in the genuine plugin."""

    def test_its_paths_are_told(self) -> None:
        old, new = {"spec": {"serviceName": "a"}}, {"spec": {"serviceName": "b"}}
        assert replaced(old, new, STATEFUL_SET)[0] == {"spec.serviceName"}

    def test_other_fields_are_updated(self) -> None:
        old, new = {"spec": {"replicas": 1}}, {"spec": {"replicas": 2}}
        assert replaced(old, new, STATEFUL_SET) == (set(), False)

    def test_another_group_or_kind_is_another_object(self) -> None:
        old, new = {"apiVersion": "extensions/v1"}, {"apiVersion": "apps/v1"}
        assert replaced(old, new, DEPLOYMENT)[0] == {"apiVersion"}

    def test_another_version_is_the_same_object(self) -> None:
        old, new = {"apiVersion": "autoscaling/v1"}, {"apiVersion": "autoscaling/v2"}
        kind = Kind("autoscaling", "v2", "HorizontalPodAutoscaler")
        assert replaced(old, new, kind) == (set(), False)

    @pytest.mark.parametrize("kind", [CONFIG_MAP, SECRET])
    def test_data_replaces_unless_declared_mutable(self, kind: Kind) -> None:
        old, new = {"data": {"a": "1"}}, {"data": {"a": "2"}}
        assert replaced(old, new, kind)[0] == {"data.a"}
        assert replaced(old, new, kind, MUTABLE)[0] == set()
        immutable = {"immutable": True}
        assert replaced(old | immutable, new | immutable, kind, MUTABLE)[0] == {"data.a"}


class TestOrder:
    """The old object goes first only where the new one needs its very name."""

    def test_a_fixed_name_is_freed_first(self) -> None:
        assert replaced({"data": {"a": "1"}}, {"data": {"a": "2"}}, CONFIG_MAP)[1]

    @pytest.mark.parametrize("metadata", [{"name": "y", "namespace": "here"}, {"name": "x"}])
    def test_a_new_name_or_namespace_leaves_it_for_last(self, metadata: dict[str, str]) -> None:
        paths, delete_first = replaced({}, {"metadata": metadata}, CONFIG_MAP)
        assert paths
        assert not delete_first

    def test_an_auto_named_object_is_made_beside_it(self) -> None:
        metadata = METADATA | {"annotations": {"pulumi.com/autonamed": "true"}}
        old = {"metadata": metadata, "data": {"a": "1"}}
        new = {"metadata": metadata, "data": {"a": "2"}}
        assert replaced(old, new, CONFIG_MAP) == ({"data.a"}, False)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (("spec", "ports", 0, "name"), "spec.ports[0].name"),
        (("data", "a.b"), 'data["a.b"]'),
        (("data", 'quo"te'), 'data["quo\\"te"]'),
    ],
)
def test_paths_are_in_the_engines_notation(path: Path, text: str) -> None:
    assert render_path(path) == text
