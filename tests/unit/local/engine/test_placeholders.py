"""What a stack file can't hold doesn't hinder its preview."""

from __future__ import annotations

from pathlib import Path

from local.engine.placeholders import completed, without_secrets


def test_secrets_become_texts_of_no_meaning_and_the_rest_stays() -> None:
    document = {
        "secretsprovider": "awskms://alias/pulumi?region=eu-central-1",
        "encryptedkey": "AQID",
        "config": {
            "image-serving:region": "eu-central-1",
            "image-serving:apiKeys": {"shop": {"secure": "v1:abc"}},
            "image-serving:list": [{"secure": "v1:def"}, {"name": "a"}],
        },
    }
    readable, paths = without_secrets(document)
    assert readable.keys() == {"config"}
    assert readable["config"]["image-serving:region"] == "eu-central-1"
    assert readable["config"]["image-serving:list"][1] == {"name": "a"}
    assert "v1:" not in str(readable)
    assert paths == ["image-serving:apiKeys.shop", "image-serving:list[0]"]


def test_a_stack_file_without_settings_is_one_too() -> None:
    assert without_secrets({}) == ({"config": {}}, [])


def test_what_an_owner_adds_before_the_first_run_is_added_and_said(tmp_path: Path) -> None:
    document = {"config": {"image-serving:models": [{"name": "digits"}]}}
    filled, notes = completed(document, tmp_path)
    assert filled["config"]["image-serving:apiKeys"].keys() == {"preview"}
    assert filled["config"]["image-serving:models"][0]["image"].startswith("preview.invalid/digits")
    assert len(notes) == 2
    assert "image" not in document["config"]["image-serving:models"][0]


def test_what_is_there_stays(tmp_path: Path) -> None:
    (tmp_path / "digits" / "1").mkdir(parents=True)
    (tmp_path / "digits" / "1" / "saved_model.pb").touch()
    config = {
        "image-serving:apiKeys": {"shop": {"secure": "v1:abc"}},
        "image-serving:models": [{"name": "digits"}, {"name": "cats", "image": "cats:1"}],
    }
    assert completed({"config": config}, tmp_path) == ({"config": config}, [])
    open_stack = {"config": {"image-serving:requireApiKey": False}}
    assert completed(open_stack, tmp_path) == (open_stack, [])
