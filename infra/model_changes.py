"""What this run changes for the callers of a model, said in previews and updates alike."""

import time
from collections.abc import Sequence
from typing import Any

import pulumi
from pulumi.runtime import invoke
from pydantic import TypeAdapter, ValidationError

from infra.model_contract import Contract, change
from infra.settings.model import ModelSettings

# The engine's own function behind StackReference, which would be a resource of the stack.
# https://github.com/pulumi/pulumi/blob/master/pkg/resource/deploy/builtins.go
READ_OUTPUTS = "pulumi:pulumi:readStackOutputs"
OUTPUT = "model_contracts"
RETRY_PAUSES_SECONDS = (0.1, 0.3, 1.0, 0.0)
_CONTRACT = TypeAdapter(Contract)
_CONTRACTS = TypeAdapter(dict[str, Contract])


def announce(models: Sequence[ModelSettings]) -> None:
    """Says what the versions that callers will get change against the last run's."""
    served = _served_contracts(models)
    if not served:
        return
    previous = _previous()
    for name, new in served.items():
        old = previous.get(name)
        if new != old:
            pulumi.log.info(f"model {name} {change(old, new)}")


def as_output(contract: Contract | None) -> str:
    """The contract as other teams read it; empty without one."""
    return _CONTRACT.dump_json(contract, by_alias=True).decode() if contract else ""


def all_as_output(models: Sequence[ModelSettings]) -> str:
    """Contract by model name, as other teams and the next run read them; empty without any."""
    served = _served_contracts(models)
    return _CONTRACTS.dump_json(served, by_alias=True).decode() if served else ""


def _served_contracts(models: Sequence[ModelSettings]) -> dict[str, Contract]:
    return {
        model.name: contract for model in models if (contract := model.served_contract) is not None
    }


def _previous() -> dict[str, Contract]:
    """What the last run left in the stack's outputs; none, with a warning, if nobody can tell."""
    try:
        text = _own_outputs().get(OUTPUT)
        return _CONTRACTS.validate_json(text) if text else {}
    except ValidationError as error:
        reason = error.errors()[0]["msg"]
    except LookupError as error:
        reason = str(error)
    pulumi.log.warn(
        f"the output {OUTPUT} of the last run can't be read, so this one tells no change ({reason})"
    )
    return {}


def _own_outputs() -> dict[str, Any]:
    """Raises LookupError if the engine can't read them.

    It writes the state as it works, with attributes that don't come by rename: a look in that
    moment finds half of them.
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
