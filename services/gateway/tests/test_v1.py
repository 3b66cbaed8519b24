"""POST /v1/predict: what may be sent, and what is answered."""

import base64
import io
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from gateway.v1_messages import Result, Results
from harness import Gateway, ImageSource, StartGateway, StartModel, StartRaw, timeouts
from msgspec import convert
from pictures import BLUE, GREEN, RED, plain
from PIL import Image
from servers import RawSource
from stub_model import StubModel, StubWithCanary


class TestForms:
    """An image may come by URL, as base64, as a form's file or as the plain body."""

    async def test_url(self, gateway: Gateway, source: ImageSource) -> None:
        source.image = plain(GREEN)
        result = await predicted(gateway, json={"url": f"{source.url}/image"})
        assert result.predictions[0].label == "green"
        assert result.times_ms.fetch is not None

    async def test_base64(self, gateway: Gateway) -> None:
        encoded = base64.b64encode(plain(BLUE)).decode()
        result = await predicted(gateway, json={"image_base64": encoded})
        assert result.predictions[0].label == "blue"
        assert result.times_ms.fetch is None

    @pytest.mark.parametrize("content_type", ["image/png", "application/octet-stream"])
    async def test_raw_bytes(self, gateway: Gateway, content_type: str) -> None:
        result = await predicted(gateway, data=plain(), headers={"Content-Type": content_type})
        assert result.predictions[0].label == "red"

    async def test_form(self, gateway: Gateway) -> None:
        result = await predicted(gateway, data=form(plain(GREEN)))
        assert result.predictions[0].label == "green"

    async def test_large_file_in_a_form(self, gateway: Gateway) -> None:
        noise = Image.effect_noise((1500, 1500), 100)
        file = io.BytesIO()
        noise.save(file, "PNG")
        assert len(file.getvalue()) > 2**20  # where forms usually go to the disk
        assert (await predicted(gateway, data=form(file.getvalue()))).model.version == 1


class TestAnswer:
    """Predictions in order with label and score, what answered, and the times."""

    async def test_is_complete(self, gateway: Gateway, source: ImageSource) -> None:
        answer = await gateway.post("/v1/predict", json={"url": f"{source.url}/image"})
        assert answer.status == 200
        assert answer.json["predictions"] == [
            {"label": "red", "score": 1.0},
            {"label": "green", "score": 0.0},
            {"label": "blue", "score": 0.0},
        ]
        assert answer.json["model"] == {"name": "colors", "version": 1}
        assert list(answer.json["times_ms"]) == ["decode", "inference", "fetch"]
        assert all(milliseconds > 0 for milliseconds in answer.json["times_ms"].values())
        assert answer.headers["X-Model"] == "colors/1"

    async def test_top(self, gateway: Gateway) -> None:
        result = await predicted(gateway, "?top=2", **png())
        assert [each.label for each in result.predictions] == ["red", "green"]

    async def test_softmax(self, start_model: StartModel, start_gateway: StartGateway) -> None:
        gateway = await start_gateway(await start_model(StubModel(scores=[1000.0, 999.0, -5.0])))
        result = await predicted(gateway, "?softmax=true", **png())
        scores = [each.score for each in result.predictions]
        assert scores == pytest.approx([0.731, 0.269, 0], abs=0.001)

    async def test_what_the_model_saw(self, gateway: Gateway) -> None:
        result = await predicted(gateway, "?show_input=true", **png())
        assert result.input_png is not None
        with Image.open(io.BytesIO(result.input_png)) as seen:
            assert (seen.size, seen.getpixel((0, 0))) == ((8, 6), RED)

    async def test_options_in_a_form_and_in_json(
        self, gateway: Gateway, source: ImageSource
    ) -> None:
        by_form = await predicted(gateway, data=form(plain(), top="1"))
        body = {"url": f"{source.url}/image", "top": 1}
        by_json = await predicted(gateway, "?top=3", json=body)  # the body wins
        assert len(by_form.predictions) == len(by_json.predictions) == 1


