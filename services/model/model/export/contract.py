"""What a version promises its callers, as a file that a stack's preview compares.

`assets.extra/contract.json` travels with the version. Kept beside a stack's settings as
`<version>.json` it tells before a deployment what a new version changes (infra/model_contract.py).
"""

import json
from pathlib import Path

from model.export.savedmodel import Served
from model.export.writing import writing_to

FILE = Path("assets.extra") / "contract.json"
ANY = -1


def write_contract(
    folder: Path, *, version: int, served: Served, labels: tuple[str, ...], max_batch: int
) -> None:
    """Write it beside the finished files of a version, whose bytes it counts.

    Raises:
        ExportError: `folder` can't be written.
    """
    files = [file for file in folder.rglob("*") if file.is_file()]
    contract = {
        "version": version,
        "inputs": {served.input: {"dtype": served.dtype, "shape": [ANY, *served.picture_shape]}},
        "classes": list(labels),
        "bytes": sum(file.stat().st_size for file in files),
        "maxBatch": max_batch,
    }
    with writing_to(folder):
        (folder / FILE).parent.mkdir(exist_ok=True)
        (folder / FILE).write_text(json.dumps(contract, indent=2) + "\n")
