"""A stack file whose secrets only the account can read is previewed all the same."""

from __future__ import annotations

from local.engine.previewing import without_encryption


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
    readable = without_encryption(document)
    assert readable.keys() == {"config"}
    config = readable["config"]
    assert config["image-serving:region"] == "eu-central-1"
    assert isinstance(config["image-serving:apiKeys"]["shop"], str)
    assert isinstance(config["image-serving:list"][0], str)
    assert config["image-serving:list"][1] == {"name": "a"}
    assert "v1:" not in str(readable)


def test_a_stack_file_without_settings_is_one_too() -> None:
    assert without_encryption({}) == {"config": {}}
