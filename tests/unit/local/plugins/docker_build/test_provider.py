"""Builds are checked and pretended, and this is said."""

from __future__ import annotations

from typing import Any

import pytest
from pulumi.runtime.proto import provider_pb2

from local.plugins.docker_build.provider import DockerBuildProvider
from local.plugins.shared.marking import MARKER
from local.plugins.shared.mode import Mode
from local.plugins.shared.values import decode
from tests.unit.local.plugins.servicing import Context, Refused, SilentLog, struct

IMAGE = "docker-build:index:Image"
CONTEXT: Any = Context()


def test_it_says_that_nothing_is_built() -> None:
    log = SilentLog()
    request = provider_pb2.ConfigureRequest(args=struct({MARKER: "true"}))
    DockerBuildProvider(log, Mode()).Configure(request, CONTEXT)
    assert log.messages == [
        "stand-in for the docker-build plugin: images are neither built nor pushed"
    ]


def test_mistakes_are_found() -> None:
    provider = DockerBuildProvider(SilentLog(), Mode())
    news = struct({"push": "yes", "platforms": ["linux/amd"], "context": {"path": "."}})
    answer = provider.Check(provider_pb2.CheckRequest(type=IMAGE, news=news), CONTEXT)
    found = {failure.reason.partition(":")[0] for failure in answer.failures}
    assert found == {
        'push = "yes"',
        'platforms[0] = "linux/amd"',
        "context.path",
        "context.location",
    }


def test_the_reference_is_known_in_a_preview_already() -> None:
    provider = DockerBuildProvider(SilentLog(), Mode())
    inputs = struct({"push": False, "tags": ["gateway:1"]})
    request = provider_pb2.CreateRequest(type=IMAGE, properties=inputs, preview=True)
    answer = provider.Create(request, CONTEXT)
    assert answer.id == ""
    assert decode(answer.properties).value["ref"].startswith("gateway:1@sha256:")


def test_other_resources_are_refused_by_name() -> None:
    provider = DockerBuildProvider(SilentLog(), Mode())
    with pytest.raises(Refused, match="docker-build:index:Index"):
        provider.Check(provider_pb2.CheckRequest(type="docker-build:index:Index"), CONTEXT)
