"""Decoding in worker processes: what an image may break is one worker, for one request."""

import asyncio
import contextlib
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from decoding import KINDS, noise
from decoding import decode as decode_here
from gateway.decode import Decoder
from gateway.decode_process import MOST_PIECES, SOCKET_BUFFER_BYTES
from gateway.errors import (
    BrokenImage,
    DeadlineExceeded,
    DecoderCrashed,
    DecoderUnavailable,
    ImageTooLarge,
    ImageTooSlow,
    UnsupportedImage,
)
from gateway.image_input import DecodeOptions, ImageInput
from gateway.limits import Deadline
from pictures import BLUE, as_file, plain
from PIL import Image
from processes import is_running, page_faults, resident_bytes
from servers import until

DOCKERFILE = Path(__file__).parents[1] / "Dockerfile"
TARGET = ImageInput(height=8, width=8, resize_filter="bilinear")
SLOW = as_file(noise(3000, 2000), "JPEG", progressive=True)  # tens of milliseconds


class TestResult:
    """The same pixels as without a process in between, errors too."""

    async def test_pixels(self) -> None:
        file = as_file(noise(60, 40))
        async with new_decoder() as decoder:
            pixels = await decode(decoder, file)
        assert pixels.shape == (1, 8, 8, 3)
        assert pixels.flags.c_contiguous
        np.testing.assert_array_equal(pixels[0], decode_here(file))

    @pytest.mark.parametrize("piece_bytes", [1, 100_000])
    async def test_file_in_pieces(self, piece_bytes: int) -> None:
        """More of them than one call sends, and more bytes than the socket holds."""
        side = 40 if piece_bytes == 1 else 1000
        file = as_file(noise(side, side), "PNG")
        pieces = [file[at : at + piece_bytes] for at in range(0, len(file), piece_bytes)]
        assert len(pieces) > MOST_PIECES or len(file) > 2 * SOCKET_BUFFER_BYTES
        async with new_decoder() as decoder:
            pixels = await decoder.decode(pieces, TARGET, Deadline(10))
        np.testing.assert_array_equal(pixels[0], decode_here(file))

    @pytest.mark.parametrize(
        ("image", "image_format", "options"),
        KINDS,
        ids=lambda value: value if isinstance(value, str) else None,
    )
    async def test_every_way_through_the_decoders(
        self, image: Image.Image, image_format: str, options: dict[str, Any]
    ) -> None:
        """A worker can't load a part of Pillow that it lacks: it opens no file."""
        file = as_file(image, image_format, **options)
        async with new_decoder() as decoder:
            np.testing.assert_array_equal((await decode(decoder, file))[0], decode_here(file))

    async def test_profile_of_the_request_goes_before_the_setting(self) -> None:
        file = as_file(noise(60, 40))
        async with new_decoder(profile="course") as decoder:
            course = await decoder.decode([file], TARGET, Deadline(10))
            standard = await decoder.decode([file], TARGET, Deadline(10), profile="standard")
        np.testing.assert_array_equal(course[0], decode_here(file, profile="course"))
        np.testing.assert_array_equal(standard[0], decode_here(file))

    async def test_errors(self) -> None:
        async with new_decoder() as decoder:
            with pytest.raises(UnsupportedImage, match="no image of a known format"):
                await decode(decoder, b"hello")
            with pytest.raises(BrokenImage, match="PNG"):
                await decode(decoder, plain()[:-30])
            with pytest.raises(ImageTooLarge, match="10000000 pixels"):
                await decode(decoder, as_file(Image.new("1", (5000, 2001))))
            assert len(decoder.pids) == 1  # none of them cost a worker

    async def test_many_at_a_time(self) -> None:
        colors = [(value, 255 - value, 7) for value in range(0, 250, 5)]
        async with new_decoder(workers=2) as decoder:
            files = [as_file(Image.new("RGB", (9, 9), color)) for color in colors]
            answers = await asyncio.gather(*(decode(decoder, file) for file in files))
        assert [tuple(pixels[0, 0, 0].tolist()) for pixels in answers] == colors


