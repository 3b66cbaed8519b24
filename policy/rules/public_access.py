"""Nothing is open to the world by accident, and nothing outside of the graph opens a door."""

from collections.abc import Callable, Iterator, Mapping

from policy.rules.rule import Inputs, Rule, by_type
from policy.rules.values import UNKNOWN, fields, is_one_of, items

ANYWHERE = frozenset({"0.0.0.0/0", "::/0"})
# The load balancer's: TLS; and plain HTTP where a stack asks for it by name (allowPlainHttp).
OPEN_PORTS = (443, 80)
_BLOCKS = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")


def _bucket_block(inputs: Inputs) -> Iterator[str]:
    for block in _BLOCKS:
        if not is_one_of(inputs.get(block), True):
            yield f"{block} must be true"


def _bucket_acl(inputs: Inputs) -> Iterator[str]:
    if not is_one_of(inputs.get("acl"), None, "private"):
        yield f"acl {inputs.get('acl')} must not be there: access is by policy alone"


def _cluster(inputs: Inputs) -> Iterator[str]:
    """Of the component, and of the resource, whose endpoint is open unless it is told not to be."""
    if inputs.get("vpcConfig") is UNKNOWN:
        return
    config = fields(inputs.get("vpcConfig")) or inputs
    is_public = config.get("endpointPublicAccess", True)
    cidrs = config.get("publicAccessCidrs")
    if is_public is True and cidrs is None:
        yield "a public endpoint must name the networks that may reach it (publicAccessCidrs)"
    if ANYWHERE & {cidr for cidr in items(cidrs) if isinstance(cidr, str)}:
        yield "the API server must not be open to 0.0.0.0/0"


def _subnet(inputs: Inputs) -> Iterator[str]:
    if inputs.get("mapPublicIpOnLaunch") is True:
        yield "machines must not get public addresses (mapPublicIpOnLaunch)"


def _security_group(inputs: Inputs) -> Iterator[str]:
    for rule in items(inputs.get("ingress")):
        yield from _ingress(rule, [*items(rule.get("cidrBlocks"))])


def _security_group_rule(inputs: Inputs) -> Iterator[str]:
    if inputs.get("type") == "ingress":
        yield from _ingress(inputs, [*items(inputs.get("cidrBlocks"))])


def _ingress_rule(inputs: Inputs) -> Iterator[str]:
    yield from _ingress(inputs, [inputs.get("cidrIpv4"), inputs.get("cidrIpv6")])


def _ingress(rule: Inputs, cidrs: list[object]) -> Iterator[str]:
    ports = {rule.get("fromPort"), rule.get("toPort")}
    if ANYWHERE & {cidr for cidr in cidrs if isinstance(cidr, str)} and not all(
        is_one_of(port, *OPEN_PORTS) for port in ports
    ):
        yield f"ports {rule.get('fromPort')} to {rule.get('toPort')} must not be open to anyone"


def _service(inputs: Inputs) -> Iterator[str]:
    if fields(inputs.get("spec")).get("type") == "LoadBalancer":
        yield (
            "a Service of type LoadBalancer makes a load balancer that destroy doesn't know; "
            "use a NodePort behind the stack's own (entry)"
        )


def _cluster_component(inputs: Inputs) -> Iterator[str]:
    """Judged only with inputs: some SDKs register a component without; its cluster has them."""
    if inputs:
        yield from _cluster(inputs)


_CHECKS: Mapping[str, Callable[[Inputs], Iterator[str]]] = {
    "aws:ec2/securityGroup:SecurityGroup": _security_group,
    "aws:ec2/securityGroupRule:SecurityGroupRule": _security_group_rule,
    "aws:ec2/subnet:Subnet": _subnet,
    "aws:eks/cluster:Cluster": _cluster,
    "aws:s3/bucketAcl:BucketAcl": _bucket_acl,
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": _bucket_block,
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": _ingress_rule,
    "eks:index:Cluster": _cluster_component,
    "kubernetes:core/v1:Service": _service,
}


NO_PUBLIC_ACCESS = Rule(
    name="no-public-access",
    description="Buckets, API server, machines and ports are closed to the world.",
    check=by_type(_CHECKS),
)
