"""Asks the whole table and tells which answers differ."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from model.conformance.case import Case
from model.conformance.grpc_cases import other_grpc_cases
from model.conformance.predict_cases import predict_cases
from model.conformance.reference_cases import (
    batching_cases,
    reference_grpc_cases,
    reference_rest_cases,
)
from model.conformance.rest_cases import rest_cases
from model.conformance.subject import Subject, discover
from model.conformance.target import Target

CONNECT_SECONDS = 30.0
RETRY_SECONDS = 0.1


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """Attributes: complaints: by the name of the row that was answered differently."""

    rows: int
    complaints: dict[str, str]


def table(subject: Subject, *, rest: bool, max_batch_size: int | None) -> list[Case]:
    """The rows that this subject can answer; metrics come last, since they count the others."""
    cases = [*predict_cases(subject), *other_grpc_cases(subject)]
    if subject.is_reference:
        cases += reference_grpc_cases(subject)
        if max_batch_size is not None:
            cases += batching_cases(subject, max_batch_size)
        cases += reference_rest_cases(subject) if rest else []
    return cases + (rest_cases(subject) if rest else [])


def judge(
    grpc_address: str,
    rest_address: str | None,
    model: str,
    *,
    max_batch_size: int | None = None,
    report: Callable[[str], None],
) -> Judgement:
    """Ask each row of the table; `report` gets a line for each answer that differs.

    Raises:
        TargetError: nothing can be said, since there is no such server or model.
    """
    with Target(grpc_address, rest_address) as target:
        target.require_connection(CONNECT_SECONDS)
        subject = discover(target, model)
        cases = table(subject, rest=rest_address is not None, max_batch_size=max_batch_size)
        complaints: dict[str, str] = {}
        for case in cases:
            complaint = _complaint(target, case)
            if complaint:
                complaints[case.name] = complaint
                report(f"DIFFERS {case.name}: {complaint}")
    return Judgement(rows=len(cases), complaints=complaints)


def _complaint(target: Target, case: Case) -> str:
    give_up_at = time.monotonic() + case.patience_seconds
    while complaint := case.complaint(target.send(case.request)):
        if time.monotonic() >= give_up_at:
            break
        time.sleep(RETRY_SECONDS)
    return complaint
