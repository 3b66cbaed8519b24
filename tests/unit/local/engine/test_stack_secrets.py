"""local/engine/stack_secrets.py: a stack's secrets are replaced, and stay secret."""

from typing import Any

from local.engine.stack_secrets import set_placeholders, without_secrets

DOCUMENT: dict[str, Any] = {
    "secretsprovider": "awskms://alias/prod",
    "encryptedkey": "abc",
    "config": {
        "image-serving:namespace": "vision",
        "image-serving:apiKeys": {"app": {"secure": "v1:abc"}},
        "image-serving:objectStoreSecretKey": {"secure": "v1:def"},
    },
}


class Stack:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.told: dict[str, tuple[bool, bool]] = {}

    def set_config(self, key: str, value: Any, path: bool) -> None:
        self.told[key] = (value.secret, path)


def test_nothing_that_only_the_account_can_read_is_left() -> None:
    assert without_secrets(DOCUMENT) == {
        "config": {"image-serving:namespace": "vision", "image-serving:apiKeys": {}}
    }


def test_each_has_a_secret_in_its_place() -> None:
    stack = Stack()
    set_placeholders(stack, DOCUMENT)  # type: ignore[arg-type]
    assert stack.told == {
        "image-serving:apiKeys.app": (True, True),
        "image-serving:objectStoreSecretKey": (True, False),
    }


def test_a_list_keeps_its_length() -> None:
    readable = without_secrets({"config": {"image-serving:list": [{"secure": "v1:x"}, "a"]}})
    first, second = readable["config"]["image-serving:list"]
    assert (isinstance(first, str), second) == (True, "a")
    assert "v1:" not in first


def test_a_stack_file_without_settings_is_one_too() -> None:
    assert without_secrets({}) == {"config": {}}
