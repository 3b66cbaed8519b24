"""The least that a gateway must do, in a bare loop: python -m peers.limit FOLDER SIZE FILTER.

For each line `{"image": name, "work": …, "seconds": …}` on standard input it works on one of the
folder's images for so long, and a line tells how often it did, and its CPU time.
"""

import io
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from gateway.decode_image import decode_image
from gateway.decode_standard import SCALED_JPEG_MARGIN
from gateway.image_input import DecodeOptions, ImageInput
from gateway.prediction_request import predict_request
from gateway.selection import Selection
from PIL import Image

from peers.lines import answer, questions
from peers.model import INPUT, MODEL, SIGNATURE

Work = Callable[[bytes], object]
OPTIONS = DecodeOptions(max_pixels=40_000_000, max_frames=1)


class Works:
    """What can be done to an image for a model of a size and resize filter."""

    def __init__(self, size: int, resize_filter: str) -> None:
        self._target = ImageInput(height=size, width=size, resize_filter=resize_filter)

    def all(self) -> Mapping[str, Work]:
        """By name."""
        return {
            "decode": self.decode,
            "decode scaled": self.decode_scaled,
            "whole": self.decode_resize_and_serialise,
        }

    def decode(self, data: bytes) -> None:
        """All pixels, as the course's gateway does."""
        Image.open(io.BytesIO(data)).load()

    def decode_scaled(self, data: bytes) -> None:
        """As few pixels as ours does."""
        image = Image.open(io.BytesIO(data))
        if self._target.resize_filter == "nearest":  # picks pixels, and so needs them all
            image.load()
            return
        least = [int(side * SCALED_JPEG_MARGIN) for side in self._target.size]
        image.draft(None, (least[0], least[1]))
        image.load()

    def decode_resize_and_serialise(self, data: bytes) -> bytes:
        """A request to the model, ready to be sent."""
        pixels = np.frombuffer(decode_image(data, self._target, OPTIONS).pixels, np.uint8)
        return predict_request(
            [pixels.reshape(1, self._target.height, self._target.width, 3)],
            model_name=MODEL,
            signature_name=SIGNATURE,
            input_name=INPUT,
            selection=Selection(),
        )


def main(folder: Path, size: int, resize_filter: str) -> None:
    """Work as it is asked for."""
    works = Works(size, resize_filter).all()
    answer("ready")
    for question in questions():
        data = (folder / question["image"]).read_bytes()
        answer(_repeat(works[question["work"]], data, question["seconds"]))


def _repeat(work: Work, data: bytes, seconds: float) -> dict[str, float]:
    times, started, cpu_started = 0, time.perf_counter(), time.process_time()
    while (passed := time.perf_counter() - started) < seconds:
        work(data)
        times += 1
    return {"times": times, "seconds": passed, "cpu_seconds": time.process_time() - cpu_started}


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
