"""Names and namespaces that the program leaves open."""

from __future__ import annotations

from typing import Any

import pytest

from local.plugins.kubernetes.naming import assign_name, assign_namespace
from local.plugins.shared.errors import BadInput
from local.plugins.shared.values import UNKNOWN

AUTONAMED = {"pulumi.com/autonamed": "true"}


def named(
    inputs: dict[str, Any],
    old: dict[str, Any] | None = None,
    seed: bytes = b"1",
    proposed: str | None = None,
) -> Any:
    assign_name(inputs, old or {}, "web", seed, proposed)
    return inputs["metadata"]


class TestNames:
    """A given name stands; a missing one is made once and then kept."""

    @pytest.mark.parametrize("name", ["mine", UNKNOWN])
    def test_a_given_name_stands(self, name: Any) -> None:
        assert named({"metadata": {"name": name}}) == {"name": name}

    def test_a_missing_one_comes_from_the_resources_name_and_the_seed(self) -> None:
        first, again, other = named({}), named({}), named({}, seed=b"2")
        assert first["name"].startswith("web-")
        assert first == again
        assert first["name"] != other["name"]
        assert first["annotations"] == AUTONAMED

    def test_an_auto_named_object_keeps_its_name(self) -> None:
        old = {"metadata": {"name": "web-1", "annotations": AUTONAMED}}
        assert named({}, old)["name"] == "web-1"

    def test_a_name_that_was_given_before_isnt_kept(self) -> None:
        assert named({}, {"metadata": {"name": "mine"}})["name"].startswith("web-")

    def test_the_engines_own_naming_wins(self) -> None:
        assert named({}, proposed="proposed")["name"] == "proposed"
        with pytest.raises(BadInput, match="autonaming is switched off"):
            named({}, proposed="")

    def test_names_made_by_the_server_are_refused(self) -> None:
        with pytest.raises(BadInput, match="generateName"):
            named({"metadata": {"generateName": "web-"}})


@pytest.mark.parametrize(
    ("namespaced", "given", "expected"),
    [
        (True, {}, {"namespace": "home"}),
        (True, {"namespace": "mine"}, {"namespace": "mine"}),
        (False, {"namespace": "mine"}, {}),
    ],
)
def test_namespaces(namespaced: bool, given: dict[str, str], expected: dict[str, str]) -> None:
    inputs = {"metadata": given}
    assign_namespace(inputs, namespaced, "home")
    assert inputs["metadata"] == expected
