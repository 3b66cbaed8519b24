"""What this run changes for the callers of a model, said in previews and updates alike."""

import pulumi
from pulumi.runtime import invoke
from pydantic import TypeAdapter, ValidationError

from infra.model_contract import Contract, change
from infra.settings import ModelSettings

# The engine's own function behind StackReference, which would be a resource of the stack.
# https://github.com/pulumi/pulumi/blob/master/pkg/resource/deploy/builtins.go
READ_OUTPUTS = "pulumi:pulumi:readStackOutputs"
OUTPUT = "model_contract"
_CONTRACT = TypeAdapter(Contract)


def announce(model: ModelSettings) -> None:
    """Says what the version that callers will get changes against the last run's."""
    new = model.served_contract
    if new is None:
        return
    old = _previous()
    if new != old:
        pulumi.log.info(f"model {model.name} {change(old, new)}")


def as_output(contract: Contract | None) -> str:
    """The contract as other teams and the next run read it; empty without one."""
    return _CONTRACT.dump_json(contract, by_alias=True).decode() if contract else ""


def _previous() -> Contract | None:
    """What the last run left in the stack's outputs."""
    stack = f"{pulumi.get_organization()}/{pulumi.get_project()}/{pulumi.get_stack()}"
    answer = invoke(READ_OUTPUTS, {"name": stack}).value or {}
    text = answer.get("outputs", {}).get(OUTPUT)
    try:
        return _CONTRACT.validate_json(text) if text else None
    except ValidationError as error:
        pulumi.log.warn(
            f"the output {OUTPUT} of the last run can't be read, so this one tells no change "
            f"({error.errors()[0]['msg']})"
        )
        return None
