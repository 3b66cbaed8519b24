"""What this project reads of the serving stack, each output required and typed.

What they mean: docs/outputs.md of the serving project. Only those that are needed are read, so that
no change of the others is of any concern here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import pulumi

Value = TypeVar("Value")


@dataclass(frozen=True, kw_only=True)
class Serving:
    """The outputs by their names in the contract."""

    kubeconfig: pulumi.Output[str]
    namespace: pulumi.Output[str]
    gateway_cluster_url: pulumi.Output[str]
    gateway_image: pulumi.Output[str]
    datasets_claim: pulumi.Output[str]
    api_key_required: pulumi.Output[bool]


class OutputError(pulumi.RunError):
    """An output is missing, empty or of another type; the text says of which stack, and why."""


def read_serving(stack: str) -> Serving:
    """The outputs of `organization/<project>/<stack>`.

    The engine itself fails where there is no such stack. What can't be used fails with OutputError
    as soon as it is known, which is in the preview.
    """
    reference = pulumi.StackReference("serving", stack_name=stack)

    def of(name: str, parse: Callable[[str], Value]) -> pulumi.Output[Value]:
        def typed(value: object) -> Value:
            try:
                return parse(_text(value))
            except ValueError as error:
                raise OutputError(f"output `{name}` of stack {stack} {error}") from None

        return reference.get_output(name).apply(typed)

    return Serving(
        kubeconfig=of("kubeconfig", _filled),
        namespace=of("namespace", _filled),
        gateway_cluster_url=of("gateway_cluster_url", _filled),
        gateway_image=of("gateway_image", _filled),
        datasets_claim=of("datasets_claim", _claim),
        api_key_required=of("api_key_required", _boolean),
    )


def _text(value: object) -> str:
    if value is None:
        raise ValueError("is missing: an older release of it? `pulumi up` there brings it")
    if not isinstance(value, str):
        raise ValueError(f"must be a string, and is {type(value).__name__}")
    return value


def _filled(text: str) -> str:
    if not text:
        raise ValueError("is empty, and is needed here")
    return text


def _claim(text: str) -> str:
    if not text:
        raise ValueError(
            "is empty: it has no datasets volume (its settings datasetsVolume, datasetsClaimSize)"
        )
    return text


def _boolean(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError(f"must be true or false, and is {text!r}")
    return text == "true"
