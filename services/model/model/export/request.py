"""What the user wants of an export."""

from dataclasses import dataclass, field

from model.export.choices import DEFAULT_FILTER, DEFAULT_MAX_BATCH
from model.export.preprocessing import Preprocessing


@dataclass(frozen=True, kw_only=True)
class Request:
    """One export, besides the network and where it goes.

    Attributes:
        labels: a name per class, in the order of the scores.
        preprocessing: in the graph; with `keep_signature` what clients do.
        resize_filter: how pictures are brought to the network's size, one of RESIZE_FILTERS.
        size: height and width, for networks that take any.
        softmax: turn raw scores into probabilities.
        keep_signature: the network's own input and output, under their own names.
        max_batch: the largest batch that the server will be allowed to make.
        mixed_precision: one of PRECISIONS, or None for that of the weights.
        jit_compile: compile the graph by XLA, once per batch size.
        provenance: what the user adds to what is known; JSON values.
    """

    labels: tuple[str, ...]
    preprocessing: Preprocessing
    resize_filter: str = DEFAULT_FILTER
    size: tuple[int, int] | None = None
    softmax: bool = False
    keep_signature: bool = False
    max_batch: int = DEFAULT_MAX_BATCH
    mixed_precision: str | None = None
    jit_compile: bool = False
    provenance: dict[str, object] = field(default_factory=dict)
