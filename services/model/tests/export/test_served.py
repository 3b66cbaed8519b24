"""What was exported is what the model server serves."""

import pytest
from tensorflow import make_ndarray

from export.conftest import ExportHere
from export.tiny_networks import HEIGHT, LABELS, WIDTH, tiny_network, tiny_request
from fixture_types import Serve
from model.export.pictures import made_up_pictures
from model.export.replay import replay

PICTURES = made_up_pictures(3, HEIGHT, WIDTH)


def test_both_signatures_answer_over_grpc(export_here: ExportHere, serve: Serve) -> None:
    version = export_here(tiny_network(), tiny_request())
    client = serve(model_base_path=str(version.folder.parent)).client
    answer = client.predict({"image": PICTURES})
    assert (answer.model_spec.name, answer.model_spec.version.value) == ("tiny", 1)
    assert make_ndarray(answer.outputs["scores"]) == pytest.approx(
        replay(version.folder, PICTURES), abs=1e-6
    )
    described = client.predict({"ping": [0]}, signature_name="describe")
    assert tuple(label.decode() for label in described.outputs["labels"].string_val) == LABELS


def test_compiled_code_is_served_too(export_here: ExportHere, serve: Serve) -> None:
    version = export_here(tiny_network(), tiny_request(jit_compile=True))
    client = serve(model_base_path=str(version.folder.parent)).client
    scores = make_ndarray(client.predict({"image": PICTURES}).outputs["scores"])
    assert scores == pytest.approx(replay(version.folder, PICTURES), abs=1e-6)
