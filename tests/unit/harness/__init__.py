"""Runs the program, or one component, against mocks; keeps all that it asked the engine for."""

from tests.unit.harness.program import Program, Registration, containers_of
from tests.unit.harness.running import run_component, run_example, run_program
from tests.unit.harness.settings import (
    ADMIN,
    API_KEY,
    OBJECT_STORE_KEY,
    PROJECT,
    PROJECT_FOLDER,
    STACKS,
    Settings,
    aws_settings,
    bare_settings,
    local_settings,
    project_file,
    settings_without_bucket,
    stack_file,
    stack_settings,
)

__all__ = [
    "ADMIN",
    "API_KEY",
    "OBJECT_STORE_KEY",
    "PROJECT",
    "PROJECT_FOLDER",
    "STACKS",
    "Program",
    "Registration",
    "Settings",
    "aws_settings",
    "bare_settings",
    "containers_of",
    "local_settings",
    "project_file",
    "run_component",
    "run_example",
    "run_program",
    "settings_without_bucket",
    "stack_file",
    "stack_settings",
]
