"""What a version of a model promises its callers, and what a change of version does to them.

`model export` writes a contract beside each version; a stack that keeps them in a folder is told
at each preview what a new version changes, and whether it fits.
"""

import json
import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from infra.settings.model_versions import Version
from infra.settings.shapes import STRICT
from infra.settings.types import PROJECT_FOLDER, memory_bytes

MIB = 2**20
EXPORTED_AS = "assets.extra/contract.json"
# What the server takes in memory without a model; what a model takes for each byte of its files
# (weights, and what the runtime works out of them); and for each number of an input, while the
# largest batch is on its way through the layers. Measured with Xception on TensorFlow 2.21, CPU.
SERVER_BYTES = 400 * MIB
LOADED_PER_FILE_BYTE = 1.4
RUN_PER_INPUT_NUMBER_BYTES = 128
_SHOWN_CLASSES = 5


@dataclass(frozen=True, kw_only=True, config=STRICT)
class TensorContract:
    """dtype as TensorFlow calls it (`uint8`); a dimension of any size is -1."""

    dtype: str
    shape: tuple[int, ...]

    def __str__(self) -> str:
        sizes = ", ".join("?" if size < 0 else str(size) for size in self.shape)
        return f"{self.dtype} [{sizes}]"


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Contract:
    """One version: its inputs by name, its classes in order, and the bytes of its files.

    max_batch: the largest of its warm-up requests.
    """

    version: Version
    inputs: dict[str, TensorContract]
    classes: tuple[str, ...]
    bytes: Annotated[int, Field(ge=1)]
    max_batch: Annotated[int, Field(ge=1)]

    @property
    def largest_run_bytes(self) -> int:
        """Of memory, for one run of the largest batch."""
        numbers = sum(math.prod(map(abs, tensor.shape[1:])) for tensor in self.inputs.values())
        return self.max_batch * numbers * RUN_PER_INPUT_NUMBER_BYTES


def _contracts(folder: object) -> Mapping[int, Contract]:
    """All contracts of a folder, as `<version>.json` or inside of exported versions.

    The path is absolute or from the project's folder.
    """
    if not isinstance(folder, str):
        raise ValueError("must be the path of a folder")
    if not folder:
        return {}
    path = PROJECT_FOLDER / folder
    if not path.is_dir():
        raise ValueError(f"must be a folder of contracts, <version>.json, and {path} is none")
    files = {file.stem: file for file in path.glob("*.json")}
    exported = {file.parents[1].name: file for file in path.glob(f"*/{EXPORTED_AS}")}
    contracts = [_read(version, file) for version, file in sorted((exported | files).items())]
    return {contract.version: contract for contract in contracts}


def _read(version: str, file: Path) -> Contract:
    try:
        contract = TypeAdapter(Contract).validate_python(json.loads(file.read_bytes()))
    except (ValueError, ValidationError) as error:
        problem = str(error).splitlines()[0]
        raise ValueError(f"{file} is no contract that `model export` wrote ({problem})") from error
    if version != str(contract.version):
        raise ValueError(f"{file} is the contract of version {contract.version}")
    return contract


Contracts = Annotated[
    Mapping[int, Contract], BeforeValidator(_contracts, json_schema_input_type=str)
]


def require_fit(
    contracts: Mapping[int, Contract],
    *,
    labels: Mapping[str, int],
    keep: int,
    volume: str,
    memory: str,
    max_batch_size: int | None,
) -> None:
    """Raises ValueError where a version would not be loaded, or volume or memory are too small.

    keep: how many of the newest versions a volume has besides the labelled ones.
    volume, memory: quantities of bytes, of a replica's volume and a server's limit.
    max_batch_size: of the server's batching; None is none.
    """
    for label, version in labels.items():
        if version not in contracts:
            known = ", ".join(map(str, sorted(contracts)))
            raise ValueError(
                f"must have the contract of versions.{label} ({version}), and has those of {known}"
            )
    kept = set(sorted(contracts)[-keep:]) | set(labels.values())
    for version in sorted(kept):
        # A warm-up request that fails keeps its version from being loaded.
        if max_batch_size is not None and contracts[version].max_batch > max_batch_size:
            raise ValueError(
                f"names version {version}, whose warm-up asks for {contracts[version].max_batch} "
                f"images at once, and batching.maxBatchSize is {max_batch_size}"
            )
    _require_room("volumeSize", volume, "on the volume", _with_next(contracts, kept))
    # Without labels the server loads the newest alone, and the next one before it drops that.
    loaded = kept if labels else {max(contracts)}
    run = max(contracts[version].largest_run_bytes for version in loaded)
    needed = SERVER_BYTES + LOADED_PER_FILE_BYTE * _with_next(contracts, loaded) + run
    _require_room("resources.limits.memory", memory, "in memory with the server", needed)


def _with_next(contracts: Mapping[int, Contract], versions: Iterable[int]) -> float:
    """Bytes of these versions and of the next one, which comes before one of them goes.

    The next one is taken to be as large as the largest.
    """
    sizes = [contracts[version].bytes for version in versions]
    return sum(sizes) + max(sizes)


def _require_room(setting: str, quantity: str, where: str, needed: float) -> None:
    if needed > memory_bytes(quantity):
        raise ValueError(
            f"names versions that need {needed / MIB:.0f}Mi at once {where}, one to come "
            f"included, and {setting} is {quantity}"
        )


def change(old: Contract | None, new: Contract) -> str:
    """One line for people: what is different for callers and machines."""
    if old is None:
        inputs = ", ".join(f"{name} {tensor}" for name, tensor in new.inputs.items())
        return f"v{new.version}: {inputs}; {len(new.classes)} classes; {new.bytes / MIB:.1f} MiB"
    changes = [
        *_changed_inputs(old, new),
        *_changed_classes(old.classes, new.classes),
        f"{old.bytes / MIB:.1f} → {new.bytes / MIB:.1f} MiB",
    ]
    return f"v{old.version} → v{new.version}: {'; '.join(changes)}"


def _changed_inputs(old: Contract, new: Contract) -> list[str]:
    changes = []
    for name in sorted(old.inputs.keys() | new.inputs.keys()):
        before, after = old.inputs.get(name), new.inputs.get(name)
        if before != after:
            changes.append(f"input {name} {before or 'none'} → {after or 'none'}")
    return changes or ["same inputs"]


def _changed_classes(old: tuple[str, ...], new: tuple[str, ...]) -> list[str]:
    if old == new:
        return [f"same {len(new)} classes"]
    gone = [each for each in old if each not in new]
    added = [each for each in new if each not in old]
    if not gone and not added:
        return ["classes in another order"]
    return [
        f"classes {len(old)} → {len(new)}",
        *([f"gone: {_listed(gone)}"] if gone else []),
        *([f"new: {_listed(added)}"] if added else []),
    ]


def _listed(classes: list[str]) -> str:
    more = len(classes) - _SHOWN_CLASSES
    shown = ", ".join(classes[:_SHOWN_CLASSES])
    return f"{shown} and {more} more" if more > 0 else shown
