"""What the state holds of an object, and which inputs a refreshed object means."""

from __future__ import annotations

from typing import Any

import pytest

from local.plugins.kubernetes import outputs
from local.plugins.kubernetes.kinds import Kind
from local.plugins.shared.values import UNKNOWN

CONFIG_MAP = Kind("", "v1", "ConfigMap")
SERVICE = Kind("", "v1", "Service")
LIVE: dict[str, Any] = {
    "metadata": {
        "name": "x",
        "uid": "1-2",
        "creationTimestamp": "2026-01-01T00:00:00Z",
        "resourceVersion": "7",
        "generation": 2,
        "managedFields": [{}],
        "annotations": {"kubectl.kubernetes.io/last-applied-configuration": "{}", "a": "b"},
    },
    "status": {"phase": "Active"},
}


class TestFromLive:
    """All that a program may want, without what changes by itself."""

    def test_noise_is_dropped(self) -> None:
        assert outputs.from_live(LIVE) == {
            "metadata": {
                "name": "x",
                "uid": "1-2",
                "creationTimestamp": "2026-01-01T00:00:00Z",
                "annotations": {"a": "b"},
            },
            "status": {"phase": "Active"},
        }

    def test_the_object_itself_stays_as_it_was(self) -> None:
        outputs.from_live(LIVE)
        assert LIVE["metadata"]["resourceVersion"] == "7"


class TestPreview:
    """What a dry run makes up is unknown, what it knows is known."""

    def test_a_new_object_has_no_uid_yet(self) -> None:
        previewed = outputs.for_new(LIVE, {}, CONFIG_MAP)
        assert previewed["metadata"]["name"] == "x"
        assert previewed["metadata"]["uid"] is UNKNOWN
        assert "status" not in previewed

    def test_an_address_is_known_only_if_the_program_gives_it(self) -> None:
        live = {"metadata": {}, "spec": {"clusterIP": "10.0.0.9", "clusterIPs": ["10.0.0.9"]}}
        headless = {"spec": {"clusterIP": "None"}}
        assert outputs.for_new(live, {}, SERVICE)["spec"]["clusterIP"] is UNKNOWN
        previewed = outputs.for_new({"metadata": {}, **headless}, headless, SERVICE)
        assert previewed["spec"]["clusterIP"] == "None"

    def test_a_changed_object_keeps_its_uid(self) -> None:
        previewed = outputs.for_change({"metadata": {"name": "x"}}, LIVE)
        assert previewed["metadata"]["uid"] == "1-2"


class TestDrift:
    """Drift is what changed in the cluster, not what the server writes differently."""

    @pytest.mark.parametrize(
        ("inputs", "recorded", "live", "expected"),
        [
            pytest.param(
                {"cpu": "1000m"}, {"cpu": "1"}, {"cpu": "1"}, {"cpu": "1000m"}, id="rewritten"
            ),
            pytest.param({"a": 1}, {"a": 1}, {"a": 2}, {"a": 2}, id="changed"),
            pytest.param({"a": 1, "b": 1}, {"a": 1, "b": 1}, {"b": 1}, {"b": 1}, id="removed"),
            pytest.param(
                {"stringData": {"a": "b"}},
                {"data": {"a": "Yg=="}, "status": 1},
                {"data": {"a": "Yg=="}, "status": 2},
                {"stringData": {"a": "b"}},
                id="write-only",
            ),
            pytest.param({"a": 1}, {"a": 1}, {"a": 1, "b": 2}, {"a": 1}, id="added by others"),
            pytest.param(
                {"l": [{"a": "1000m", "b": 1}]},
                {"l": [{"a": "1", "b": 1}]},
                {"l": [{"a": "1", "b": 2}]},
                {"l": [{"a": "1000m", "b": 2}]},
                id="in a list",
            ),
            pytest.param({"l": [1]}, {"l": [1]}, {"l": [1, 2]}, {"l": [1, 2]}, id="longer list"),
        ],
    )
    def test_rules(self, inputs: Any, recorded: Any, live: Any, expected: Any) -> None:
        assert outputs.drifted(inputs, recorded, live) == expected


def test_an_imported_object_gives_what_a_program_could_say() -> None:
    assert outputs.imported(LIVE) == {"metadata": {"name": "x", "annotations": {"a": "b"}}}
