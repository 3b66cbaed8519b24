"""A model that serves goes on serving while its versions change."""

from model.server.policy import Load, Unload, next_action

NONE: set[int] = set()


def test_the_highest_version_is_loaded_first() -> None:
    assert next_action(wanted={1, 2}, serving=NONE, waiting=NONE) == Load(2)


def test_a_new_version_is_loaded_before_the_old_one_goes() -> None:
    assert next_action(wanted={2}, serving={1}, waiting=NONE) == Load(2)
    assert next_action(wanted={2}, serving={1, 2}, waiting=NONE) == Unload(1)


def test_the_old_version_stays_while_the_new_one_fails() -> None:
    assert next_action(wanted={2}, serving={1}, waiting={2}) is None


def test_of_two_old_versions_the_lower_goes_at_once() -> None:
    assert next_action(wanted={3}, serving={1, 2}, waiting=NONE) == Unload(1)


def test_everything_goes_when_nothing_is_wanted() -> None:
    assert next_action(wanted=NONE, serving={1}, waiting=NONE) == Unload(1)


def test_nothing_is_left_to_do() -> None:
    assert next_action(wanted={1, 2}, serving={1, 2}, waiting=NONE) is None
