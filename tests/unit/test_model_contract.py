"""infra/model_contract.py: what a version promises, whether it fits, and what a change means."""

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from infra.model_contract import Contract, TensorContract, change
from infra.settings.errors import SettingsError
from tests.unit.harness import local_settings, run_program

MIB = 2**20


def document(version: int, **other: Any) -> dict[str, Any]:
    return {
        "version": version,
        "inputs": {"image": {"dtype": "uint8", "shape": [-1, 96, 96, 3]}},
        "classes": ["cat", "dog"],
        "bytes": 40 * MIB,
        "maxBatch": 16,
    } | other


def contract(version: int, **other: Any) -> Contract:
    return TypeAdapter(Contract).validate_python(document(version, **other))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Contracts of versions 7 and 8."""
    for version in (7, 8):
        (tmp_path / f"{version}.json").write_text(json.dumps(document(version)))
    return tmp_path


def refusal(folder: Path, **settings: Any) -> str:
    values = local_settings()
    values["models"][0] |= {"contracts": str(folder)} | settings
    with pytest.raises(SettingsError) as caught:
        run_program(values)
    return str(caught.value)


def accept(folder: Path, **settings: Any) -> None:
    values = local_settings()
    values["models"][0] |= {"contracts": str(folder)} | settings
    run_program(values)


class TestFiles:
    """`<version>.json` as `model export` wrote them."""

    def test_another_version_inside(self, folder: Path) -> None:
        (folder / "9.json").write_text(json.dumps(document(8)))
        assert "9.json is the contract of version 8" in refusal(folder)

    @pytest.mark.parametrize("text", ["{", "[]", '{"version": 9}'])
    def test_something_else(self, text: str, folder: Path) -> None:
        (folder / "9.json").write_text(text)
        assert "9.json is no contract that `model export` wrote" in refusal(folder)

    def test_no_folder(self, folder: Path) -> None:
        assert "must be a folder of contracts" in refusal(folder / "missing")

    def test_an_export_is_such_a_folder_too(self, tmp_path: Path) -> None:
        exported = tmp_path / "digits" / "9" / "assets.extra" / "contract.json"
        exported.parent.mkdir(parents=True)
        exported.write_text(json.dumps(document(9)))
        accept(tmp_path / "digits", versions={"stable": 9})


class TestFit:
    """A change that doesn't fit fails before anything is touched."""

    def test_two_versions_and_the_next_one(self, folder: Path) -> None:
        versions = {"stable": 7, "canary": 8}
        assert "need 120Mi at once on the volume, one to come included" in refusal(
            folder, versions=versions, volumeSize="100Mi"
        )
        accept(folder, versions=versions, volumeSize="128Mi")

    def test_memory_during_a_swap(self, folder: Path) -> None:
        resources = {
            "requests": {"cpu": "1", "memory": "600Mi"},
            "limits": {"cpu": "1", "memory": "600Mi"},
        }
        versions = {"stable": 7, "canary": 8}
        assert "need 622Mi at once in memory with the server" in refusal(
            folder, versions=versions, resources=resources
        )
        accept(folder, resources=resources)  # without labels the newest alone is loaded

    def test_the_memory_of_the_largest_batch(self, tmp_path: Path) -> None:
        """Layers give far more numbers than their pictures have."""
        inputs = {"image": {"dtype": "uint8", "shape": [-1, 299, 299, 3]}}
        for version in (7, 8):
            text = json.dumps(document(version, inputs=inputs, bytes=85 * MIB, maxBatch=16))
            (tmp_path / f"{version}.json").write_text(text)
        resources = {
            "requests": {"cpu": "1", "memory": "1Gi"},
            "limits": {"cpu": "1", "memory": "1Gi"},
        }
        assert "need 1162Mi at once in memory" in refusal(tmp_path, resources=resources)

    def test_warm_up_requests_that_batching_would_refuse(self, folder: Path) -> None:
        """The server refuses to load a version whose warm-up fails."""
        assert "warm-up asks for 16 images at once, and batching.maxBatchSize is 8" in refusal(
            folder, batching={"maxBatchSize": 8}
        )
        accept(folder, batching={"maxBatchSize": 16})

    def test_a_label_for_a_version_that_nobody_exported(self, folder: Path) -> None:
        message = refusal(folder, versions={"stable": 7, "canary": 9})
        assert "must have the contract of versions.canary (9), and has those of 7, 8" in message


class TestChange:
    """One line says what callers and machines will notice."""

    def test_the_first_version(self) -> None:
        line = "v7: image uint8 [?, 96, 96, 3]; 2 classes; 40.0 MiB"
        assert change(None, contract(7)) == line

    def test_the_same_for_callers(self) -> None:
        assert change(contract(7), contract(8, bytes=50 * MIB)) == (
            "v7 → v8: same inputs; same 2 classes; 40.0 → 50.0 MiB"
        )

    def test_another_input(self) -> None:
        inputs = {"image": {"dtype": "uint8", "shape": [-1, 224, 224, 3]}}
        assert (
            "input image uint8 [?, 96, 96, 3] → uint8 [?, 224, 224, 3]; same 2 classes"
        ) in change(contract(7), contract(8, inputs=inputs))

    def test_other_classes(self) -> None:
        many = ["cat", *(f"breed {number}" for number in range(8))]
        assert (
            "classes 2 → 9; gone: dog; new: breed 0, breed 1, breed 2, breed 3, breed 4 and 3 more"
        ) in change(contract(7), contract(8, classes=many))

    def test_another_order(self) -> None:
        """The most treacherous one: all numbers stay the same."""
        assert "classes in another order" in change(
            contract(7), contract(8, classes=["dog", "cat"])
        )


def test_a_tensor_is_written_as_people_read_it() -> None:
    assert str(TensorContract(dtype="float32", shape=(-1, 10))) == "float32 [?, 10]"
