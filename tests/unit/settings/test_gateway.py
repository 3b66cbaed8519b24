"""infra/settings/gateway.py: what the gateway can't keep is refused, with what is allowed."""

import pytest

from tests.unit.harness import API_KEY, run_program, settings_without_bucket
from tests.unit.settings.wrong import IMAGE, WrongSettings, change, message_of

DESCRIPTION = {
    "labels": ["a", "b"],
    "inputHeight": 28,
    "inputWidth": 28,
    "resizeFilter": "nearest",
}

WRONG: WrongSettings = {
    "no gateway image": (change("gatewayImage", ""), "gatewayImage", f"is not set: {IMAGE}"),
    "image latest": (change("gatewayImage", "gateway:latest"), "gatewayImage", IMAGE),
    "image without tag": (change("gatewayImage", "gateway"), "gatewayImage", IMAGE),
    "half a digest": (change("gatewayImage", "gateway@sha256:12ab"), "gatewayImage", IMAGE),
    "privileged port": (
        change("gatewayNodePort", 80),
        "gatewayNodePort",
        '= "80": must be 30000 to 32767, or 0 for none',
    ),
    "port above the range": (change("gatewayNodePort", 32768), "gatewayNodePort", "30000 to"),
    "URL without scheme": (change("gatewayUrl", "127.0.0.1:80"), "gatewayUrl", "http://"),
    "URL of a file": (change("gatewayUrl", "file:///x"), "gatewayUrl", "http:// or https://"),
    "fewer than one replica": (
        change("gatewayScaling.minReplicas", 0),
        "gatewayScaling.minReplicas",
        "= 0: must be greater than or equal to 1",
    ),
    "min above max": (
        change("gatewayScaling", {"minReplicas": 5, "maxReplicas": 3}),
        "gatewayScaling.maxReplicas",
        "= 3: must be at least minReplicas (5)",
    ),
    "replicas in words": (
        change("gatewayScaling.maxReplicas", "many"),
        "gatewayScaling.maxReplicas",
        '= "many": must be a valid integer',
    ),
    "misspelt inside": (
        change("gatewayScaling.maxReplica", 3),
        "gatewayScaling.maxReplica",
        "is not a setting",
    ),
    "cpu request above limit": (
        change("gatewayResources.requests.cpu", "1500m"),
        "gatewayResources.limits",
        "must not allow less cpu than is requested (1500m)",
    ),
    "half of the resources": (
        change("gatewayResources", {"requests": {"cpu": "1", "memory": "1Gi"}}),
        "gatewayResources.limits",
        "is not set",
    ),
    "images that do not fit into memory": (
        change("maxImagePixels", 100_000_000),
        "maxConcurrentRequests",
        "such requests may need 3359Mi",
    ),
    "workers that do not fit into memory": (
        change("gatewayImages.decodeWorkers", 3),
        "maxConcurrentRequests",
        "gatewayImages.decodeWorkers, and gatewayResources.limits.memory is 960Mi",
    ),
    "no time": (change("requestTimeoutSeconds", 0), "requestTimeoutSeconds", "greater than"),
    "too much time": (change("requestTimeoutSeconds", 61), "requestTimeoutSeconds", "less than"),
    "fetch longer than the request": (
        change("fetchTimeoutSeconds", 11),
        "fetchTimeoutSeconds",
        "must not exceed requestTimeoutSeconds (10)",
    ),
    "network with host bits": (
        change("fetchAllowedNetworks", ["10.0.0.0/8", "10.0.0.1/8"]),
        "fetchAllowedNetworks[1]",
        '= "10.0.0.1/8": must be a network',
    ),
    "network as a number": (
        change("fetchAllowedNetworks", [10]),
        "fetchAllowedNetworks[0]",
        "must be a network",
    ),
    "network with the metadata service": (
        change("fetchAllowedNetworks", ["0.0.0.0/0"]),
        "fetchAllowedNetworks[0]",
        "outside of 169.254.0.0/16",
    ),
    "no key where one is required": (
        lambda settings: settings.update(requireApiKey=True, apiKeys={}),
        "apiKeys",
        "is not set: must hold a key for at least one client",
    ),
    "client's name": (change("apiKeys", {"My App": API_KEY}), "apiKeys.My App", "DNS label"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_one_is_named(case: str) -> None:
    message, expected = message_of(WRONG[case])
    assert expected in message


def test_no_keys_where_none_are_required() -> None:
    settings = settings_without_bucket() | {"requireApiKey": False, "apiKeys": {}}
    assert run_program(settings, secret_keys=()).resources
