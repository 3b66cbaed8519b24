"""What a stack's settings are: those of its file, with what its user has to add."""

import json
from pathlib import Path
from typing import Any

import yaml

from tests.unit.cloud import ACCOUNT_ID, REGION

PROJECT_FOLDER = Path(__file__).resolve().parents[3]
PROJECT = "image-serving"
STACK = "local"
STACKS = (STACK, "dev", "prod")
API_KEY = "a-key-of-a-client-which-nobody-may-see"
OBJECT_STORE_KEY = "a-key-of-the-bucket-which-nobody-may-see"
ADMIN = f"arn:aws:iam::{ACCOUNT_ID}:role/Admin"

Settings = dict[str, Any]


def project_file() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((PROJECT_FOLDER / "Pulumi.yaml").read_text())
    return document


def stack_file(stack: str = STACK) -> Settings:
    """What Pulumi.<stack>.yaml says, by key without the project's name."""
    path = PROJECT_FOLDER / f"Pulumi.{stack}.yaml"
    return {
        key.removeprefix(f"{PROJECT}:"): value
        for key, value in yaml.safe_load(path.read_text())["config"].items()
    }


def settings_without_bucket() -> Settings:
    """Those of a stack whose model comes with its image alone."""
    settings = local_settings() | {"objectStoreImage": "", "objectStoreSecretKey": ""}
    del settings["models"][0]["source"]
    return settings


def bare_settings() -> Settings:
    """The settings of a plain `pulumi up -s local`: the engine adds the project's defaults."""
    defaults = {key: declared["default"] for key, declared in project_file()["config"].items()}
    return defaults | stack_file()


def stack_settings(stack: str) -> Settings:
    """The settings of a committed stack, with what its user has to add."""
    if stack == STACK:
        return local_settings()
    defaults = {key: declared["default"] for key, declared in project_file()["config"].items()}
    settings = defaults | stack_file(stack) | {"apiKeys": {"app": API_KEY}}
    for model in settings["models"]:  # else it is built, from an export that no checkout has
        model["image"] = f"registry.example/models:{model['name']}-1"
    return settings


def local_settings() -> Settings:
    """The settings of the local stack, with what `make up` adds to them."""
    settings = bare_settings()
    settings["gatewayImage"] = "localhost/gateway:1.0.0"
    settings["gatewayUrl"] = "http://127.0.0.1:30696"
    settings["modelServerImage"] = "localhost/model-server:1.0.0"
    settings["models"][0]["image"] = "localhost/model-digits:1.0.0"
    settings["apiKeys"] = {"local": API_KEY}
    settings["objectStoreImage"] = "localhost/object-store:1.0.0"
    settings["objectStoreSecretKey"] = OBJECT_STORE_KEY
    return settings


def aws_settings() -> Settings:
    """The settings of a stack on an EKS cluster of its own, with the least that it must say."""
    return settings_without_bucket() | {
        "clusterSource": "eks",
        "awsRegion": REGION,
        "awsAccountId": ACCOUNT_ID,
        "network": {"zones": ["eu-west-1a", "eu-west-1b", "eu-west-1c"]},
        "eksCluster": {"admins": [ADMIN]},
        "storageClass": "gp2",
    }


def as_engine_passes(settings: Settings) -> dict[str, str]:
    """Everything as text: objects and lists as JSON, booleans in lower case.

    A key with a name before it, such as `aws:region`, is another package's.
    """
    return {
        key if ":" in key else f"{PROJECT}:{key}": (
            value if isinstance(value, str) else json.dumps(value)
        )
        for key, value in settings.items()
    }
