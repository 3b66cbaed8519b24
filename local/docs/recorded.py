"""The program of a stack as the engine would see it, run against mocks: no cluster, no account."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.unit.harness import Program


def recorded(stack: str) -> Program:
    """All that a committed stack registers, in a second or two."""
    # The specifications' own recorder: what they look at is what is drawn. Only here, so that no
    # other verb loads it.
    from tests.unit.harness import run_program, stack_settings

    return run_program(stack_settings(stack), stack=stack)
