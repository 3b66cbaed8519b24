"""Puts the gateway together from its settings."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.types import ASGIApp

from gateway.addresses import AddressPolicy
from gateway.api_keys import ApiKeys
from gateway.app import Api, create_app
from gateway.canary import CanaryShare
from gateway.decode import Decoder
from gateway.door import Door
from gateway.fetch import Fetcher
from gateway.hosts import HostPolicy
from gateway.image_input import DecodeOptions
from gateway.limits import ConcurrencyLimit
from gateway.metrics import Metrics
from gateway.microbatches import Batching
from gateway.model_client import ModelClient
from gateway.model_description import OwnWords
from gateway.models import Models
from gateway.oip import InferenceApi
from gateway.pages import page_routes
from gateway.predictor import Predictor
from gateway.preprocessing import Preprocessing
from gateway.rate_limits import RateLimits
from gateway.settings import DEFAULT_SIGNATURE, Settings
from gateway.v1 import V1Api
from gateway.v1_input import InputReader
from gateway.v1_models import V1Models

Lifespan = Callable[[Starlette], AbstractAsyncContextManager[None]]


def assemble(settings: Settings) -> ASGIApp:
    """The application with all of its parts; nothing is connected before its lifespan starts."""
    fetcher = Fetcher(
        addresses=AddressPolicy(settings.fetch_allowed_networks, settings.fetch_allowed_ports),
        hosts=HostPolicy(allowed=settings.fetch_allowed_hosts, denied=settings.fetch_denied_hosts),
        max_redirects=settings.fetch_max_redirects,
        max_bytes=settings.max_image_bytes,
        timeout_seconds=settings.fetch_timeout_seconds,
        connect_timeout_seconds=settings.fetch_connect_timeout_seconds,
        read_timeout_seconds=settings.fetch_read_timeout_seconds,
    )
    metrics = Metrics()
    decoder = Decoder(
        options=DecodeOptions(
            max_pixels=settings.max_image_pixels,
            max_frames=settings.max_image_frames,
            profile=settings.image_profile,
            scaled_jpeg=settings.scaled_jpeg_decoding,
        ),
        workers=settings.decode_workers,
        max_memory_bytes=settings.decode_memory_bytes,
        timeout_seconds=settings.decode_timeout_seconds,
        count_pixels=metrics.image_pixels.inc,
    )
    batching = Batching(
        max_images=settings.model_batch_images,
        more_are_coming=lambda: decoder.waiting > 0,
        count_images=metrics.model_call_images.observe,
    )
    models = Models(_model_clients(settings, batching), CanaryShare(settings.canary_percent))
    limit = ConcurrencyLimit(settings.max_concurrent_requests)
    metrics.watch("gateway_places_in_use", "Images and requests in work now", lambda: limit.in_use)
    metrics.watch(
        "gateway_decode_queue", "Images that wait for a decoding worker", lambda: decoder.waiting
    )
    predictor = Predictor(fetcher=fetcher, decoder=decoder, metrics=metrics)
    door = Door(
        api_keys=ApiKeys(settings.api_keys_dir) if settings.require_api_key else None,
        limit=limit,
        rates=_rate_limits(settings),
        request_timeout_seconds=settings.request_timeout_seconds,
    )
    reader = InputReader(
        max_image_bytes=settings.max_image_bytes, max_batch_images=settings.max_batch_images
    )
    routes = [
        *Api(
            predictor=predictor,
            models=models,
            door=door,
            max_image_bytes=settings.max_image_bytes,
        ).routes,
        *V1Api(predictor=predictor, models=models, door=door, reader=reader).routes,
        *V1Models(models=models, door=door).routes,
        *InferenceApi(
            models=models,
            door=door,
            max_body_bytes=settings.max_image_bytes,
            max_batch_images=settings.max_batch_images,
        ).routes,
        *metrics.routes,
        *page_routes(),
    ]

    if not settings.traces_target:
        return create_app(routes, metrics, _lifespan(fetcher, decoder, models))

    from gateway.open_telemetry import OpenTelemetry, Traces  # costs memory, so only where wanted

    telemetry = OpenTelemetry(settings.traces_target, settings.traces_sample_percent)
    return create_app(
        routes,
        metrics,
        _lifespan(telemetry, fetcher, decoder, models),
        traced=lambda app: Traces(app, telemetry),
    )


def _lifespan(*parts: AbstractAsyncContextManager[Any]) -> Lifespan:
    """Opens the parts in their order, and closes them the other way round."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            for part in parts:
                await stack.enter_async_context(part)
            yield

    return lifespan


def _rate_limits(settings: Settings) -> RateLimits | None:
    if not settings.rate_limit_per_minute:
        return None
    return RateLimits(per_minute=settings.rate_limit_per_minute, burst=settings.rate_limit_burst)


def _model_clients(settings: Settings, batching: Batching) -> list[ModelClient]:
    """The default model first."""
    default = ModelClient(
        target=settings.model_target,
        name=settings.model_name,
        signature_name=settings.signature_name,
        version_label=settings.model_version_label,
        fallback=OwnWords(
            labels=settings.model_labels,
            height=settings.model_input_height,
            width=settings.model_input_width,
            resize_filter=settings.model_resize_filter,
            preprocessing=Preprocessing(
                mode=settings.model_preprocessing, channel_order=settings.model_channel_order
            ),
        ),
        batching=batching,
    )
    more = [
        ModelClient(
            target=target,
            name=name,
            signature_name=DEFAULT_SIGNATURE,
            version_label=settings.more_model_version_labels.get(name, ""),
            fallback=OwnWords(),
            batching=batching,
        )
        for name, target in settings.more_models.items()
    ]
    return [default, *more]
