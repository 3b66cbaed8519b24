"""The state of a stack as `make up CONTEXT=…` leaves it on this machine."""

from __future__ import annotations

import json

import yaml

from local.context.identity import Context


def leave_stack(
    context: Context, *, namespace: str, storage_class: str = "", resources: int = 1
) -> None:
    """As after `make up`; without resources as after `make down`."""
    engine = context.paths.engine
    checkpoint = engine / "backend/.pulumi/stacks/image-serving/local.json"
    checkpoint.parent.mkdir(parents=True)
    latest: dict[str, list[object]] = {"resources": [{}] * resources}
    checkpoint.write_text(json.dumps({"version": 3, "checkpoint": {"latest": latest}}))
    (engine / "work").mkdir()
    settings = {"namespace": namespace, "storageClass": storage_class}
    config = {f"image-serving:{name}": value for name, value in settings.items()}
    (engine / "work" / "Pulumi.local.yaml").write_text(yaml.safe_dump({"config": config}))
