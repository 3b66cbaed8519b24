"""From a folder to a version that may serve."""

import resource
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from fixture_types import AddVersion, Eventually, Serve
from model.server.batching.servable import BatchedServable
from model.server.errors import ServingError
from model.server.flags import Flags
from model.server.loader import BATCHING_FILE, VersionLoader
from model.server.serving_metrics import ServingMetrics
from model.server.warmup import REQUESTS_FILE

MIB = 2**20
SWAPS = 50
WEIGHTS_MIB = 8


def loader(**flags: str | bool) -> VersionLoader:
    return VersionLoader(Flags(**flags), ServingMetrics())  # type: ignore[arg-type]


class TestWarmUp:
    """A version whose warm-up fails doesn't load; the flag leaves it out."""

    @pytest.fixture
    def folder(self, add_version: AddVersion) -> Path:
        folder = add_version(1)
        (folder / REQUESTS_FILE).parent.mkdir(exist_ok=True)
        with tf.io.TFRecordWriter(str(folder / REQUESTS_FILE)) as writer:
            writer.write(b"\xff")
        return folder

    def test_a_failure(self, folder: Path) -> None:
        with pytest.raises(ServingError, match="Failed to parse warmup record"):
            loader()("tiny", 1, folder)

    def test_switched_off(self, folder: Path) -> None:
        loader(enable_model_warmup=False)("tiny", 1, folder).close()

    def test_the_version_before_goes_on_serving(
        self, folder: Path, serve: Serve, add_version: AddVersion, eventually: Eventually
    ) -> None:
        moved = folder.rename(folder.with_name("not-yet"))
        add_version(1)
        client = serve().client
        moved.rename(folder.with_name("2"))
        eventually(lambda: client.statuses().get(2) == "END")
        assert client.factor() == 1


class TestBatching:
    """For all versions, or for those that bring parameters of their own."""

    def test_with_the_flag(self, tiny_models: Callable[[int], Path]) -> None:
        assert isinstance(loader(enable_batching=True)("tiny", 1, tiny_models(1)), BatchedServable)

    def test_without(self, tiny_models: Callable[[int], Path]) -> None:
        assert not isinstance(loader()("tiny", 1, tiny_models(1)), BatchedServable)

    @pytest.mark.parametrize("brings_parameters", [True, False])
    def test_per_model(self, add_version: AddVersion, brings_parameters: bool) -> None:
        folder = add_version(1)
        if brings_parameters:
            (folder / BATCHING_FILE).write_text("max_batch_size { value: 3 }")
        load = loader(enable_batching=True, enable_per_model_batching_parameters=True)
        servable = load("tiny", 1, folder)
        assert isinstance(servable, BatchedServable) == brings_parameters


@pytest.mark.parametrize("batching", [False, True])
def test_memory_does_not_grow_over_many_swaps(tmp_path: Path, batching: bool) -> None:
    """Each version is loaded, answers and goes after the next one came, as in a swap."""
    write_heavy_model(tmp_path / "1")
    load = loader(enable_batching=batching)
    image = np.ones([1, 4], np.float32)
    previous = load("heavy", 0, tmp_path / "1")
    resident = []
    for version in range(1, SWAPS + 1):
        current = load("heavy", version, tmp_path / "1")
        signature = current.signatures["serving_default"]
        current.run({signature.inputs["x"].name: image}, [signature.outputs["y"].name], None)
        previous.close()
        previous = current
        resident.append(resident_mib())
    previous.close()
    settled, end = resident[SWAPS // 5], resident[-1]
    # Versions that stayed would take 40 x 8 MiB.
    assert end - settled < 2 * WEIGHTS_MIB, resident


def write_heavy_model(folder: Path) -> None:
    module = tf.Module()
    module.weights = tf.Variable(tf.ones([4, WEIGHTS_MIB * MIB // 4 // 4]))
    multiply = tf.function(
        lambda x: {"y": tf.matmul(x, module.weights)},
        input_signature=[tf.TensorSpec([None, 4], tf.float32, name="x")],
    )
    tf.saved_model.save(module, str(folder), signatures={"serving_default": multiply})


def resident_mib() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / MIB
