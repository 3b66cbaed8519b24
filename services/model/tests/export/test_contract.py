"""The contract: written last, it tells what callers may rely on and what the files weigh."""

import json

from export.conftest import ExportHere
from export.tiny_networks import HEIGHT, WIDTH, tiny_network, tiny_request
from model.export.contract import FILE


def test_it_is_in_the_version(export_here: ExportHere) -> None:
    request = tiny_request()
    folder = export_here(tiny_network(), request).folder
    contract = json.loads((folder / FILE).read_text())
    files = [each for each in folder.rglob("*") if each.is_file() and each != folder / FILE]
    assert contract == {
        "version": 1,
        "inputs": {"image": {"dtype": "uint8", "shape": [-1, HEIGHT, WIDTH, 3]}},
        "classes": list(request.labels),
        "bytes": sum(each.stat().st_size for each in files),
        "maxBatch": request.max_batch,
    }


def test_a_kept_signature_is_told_as_it_is(export_here: ExportHere) -> None:
    network = tiny_network()
    folder = export_here(network, tiny_request(keep_signature=True)).folder
    contract = json.loads((folder / FILE).read_text())
    assert contract["inputs"] == {
        network.input.name: {"dtype": "float32", "shape": [-1, HEIGHT, WIDTH, 3]}
    }
