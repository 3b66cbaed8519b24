"""infra/object_store_settings.py: a store is wanted or not. Wrong ones: test_settings.py."""

from tests.unit.harness import run_program, settings_without_bucket


class TestNone:
    """Without an image there is no store, and no key is asked for."""

    def test_no_object_of_it(self) -> None:
        program = run_program(settings_without_bucket())
        assert not [one for one in program.manifests if "object-store" in one.object_name]
