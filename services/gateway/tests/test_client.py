"""`python -m gateway.client` as a user runs it: what it prints, its table, its exit code."""

import asyncio
import csv
import itertools
import os
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiohttp import web
from harness import Gateway, ImageSource, StartGateway, StartModel
from pictures import plain
from servers import free_port, serve_images, until
from stub_model import StubModel

SERVICE = Path(__file__).parents[1]
RED, GREEN, BLUE = (255, 0, 0), (0, 255, 0), (0, 0, 255)


@dataclass
class Done:
    """How a run ended."""

    code: int
    out: str
    err: str


async def start(*arguments: str | Path, **environment: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "gateway.client", *map(str, arguments)),
        cwd=SERVICE,
        env={"PATH": os.environ["PATH"], **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def run(*arguments: str | Path, **environment: str) -> Done:
    process = await start(*arguments, **environment)
    out, err = await process.communicate()
    assert process.returncode is not None
    return Done(process.returncode, out.decode(), err.decode())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three images, one broken, a note and a hidden file."""
    images = tmp_path / "images"
    (images / "more").mkdir(parents=True)
    (images / "a.png").write_bytes(plain(RED))
    (images / "b.png").write_bytes(plain(GREEN))
    (images / "more" / "c.PNG").write_bytes(plain(BLUE))
    (images / "broken.jpg").write_bytes(b"no image")
    (images / "notes.txt").write_text("no image either")
    (images / ".d.png").write_bytes(plain(BLUE))
    return images


def rows(table: Path) -> list[dict[str, str]]:
    with table.open(newline="") as file:
        return list(csv.DictReader(file))


class TestLines:
    """Without a table: a line for each class, errors on stderr."""

    async def test_file_and_url(self, gateway: Gateway, source: ImageSource, folder: Path) -> None:
        source.image = plain(BLUE)
        done = await run(folder / "a.png", f"{source.url}/image", "--url", gateway.url)
        lines = sorted(line.split("\t") for line in done.out.splitlines())
        assert lines == [[str(folder / "a.png"), "red", "1"], [f"{source.url}/image", "blue", "1"]]
        assert (done.code, done.err) == (0, "")

    async def test_the_best_classes(self, gateway: Gateway, folder: Path) -> None:
        done = await run(folder / "b.png", "--top", "2", GATEWAY_URL=gateway.url)
        assert [line.split("\t")[1] for line in done.out.splitlines()] == ["green", "red"]

    async def test_an_image_that_is_none(self, gateway: Gateway, folder: Path) -> None:
        done = await run(folder / "broken.jpg", folder / "a.png", "--url", gateway.url)
        assert done.code == 1
        assert "red" in done.out
        assert "[unsupported-image]" in done.err
        assert "Convert the image to JPEG or PNG." in done.err


class TestTable:
    """With --csv: a row for each image, in order; run again it goes on."""

    async def test_a_folder(self, gateway: Gateway, folder: Path, tmp_path: Path) -> None:
        table = tmp_path / "out.csv"
        done = await run(folder, "--csv", table, "--url", gateway.url)
        assert done.code == 1  # one is broken
        assert [(Path(row["image"]).name, row["class_1"], row["error"]) for row in rows(table)] == [
            ("a.png", "red", ""),
            ("b.png", "green", ""),
            ("broken.jpg", "", "unsupported-image"),
            ("c.PNG", "blue", ""),
        ]
        assert rows(table)[0]["model"] == "colors"
        assert float(rows(table)[0]["score_1"]) == 1
        assert "3 images with classes, 1 with errors" in done.err
        assert "4/4" in done.err  # the progress bar
        assert not (tmp_path / "out.csv.part").exists()

    async def test_only_what_is_missing_is_asked_again(
        self, start_model: StartModel, start_gateway: StartGateway, folder: Path, tmp_path: Path
    ) -> None:
        model = StubModel()
        gateway = await start_gateway(await start_model(model))
        arguments = (folder, "--csv", tmp_path / "out.csv", "--url", gateway.url)
        await run(*arguments)
        asked = len(model.requests)
        (folder / "broken.jpg").write_bytes(plain(BLUE))
        done = await run(*arguments)
        assert len(model.requests) == asked + 1
        assert done.code == 0
        assert "4 images with classes, 3 of them earlier" in done.err

    @pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
    async def test_an_interrupted_run_loses_nothing(
        self,
        start_model: StartModel,
        start_gateway: StartGateway,
        folder: Path,
        tmp_path: Path,
        how: signal.Signals,
    ) -> None:
        model = StubModel()
        gateway = await start_gateway(await start_model(model))
        table = tmp_path / "out.csv"
        arguments = (folder, "--csv", table, "--url", gateway.url, "--concurrency", "1")
        process = await start(*arguments)

        async def some_are_done() -> bool:
            journal = tmp_path / "out.csv.part"
            return journal.exists() and journal.read_text().count("colors") == 1

        model.answer_after_seconds = 0.5
        await until(some_are_done)
        process.send_signal(how)
        _, err = await process.communicate()
        if how == signal.SIGINT:
            assert process.returncode == 130
            assert "interrupted; the same command again goes on" in err.decode()
            assert rows(table)
        model.answer_after_seconds = 0
        again = await run(*arguments)
        assert len(rows(table)) == 4, again.err
        assert "of them earlier" in again.err  # what was done is not asked again

    async def test_a_table_of_another_kind_is_left_alone(
        self, gateway: Gateway, folder: Path, tmp_path: Path
    ) -> None:
        table = tmp_path / "out.csv"
        table.write_text("name,price\nshoe,3\n")
        done = await run(folder, "--csv", table, "--url", gateway.url)
        assert done.code == 1
        assert "has other columns (name, price)" in done.err
        assert table.read_text() == "name,price\nshoe,3\n"


class TestPatience:
    """What may pass is asked again, when the gateway says so; what won't ends the run at once."""

    @pytest.mark.parametrize("status", [429, 503])
    async def test_retry_after(self, gateway: Gateway, folder: Path, status: int) -> None:
        times: list[float] = []

        async def busy_at_first(request: web.Request) -> web.Response:
            times.append(time.monotonic())
            if len(times) < 3:
                problem = {"type": "/", "title": "t", "status": status, "code": "c", "action": "a"}
                return web.json_response(problem, status=status, headers={"Retry-After": "1"})
            answer = await gateway.post_image(await request.read(), path="/v1/predict")
            return web.json_response(answer.json)

        async with serve_images({"/v1/predict": busy_at_first}) as url:
            done = await run(folder / "a.png", "--url", url)
        assert (done.code, len(times)) == (0, 3)
        assert all(later - earlier >= 1 for earlier, later in itertools.pairwise(times))

    async def test_it_has_an_end(self, folder: Path) -> None:
        done = await run(
            folder / "a.png", "--retries", "1", "--url", f"http://127.0.0.1:{free_port()}"
        )
        assert done.code == 1
        assert "[unreachable]" in done.err

    async def test_a_wrong_key(
        self,
        start_model: StartModel,
        start_gateway: StartGateway,
        folder: Path,
        tmp_path: Path,
    ) -> None:
        keys = tmp_path / "keys"
        keys.mkdir()
        (keys / "somebody").write_text("0123456789abcdef")
        variables = {"GATEWAY_REQUIRE_API_KEY": "true", "GATEWAY_API_KEYS_DIR": str(keys)}
        gateway = await start_gateway(await start_model(StubModel()), **variables)
        done = await run(folder, "--url", gateway.url)
        assert done.code == 1
        assert done.err.startswith("error: ")
        assert "Send your key" in done.err
        right = await run(
            folder / "a.png", "--url", gateway.url, GATEWAY_API_KEY="0123456789abcdef"
        )
        assert right.code == 0
        right = await run(
            folder / "a.png", "--url", gateway.url, "--api-key-file", keys / "somebody"
        )
        assert right.code == 0

    async def test_something_else_that_answers(self, folder: Path) -> None:
        async def hello(request: web.Request) -> web.Response:
            return web.Response(text="hello", status=404)

        async with serve_images({"/v1/predict": hello}) as url:
            done = await run(folder / "a.png", "--url", url)
        assert "what answered is no gateway of this kind; check --url" in done.err


class TestUsage:
    """Wrong arguments are named before anything is sent."""

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (["nowhere.png"], "nowhere.png: no such file or folder"),
            ([SERVICE / "tools"], "holds no image (.avif, .bmp"),
            (["http://x/a.png", "--url", "127.0.0.1:9696"], "must be http://host[:port]"),
            (["http://x/a.png", "--csv", "/no/such/out.csv"], "there is no folder /no/such"),
            (["http://x/a.png", "--api-key-file", "/no/such"], "No such file or directory"),
            (["http://x/a.png", "--top", "0"], "--top"),
            (["http://x/a.png", "--label", "a", "--version", "1"], "not allowed with"),
        ],
    )
    async def test_wrong(self, arguments: list[str | Path], words: str) -> None:
        done = await run(*arguments)
        assert done.code == 2
        assert words in done.err

    async def test_help(self) -> None:
        done = await run("--help")
        assert done.code == 0
        assert "Exit codes" in done.out
