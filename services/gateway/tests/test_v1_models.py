"""GET /v1/models: what can be asked for."""

from harness import Gateway, StartGateway, StartModel
from servers import free_port
from stub_model import StubModel, StubWithCanary


class TestList:
    """Each model with its versions, labels, input and classes."""

    async def test_model(self, start_model: StartModel, start_gateway: StartGateway) -> None:
        gateway = await start_gateway(await start_model(StubWithCanary()))
        answer = await gateway.get("/v1/models")
        assert answer.json == {
            "models": [
                {
                    "name": "colors",
                    "default": True,
                    "ready": True,
                    "version": 1,
                    "versions": [{"version": 1, "state": "AVAILABLE"}],
                    "labels": {"canary": 2},
                    "input": {
                        "name": "image",
                        "shape": [-1, 6, 8, 3],
                        "dtype": "uint8",
                        "resize_filter": "bilinear",
                    },
                    "classes": ["red", "green", "blue"],
                }
            ]
        }

    async def test_one_of_them(self, gateway: Gateway) -> None:
        answer = await gateway.get("/v1/models/colors")
        assert answer.json["name"] == "colors"
        assert "labels" not in answer.json  # nothing bears one

    async def test_one_that_is_away_keeps_its_place(
        self, start_model: StartModel, start_gateway: StartGateway
    ) -> None:
        away = f"away=ipv4:127.0.0.1:{free_port()}"
        gateway = await start_gateway(await start_model(StubModel()), GATEWAY_MORE_MODELS=away)
        first, second = (await gateway.get("/v1/models")).json["models"]
        assert first["ready"]
        assert second == {
            "name": "away",
            "default": False,
            "ready": False,
            "reason": second["reason"],
        }
        assert (await gateway.get("/readyz")).status == 200
