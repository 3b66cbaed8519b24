"""/openapi.json is what the gateway does: every route is in it, and real answers are as it says."""

import base64
from collections.abc import Iterator
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
from gateway.assembly import assemble
from gateway.openapi import document
from gateway.problems import PROBLEMS_BY_CODE
from gateway.settings import Settings
from gateway.v1_messages import Options
from harness import Gateway
from pictures import plain
from starlette.applications import Starlette
from starlette.routing import Route

API = document()
# For people, not for programs.
PAGES = ("/", "/docs", "/openapi.json", "/page/")
REQUIRED = {"GATEWAY_MODEL_TARGET": "ipv4:127.0.0.1:1", "GATEWAY_MODEL_NAME": "colors"}
PREDICT = "/v1/predict"
PICTURE = base64.b64encode(plain()).decode()
INFER = "/v2/models/{name}/infer"


def routes() -> Iterator[tuple[str, str]]:
    """Method and path of every route that the gateway has."""
    app: Any = assemble(Settings.from_environment(REQUIRED))
    while not isinstance(app, Starlette):
        app = app._app
    for route in app.routes:
        assert isinstance(route, Route)
        for method in (route.methods or set()) - {"HEAD"}:
            yield method.lower(), route.path


class TestDocument:
    """Complete, and of the form that tools read."""

    def test_every_route_is_in_it(self) -> None:
        served = {(method, path) for method, path in routes() if not path.startswith(PAGES[1:])}
        described = {
            (method, path)
            for path, item in API["paths"].items()
            for method in item.keys() & {"get", "post"}
        }
        assert described == served - {("get", "/")}

    def test_every_reference_leads_to_a_schema(self) -> None:
        for reference in references(API):
            assert reference.removeprefix("#/components/schemas/") in API["components"]["schemas"]

    def test_parameters_in_the_path_are_declared(self) -> None:
        for path, item in API["paths"].items():
            for method in item.keys() & {"get", "post"}:
                declared = item.get("parameters", []) + item[method].get("parameters", [])
                names = {each["name"] for each in declared if each["in"] == "path"}
                assert names == {part[1:-1] for part in path.split("/") if part.startswith("{")}

    def test_options_that_a_route_takes_are_declared(self) -> None:
        def declared(path: str) -> set[str]:
            parameters = API["paths"][path]["post"]["parameters"]
            return {each["name"] for each in parameters if each["in"] == "query"}

        assert declared("/predict") == {"profile"}
        assert declared(PREDICT) == set(Options.__struct_fields__)

    def test_predictions_may_end_in_every_problem(self) -> None:
        responses = API["paths"][PREDICT]["post"]["responses"]
        ready = {"not-ready"}  # of /readyz alone
        expected = {
            str(each.status) for code, each in PROBLEMS_BY_CODE.items() if code not in ready
        }
        assert responses.keys() - {"200"} == expected


class TestAnswers:
    """Each is of the schema that the document has for its path and status."""

    @pytest.mark.parametrize(
        ("path", "names"),
        [
            ("/v1/models", {}),
            ("/v1/models/{name}", {"name": "colors"}),
            ("/v1/models/{name}", {"name": "dogs"}),
            ("/v2", {}),
            ("/v2/health/live", {}),
            ("/v2/health/ready", {}),
            ("/v2/models/{name}", {"name": "colors"}),
            ("/v2/models/{name}", {"name": "dogs"}),
            ("/v2/models/{name}/ready", {"name": "colors"}),
            ("/v2/models/{name}/versions/{version}", {"name": "colors", "version": "1"}),
            ("/healthz", {}),
            ("/readyz", {}),
            ("/problems/{code}", {"code": "image-too-large"}),
            ("/problems/{code}", {"code": "nothing"}),
        ],
    )
    async def test_of_looks(self, gateway: Gateway, path: str, names: dict[str, str]) -> None:
        check("get", path, await gateway.get(path.format(**names)))

    @pytest.mark.parametrize(
        "body",
        [
            {"image_base64": PICTURE},
            {"image_base64": PICTURE, "top": 1, "softmax": True, "show_input": True},
            {"urls": ["http://127.0.0.1:1/a", "http://192.168.0.1/b"]},
            {"image_base64": base64.b64encode(b"no image").decode()},
            {"url": "ftp://example.com"},
            {"unknown": 1},
        ],
        ids=["image", "options", "several", "broken", "address", "member"],
    )
    async def test_of_predictions(self, gateway: Gateway, body: dict[str, Any]) -> None:
        check("post", PREDICT, await gateway.post(PREDICT, json=body))

    @pytest.mark.parametrize("shape", [[1, 6, 8, 3], [1, 1]])
    async def test_of_inference(self, gateway: Gateway, shape: list[int]) -> None:
        tensor = {"name": "image", "shape": shape, "datatype": "UINT8", "data": [0] * 144}
        answer = await gateway.post(INFER.format(name="colors"), json={"inputs": [tensor]})
        check("post", INFER, answer)

    async def test_of_the_courses_route(self, gateway: Gateway) -> None:
        check("post", "/predict", await gateway.post_image(plain()))
        check("post", "/predict", await gateway.post_image(b"no image"))


def check(method: str, path: str, answer: Any) -> None:
    """Fails unless the document foresees this status, this content type and this body."""
    response = API["paths"][path][method]["responses"][str(answer.status)]
    content_type = answer.headers["Content-Type"].split(";")[0]
    schema = response["content"][content_type]["schema"]
    # References are resolved within the schema: what they lead to is put into it.
    validator = jsonschema.Draft202012Validator(schema | {"components": API["components"]})
    validator.validate(answer.json)


def references(value: Any) -> Iterator[str]:
    """All `$ref` in a document."""
    if isinstance(value, dict):
        if "$ref" in value:
            yield value["$ref"]
        for each in value.values():
            yield from references(each)
    elif isinstance(value, list):
        for each in value:
            yield from references(each)
