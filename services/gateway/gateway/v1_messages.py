"""The bodies of the routes under /v1: read, written and described (OpenAPI) by these types."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from gateway.selection import LABEL_PATTERN


class Options(Struct, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What may be asked for with any prediction, in the query or in the body, which wins."""

    top: Annotated[int, Meta(ge=1, description="the best classes only, so many of them")] | None = (
        None
    )
    version: (
        Annotated[int, Meta(ge=1, le=2**63 - 1, description="number of the version to answer")]
        | None
    ) = None
    label: (
        Annotated[str, Meta(pattern=LABEL_PATTERN, description="label of the version to answer")]
        | None
    ) = None
    profile: (
        Annotated[
            Literal["standard", "course"],
            Meta(
                description="how images are prepared: standard as people see them, course for the"
                " numbers of the course's image library; the operator's setting if left out"
            ),
        ]
        | None
    ) = None
    softmax: Annotated[bool, Meta(description="make probabilities of raw scores")] = False
    show_input: Annotated[bool, Meta(description="answer the pixels that the model saw, too")] = (
        False
    )


class PredictBody(Options, kw_only=True):
    """One of `url`, `urls` and `image_base64`, with options."""

    url: Annotated[str, Meta(description="where the image is, http or https")] | None = None
    urls: (
        Annotated[list[str], Meta(min_length=1, description="several, answered in order")] | None
    ) = None
    image_base64: Annotated[bytes, Meta(description="the image's file")] | None = None


class AnsweredBy(Struct, kw_only=True, omit_defaults=True):
    """The model and the version that answered."""

    name: str
    version: int
    label: Annotated[str, Meta(description="by which the version was chosen")] | None = None


class LabelledScore(Struct):
    """A class and its score."""

    label: str
    score: float


class Times(Struct, kw_only=True, omit_defaults=True):
    """How long each stage took, in milliseconds."""

    decode: float
    inference: float
    fetch: Annotated[float, Meta(description="of images by URL")] | None = None


class Result(Struct, kw_only=True, omit_defaults=True):
    """The answer to one image."""

    predictions: Annotated[list[LabelledScore], Meta(description="best first")]
    model: AnsweredBy
    times_ms: Times
    input_png: Annotated[bytes, Meta(description="what the model saw, a PNG file")] | None = None


class ProblemDocument(Struct, kw_only=True, omit_defaults=True):
    """An error, as RFC 9457 has it; `code` is for programs, `action` for people."""

    type: str
    title: str
    status: int
    code: str
    action: str
    detail: str | None = None
    source_status: Annotated[int, Meta(description="what the image's source answered")] | None = (
        None
    )


class Item(Struct, kw_only=True, omit_defaults=True):
    """The answer to one image of several: an error, or else what a Result has."""

    predictions: list[LabelledScore] = []
    model: AnsweredBy | None = None
    times_ms: Times | None = None
    input_png: bytes | None = None
    error: ProblemDocument | None = None


class Results(Struct):
    """The answers to several images, in their order."""

    results: list[Item]


class ModelInput(Struct, kw_only=True):
    """The tensor that a model takes, and how pictures become one."""

    name: str
    shape: Annotated[list[int], Meta(description="-1: any number of images")]
    dtype: str
    resize_filter: str


class VersionState(Struct):
    """A version as one of the servers has it."""

    version: int
    state: Annotated[str, Meta(examples=["AVAILABLE", "LOADING"])]


class ModelInfo(Struct, kw_only=True, omit_defaults=True):
    """A model; one that can't be asked now has a reason, and only its name beside it."""

    name: str
    default: Annotated[bool, Meta(description="whether routes without a name ask this one")]
    ready: bool
    reason: str | None = None
    version: Annotated[int, Meta(description="that answers by default")] | None = None
    versions: list[VersionState] = []
    labels: Annotated[dict[str, int], Meta(description="version by label")] = {}
    input: ModelInput | None = None
    classes: Annotated[list[str], Meta(description="in the order of the model's scores")] = []


class ModelList(Struct):
    """All models, the default one first."""

    models: list[ModelInfo]