class TestLostWorker:
    """A worker that an image ends costs that request alone, and is replaced."""

    @pytest.mark.parametrize("signal_number", [signal.SIGSEGV, signal.SIGKILL, signal.SIGABRT])
    async def test_by_a_signal(self, signal_number: int) -> None:
        async with new_decoder() as decoder:
            before = await running_pids(decoder)
            os.kill(before[0], signal.SIGSTOP)  # so that the image is there when it ends
            hit = asyncio.create_task(decode(decoder, plain()))
            waiting = [asyncio.create_task(decode(decoder, plain(BLUE))) for _ in range(3)]
            await asyncio.sleep(0.05)
            os.kill(before[0], signal_number)
            os.kill(before[0], signal.SIGCONT)
            with pytest.raises(DecoderCrashed):
                await hit
            answers = await asyncio.gather(*waiting)
            assert [tuple(pixels[0, 0, 0].tolist()) for pixels in answers] == [BLUE] * 3
            assert decoder.pids[0] != before[0]

    async def test_while_idle_costs_no_request(self) -> None:
        async with new_decoder() as decoder:
            (pid,) = await running_pids(decoder)
            os.kill(pid, signal.SIGKILL)
            await until(lambda: is_gone(pid))
            assert (await decode(decoder, plain())).shape == (1, 8, 8, 3)

    async def test_by_the_time_limit(self) -> None:
        async with new_decoder(timeout_seconds=0.1) as decoder:
            (pid,) = await running_pids(decoder)
            os.kill(pid, signal.SIGSTOP)  # an image that takes for ever
            with pytest.raises(ImageTooSlow):
                await decode(decoder, plain())
            await until(lambda: is_gone(pid))

    async def test_other_workers_go_on_meanwhile(self) -> None:
        async with new_decoder(workers=2) as decoder:
            pids = await running_pids(decoder, 2)
            os.kill(pids[0], signal.SIGSTOP)
            stuck = [asyncio.create_task(decode(decoder, plain())) for _ in range(2)]
            done, _ = await asyncio.wait(stuck, return_when=asyncio.FIRST_COMPLETED, timeout=5)
            assert len(done) == 1
            for _ in range(5):
                assert (await decode(decoder, plain())).shape == (1, 8, 8, 3)
            os.kill(pids[0], signal.SIGCONT)
            await asyncio.gather(*stuck)


