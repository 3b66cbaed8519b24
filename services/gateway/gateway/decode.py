"""Decodes images in worker processes, so that a hostile one costs one request and nothing else."""

import asyncio
import contextlib
import dataclasses
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import numpy as np
import numpy.typing as npt

from gateway.decode_process import DecodeProcess, WorkerLost
from gateway.errors import (
    DeadlineExceeded,
    DecoderCrashed,
    DecoderUnavailable,
    ImageError,
    ImageTooSlow,
)
from gateway.image_input import PROFILES, DecodedImage, DecodeOptions, ImageInput
from gateway.limits import Deadline

START_AGAIN_SECONDS = 1.0

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Job:
    file: Sequence[bytes]
    target: ImageInput
    options: DecodeOptions
    image: "asyncio.Future[DecodedImage]"

    def fail(self, error: Exception) -> None:
        if not self.image.done():  # the caller may have gone
            self.image.set_exception(error)


class Decoder:
    """A fixed number of workers; use as an async context manager, one per gateway.

    A worker works on one image at a time, with at most `max_memory_bytes` and for at most
    `timeout_seconds`. One that ends, or has to be ended, is replaced. How many images wait is
    bounded where requests come in, see ConcurrencyLimit.
    """

    def __init__(
        self,
        *,
        options: DecodeOptions,
        workers: int,
        max_memory_bytes: int,
        timeout_seconds: float,
        count_pixels: Callable[[int], object] = lambda source_pixels: None,
    ) -> None:
        """count_pixels: is told the size of each image that was decoded, width x height."""
        self._default_profile = options.profile
        self._options = {each: dataclasses.replace(options, profile=each) for each in PROFILES}
        self._workers = workers
        self._max_memory_bytes = max_memory_bytes
        self._timeout_seconds = timeout_seconds
        self._count_pixels = count_pixels
        self._jobs: asyncio.Queue[_Job] = asyncio.Queue()
        self._running: dict[int, DecodeProcess] = {}
        self._problem: str | None = None

    async def __aenter__(self) -> Self:
        self._slots = [asyncio.create_task(self._serve()) for _ in range(self._workers)]
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for slot in self._slots:
            slot.cancel()
        await asyncio.gather(*self._slots, return_exceptions=True)

    @property
    def pids(self) -> tuple[int, ...]:
        """Of the workers that run."""
        return tuple(self._running)

    @property
    def waiting(self) -> int:
        """How many images wait for a worker."""
        return self._jobs.qsize()

    async def decode(
        self,
        file: Sequence[bytes],
        target: ImageInput,
        deadline: Deadline,
        *,
        profile: str | None = None,
    ) -> npt.NDArray[np.uint8]:
        """RGB uint8 [1, height, width, 3] of the target's size, C-contiguous.

        `file` is in pieces as they came: to join them would copy it once more.
        `profile` is one of PROFILES, or None for that of the options.

        Raises an ImageError; DeadlineExceeded if it isn't done in time; DecoderUnavailable if no
        worker can be started. An image that is being decoded goes on when its caller has gone, for
        ending its worker would cost more.
        """
        if self._problem and not self._running:
            raise DecoderUnavailable("no image can be decoded at the moment; try again later")
        options = self._options[profile or self._default_profile]
        job = _Job(file, target, options, asyncio.get_running_loop().create_future())
        self._jobs.put_nowait(job)
        try:
            async with asyncio.timeout(deadline.remaining_seconds()):
                image = await job.image
        except TimeoutError as error:
            raise DeadlineExceeded("too many images to decode; try again later") from error
        return np.frombuffer(image.pixels, np.uint8).reshape(1, target.height, target.width, 3)

    async def _serve(self) -> None:
        """One worker after the other; each serves until it is lost."""
        while True:
            try:
                async with self._worker() as worker:
                    while await self._do_next(worker):
                        pass
            except WorkerLost as error:
                self._problem = str(error)
                logger.error("a decoding worker did not start: it %s", error)
                await asyncio.sleep(START_AGAIN_SECONDS)

    @contextlib.asynccontextmanager
    async def _worker(self) -> AsyncIterator[DecodeProcess]:
        worker = await DecodeProcess.start(max_memory_bytes=self._max_memory_bytes)
        self._problem = None
        self._running[worker.pid] = worker
        try:
            yield worker
        finally:
            del self._running[worker.pid]
            worker.kill()

    async def _do_next(self, worker: DecodeProcess) -> bool:
        """Do one job; returns whether the worker can do another."""
        job = await self._jobs.get()
        if job.image.done():  # its caller did not wait so long
            return True
        if not worker.is_alive():  # ended while it had nothing to do: no fault of this image
            logger.warning("a decoding worker ended while it was idle; it is replaced")
            self._jobs.put_nowait(job)
            return False
        try:
            async with asyncio.timeout(self._timeout_seconds):
                image = await worker.decode(job.file, job.target, job.options)
        except ImageError as error:
            job.fail(error)
            return True
        except TimeoutError:
            _log_loss("took longer than allowed", job)
            job.fail(ImageTooSlow("decoding the image takes longer than allowed"))
            return False
        except WorkerLost as error:
            _log_loss(str(error), job)
            job.fail(DecoderCrashed("decoding the image ended the process that did it"))
            return False
        self._count_pixels(image.source_pixels)
        if not job.image.done():
            job.image.set_result(image)
        return True


def _log_loss(how: str, job: _Job) -> None:
    data = b"".join(job.file)
    fields = {"how": how, "image_bytes": len(data), "image_begins": data[:12].hex()}
    logger.warning("an image cost a decoding worker, which is replaced", extra={"fields": fields})
