"""local/preview_diff/property_values.py: paths, JSON inside of texts, values on one line."""

from __future__ import annotations

import json
from typing import Any

import pytest

from local.plugins.shared.comparison import render_path
from local.preview_diff.property_values import (
    MAX_CHARACTERS,
    PropertyChange,
    edited_lines,
    expanded,
    parse_path,
    shown,
)
from local.preview_diff.steps import SECRET


@pytest.mark.parametrize(
    "path",
    [
        ("spec",),
        ("spec", "ports", 0, "name"),
        ("data", "a.b"),
        ("metadata", "annotations", 'with "quotes" and ]', "x"),
        ("list", 1, 2),
        ("$ref", "under_score"),
    ],
    ids=render_path,
)
def test_a_path_is_read_as_it_is_written(path: tuple[str | int, ...]) -> None:
    assert parse_path(render_path(path)) == path


def test_another_notation_is_a_name_as_it_is() -> None:
    assert parse_path("not a path!") == ("not a path!",)


def changed(old: Any, new: Any) -> PropertyChange:
    return PropertyChange(path="policy", kind="update", old=old, new=new, replaces=True)


class TestJsonInside:
    def test_what_changed_in_it_is_told(self) -> None:
        old = json.dumps({"Statement": [{"Action": "s3:GetObject", "Effect": "Allow"}]})
        new = json.dumps({"Statement": [{"Action": "s3:*", "Effect": "Allow"}]}, indent=2)
        [found] = expanded(changed(old, new))
        assert found.path == "policy » Statement[0].Action"
        assert (found.old, found.new, found.replaces) == ("s3:GetObject", "s3:*", True)

    @pytest.mark.parametrize(
        ("old", "new"),
        [("a", "b"), ("{not json", '{"a": 1}'), (SECRET, '{"a": 1}'), ('{"a": 1}', '{"a":1}')],
    )
    def test_all_else_stays_as_it_is(self, old: str, new: str) -> None:
        assert list(expanded(changed(old, new))) == [changed(old, new)]


class TestShown:
    def test_values_are_json(self) -> None:
        assert shown({"b": [1, "x"], "a": None}) == '{"a": null, "b": [1, "x"]}'

    def test_secrets_are_a_bare_word(self) -> None:
        assert shown(SECRET) == "[secret]"

    def test_long_ones_are_cut_and_say_how_long_they_were(self) -> None:
        text = shown("x" * 1000)
        assert len(text) < MAX_CHARACTERS + 30
        assert text.endswith("… (1002 characters)")


class TestLines:
    def test_of_texts_with_several_only_those_that_differ(self) -> None:
        assert edited_lines("a\nb\nc\n", "a\nx\nc\n") == ["- b", "+ x"]

    @pytest.mark.parametrize(("old", "new"), [("a", "b"), (1, 2), (None, "a\nb")])
    def test_other_values_have_none(self, old: Any, new: Any) -> None:
        assert edited_lines(old, new) is None
