"""infra/settings/shapes.py: defaults of what the settings may leave out."""

from infra.settings.shapes import ComputeQuantities, Resources, Scaling


class TestScaling:
    """Two replicas survive the loss of one; ten are the most; memory is left out."""

    def test_defaults(self) -> None:
        scaling = Scaling()
        assert (scaling.min_replicas, scaling.max_replicas) == (2, 10)
        assert scaling.cpu_target_percent == 70
        assert scaling.memory_target_percent is None


class TestResources:
    """A limit may equal its request."""

    def test_equal(self) -> None:
        same = ComputeQuantities(cpu="1", memory="1Gi")
        assert Resources(requests=same, limits=same).limits == same
