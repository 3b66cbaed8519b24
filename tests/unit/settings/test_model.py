"""infra/settings/model.py: what a model can't be is refused, with what is allowed."""

import pytest

from tests.unit.settings.wrong import WrongSettings, change, message_of, remove

DESCRIPTION = {
    "labels": ["a", "b"],
    "inputHeight": 28,
    "inputWidth": 28,
    "resizeFilter": "nearest",
}

WRONG: WrongSettings = {
    "min above the default max": (
        change("models[0].scaling.minReplicas", 12),
        "models[0].scaling.maxReplicas",
        "= 10: must be at least minReplicas (12)",
    ),
    "cpu in gigabytes": (
        change("models[0].resources.requests.cpu", "1Gi"),
        "models[0].resources.requests.cpu",
        '= "1Gi": must be a positive CPU quantity',
    ),
    "memory without unit": (
        change("models[0].resources.limits.memory", 512),
        "models[0].resources.limits.memory",
        "must be a quantity of bytes of at least 1Mi",
    ),
    "request above limit": (
        change("models[0].resources.requests.memory", "2Gi"),
        "models[0].resources.limits",
        "must not allow less memory than is requested (2Gi)",
    ),
    "model's name": (change("models[0].name", "Digits"), "models[0].name", '= "Digits": must be 1'),
    "model's long name": (change("models[0].name", "x" * 47), "models[0].name", "1 to 46"),
    "model without name": (remove("name"), "models[0].name", "is not set"),
    "model without image": (remove("image"), "models[0].image", "is not set"),
    "bucket without scheme": (
        change("models[0].source.bucketUrl", "models/digits"),
        "models[0].source.bucketUrl",
        '= "models/digits": must be s3://bucket/prefix, or empty',
    ),
    "no pause between polls": (
        change("models[0].source.pollSeconds", 0),
        "models[0].source.pollSeconds",
        "greater than or equal to 1",
    ),
    "no version to keep": (
        change("models[0].source.keepVersions", 0),
        "models[0].source.keepVersions",
        "greater than or equal to 1",
    ),
    "volume": (change("models[0].volumeSize", "big"), "models[0].volumeSize", "quantity of bytes"),
    "description without labels": (
        change(
            "models[0].description",
            {"labels": [], "inputHeight": 96, "inputWidth": 96, "resizeFilter": "nearest"},
        ),
        "models[0].description.labels",
        "at least 1",
    ),
    "label with the separator": (
        change("models[0].description.labels", ["shirt, long"]),
        "models[0].description.labels[0]",
        '= "shirt, long"',
    ),
    "label twice": (
        change("models[0].description.labels", ["hat", "hat"]),
        "models[0].description.labels",
        "must name each class once",
    ),
    "nodes of a GPU group without a GPU": (
        change("models[0].nodeGroup", "a10g"),
        "models[0].nodeGroup",
        '= "a10g": needs gpus of at least 1',
    ),
    "half a GPU": (change("models[0].gpus", 0.5), "models[0].gpus", "must be a valid integer"),
    "more GPUs than any node has": (
        change("models[0].gpus", 17),
        "models[0].gpus",
        "less than or equal to 16",
    ),
    "resize filter": (
        change("models[0].description.resizeFilter", "sharp"),
        "models[0].description.resizeFilter",
        "must be 'nearest', 'bilinear', 'bicubic' or 'lanczos'",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_one_is_named(case: str) -> None:
    message, expected = message_of(WRONG[case])
    assert expected in message