class TestVersions:
    """A request may choose the version that answers, and is told which one did."""

    @pytest.mark.parametrize(
        ("query", "headers", "version", "label"),
        [
            ("", {}, 1, None),
            ("?version=1", {}, 1, None),
            ("?version=2", {}, 2, None),
            ("?label=canary", {}, 2, "canary"),
            ("", {"X-Model-Label": "canary"}, 2, "canary"),
            ("?version=1", {"X-Model-Label": "canary"}, 1, None),
        ],
    )
    async def test_chosen(
        self,
        start_model: StartModel,
        start_gateway: StartGateway,
        query: str,
        headers: dict[str, str],
        version: int,
        label: str | None,
    ) -> None:
        gateway = await start_gateway(await start_model(StubWithCanary()))
        answered_by = (await predicted(gateway, query, **png(headers=headers))).model
        assert (answered_by.version, answered_by.label) == (version, label)

    async def test_canary_takes_another_input(
        self, start_model: StartModel, start_gateway: StartGateway
    ) -> None:
        canary = StubModel(version=2, version_label="canary", height=12, width=16)
        gateway = await start_gateway(await start_model(StubWithCanary(canary=canary)))
        assert (await predicted(gateway, "?label=canary", **png())).model.version == 2
        assert (await predicted(gateway, **png())).model.version == 1

    @pytest.mark.parametrize("query", ["?version=9", "?label=gold"])
    async def test_not_there(self, gateway: Gateway, query: str) -> None:
        answer = await gateway.post(f"/v1/predict{query}", **png())
        assert answer.status == 404
        # The model itself goes on as before.
        assert (await predicted(gateway, **png())).model.version == 1

    async def test_chosen_on_the_old_route(
        self, start_model: StartModel, start_gateway: StartGateway
    ) -> None:
        gateway = await start_gateway(await start_model(StubWithCanary()))
        answer = await gateway.post_image(plain(), headers={"X-Model-Label": "canary"})
        assert answer.headers["X-Model"] == "colors/2"
        refused = await gateway.post_image(plain(), headers={"X-Model-Label": "no label"})
        assert refused.status == 400


class TestBatch:
    """Several images are answered in order; a bad one is an error at its place alone."""

    async def test_urls(self, gateway: Gateway, source: ImageSource) -> None:
        urls = [f"{source.url}/image", f"{source.url}/status/404", "ftp://x", f"{source.url}/image"]
        answer = await gateway.post("/v1/predict", json={"urls": urls, "top": 1})
        assert answer.status == 200
        first, missing, no_url, last = answer.json["results"]
        assert first["predictions"] == last["predictions"] == [{"label": "red", "score": 1.0}]
        assert (missing["error"]["status"], missing["error"]["code"]) == (422, "source-refused")
        assert (no_url["error"]["status"], no_url["error"]["code"]) == (400, "malformed-request")

    async def test_files(self, gateway: Gateway) -> None:
        answer = await gateway.post(
            "/v1/predict", data=form(plain(RED), b"no image", plain(BLUE), plain(GREEN))
        )
        results = answer.json["results"]
        assert [best(each) for each in results] == ["red", None, "blue", "green"]
        convert(answer.json, Results)

    async def test_one_url_in_a_list_is_answered_in_a_list(
        self, gateway: Gateway, source: ImageSource
    ) -> None:
        answer = await gateway.post("/v1/predict", json={"urls": [f"{source.url}/image"]})
        assert len(answer.json["results"]) == 1

    async def test_takes_no_more_places_than_there_are(
        self, start_model: StartModel, start_gateway: StartGateway
    ) -> None:
        model = StubModel()
        gateway = await start_gateway(await start_model(model), GATEWAY_MAX_CONCURRENT_REQUESTS="1")
        answer = await gateway.post("/v1/predict", data=form(*[plain()] * 5))
        assert [best(each) for each in answer.json["results"]] == ["red"] * 5
        assert (await gateway.post("/v1/predict", **png())).status == 200  # its place is free again

    async def test_what_has_no_time_left_is_an_error_at_its_place(
        self,
        start_model: StartModel,
        start_gateway: StartGateway,
        start_raw: StartRaw,
        source: ImageSource,
    ) -> None:
        slow = await start_raw(RawSource(then_hang=True))
        gateway = await start_gateway(await start_model(StubModel()), **timeouts(0.6))
        answer = await gateway.post("/v1/predict", json={"urls": [slow, f"{source.url}/image"]})
        assert best(answer.json["results"][1]) == "red"
        assert answer.json["results"][0]["error"]["status"] == 504


