"""Property values survive the way through the wire format."""

from __future__ import annotations

import pytest
from google.protobuf import json_format, struct_pb2

from local.plugins.shared.values import (
    SECRET_SIGNATURE,
    SIGNATURE_KEY,
    UNKNOWN,
    UNKNOWN_MARKERS,
    UNKNOWN_STRING,
    Properties,
    at,
    decode,
    encode,
    has_unknown,
    leaves,
    without_nulls,
)


def struct_of(value: dict[str, object]) -> struct_pb2.Struct:
    return json_format.ParseDict(value, struct_pb2.Struct())


def secret(value: object) -> dict[str, object]:
    return {SIGNATURE_KEY: SECRET_SIGNATURE, "value": value}


class TestDecode:
    """A manifest is plain Python; what is special about it stands beside it."""

    def test_whole_numbers_become_ints_and_others_stay(self) -> None:
        value = decode(struct_of({"replicas": 3, "share": 0.5})).value
        assert value == {"replicas": 3, "share": 0.5}
        assert isinstance(value["replicas"], int)

    def test_booleans_arent_numbers(self) -> None:
        assert decode(struct_of({"on": True})).value["on"] is True

    @pytest.mark.parametrize("marker", sorted(UNKNOWN_MARKERS))
    def test_every_marker_of_the_engine_means_unknown(self, marker: str) -> None:
        assert decode(struct_of({"name": marker})).value == {"name": UNKNOWN}

    def test_secrets_are_unwrapped_and_their_paths_kept(self) -> None:
        found = decode(struct_of({"data": {"key": secret("k")}, "list": ["a", secret({"b": 1})]}))
        assert found.value == {"data": {"key": "k"}, "list": ["a", {"b": 1}]}
        assert found.secrets == {("data", "key"), ("list", 1)}


class TestEncode:
    """What was read can be written again, without loss."""

    def test_a_bag_comes_back_as_it_was(self) -> None:
        bag = Properties(
            {"a": [1, 2.5, None, True, {"b": "c"}], "d": UNKNOWN},
            frozenset({("a", 4), ("a", 4, "b")}),
        )
        assert decode(encode(bag)) == bag

    def test_unknown_is_the_engines_marker(self) -> None:
        assert encode(Properties({"a": UNKNOWN})).fields["a"].string_value == UNKNOWN_STRING

    def test_a_secret_path_without_a_value_is_left_out(self) -> None:
        assert encode(Properties({"a": 1}, frozenset({("b",)}))) == struct_of({"a": 1})

    def test_what_has_no_wire_format_is_an_error(self) -> None:
        with pytest.raises(TypeError, match="set"):
            encode(Properties({"a": {1}}))


class TestLooking:
    """Manifests are looked into without a word about missing steps."""

    def test_a_missing_step_is_none(self) -> None:
        value = {"a": [{"b": 1}]}
        assert at(value, "a", 0, "b") == 1
        assert at(value, "a", 1, "b") is None
        assert at(value, "a", "b") is None
        assert at(None, "a") is None

    def test_leaves_have_their_paths(self) -> None:
        assert list(leaves({"a": [1, {"b": 2}]})) == [(("a", 0), 1), (("a", 1, "b"), 2)]

    def test_unknowns_are_found_at_any_depth(self) -> None:
        assert has_unknown({"a": [{"b": UNKNOWN}]})
        assert not has_unknown({"a": [{"b": "c"}]})

    def test_nulls_are_dropped_from_objects_only(self) -> None:
        assert without_nulls({"a": None, "b": [{"c": None}, None]}) == {"b": [{}, None]}
