"""The gateway's API as its callers have it: through the Service, with a real model behind."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.cluster.asking import Answer, Client
from tests.cluster.conftest import Deployed
from tests.cluster.image_source import ImageSource

_BOUNDARY = "between-the-parts"


@pytest.fixture(scope="module")
def client(deployed: Deployed) -> Client:
    return Client(deployed.url)


def _best(answer: Answer) -> str:
    """The best class of a Result."""
    assert answer.status == 200, answer
    return str(answer.json["predictions"][0]["label"])


def _form(files: Mapping[str, bytes], **fields: str) -> tuple[bytes, str]:
    """Body and content type of a form with files."""
    parts = [
        f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}'.encode()
        for name, value in fields.items()
    ] + [
        f'Content-Disposition: form-data; name="image"; filename="{name}"\r\n\r\n'.encode() + data
        for name, data in files.items()
    ]
    marked = b"".join(f"--{_BOUNDARY}\r\n".encode() + part + b"\r\n" for part in parts)
    return marked + f"--{_BOUNDARY}--\r\n".encode(), f"multipart/form-data; boundary={_BOUNDARY}"


class TestCourse:
    """A client of the course's gateway goes on working: a URL in, one score for each class out."""

    def test_flat_scores(self, client: Client, source: ImageSource) -> None:
        answer = client.post("/predict", {"url": source.of("7")})
        assert answer.status == 200
        scores: dict[str, float] = answer.json
        assert sorted(scores) == [str(digit) for digit in range(10)]
        assert max(scores, key=lambda label: scores[label]) == "7"

    def test_headers(self, client: Client, source: ImageSource) -> None:
        answer = client.post("/predict", {"url": source.of("7")}, x_request_id="course-1")
        assert answer.headers["X-Request-ID"] == "course-1"
        assert answer.headers["X-Model"] == "digits/1"
        stages = [each.partition(";")[0] for each in answer.headers["Server-Timing"].split(", ")]
        assert stages == ["fetch", "decode", "predict"]


class TestForms:
    """/v1/predict takes an image in five forms."""

    def test_url(self, client: Client, source: ImageSource) -> None:
        answer = client.post("/v1/predict", {"url": source.of("3")})
        assert _best(answer) == "3"
        assert set(answer.json["times_ms"]) == {"fetch", "decode", "inference"}
        assert answer.json["model"] == {"name": "digits", "version": 1}

    def test_several_urls_one_of_them_bad(self, client: Client, source: ImageSource) -> None:
        urls = [source.of("3"), f"{source.url}/files/none.png", source.of("8")]
        results = client.post("/v1/predict", {"urls": urls, "top": 1}).json["results"]
        first, second, third = results
        assert [each["predictions"][0]["label"] for each in (first, third)] == ["3", "8"]
        assert (second["error"]["code"], second["error"]["source_status"]) == (
            "source-refused",
            404,
        )

    def test_base64(self, client: Client, source: ImageSource) -> None:
        encoded = base64.b64encode(source.file("5").read_bytes()).decode()
        assert _best(client.post("/v1/predict", {"image_base64": encoded})) == "5"

    def test_form(self, client: Client, source: ImageSource) -> None:
        body, content_type = _form({"five.jpg": source.file("5").read_bytes()}, top="2")
        answer = client.send("/v1/predict", body, content_type)
        assert _best(answer) == "5"
        assert len(answer.json["predictions"]) == 2

    def test_form_of_several_one_of_them_bad(self, client: Client, source: ImageSource) -> None:
        files = {"a.png": source.file("2").read_bytes(), "b.png": b"not an image"}
        body, content_type = _form(files)
        good, bad = client.send("/v1/predict", body, content_type).json["results"]
        assert good["predictions"][0]["label"] == "2"
        assert bad["error"]["code"] == "unsupported-image"

    @pytest.mark.parametrize("content_type", ["image/png", "application/octet-stream"])
    def test_bytes(self, client: Client, source: ImageSource, content_type: str) -> None:
        data = source.file("4").read_bytes()
        assert _best(client.send("/v1/predict", data, content_type)) == "4"


class TestOptions:
    """How many classes, of which version, how prepared, as probabilities or as the model says."""

    def test_top(self, client: Client, source: ImageSource) -> None:
        answer = client.post("/v1/predict?top=3", {"url": source.of("1")})
        scores = [each["score"] for each in answer.json["predictions"]]
        assert len(scores) == 3
        assert scores == sorted(scores, reverse=True)

    @pytest.mark.parametrize("choice", [{"version": 1}, {"label": "stable"}])
    def test_version(self, client: Client, source: ImageSource, choice: dict[str, Any]) -> None:
        answer = client.post("/v1/predict", {"url": source.of("1"), **choice})
        assert answer.json["model"]["version"] == 1
        assert answer.json["model"].get("label") == choice.get("label")

    def test_softmax(self, client: Client, source: ImageSource) -> None:
        answer = client.post("/v1/predict", {"url": source.of("1"), "softmax": True})
        assert sum(each["score"] for each in answer.json["predictions"]) == pytest.approx(1)

    def test_profile(self, client: Client, source: ImageSource) -> None:
        """The course's samples its pixels otherwise; a digit stays a digit."""
        seen = [
            client.post(f"/v1/predict?show_input=true&profile={profile}", {"url": source.of("6")})
            for profile in ("standard", "course")
        ]
        assert [_best(each) for each in seen] == ["6", "6"]
        assert seen[0].json["input_png"] != seen[1].json["input_png"]

    @pytest.mark.parametrize("choice", [{"version": 999}, {"label": "gold"}])
    def test_what_is_not_there(
        self, client: Client, source: ImageSource, choice: dict[str, Any]
    ) -> None:
        answer = client.post("/v1/predict", {"url": source.of("1"), **choice})
        assert answer.problem() == (404, "not-served")