class TestLimits:
    """A worker has little: memory up to its limit, no file, no secret of the gateway's."""

    async def test_memory(self) -> None:
        large = as_file(Image.new("RGB", (5000, 4000)), "PNG")  # 80 MB decoded
        limits = {"max_pixels": 20_000_000}
        async with new_decoder(max_memory_bytes=64 * 2**20, **limits) as decoder:
            with pytest.raises((ImageTooLarge, DecoderCrashed)):
                await decode(decoder, large)
            assert (await decode(decoder, plain())).shape == (1, 8, 8, 3)
        async with new_decoder(max_memory_bytes=192 * 2**20, **limits) as decoder:
            assert (await decode(decoder, large)).shape == (1, 8, 8, 3)

    async def test_process(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("GATEWAY_SECRET", "s3cret")
        async with new_decoder() as decoder:
            (pid,) = await running_pids(decoder)
            process = Path(f"/proc/{pid}")
            limits = process.joinpath("limits").read_text()
            assert soft_limit(limits, "Max data size") == str(128 * 2**20)
            for none_allowed in ("Max core file size", "Max open files", "Max file size"):
                assert soft_limit(limits, none_allowed) == "0"
            assert b"s3cret" not in process.joinpath("environ").read_bytes()
            # Standard input is the socket to the gateway; the other two lead nowhere.
            opened = {file.readlink().name for file in process.joinpath("fd").iterdir()}
            assert {name for name in opened if not name.startswith("socket:")} == {"null"}

    async def test_memory_does_not_grow(self) -> None:
        files = [as_file(noise(900, 600), name) for name in ("JPEG", "PNG", "WEBP", "TIFF")]
        async with new_decoder() as decoder:
            for file in files * 3:
                await decode(decoder, file)
            (pid,) = decoder.pids
            before = resident_bytes(pid)
            for file in files * 25:
                await decode(decoder, file)
            assert resident_bytes(pid) < before + 2**21
            assert decoder.pids == (pid,)

    async def test_what_it_frees_stays_at_hand(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """As the image sets it up; with malloc's own thresholds it is 600 page faults an image."""
        settings = re.findall(r"(MALLOC_\w+)=(\d+)", DOCKERFILE.read_text())
        assert settings
        for name, value in settings:
            monkeypatch.setenv(name, value)
        file = as_file(noise(640, 480), "JPEG")
        target = ImageInput(height=299, width=299, resize_filter="bilinear")
        async with new_decoder() as decoder:
            for _ in range(3):
                await decoder.decode([file], target, Deadline(30))
            (pid,) = decoder.pids
            before = page_faults(pid)
            for _ in range(10):
                await decoder.decode([file], target, Deadline(30))
            assert page_faults(pid) - before < 10 * 50


class TestUrgency:
    """Requests and probes go before the images that are decoded."""

    async def test_a_worker_gives_way(self) -> None:
        own = os.getpriority(os.PRIO_PROCESS, 0)
        async with new_decoder() as decoder:
            (pid,) = await running_pids(decoder)
            assert os.getpriority(os.PRIO_PROCESS, pid) > own


class TestWaiting:
    """Decoding happens beside the event loop, and a request waits no longer than it may."""

    async def test_loop_stays_free(self) -> None:
        async with new_decoder() as decoder:
            await running_pids(decoder)
            decoding = asyncio.create_task(decode(decoder, SLOW))
            turns = 0
            while not decoding.done():
                turns += 1
                await asyncio.sleep(0.001)
            assert (await decoding).shape == (1, 8, 8, 3)
            assert turns > 5

    async def test_no_worker_in_time(self) -> None:
        async with new_decoder() as decoder:
            await running_pids(decoder)
            first = asyncio.create_task(decode(decoder, SLOW))
            await asyncio.sleep(0)
            with pytest.raises(DeadlineExceeded):
                await decoder.decode([plain()], TARGET, Deadline(0.005))
            assert decoder.waiting == 1  # until its turn, when it is passed over
            assert (await first).shape == (1, 8, 8, 3)

    async def test_caller_who_has_gone_costs_no_worker(self) -> None:
        async with new_decoder() as decoder:
            pids = await running_pids(decoder)
            for _ in range(5):
                gone = asyncio.create_task(decode(decoder, SLOW))
                await asyncio.sleep(0.01)
                gone.cancel()
            assert (await decode(decoder, plain())).shape == (1, 8, 8, 3)
            assert decoder.pids == pids

    async def test_no_worker_starts(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "executable", "/bin/false")
        async with new_decoder() as decoder:

            async def is_told() -> bool:
                try:
                    await decoder.decode([plain()], TARGET, Deadline(0.05))
                except DecoderUnavailable:
                    return True
                except DeadlineExceeded:  # the first one was still being started
                    return False
                return False

            await until(is_told)

    async def test_nothing_is_left_behind(self) -> None:
        async with new_decoder(workers=2) as decoder:
            pids = await running_pids(decoder, 2)
        for pid in pids:
            assert await is_gone(pid)


@contextlib.asynccontextmanager
async def new_decoder(
    *,
    workers: int = 1,
    max_memory_bytes: int = 128 * 2**20,
    timeout_seconds: float = 5,
    max_pixels: int = 10_000_000,
    **options: Any,
) -> AsyncIterator[Decoder]:
    """A decoder with ample limits."""
    async with Decoder(
        options=DecodeOptions(max_pixels=max_pixels, max_frames=5, **options),
        workers=workers,
        max_memory_bytes=max_memory_bytes,
        timeout_seconds=timeout_seconds,
    ) as decoder:
        yield decoder


async def decode(decoder: Decoder, file: bytes) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """Decode within an ample deadline."""
    return await decoder.decode([file], TARGET, Deadline(10))


async def running_pids(decoder: Decoder, count: int = 1) -> tuple[int, ...]:
    """The workers' process ids, once that many run."""

    async def all_run() -> bool:
        return len(decoder.pids) == count

    await until(all_run)
    return decoder.pids


async def is_gone(pid: int) -> bool:
    """Whether a process has ended."""
    return not is_running(pid)


def soft_limit(limits: str, name: str) -> str:
    """A limit of proc(5)'s table."""
    line = next(line for line in limits.splitlines() if line.startswith(name))
    return line.removeprefix(name).split()[0]