class TestRefused:
    """What can't be understood is refused with what is wrong about it."""

    @pytest.mark.parametrize(
        ("body", "reason"),
        [
            ({}, "one of url, urls and image_base64"),
            ({"url": "http://x/", "urls": ["http://x/"]}, "one of url, urls and image_base64"),
            ({"url": 5}, "$.url"),
            ({"urls": []}, "$.urls"),
            ({"urls": ["http://x/"] * 17}, "at most 16"),
            ({"image_base64": "%%%"}, "base64"),
            ({"url": "http://x/", "top": 0}, "$.top"),
            ({"url": "http://x/", "top": "3"}, "$.top"),
            ({"url": "http://x/", "tpo": 3}, "tpo"),
            ({"url": "http://x/", "version": 2, "label": "canary"}, "not by both"),
            ({"url": "http://x/", "label": "a b"}, "$.label"),
            (["http://x/"], "url"),
        ],
    )
    async def test_json(self, gateway: Gateway, body: Any, reason: str) -> None:
        answer = await gateway.post("/v1/predict", json=body)
        assert answer.status == 400
        assert reason in str(answer.json)

    @pytest.mark.parametrize("data", [b"{", b"\xff\xff", b"[" * 100_000, b""])
    async def test_no_json(self, gateway: Gateway, data: bytes) -> None:
        headers = {"Content-Type": "application/json"}
        assert (await gateway.post("/v1/predict", data=data, headers=headers)).status == 400

    @pytest.mark.parametrize("query", ["?top=x", "?softmax=maybe", "?colour=red"])
    async def test_query(self, gateway: Gateway, query: str) -> None:
        assert (await gateway.post(f"/v1/predict{query}", **png())).status == 400

    async def test_form_without_a_file(self, gateway: Gateway) -> None:
        answer = await gateway.post("/v1/predict", data=form(top="1"))
        assert (answer.status, "no file" in str(answer.json)) == (400, True)

    async def test_form_with_too_many_files(self, gateway: Gateway) -> None:
        answer = await gateway.post("/v1/predict", data=form(*[b"x"] * 17))
        assert (answer.status, "16" in str(answer.json)) == (400, True)

    @pytest.mark.parametrize(
        ("content_type", "data"),
        [
            ("multipart/form-data", b"x"),
            ("multipart/form-data; boundary=b", b"--a\r\n\r\nx\r\n--a--"),
            ("multipart/form-data; boundary=b", b"--b\r\n\r\nx\r\n--b--\r\n"),
        ],
        ids=["no boundary", "another boundary", "part without a name"],
    )
    async def test_broken_form(self, gateway: Gateway, content_type: str, data: bytes) -> None:
        headers = {"Content-Type": content_type}
        assert (await gateway.post("/v1/predict", data=data, headers=headers)).status == 400

    async def test_type_of_the_body(self, gateway: Gateway) -> None:
        headers = {"Content-Type": "text/plain"}
        assert (await gateway.post("/v1/predict", data=b"x", headers=headers)).status == 415

    async def test_too_large(self, start_model: StartModel, start_gateway: StartGateway) -> None:
        gateway = await start_gateway(await start_model(StubModel()), GATEWAY_MAX_IMAGE_BYTES="100")
        assert (await gateway.post("/v1/predict", **png(bytes(101)))).status == 413
        assert (await gateway.post("/v1/predict", data=form(bytes(70_000)))).status == 413

    async def test_without_a_key(
        self, start_model: StartModel, start_gateway: StartGateway, tmp_path: Path
    ) -> None:
        variables = {"GATEWAY_REQUIRE_API_KEY": "true", "GATEWAY_API_KEYS_DIR": str(tmp_path)}
        gateway = await start_gateway(await start_model(StubModel()), **variables)
        assert (await gateway.post("/v1/predict", **png())).status == 401
        assert (await gateway.get("/v1/models")).status == 401


class TestSeveralModels:
    """A route with a name asks that model, the others the default one."""

    async def test_by_name(self, start_model: StartModel, start_gateway: StartGateway) -> None:
        other = await start_model(StubModel(name="light", labels=("r", "g", "b")))
        gateway = await start_gateway(
            await start_model(StubModel()), GATEWAY_MORE_MODELS=f"light=ipv4:127.0.0.1:{other}"
        )
        await gateway.until_lists("light")
        answers = {
            name: (await gateway.post(f"/v1/models/{name}/predict", **png())).json
            for name in ("colors", "light")
        }
        assert {name: each["model"]["name"] for name, each in answers.items()} == {
            "colors": "colors",
            "light": "light",
        }
        assert best(answers["light"]) == "r"

    async def test_unknown(self, gateway: Gateway) -> None:
        assert (await gateway.post("/v1/models/dogs/predict", **png())).status == 404
        assert (await gateway.get("/v1/models/dogs")).status == 404


def png(image: bytes | None = None, headers: dict[str, str] | None = None) -> dict[str, Any]:
    """An image as the body of a request."""
    content = plain() if image is None else image
    return {"data": content, "headers": {"Content-Type": "image/png"} | (headers or {})}


def form(*images: bytes, **fields: str) -> aiohttp.FormData:
    """Images and options as a browser's form sends them."""
    data = aiohttp.FormData(default_to_multipart=True)
    for number, image in enumerate(images):
        data.add_field(
            "image", io.BytesIO(image), filename=f"{number}.png", content_type="image/png"
        )
    for name, value in fields.items():
        data.add_field(name, value)
    return data


def best(result: Any) -> str | None:
    """The best class of a result; None for an error."""
    return result["predictions"][0]["label"] if "predictions" in result else None


async def predicted(gateway: Gateway, query: str = "", **request: Any) -> Result:
    """The typed answer to a request that must succeed."""
    answer = await gateway.post(f"/v1/predict{query}", **request)
    assert answer.status == 200, answer.json
    return convert(answer.json, Result)
