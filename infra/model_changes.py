"""What this run changes for the callers of a model, said in previews and updates alike."""

import time
from typing import Any

import pulumi
from pulumi.runtime import invoke
from pydantic import TypeAdapter, ValidationError

from infra.model_contract import Contract, change
from infra.settings import ModelSettings

# The engine's own function behind StackReference, which would be a resource of the stack.
# https://github.com/pulumi/pulumi/blob/master/pkg/resource/deploy/builtins.go
READ_OUTPUTS = "pulumi:pulumi:readStackOutputs"
OUTPUT = "model_contract"
RETRY_PAUSES_SECONDS = (0.1, 0.3, 1.0, 0.0)
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
    """What the last run left in the stack's outputs; None, with a warning, if nobody can tell."""
    try:
        text = _own_outputs().get(OUTPUT)
        return _CONTRACT.validate_json(text) if text else None
    except ValidationError as error:
        reason = error.errors()[0]["msg"]
    except LookupError as error:
        reason = str(error)
    pulumi.log.warn(
        f"the output {OUTPUT} of the last run can't be read, so this one tells no change ({reason})"
    )
    return None


def _own_outputs() -> dict[str, Any]:
    """Raises LookupError if the engine can't read them.

    It writes the state as it works, into a file not by rename: a look in that moment finds half.
    """
    stack = f"{pulumi.get_organization()}/{pulumi.get_project()}/{pulumi.get_stack()}"
    for pause_seconds in RETRY_PAUSES_SECONDS:
        try:
            answer = invoke(READ_OUTPUTS, {"name": stack}).value or {}
            return dict(answer.get("outputs", {}))
        except Exception as error:  # the SDK raises nothing more precise
            problem = str(error)
        time.sleep(pause_seconds)
    raise LookupError(problem)
