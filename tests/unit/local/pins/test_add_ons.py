"""local/pins/add_ons.py: EKS says which versions of an add-on it has for a Kubernetes minor."""

from __future__ import annotations

import json
from datetime import date

import pytest

from infra.pins import Pin
from local.pins.add_ons import EksAddOns
from local.pins.finding import NotAskedError, Verdict
from tests.unit.local.fake_programs import Programs

# https://docs.aws.amazon.com/cli/latest/reference/eks/describe-addon-versions.html
AWS = """
eks = verbs.add_parser("eks").add_subparsers(required=True)
describe = eks.add_parser("describe-addon-versions")
for option in ("--output", "--kubernetes-version", "--addon-name"):
    describe.add_argument(option)
"""
PIN = Pin(name="coredns", value="v1.2.3-eksbuild.4", source="", checked=date(2026, 1, 1))


def answer(*versions: str, default: str = "") -> str:
    described = [
        {
            "addonVersion": version,
            "compatibilities": [{"clusterVersion": "1.35", "defaultVersion": version == default}],
        }
        for version in versions
    ]
    return json.dumps({"addons": [{"addonName": "coredns", "addonVersions": described}]})


def test_a_version_that_eks_has_is_verified(programs: Programs) -> None:
    aws = programs.add("aws", AWS, printed=answer("v1.2.4-eksbuild.1", PIN.value))
    assert EksAddOns().check(PIN, "1.35", "coredns").verdict is Verdict.VERIFIED
    [call] = aws.calls
    assert call[-4:] == ["--kubernetes-version", "1.35", "--addon-name", "coredns"]


def test_another_is_replaced_by_the_default_of_the_minor(programs: Programs) -> None:
    newest, default = "v1.3.0-eksbuild.1", "v1.2.9-eksbuild.2"
    programs.add("aws", AWS, printed=answer(newest, default, default=default))
    finding = EksAddOns().check(PIN, "1.35", "coredns")
    assert finding.verdict is Verdict.DIFFERS
    assert finding.replacement == default
    assert f"it has {newest}, {default}" in finding.said


def test_an_add_on_that_the_minor_lacks(programs: Programs) -> None:
    programs.add("aws", AWS, printed='{"addons": []}')
    finding = EksAddOns().check(PIN, "1.35", "coredns")
    assert finding.verdict is Verdict.DIFFERS
    assert finding.said == "EKS has no coredns for Kubernetes 1.35"


def test_without_the_command_line(programs: Programs) -> None:
    with pytest.raises(NotAskedError, match="AWS CLI, which is not installed"):
        EksAddOns().check(PIN, "1.35", "coredns")


def test_without_credentials_it_is_asked_once(programs: Programs) -> None:
    aws = programs.add("aws", AWS, printed="Unable to locate credentials", code=253)
    eks = EksAddOns()
    for _ in range(2):
        with pytest.raises(NotAskedError, match="Unable to locate credentials"):
            eks.check(PIN, "1.35", "coredns")
    assert len(aws.calls) == 1
