"""The images of a stack: what dev has tried, by digest, is what prod gets.

`of` says what a stack runs; `promote` names that for another stack, under the addresses of its own
registry, and with `--copy` brings the bytes there.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from pipeline import engine
from pipeline.errors import PipelineError
from pipeline.job import reported

# Types of infra/aws/images.py and registry.py, whose outputs are in the state.
IMAGES = "serving:aws:Images"
REGISTRY = "serving:aws:Registry"
_DIGEST = re.compile(r".+@sha256:([0-9a-f]{64})")
_TAG_CHARACTERS = 12


@dataclass(frozen=True, kw_only=True)
class StackImages:
    """References by digest; models: by name."""

    gateway: str
    model_server: str
    models: Mapping[str, str]

    @classmethod
    def from_json(cls, text: str) -> StackImages:
        """Raises `PipelineError` for what isn't pinned by a digest."""
        try:
            images = cls(**json.loads(text))
            references = [images.gateway, images.model_server, *images.models.values()]
        except (ValueError, TypeError, AttributeError) as error:
            raise PipelineError(f"not a stack's images in JSON: {text!r}") from error
        for reference in references:
            digest_of(reference)
        return images


@dataclass(frozen=True, kw_only=True)
class Copy:
    """A reference by digest, and one by tag in another registry."""

    source: str
    target: str


def digest_of(reference: str) -> str:
    """Its hex digits. Raises `PipelineError` if there is none: a tag alone may name other bytes."""
    match = _DIGEST.fullmatch(reference)
    if match is None:
        raise PipelineError(f"{reference!r} has no digest, so it can't be promoted")
    return match[1]


def images_of(stack: str) -> StackImages:
    """What the stack runs, by its state."""
    outputs = _outputs(stack, IMAGES)
    return StackImages.from_json(json.dumps(outputs))


def promoted(images: StackImages, registry: Mapping[str, str]) -> tuple[StackImages, list[Copy]]:
    """The same bytes by the addresses of another registry, and what has to be copied for it.

    Their tags there come from the digest: a tag from the content might be taken by other bytes,
    since building the same twice doesn't give the same. What has no tag would be cleared away.
    """
    copies = []

    def at(repository: str, reference: str, prefix: str = "") -> str:
        digest = digest_of(reference)
        tagged = f"{registry[repository]}:{prefix}{digest[:_TAG_CHARACTERS]}"
        copies.append(Copy(source=reference, target=tagged))
        return f"{tagged}@sha256:{digest}"

    there = StackImages(
        gateway=at("gateway_repository_url", images.gateway),
        model_server=at("model_server_repository_url", images.model_server),
        models={
            # As infra/aws/registry.py has it: the model's name and a dot.
            model: at("model_repository_url", reference, f"{model}.")
            for model, reference in images.models.items()
        },
    )
    return there, copies


def name(stack: str, images: StackImages) -> None:
    """Into the stack's file, in this checkout alone. Raises `PipelineError` for a model too few."""
    models = [model["name"] for model in engine.settings(stack).get("models", [])]
    if missing := sorted(set(models) - set(images.models)):
        raise PipelineError(
            f"the stack {stack} has models that were tried nowhere before: {', '.join(missing)}"
        )
    values = {"gatewayImage": images.gateway, "modelServerImage": images.model_server}
    for place, model in enumerate(models):
        values[f"models[{place}].image"] = images.models[model]
    for key, value in values.items():
        engine.answer("config", "set", "--stack", stack, "--path", key, value)


def copy(wanted: Copy) -> None:
    """With index and attestations, byte by byte. Raises `PipelineError`."""
    digest = digest_of(wanted.source)
    if _digest_at(wanted.target) == digest:
        print(f"{wanted.target} is there")
        return
    source = _without_tag(wanted.source)
    _skopeo(
        *("copy", "--all", "--preserve-digests"),
        *(f"docker://{source}", f"docker://{wanted.target}"),
    )


def _digest_at(reference: str) -> str | None:
    done = subprocess.run(
        ["skopeo", "inspect", "--format={{.Digest}}", f"docker://{reference}"],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip().removeprefix("sha256:") if done.returncode == 0 else None


def _without_tag(reference: str) -> str:
    """skopeo refuses a tag beside a digest."""
    repository, _, digest = reference.rpartition("@")
    return f"{re.sub(r':[^:/]+$', '', repository)}@{digest}"


def _skopeo(*arguments: str) -> None:
    done = subprocess.run(["skopeo", *arguments], check=False)
    if done.returncode != 0:
        raise PipelineError(f"skopeo {' '.join(arguments)} ended with {done.returncode}")


def _outputs(stack: str, component: str) -> dict[str, str]:
    found: Iterator[dict[str, str]] = (
        resource.get("outputs", {})
        for resource in engine.resources(stack)
        if resource["type"] == component
    )
    outputs = next(found, {})
    if not outputs:
        raise PipelineError(
            f"the state of {stack} has no {component}: its first `pulumi up` is by hand, with "
            "registry.enabled, see docs/eks.md"
        )
    return outputs


@reported
def main(argv: Sequence[str] | None) -> None:
    parser = argparse.ArgumentParser(prog="pipeline.images", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    each = verbs.add_parser("of", help="print what a stack runs, as JSON")
    each.add_argument("stack")
    each = verbs.add_parser("keep", help="name for a stack what it runs")
    each.add_argument("stack")
    each = verbs.add_parser("promote", help="name for a stack what IMAGES says, as `of` prints it")
    each.add_argument("stack")
    each.add_argument("--copy", action="store_true", help="into the stack's own registry too")
    arguments = parser.parse_args(argv)
    if arguments.verb == "of":
        print(json.dumps(asdict(images_of(arguments.stack))))
    elif arguments.verb == "keep":
        name(arguments.stack, images_of(arguments.stack))
    else:
        images = StackImages.from_json(os.environ.get("IMAGES", ""))
        there, copies = promoted(images, _outputs(arguments.stack, REGISTRY))
        for each_copy in copies if arguments.copy else ():
            copy(each_copy)
        name(arguments.stack, there)


if __name__ == "__main__":
    sys.exit(main(None))
