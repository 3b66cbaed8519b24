"""The gateway's settings: read once from the environment, checked all together."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gateway.addresses import DEFAULT_PORTS, Network
from gateway.environment import Environment, SettingsError
from gateway.image_input import PROFILES, RESIZE_FILTERS, STANDARD
from gateway.preprocessing import CHANNEL_ORDERS, MODES

__all__ = ["Settings", "SettingsError"]

PREFIX = "GATEWAY_"
DEFAULT_SIGNATURE = "serving_default"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the gateway can be told, one environment variable each; names end in their unit.

    GATEWAY_MODEL_TARGET                   gRPC target of the model servers, required; a
                                           `dns:///host:port` of a headless Service names all pods
    GATEWAY_MODEL_NAME                     the model's name there, required
    GATEWAY_SIGNATURE_NAME                 its signature (serving_default)
    GATEWAY_MODEL_VERSION_LABEL            label of the version that answers; none: the newest
    GATEWAY_CANARY_PERCENT                 share of the requests that the version labelled canary
                                           answers, 0 to 100 (0)
    GATEWAY_MORE_MODELS                    further models as name=target, separated by blanks; they
                                           describe themselves
    GATEWAY_MORE_MODEL_VERSION_LABELS      labels of their versions that answer as name=label,
                                           separated by blanks; a model without: its newest
    GATEWAY_PORT                           where the gateway listens (9696)
    GATEWAY_REQUEST_TIMEOUT_SECONDS        for a whole request, inference included (10)
    GATEWAY_FETCH_TIMEOUT_SECONDS          for downloading an image, redirects included (5)
    GATEWAY_FETCH_CONNECT_TIMEOUT_SECONDS  for each connection of a download (2)
    GATEWAY_FETCH_READ_TIMEOUT_SECONDS     until the next bytes of a download come (2)
    GATEWAY_FETCH_MAX_REDIRECTS            redirects that are followed (3)
    GATEWAY_FETCH_ALLOWED_HOSTS            hosts that URLs may name, comma separated; *.example.com
                                           names all below it; empty: any (empty)
    GATEWAY_FETCH_DENIED_HOSTS             hosts that they may not, even if allowed (empty)
    GATEWAY_FETCH_ALLOWED_PORTS            TCP ports of public addresses, comma separated (80,443)
    GATEWAY_FETCH_ALLOWED_NETWORKS         networks (CIDR, comma separated) that images may come
                                           from though they aren't public; none by default
    GATEWAY_MAX_IMAGE_BYTES                largest image as a file (10485760)
    GATEWAY_MAX_IMAGE_PIXELS               largest image, width x height (40000000); a pixel takes
                                           4 bytes while decoded, 16 in the worst case (WebP)
    GATEWAY_MAX_BATCH_IMAGES               images in one request to /v1 (16)
    GATEWAY_MODEL_BATCH_IMAGES             images that one call of a model may carry while more
                                           come in than can be decoded; 1: each goes alone (8)
    GATEWAY_MAX_CONCURRENT_REQUESTS        predictions at a time; more get 429 (32)
    GATEWAY_MAX_IMAGE_FRAMES               most frames of an animation, of which the first is used
                                           (1000)
    GATEWAY_IMAGE_PROFILE                  how images are prepared unless a request says so:
                                           standard, or course for the numbers of the course's
                                           image library (standard)
    GATEWAY_SCALED_JPEG_DECODING           whether the standard profile decodes large JPEGs in a
                                           smaller size, half the time for at most 8 of 255 on
                                           photographs (true)
    GATEWAY_DECODE_WORKERS                 processes that decode, an image at a time each (2)
    GATEWAY_DECODE_TIMEOUT_SECONDS         for decoding one image; its worker is replaced then (5)
    GATEWAY_DECODE_MEMORY_BYTES            most memory of one worker (704643072); an image that
                                           needs more is refused
    GATEWAY_REQUIRE_API_KEY                whether /predict asks for an X-API-Key header (false)
    GATEWAY_API_KEYS_DIR                   folder of keys, a file per client, read anew when it
                                           changes (/etc/gateway/api-keys)
    GATEWAY_RATE_LIMIT_PER_MINUTE          requests of one API key to one gateway pod; of all
                                           callers together where no key is asked for; 0: any
                                           number (0)
    GATEWAY_RATE_LIMIT_BURST               how many of them may come at once (10)
    GATEWAY_TRACES_TARGET                  host:port of a collector that takes OTLP over gRPC;
                                           empty: no traces (empty)
    GATEWAY_TRACES_SAMPLE_PERCENT          share of the requests that are traced, unless their
                                           caller decided, 0 to 100 (10)

    Only for a model that doesn't describe itself:

    GATEWAY_MODEL_LABELS                   class names in the order of the scores, comma separated
    GATEWAY_MODEL_RESIZE_FILTER            nearest, bilinear, bicubic or lanczos (bilinear)
    GATEWAY_MODEL_INPUT_HEIGHT             input size in pixels, unless its signature has one
    GATEWAY_MODEL_INPUT_WIDTH              the same
    GATEWAY_MODEL_PREPROCESSING            what its clients do to pixels: none, tf, torch, caffe or
                                           rescale, as Keras names them (none)
    GATEWAY_MODEL_CHANNEL_ORDER            rgb or bgr (rgb)
    """

    model_target: str
    model_name: str
    signature_name: str
    model_version_label: str
    canary_percent: int
    more_models: Mapping[str, str]  # gRPC target by name
    more_model_version_labels: Mapping[str, str]  # by name
    port: int
    request_timeout_seconds: float
    fetch_timeout_seconds: float
    fetch_connect_timeout_seconds: float
    fetch_read_timeout_seconds: float
    fetch_max_redirects: int
    fetch_allowed_hosts: tuple[str, ...]
    fetch_denied_hosts: tuple[str, ...]
    fetch_allowed_ports: tuple[int, ...]
    fetch_allowed_networks: tuple[Network, ...]
    max_image_bytes: int
    max_image_pixels: int
    max_batch_images: int
    model_batch_images: int
    max_concurrent_requests: int
    max_image_frames: int
    image_profile: str
    scaled_jpeg_decoding: bool
    decode_workers: int
    decode_timeout_seconds: float
    decode_memory_bytes: int
    require_api_key: bool
    api_keys_dir: Path
    rate_limit_per_minute: int
    rate_limit_burst: int
    traces_target: str
    traces_sample_percent: int
    model_labels: tuple[str, ...]
    model_resize_filter: str
    model_input_height: int | None
    model_input_width: int | None
    model_preprocessing: str
    model_channel_order: str

    @classmethod
    def from_environment(cls, variables: Mapping[str, str]) -> "Settings":
        """Read all settings; raises SettingsError that names every wrong one."""
        env = Environment(variables, PREFIX)
        settings = cls(
            model_target=env.text("MODEL_TARGET"),
            model_name=env.text("MODEL_NAME"),
            signature_name=env.text("SIGNATURE_NAME", DEFAULT_SIGNATURE),
            model_version_label=env.text("MODEL_VERSION_LABEL", ""),
            canary_percent=env.integer("CANARY_PERCENT", 0, minimum=0, maximum=100),
            more_models=env.pairs("MORE_MODELS"),
            more_model_version_labels=env.pairs("MORE_MODEL_VERSION_LABELS"),
            port=env.integer("PORT", 9696, minimum=1, maximum=65_535),
            # No answer is worth minutes to a caller, whose load balancer gives up after 60 s.
            request_timeout_seconds=env.seconds("REQUEST_TIMEOUT_SECONDS", 10, maximum=60),
            fetch_timeout_seconds=env.seconds("FETCH_TIMEOUT_SECONDS", 5, maximum=60),
            fetch_connect_timeout_seconds=env.seconds(
                "FETCH_CONNECT_TIMEOUT_SECONDS", 2, maximum=60
            ),
            fetch_read_timeout_seconds=env.seconds("FETCH_READ_TIMEOUT_SECONDS", 2, maximum=60),
            fetch_max_redirects=env.integer("FETCH_MAX_REDIRECTS", 3, minimum=0, maximum=10),
            fetch_allowed_hosts=env.hosts("FETCH_ALLOWED_HOSTS"),
            fetch_denied_hosts=env.hosts("FETCH_DENIED_HOSTS"),
            fetch_allowed_ports=env.ports("FETCH_ALLOWED_PORTS", DEFAULT_PORTS),
            fetch_allowed_networks=env.networks("FETCH_ALLOWED_NETWORKS"),
            max_image_bytes=env.integer("MAX_IMAGE_BYTES", 10 * 2**20, minimum=1),
            max_image_pixels=env.integer("MAX_IMAGE_PIXELS", 40_000_000, minimum=1),
            max_batch_images=env.integer("MAX_BATCH_IMAGES", 16, minimum=1, maximum=1000),
            model_batch_images=env.integer("MODEL_BATCH_IMAGES", 8, minimum=1, maximum=1000),
            max_concurrent_requests=env.integer("MAX_CONCURRENT_REQUESTS", 32, minimum=1),
            max_image_frames=env.integer("MAX_IMAGE_FRAMES", 1000, minimum=1),
            image_profile=env.choice("IMAGE_PROFILE", PROFILES, STANDARD),
            scaled_jpeg_decoding=env.boolean("SCALED_JPEG_DECODING", True),
            decode_workers=env.integer("DECODE_WORKERS", 2, minimum=1, maximum=64),
            decode_timeout_seconds=env.seconds("DECODE_TIMEOUT_SECONDS", 5, maximum=60),
            # Below 64 MiB a worker has hardly room for its own code and a photograph.
            decode_memory_bytes=env.integer("DECODE_MEMORY_BYTES", 672 * 2**20, minimum=64 * 2**20),
            require_api_key=env.boolean("REQUIRE_API_KEY", False),
            api_keys_dir=Path(env.text("API_KEYS_DIR", "/etc/gateway/api-keys")),
            rate_limit_per_minute=env.integer("RATE_LIMIT_PER_MINUTE", 0, minimum=0),
            rate_limit_burst=env.integer("RATE_LIMIT_BURST", 10, minimum=1),
            traces_target=env.text("TRACES_TARGET", ""),
            traces_sample_percent=env.integer("TRACES_SAMPLE_PERCENT", 10, minimum=0, maximum=100),
            model_labels=env.names("MODEL_LABELS"),
            model_resize_filter=env.choice("MODEL_RESIZE_FILTER", RESIZE_FILTERS, "bilinear"),
            model_input_height=env.optional_integer("MODEL_INPUT_HEIGHT", minimum=1),
            model_input_width=env.optional_integer("MODEL_INPUT_WIDTH", minimum=1),
            model_preprocessing=env.choice("MODEL_PREPROCESSING", MODES, "none"),
            model_channel_order=env.choice("MODEL_CHANNEL_ORDER", CHANNEL_ORDERS, "rgb"),
        )
        if settings.model_name in settings.more_models:
            env.reject("MORE_MODELS", "models other than GATEWAY_MODEL_NAME")
        if not settings.more_model_version_labels.keys() <= settings.more_models.keys():
            env.reject("MORE_MODEL_VERSION_LABELS", "labels of models that GATEWAY_MORE_MODELS has")
        if settings.fetch_timeout_seconds > settings.request_timeout_seconds:
            env.reject("FETCH_TIMEOUT_SECONDS", "at most GATEWAY_REQUEST_TIMEOUT_SECONDS")
        if settings.fetch_connect_timeout_seconds > settings.fetch_timeout_seconds:
            env.reject("FETCH_CONNECT_TIMEOUT_SECONDS", "at most GATEWAY_FETCH_TIMEOUT_SECONDS")
        if (settings.model_input_height is None) != (settings.model_input_width is None):
            env.reject("MODEL_INPUT_HEIGHT", "set together with GATEWAY_MODEL_INPUT_WIDTH")
        env.finish()
        return settings
