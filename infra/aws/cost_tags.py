"""Tags by which the bill can be told apart, on all that the stack has in AWS.

A transform adds them, so that no component can forget them; the engine calls it for what
pulumi-eks makes too.
"""

import inspect
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import pulumi
import pulumi_aws

AWS = "aws"
STACK_TAG = "Stack"
LAUNCH_TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
AUTOSCALING_GROUP = "aws:autoscaling/group:Group"  # its tags are a list, each with its own reach

Tags = Mapping[str, Any]
Transform = Callable[[pulumi.ResourceTransformArgs], pulumi.ResourceTransformResult | None]


def cost_tags(*, project: str, stack: str) -> dict[str, str]:
    """`Stack` alone tells every stack from every other: a budget can filter by one tag only."""
    return {"Project": project, STACK_TAG: f"{project}/{stack}", "ManagedBy": "pulumi"}


def tagging(tags: Tags) -> Transform:
    """For `pulumi.runtime.register_resource_transform`, before the first resource.

    A tag that a resource has already is left alone, in whatever case its key is written: IAM takes
    `stack` and `Stack` for one key, and refuses both.
    """

    def transform(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
        if not args.custom or not _is_taggable(args.type_):
            return None
        props: dict[str, Any] = dict(args.props)
        if args.type_ == AUTOSCALING_GROUP:
            props["tags"] = _as_list(tags, props.get("tags") or [])
        else:
            props["tags"] = _merged(tags, props.get("tags"))
        if args.type_ == LAUNCH_TEMPLATE and props.get("tagSpecifications"):
            # Instances and their disks, which are most of the bill, bear these and no others.
            props["tagSpecifications"] = [
                {**specification, "tags": _merged(tags, specification.get("tags"))}
                for specification in props["tagSpecifications"]
            ]
        return pulumi.ResourceTransformResult(props=props, opts=args.opts)

    return transform


@cache
def _is_taggable(type_: str) -> bool:
    """Whether the type's class in the SDK takes `tags`, as a list or a map of texts."""
    package, module, class_name = type_.split(":")
    if package != AWS:
        return False
    service = module.split("/")[0]
    # `lambda` is a word of Python's own, so its module is `lambda_`.
    services = getattr(pulumi_aws, service, None) or getattr(pulumi_aws, f"{service}_", None)
    resource = getattr(services, class_name, None)
    if resource is None or not hasattr(resource, "_internal_init"):
        return False
    parameter = inspect.signature(resource._internal_init).parameters.get("tags")
    return parameter is not None and (
        type_ == AUTOSCALING_GROUP or "Mapping[str" in str(parameter.annotation)
    )


def _merged(tags: Tags, own: Any) -> Any:
    if isinstance(own, pulumi.Output):
        return own.apply(lambda known: _merged(tags, known))
    if own is not None and not isinstance(own, Mapping):
        return own  # not known yet
    taken = {key.lower() for key in own or {}}
    return {
        **{key: value for key, value in tags.items() if key.lower() not in taken},
        **(own or {}),
    }


def _as_list(tags: Tags, own: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    taken = {str(tag["key"]).lower() for tag in own}
    added = [
        {"key": key, "value": value, "propagateAtLaunch": True}
        for key, value in tags.items()
        if key.lower() not in taken
    ]
    return [*own, *added]
