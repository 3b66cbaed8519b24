"""local/engine/assumptions.py: a preview needs neither keys nor an exported model, and says so."""

from pathlib import Path
from typing import Any

from local.engine.assumptions import assume_the_rest


def document(**config: Any) -> dict[str, Any]:
    return {"config": {f"image-serving:{key}": value for key, value in config.items()}}


def test_a_key_where_one_is_required(tmp_path: Path) -> None:
    stack = document()
    (assumed,) = assume_the_rest(stack, tmp_path)
    assert "API key" in assumed
    assert stack["config"]["image-serving:apiKeys"]["preview"].keys() == {"secure"}


def test_none_where_it_has_some_or_needs_none(tmp_path: Path) -> None:
    assert assume_the_rest(document(apiKeys={"app": {"secure": "x"}}), tmp_path) == []
    assert assume_the_rest(document(requireApiKey=False), tmp_path) == []


def test_an_image_for_a_model_that_nobody_exported(tmp_path: Path) -> None:
    stack = document(requireApiKey=False, models=[{"name": "digits"}])
    (assumed,) = assume_the_rest(stack, tmp_path)
    assert "services/model/export/digits" in assumed
    assert stack["config"]["image-serving:models"][0]["image"] in assumed


def test_an_exported_or_named_model_is_taken_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "services/model/export/digits").mkdir(parents=True)
    models = [{"name": "digits"}, {"name": "letters", "image": "letters:1"}]
    stack = document(requireApiKey=False, models=models)
    assert assume_the_rest(stack, tmp_path) == []
