"""infra/labels.py: names, labels and selectors of the workloads."""

from infra.labels import GATEWAY, SHARED_LABELS, model_workload


class TestWorkloads:
    """Each model has pods of its own; a selector is part of the labels and stays small."""

    def test_names(self) -> None:
        assert GATEWAY.name == "gateway"
        assert model_workload("digits").name == "model-digits"

    def test_selectors_tell_models_apart(self) -> None:
        assert model_workload("digits").selector != model_workload("shoes").selector

    def test_selectors_are_part_of_the_labels(self) -> None:
        assert GATEWAY.selector.items() <= GATEWAY.labels.items()
        assert SHARED_LABELS.items() <= GATEWAY.labels.items()

    def test_selectors_hold_nothing_that_could_change(self) -> None:
        assert GATEWAY.selector.keys() == {"app.kubernetes.io/instance", "app.kubernetes.io/name"}
