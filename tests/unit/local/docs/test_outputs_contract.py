"""local/docs/outputs_contract.py: what was promised of the outputs is kept."""

import copy
import json
from dataclasses import dataclass
from typing import Annotated, Any

import jsonschema
import pulumi
import pytest

from infra.outputs import RENAMED, Renamed
from infra.release import RELEASE
from local.docs.outputs_contract import (
    RECORD,
    broken_promises,
    expired,
    outputs_schema,
    recorded_schema,
)
from tests.unit.harness import Program

RENAME = Renamed(old="url", new="gateway_url", release="0.2.0")


def recorded() -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(RECORD.read_text())
    return schema


class TestThisCheckout:
    """The recorded contract, against the program as it is."""

    def test_nothing_recorded_was_dropped_or_retyped(self) -> None:
        assert broken_promises(recorded(), outputs_schema(), RELEASE) == []

    def test_no_earlier_name_outlives_its_release(self) -> None:
        assert expired(RENAMED, RELEASE) == []

    def test_what_was_added_is_recorded(self) -> None:
        assert RECORD.read_text() == recorded_schema(), "run `make docs`"

    @pytest.mark.parametrize("stack", ["local", "dev", "prod"])
    def test_every_stack_keeps_it(self, stack: str, request: pytest.FixtureRequest) -> None:
        program: Program = request.getfixturevalue(stack)
        jsonschema.validate(program.outputs, recorded())


class TestBrokenPromises:
    """Additions pass; what a reader would miss is named."""

    def test_an_added_output_breaks_nothing(self) -> None:
        earlier = recorded()
        del earlier["properties"]["gateway_url"]
        earlier["required"].remove("gateway_url")
        assert broken_promises(earlier, outputs_schema(), RELEASE) == []

    def test_a_removed_output(self) -> None:
        now = outputs_schema()
        del now["properties"]["gateway_url"]
        [line] = broken_promises(recorded(), now, RELEASE)
        assert "gateway_url: is gone" in line

    def test_a_retyped_output(self) -> None:
        @dataclass
        class Retyped:
            namespace: Annotated[pulumi.Input[int], "A number."]

        earlier = copy.deepcopy(recorded())
        earlier["properties"] = {"namespace": earlier["properties"]["namespace"]}
        [line] = broken_promises(earlier, outputs_schema(Retyped, ()), RELEASE)
        assert "namespace: is integer, and was string" in line

    def test_an_output_that_is_not_always_there_any_more(self) -> None:
        now = outputs_schema()
        now["required"].remove("namespace")
        [line] = broken_promises(recorded(), now, RELEASE)
        assert "namespace: may be missing" in line


class TestRename:
    """The old name stays for one release: its own and the fixes to it."""

    def before(self) -> dict[str, Any]:
        schema = outputs_schema()
        schema["properties"]["url"] = schema["properties"].pop("gateway_url")
        schema["required"] = list(schema["properties"])
        return schema

    def test_with_its_earlier_name_kept_it_breaks_nothing(self) -> None:
        now = outputs_schema(renamed=(RENAME,))
        assert broken_promises(self.before(), now, "0.2.0") == []
        assert now["properties"]["url"]["deprecated"] is True
        assert "url" in now["required"]

    def test_without_it_is_a_removal(self) -> None:
        [line] = broken_promises(self.before(), outputs_schema(renamed=()), "0.2.0")
        assert "url: is gone" in line

    @pytest.mark.parametrize(
        ("release", "is_kept"),
        [("0.2.0", True), ("0.2.1", True), ("0.3.0", False), ("1.0.0", False)],
    )
    def test_it_expires_with_the_next_release(self, release: str, is_kept: bool) -> None:
        assert (expired((RENAME,), release) == []) is is_kept

    def test_the_message_says_what_to_do(self) -> None:
        [line] = expired((RENAME,), "0.3.0")
        assert line == ("  url: was kept until 0.2.0, and this is 0.3.0; take it out of RENAMED")

    def test_once_expired_it_may_go_and_not_before(self) -> None:
        earlier = outputs_schema(renamed=(RENAME,))
        now = outputs_schema(renamed=())
        assert broken_promises(earlier, now, "0.3.0") == []
        assert broken_promises(earlier, now, "0.2.1") != []
