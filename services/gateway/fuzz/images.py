"""Image files by mutation of a corpus, decoded by the gateway's own workers under their limits.

A finding is a worker that ends, takes too long, or needs more memory than an image of so few
pixels may. Whether the fuzzer is any good is tried first: on a worker with a planted bomb and a
planted crash it has to find both.
"""

import asyncio
import contextlib
import hashlib
import random
import time
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

from decoding import KINDS
from gateway.decode_process import WORKER_MODULE, DecodeProcess, WorkerLost
from gateway.errors import ImageError
from gateway.image_input import PROFILES, DecodeOptions, ImageInput
from pictures import as_file

from fuzz.mutation import mutate
from fuzz.report import say

PLANTED_MODULE = "fuzz.planted_worker"
PLANTED_LIMIT_SECONDS = 60.0
FINDINGS = Path(__file__).parents[1] / "tests" / "regressions" / "images"

TARGET = ImageInput(height=96, width=96, resize_filter="bilinear")
MAX_PIXELS = 1_000_000
MAX_FRAMES = 50
# 16 bytes for each pixel, the file, and the worker itself.
MAX_MEMORY_BYTES = 64 * 2**20
# A million pixels take some 20 ms; the rest is for a busy machine.
MAX_SECONDS = 3.0
# Corpus files grow by what decoders accepted, up to so many.
MAX_CORPUS_FILES = 500
MAX_FILE_BYTES = 200_000

CRASH, BOMB, SLOW = "crash", "bomb", "slow"


async def run(seconds: float) -> int:
    """Fuzz for a time; returns the exit code: 1 with findings, 3 if the planted ones stay unfound.

    Each finding is kept among the regression tests.
    """
    say("images: is the fuzzer any good? looking for a planted bomb and a planted crash")
    planted = await _look_for_planted()
    if planted is None:
        say(f"images: NOT found within {PLANTED_LIMIT_SECONDS:g} s; the fuzzer is broken")
        return 3
    say(f"images: both found after {planted} files; now the genuine decoder, {seconds:g} s")
    fuzzer = Fuzzer(WORKER_MODULE)
    await fuzzer.run_until(time.monotonic() + seconds)
    say(f"images: {fuzzer.tried} files, answers: {dict(fuzzer.answers.most_common())}")
    for kind, file in fuzzer.findings.items():
        kept = keep(kind, file)
        say(f"images: FOUND a {kind}, kept as {kept}; mend it, and the test stays")
    return 1 if fuzzer.findings else 0


async def _look_for_planted() -> int | None:
    """How many files it took to find both, or None."""
    fuzzer = Fuzzer(PLANTED_MODULE)
    end = time.monotonic() + PLANTED_LIMIT_SECONDS
    await fuzzer.run_until(end, enough={CRASH, BOMB})
    return fuzzer.tried if fuzzer.findings.keys() >= {CRASH, BOMB} else None


def keep(kind: str, file: bytes) -> Path:
    """Write a finding to the regression tests; the same file is kept once."""
    FINDINGS.mkdir(parents=True, exist_ok=True)
    path = FINDINGS / f"{kind}-{hashlib.sha256(file).hexdigest()[:16]}.bin"
    path.write_bytes(file)
    return path


class Fuzzer:
    """One worker, replaced whenever it is lost, and the first finding of each kind."""

    def __init__(self, module: str, seed: int = 0) -> None:
        self._module = module
        self._chance = random.Random(seed)
        self._corpus = [as_file(image, form, **options) for image, form, options in KINDS]
        self.tried = 0
        self.answers: Counter[str] = Counter()
        self.findings: dict[str, bytes] = {}

    async def run_until(self, end: float, enough: set[str] | None = None) -> None:
        """Until a time of the monotonic clock, or until there is a finding of all these kinds."""
        while time.monotonic() < end:
            async with running_worker(self._module) as worker:
                while time.monotonic() < end and await self._try(worker):
                    pass
            if enough and self.findings.keys() >= enough:
                return

    async def _try(self, worker: DecodeProcess) -> bool:
        """Decode a mutated file; returns whether the worker can go on."""
        file = mutate(self._chance, self._chance.choice(self._corpus), self._corpus)
        file = file[:MAX_FILE_BYTES]
        self.tried += 1
        answer = await answer_of(worker, file, self._chance.choice(PROFILES))
        self.answers[answer] += 1
        if answer in (CRASH, BOMB, SLOW):
            self.findings.setdefault(answer, file)
            return False
        if answer == "pixels" and len(self._corpus) < MAX_CORPUS_FILES:
            self._corpus.append(file)
        return True


async def answer_of(worker: DecodeProcess, file: bytes, profile: str) -> str:
    """What comes of decoding a file: `pixels`, an error's name, or CRASH, BOMB or SLOW.

    After CRASH and SLOW the worker is lost.
    """
    options = DecodeOptions(max_pixels=MAX_PIXELS, max_frames=MAX_FRAMES, profile=profile)
    try:
        async with asyncio.timeout(MAX_SECONDS):
            await worker.decode([file], TARGET, options)
    except ImageError as error:
        return BOMB if "memory" in str(error) else type(error).__name__
    except WorkerLost:
        return CRASH
    except TimeoutError:
        return SLOW
    return "pixels"


@contextlib.asynccontextmanager
async def running_worker(module: str = WORKER_MODULE) -> AsyncIterator[DecodeProcess]:
    """A worker with the fuzzer's limits, ended afterwards."""
    worker = await DecodeProcess.start(max_memory_bytes=MAX_MEMORY_BYTES, module=module)
    try:
        yield worker
    finally:
        worker.kill()
