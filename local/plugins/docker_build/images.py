"""The image that a build is said to have made."""

from __future__ import annotations

import hashlib
import json

from local.plugins.shared.mode import Mode
from local.plugins.shared.values import Object


def built(inputs: Object, mode: Mode) -> Object:
    """What a build says of its image: of one that the cluster has, or made up from the inputs."""
    content = json.dumps(inputs, sort_keys=True, default=str)
    digest = f"sha256:{hashlib.sha256(content.encode()).hexdigest()}"
    tags = [tag for tag in inputs.get("tags") or [] if isinstance(tag, str)]
    given = mode.image(image_name(tags[0])) if tags else None
    reference = given or (f"{tags[0]}@{digest}" if tags else digest)
    return {"contextHash": digest.partition(":")[2], "digest": digest, "ref": reference}


def image_name(tag: str) -> str:
    """`gateway` of `123456789012.dkr.ecr.us-east-1.amazonaws.com/shop/gateway:1.2`."""
    return tag.rpartition("/")[2].partition("@")[0].partition(":")[0]