class TestModels:
    """Whoever doesn't know what is served can ask."""

    def test_list(self, client: Client) -> None:
        [model] = client.get("/v1/models").json["models"]
        assert (model["name"], model["default"], model["ready"]) == ("digits", True, True)
        assert {"version": 1, "state": "AVAILABLE"} in model["versions"]
        assert model["labels"]["stable"] == 1
        assert model["input"]["shape"] == [-1, 96, 96, 3]
        assert model["input"]["dtype"] == "uint8"
        assert model["classes"] == [str(digit) for digit in range(10)]

    def test_chosen_by_name(self, client: Client, source: ImageSource) -> None:
        answer = client.post("/v1/models/digits/predict", {"url": source.of("9")})
        assert _best(answer) == "9"
        unknown = client.post("/v1/models/cats/predict", {"url": source.of("9")})
        assert unknown.problem() == (404, "not-served")


class TestOpenInferenceProtocol:
    """A client that sends tensors finds what the protocol promises."""

    @pytest.mark.parametrize(
        "path", ["/v2", "/v2/health/live", "/v2/health/ready", "/v2/models/digits/ready"]
    )
    def test_server(self, client: Client, path: str) -> None:
        assert client.get(path).status == 200

    def test_a_tensor_as_the_metadata_asks_for_it(self, client: Client) -> None:
        metadata = client.get("/v2/models/digits").json
        [tensor] = metadata["inputs"]
        _, *sides = tensor["shape"]
        height, width, channels = sides
        black = {
            **tensor,
            "shape": [2, *sides],
            "data": [0] * (2 * height * width * channels),
        }
        answer = client.post("/v2/models/digits/infer", {"id": "two", "inputs": [black]})
        assert answer.status == 200
        [output] = answer.json["outputs"]
        assert (answer.json["id"], output["shape"]) == ("two", [2, 10])
        assert output["name"] == metadata["outputs"][0]["name"]
        assert output["data"][:10] == pytest.approx(output["data"][10:])

    def test_errors_are_the_protocols(self, client: Client) -> None:
        answer = client.post("/v2/models/digits/infer", {"inputs": []})
        assert (answer.status, answer.content_type) == (400, "application/json")
        assert answer.json["error"]


class TestPages:
    """For people: a page without anything from elsewhere, and the API's documentation."""

    @pytest.mark.parametrize("path", ["/", "/docs"])
    def test_policy(self, client: Client, path: str) -> None:
        answer = client.get(path)
        assert (answer.status, answer.content_type) == (200, "text/html")
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"

    def test_all_that_the_page_loads_is_the_gateways_own(self, client: Client) -> None:
        page = client.get("/").body.decode()
        assert "http://" not in page
        for path in ("/page/page.js", "/page/style.css", "/page/icon.svg"):
            assert path in page
            assert client.get(path).status == 200

    def test_the_document_names_every_route_used_here(self, client: Client) -> None:
        document = json.loads(client.get("/openapi.json").body)
        assert document["openapi"].startswith("3.")
        assert document["paths"].keys() >= {
            *("/predict", "/v1/predict", "/v1/models", "/v1/models/{name}/predict"),
            *("/v2/models/{name}/infer", "/healthz", "/readyz", "/metrics"),
        }


class TestClient:
    """`python -m gateway.client`, from a pod beside: a folder in, a table out."""

    def test_a_folder_becomes_a_table(self, deployed: Deployed, source: ImageSource) -> None:
        gateway = f"http://gateway.{deployed.namespace}.svc.cluster.local:9696"
        table = source.pod.python(_CLASSIFY, gateway)
        head, *rows = [line.split(",") for line in table.splitlines()]
        label = head.index("class_1")
        samples = [each for each in source.samples.iterdir() if each.suffix != ".json"]
        assert len(rows) == len(samples)
        for row in rows:
            assert f"-label-{row[label]}." in row[0], row


_CLASSIFY = """
import subprocess, sys
client = [sys.executable, "-m", "gateway.client", "/files", "--csv", "/tmp/table.csv"]
subprocess.run([*client, "--url", sys.argv[1]], check=True, cwd="/app", stderr=subprocess.DEVNULL)
print(open("/tmp/table.csv").read(), end="")
"""
