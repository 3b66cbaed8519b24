"""The gateway's environment variables, as services/gateway reads them."""

import hashlib
from collections.abc import Sequence

import pulumi

from infra.labels import GATEWAY
from infra.settings.gateway import GatewaySettings
from infra.settings.gateway_memory import decode_memory_bytes
from infra.settings.model import ModelSettings
from infra.workloads.served_model import ServedModel

API_KEYS_FOLDER = "/etc/gateway/api-keys"


def gateway_environment(
    settings: GatewaySettings, models: Sequence[ServedModel]
) -> dict[str, pulumi.Input[str]]:
    """The first model is the one that answers unless a request names another."""
    return {
        **_default_model(models[0]),
        **_more_models(models[1:]),
        "GATEWAY_PORT": str(GATEWAY.port),
        "GATEWAY_REQUEST_TIMEOUT_SECONDS": str(settings.request_timeout_seconds),
        "GATEWAY_FETCH_TIMEOUT_SECONDS": str(settings.fetch_timeout_seconds),
        "GATEWAY_FETCH_CONNECT_TIMEOUT_SECONDS": str(
            min(settings.sources.connect_timeout_seconds, settings.fetch_timeout_seconds)
        ),
        "GATEWAY_FETCH_READ_TIMEOUT_SECONDS": str(settings.sources.read_timeout_seconds),
        "GATEWAY_FETCH_MAX_REDIRECTS": str(settings.sources.max_redirects),
        "GATEWAY_FETCH_ALLOWED_HOSTS": ",".join(settings.sources.allowed_hosts),
        "GATEWAY_FETCH_DENIED_HOSTS": ",".join(settings.sources.denied_hosts),
        "GATEWAY_FETCH_ALLOWED_PORTS": ",".join(map(str, settings.sources.ports)),
        "GATEWAY_FETCH_ALLOWED_NETWORKS": ",".join(map(str, settings.fetch_allowed_networks)),
        "GATEWAY_MAX_IMAGE_BYTES": str(settings.max_image_bytes),
        "GATEWAY_MAX_IMAGE_PIXELS": str(settings.max_image_pixels),
        "GATEWAY_MAX_BATCH_IMAGES": str(settings.images.max_batch_images),
        "GATEWAY_MODEL_BATCH_IMAGES": str(_model_batch_images(settings, models)),
        "GATEWAY_MAX_CONCURRENT_REQUESTS": str(settings.max_concurrent_requests),
        "GATEWAY_MAX_IMAGE_FRAMES": str(settings.images.max_frames),
        "GATEWAY_IMAGE_PROFILE": settings.images.profile,
        "GATEWAY_SCALED_JPEG_DECODING": _boolean(settings.images.scaled_jpeg_decoding),
        "GATEWAY_DECODE_WORKERS": str(settings.images.decode_workers),
        "GATEWAY_DECODE_TIMEOUT_SECONDS": str(settings.images.decode_timeout_seconds),
        "GATEWAY_DECODE_MEMORY_BYTES": str(
            decode_memory_bytes(
                max_image_bytes=settings.max_image_bytes,
                max_image_pixels=settings.max_image_pixels,
            )
        ),
        "GATEWAY_REQUIRE_API_KEY": _boolean(settings.require_api_key),
        "GATEWAY_API_KEYS_DIR": API_KEYS_FOLDER,
        "GATEWAY_RATE_LIMIT_PER_MINUTE": str(settings.rate_limit.requests_per_minute),
        "GATEWAY_RATE_LIMIT_BURST": str(settings.rate_limit.burst),
        "GATEWAY_TRACES_TARGET": settings.traces.collector.target
        if settings.traces.collector
        else "",
        "GATEWAY_TRACES_SAMPLE_PERCENT": str(settings.traces.sample_percent),
    }


def _model_batch_images(settings: GatewaySettings, models: Sequence[ServedModel]) -> int:
    """No more than each server takes; without batching of its own it takes any number."""
    limits = [each.model.batching.max_batch_size for each in models if each.model.batching]
    return min([settings.images.model_batch_images, *limits])


def _default_model(served: ServedModel) -> dict[str, pulumi.Input[str]]:
    model = served.model
    environment: dict[str, pulumi.Input[str]] = {
        "GATEWAY_MODEL_TARGET": served.grpc_target,
        "GATEWAY_MODEL_NAME": model.name,
        "GATEWAY_SIGNATURE_NAME": model.signature,
        "GATEWAY_MODEL_VERSION_LABEL": _default_label(model),
        "GATEWAY_CANARY_PERCENT": str(model.versions.canary_percent),
    }
    if model.description:
        environment |= {
            "GATEWAY_MODEL_LABELS": ",".join(model.description.labels),
            "GATEWAY_MODEL_INPUT_HEIGHT": str(model.description.input_height),
            "GATEWAY_MODEL_INPUT_WIDTH": str(model.description.input_width),
            "GATEWAY_MODEL_RESIZE_FILTER": model.description.resize_filter,
            "GATEWAY_MODEL_PREPROCESSING": model.description.preprocessing,
            "GATEWAY_MODEL_CHANNEL_ORDER": model.description.channel_order,
        }
    return environment


def _more_models(models: Sequence[ServedModel]) -> dict[str, pulumi.Input[str]]:
    if not models:
        return {}
    targets = [pulumi.Output.concat(each.model.name, "=", each.grpc_target) for each in models]
    labels = [
        f"{each.model.name}={label}" for each in models if (label := _default_label(each.model))
    ]
    return {
        "GATEWAY_MORE_MODELS": pulumi.Output.all(*targets).apply(" ".join),
        "GATEWAY_MORE_MODEL_VERSION_LABELS": " ".join(labels),
    }


def _default_label(model: ModelSettings) -> str:
    """The label of the version that answers by default; empty: the newest."""
    return "stable" if model.versions.stable else ""


def checksum(environment: dict[str, pulumi.Input[str]]) -> pulumi.Output[str]:
    """Changes with every setting: as an annotation of the pods it makes them start anew."""
    return pulumi.Output.json_dumps(environment, sort_keys=True).apply(
        lambda text: hashlib.sha256(text.encode()).hexdigest()
    )


def _boolean(value: bool) -> str:
    return "true" if value else "false"
