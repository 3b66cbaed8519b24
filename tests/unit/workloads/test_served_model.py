"""infra/workloads/served_model.py: a model as its clients see it."""

from tests.unit.harness import Program


def test_the_gateway_asks_where_the_servers_are_found(local: Program) -> None:
    (server,) = [one for one in local.components if one.type.endswith(":ModelServer")]
    target = local.component_outputs[server.urn]["grpc_target"]
    assert target.startswith("dns:///model-digits.image-serving.")
    assert local.only("ConfigMap", "gateway").inputs["data"]["GATEWAY_MODEL_TARGET"] == target
