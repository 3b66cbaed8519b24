"""Inputs as the SDK's classes say them: names on the wire, types, what is required."""

from __future__ import annotations

import pytest

from local.plugins.shared import sdk

AWS = sdk.Package("pulumi_aws")


def aws(token: str) -> dict[str, sdk.Field]:
    found = AWS.inputs(token)
    assert found is not None, token
    return dict(found)


def test_names_are_those_of_the_wire_and_required_is_what_has_no_default() -> None:
    fields = aws("aws:eks/nodeGroup:NodeGroup")
    assert fields["clusterName"] == sdk.Field(sdk.Text(), required=True)
    assert fields["diskSize"] == sdk.Field(sdk.Number(whole=True), required=False)
    assert fields["forceUpdateVersion"].shape == sdk.Truth()
    assert fields["labels"].shape == sdk.Table(sdk.Text())


def test_nested_classes_are_looked_into() -> None:
    shape = aws("aws:eks/nodeGroup:NodeGroup")["taints"].shape
    assert isinstance(shape, sdk.Items)
    assert isinstance(shape.item, sdk.Fields)
    assert {name for name, field in sdk.fields_of(shape.item.of).items() if field.required} == {
        "effect",
        "key",
    }


def test_a_resource_whose_args_class_has_another_name() -> None:
    # BucketVersioningArgs is the nested type of a bucket, …InitArgs the resource's.
    assert "versioningConfiguration" in aws("aws:s3/bucketVersioning:BucketVersioning")


@pytest.mark.parametrize("token", ["aws:eks/nodeGrp:NodeGrp", "aws:eks/nodeGroup:NodeGrp"])
def test_an_unknown_type_has_no_inputs(token: str) -> None:
    assert AWS.inputs(token) is None


def test_enumerations_and_unions_of_components() -> None:
    fields = sdk.Package("pulumi_eks").inputs("eks:index:Cluster")
    assert fields is not None
    assert fields["authenticationMode"].shape == sdk.Text(
        ("CONFIG_MAP", "API", "API_AND_CONFIG_MAP")
    )
    assert fields["serviceRole"].shape == sdk.Reference()
    assert isinstance(fields["storageClasses"].shape, sdk.OneOf)


def test_the_provider_itself_has_inputs_too() -> None:
    assert aws("pulumi:providers:aws")["region"].shape == sdk.Text()


def test_outputs_say_whether_they_always_have_a_value() -> None:
    group = AWS.resource_class("aws:eks/nodeGroup:NodeGroup")
    assert group is not None
    outputs = sdk.outputs_of(group)  # type: ignore[arg-type]
    assert outputs["arn"] == (sdk.Text(), True)
    assert outputs["tags"][1] is False
