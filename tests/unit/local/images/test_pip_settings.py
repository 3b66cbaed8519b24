"""Builds see the machine's pip settings, but none of its paths."""

from __future__ import annotations

from local.images.pip_settings import parse


def test_options_of_all_sections_become_one_set() -> None:
    listed = "global.index-url='https://packages.example/simple'\ninstall.timeout='60'\n"
    assert parse(listed) == {"index-url": "https://packages.example/simple", "timeout": "60"}


def test_the_environment_wins_over_files() -> None:
    listed = ":env:.timeout='180'\nglobal.timeout='60'\n"
    assert parse(listed) == {"timeout": "180"}


def test_folders_of_the_machine_are_left_out() -> None:
    assert parse(":env:.find-links='/opt/wheels'\nglobal.cache-dir='/var/cache'\n") == {}


def test_a_list_stays_one_option_of_several_lines() -> None:
    settings = parse("global.extra-index-url='https://a.example\\nhttps://b.example'\n")
    assert settings == {"extra-index-url": "https://a.example\n    https://b.example"}
