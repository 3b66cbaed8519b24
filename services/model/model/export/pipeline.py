"""The order of an export."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from model.export.contract import write_contract
from model.export.describe import Description
from model.export.image_input import ImageInput, read_image_input
from model.export.network import Network
from model.export.pictures import made_up_pictures
from model.export.place import Place
from model.export.reference import are_probabilities, expected_scores
from model.export.replay import replay_in_another_process
from model.export.request import Request
from model.export.savedmodel import Served, save, serve
from model.export.tuning import in_mixed_precision, milliseconds_per_batch
from model.export.verify import Replay, is_telling, largest_difference
from model.export.warmup import write_warmup
from model.progress import Progress

SAMPLES = 4
TIMED_BATCH = 8


def export(
    place: Place,
    network: Network,
    request: Request,
    progress: Progress,
    replay: Replay = replay_in_another_process,
) -> Path:
    """Write, verify and publish a version; returns its folder.

    Raises:
        ExportError: the network is no image classifier, doesn't fit the request or the disk, or
            what was written doesn't answer like it. Nothing is published then.
    """
    image = read_image_input(network.input, request.size)
    request.preprocessing.require_takes(image)
    place.require_space(network.weight_bytes)
    pictures = made_up_pictures(SAMPLES, image.height, image.width)
    progress(f"asking {network.source} for its scores of {SAMPLES} pictures")
    expected = expected_scores(network, image, request, pictures)

    served = serve(network, image, request)
    if request.mixed_precision or request.jit_compile:
        network, served = _tuned(network, image, request, progress)
    progress("writing the SavedModel")
    save(network, served, _description(network, image, request), place.incoming)
    warmups = write_warmup(place.incoming, place.name, served, (1, request.max_batch))
    progress(f"loading it in another process, replaying its {warmups} warm-up requests")
    difference = largest_difference(
        place.incoming,
        _as_served(pictures, image, request),
        expected,
        precision=request.mixed_precision,
        replay=replay,
    )
    progress(
        f"largest difference between SavedModel and Keras: {difference:.1e} "
        f"(largest score: {np.max(np.abs(expected)):.1e})"
    )
    if not is_telling(expected, request.mixed_precision):
        progress("this says little: the scores are nearly the same for every picture")
    write_contract(
        place.incoming,
        version=int(place.folder.name),
        served=served,
        labels=request.labels,
        max_batch=request.max_batch,
    )
    place.publish()
    progress(f"exported to {place.folder}: {_summary(served, expected)}")
    return place.folder


def _tuned(
    network: Network, image: ImageInput, request: Request, progress: Progress
) -> tuple[Network, Served]:
    """The network as the options want it, and how much faster that is here."""
    plain = serve(network, image, replace(request, jit_compile=False))
    if request.mixed_precision:
        network = in_mixed_precision(network, request.mixed_precision)
    tuned = serve(network, image, request)
    batch = min(TIMED_BATCH, request.max_batch)
    pictures = made_up_pictures(batch, image.height, image.width)
    before, after = milliseconds_per_batch(plain, tuned, _as_served(pictures, image, request))
    options = filter(None, (request.mixed_precision, "XLA" if request.jit_compile else None))
    progress(
        f"with {' and '.join(options)} it is {before / after:.2f} times as fast on this machine "
        f"({before:.1f} → {after:.1f} ms for {batch} pictures)"
    )
    return network, tuned


def _as_served(pictures: NDArray[np.uint8], image: ImageInput, request: Request) -> NDArray[Any]:
    """As clients send them: prepared only where the signature is the network's own."""
    if request.keep_signature:
        return request.preprocessing.of_arrays(pictures, image)
    return pictures


def _description(network: Network, image: ImageInput, request: Request) -> Description:
    preprocessing = str(request.preprocessing)
    return Description(
        labels=request.labels,
        height=image.height,
        width=image.width,
        resize_filter=request.resize_filter,
        preprocessing="none" if request.keep_signature else preprocessing,
        client_preprocessing=preprocessing if request.keep_signature else "none",
        provenance=network.provenance
        | {"keras": keras.__version__, "tensorflow": tf.__version__}
        | {"mixed_precision": request.mixed_precision, "jit_compile": request.jit_compile}
        # A server whose largest batch is smaller refuses the warm-up requests, and so the version.
        | {"max_batch": request.max_batch}
        | request.provenance,
    )


def _summary(served: Served, expected: NDArray[np.float32]) -> str:
    sides = ", ".join(map(str, ("batch", *served.picture_shape)))
    kind = "probabilities" if are_probabilities(expected) else "raw scores, no probabilities"
    return (
        f"{served.input} {served.dtype} [{sides}] → {served.output} [batch, {expected.shape[1]}] "
        f"({kind})"
    )
