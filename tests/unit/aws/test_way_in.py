"""infra/aws/way_in.py: the load balancer leads to the gateway's port on the nodes."""

from tests.unit.harness import Program


def test_it_leads_to_the_node_port_of_the_gateway(dev: Program) -> None:
    (port,) = dev.only("Service", "gateway").spec["ports"]
    assert dev.one("aws:lb/targetGroup:TargetGroup").inputs["port"] == port["nodePort"]


def test_its_address_is_published(dev: Program, prod: Program) -> None:
    assert dev.outputs["gateway_url"].startswith("http://")
    assert prod.outputs["gateway_url"] == "https://vision.example.com"


def test_nodes_of_every_zone_take_requests(prod: Program) -> None:
    assert len(prod.of_type("aws:autoscaling/attachment:Attachment")) == 3
