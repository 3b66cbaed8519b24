"""A pod runs the image that was tried, and no other that bears its name later."""

from collections.abc import Iterator

from policy.rules.pod_templates import containers, pod_spec
from policy.rules.rule import Inputs, Rule
from policy.rules.values import UNKNOWN


def check(resource_type: str, inputs: Inputs) -> Iterator[str]:
    for container in containers(pod_spec(resource_type, inputs)):
        image = container.get("image")
        if image is UNKNOWN:
            continue
        name, _, digest = str(image).partition("@sha256:")
        _, has_tag, tag = name.rpartition("/")[2].partition(":")
        if not digest and (not has_tag or tag == "latest"):
            yield f"{container.get('name')}: {image} needs a tag other than latest, or a digest"


PINNED_IMAGES = Rule(
    name="pinned-images",
    description="Images are named by a digest or by a tag other than latest.",
    check=check,
)
