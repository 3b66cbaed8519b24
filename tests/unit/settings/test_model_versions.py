"""infra/settings/model_versions.py: labels of versions, and batching."""

import pytest

from infra.settings.errors import SettingsError
from infra.settings.model_versions import ModelVersions
from tests.unit.harness import local_settings, run_program


def with_model(**settings: object) -> dict[str, object]:
    values = local_settings()
    values["models"][0] |= settings
    return values


class TestLabels:
    """A label names a version; without one the newest answers."""

    def test_none_by_default(self) -> None:
        assert ModelVersions().labels == {}

    def test_given_ones(self) -> None:
        assert ModelVersions(stable=7, canary=8).labels == {"stable": 7, "canary": 8}

    @pytest.mark.parametrize(
        ("versions", "reason"),
        [
            ({"canary": 8}, "needs a stable version beside it"),
            ({"stable": 7, "canaryPercent": 5}, "needs a version that gets the share"),
            ({"stable": 7, "canary": 8, "canaryPercent": 101}, "less than or equal to 100"),
            ({"stable": 0}, "greater than or equal to 1"),
            ({"stable": "v7"}, "valid integer"),
            ({"newest": 7}, "newest"),
        ],
    )
    def test_wrong_ones_touch_nothing(self, versions: dict[str, object], reason: str) -> None:
        with pytest.raises(SettingsError, match=reason):
            run_program(with_model(versions=versions))

    def test_moving_a_label_restarts_nothing(self) -> None:
        """The ConfigMap changes, which the server and sync read anew, and no pod template does."""
        before, after = (
            {
                (each.kind, each.object_name): each.inputs
                for each in run_program(with_model(versions=versions)).manifests
            }
            for versions in ({"stable": 1, "canary": 2}, {"stable": 2})
        )
        changed = {each for each in before | after if before.get(each) != after.get(each)}
        assert changed == {("ConfigMap", "model-digits-config")}

    def test_the_gateway_asks_for_stable(self) -> None:
        def label(settings: dict[str, object]) -> str:
            [value] = [
                one.inputs["data"]["GATEWAY_MODEL_VERSION_LABEL"]
                for one in run_program(settings).all("ConfigMap")
                if "GATEWAY_MODEL_VERSION_LABEL" in one.inputs["data"]
            ]
            return str(value)

        assert label(with_model(versions={"stable": 7})) == "stable"
        assert label(with_model()) == ""


class TestBatching:
    """Rules over several fields."""

    @pytest.mark.parametrize("sizes", [[1, 8, 8, 32], [8, 1, 32], [1, 8]])
    def test_sizes_rise_to_the_largest(self, sizes: list[int]) -> None:
        with pytest.raises(SettingsError, match=r"must rise, and end with maxBatchSize \(32\)"):
            run_program(with_model(batching={"maxBatchSize": 32, "allowedBatchSizes": sizes}))

    def test_all_given(self) -> None:
        run_program(with_model(batching={"maxBatchSize": 8, "allowedBatchSizes": [1, 8]}))
