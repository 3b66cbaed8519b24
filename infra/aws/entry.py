"""The way in from outside: a Network Load Balancer in front of the gateway's NodePort.

The program owns it whole, so that no controller is needed in the cluster and `pulumi destroy` has
it in its graph.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_aws import autoscaling, ec2, lb, route53, vpc

from infra.aws.entry_certificate import EntryCertificate, EntryCertificateArgs
from infra.aws.names import shortened
from infra.aws.subnets import Subnets
from infra.settings.aws.entry import EntrySettings

HTTPS_PORT = 443
HTTP_PORT = 80
# https://docs.aws.amazon.com/elasticloadbalancing/latest/network/describe-ssl-policies.html:
# TLS 1.3 and 1.2, with forward secrecy only.
SSL_POLICY = "ELBSecurityPolicy-TLS13-1-2-Res-2021-06"
# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html
MAX_NAME_LENGTH = 32
HEALTH_CHECK_INTERVAL_SECONDS = 10


@dataclass(frozen=True, kw_only=True)
class EntryArgs:
    """autoscaling_group_names: by zone, of the nodes that take requests.

    drain_seconds: how long a gateway pod may still answer once it is told to go.
    """

    prefix: str
    settings: EntrySettings
    subnets: Subnets
    node_security_group_id: pulumi.Input[str]
    autoscaling_group_names: Mapping[str, pulumi.Input[str]]
    node_port: int
    drain_seconds: int
    protect_data: bool


class Entry(pulumi.ComponentResource):
    """Listens with TLS, or in the clear if asked by name, and asks any node for a gateway pod."""

    TYPE = "serving:aws:Entry"

    url: pulumi.Output[str]
    load_balancer_arn_suffix: pulumi.Output[str]  # as CloudWatch names them
    target_group_arn_suffix: pulumi.Output[str]

    def __init__(
        self, name: str, args: EntryArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(self.TYPE, name, None, opts)
        self._prefix = name
        self._args = args
        self._child = pulumi.ResourceOptions(parent=self)

        security_group = self._security_group()
        self._rules(security_group)
        self._load_balancer = self._make_load_balancer(security_group)
        self._target_group = self._make_target_group()
        certificate_arn = self._certificate_arn()
        self._listeners(certificate_arn)
        self._attachments()
        self._alias()

        host = args.settings.domain_name or self._load_balancer.dns_name
        self.url = pulumi.Output.concat("https://" if certificate_arn else "http://", host)
        self.load_balancer_arn_suffix = self._load_balancer.arn_suffix
        self.target_group_arn_suffix = self._target_group.arn_suffix
        self.register_outputs({"url": self.url})

    @property
    def _is_internal(self) -> bool:
        return self._args.settings.scheme == "internal"

    @property
    def _reach(self) -> str:
        return "internal" if self._is_internal else "public"

    def _short_name(self, suffix: str) -> str:
        return shortened(f"{self._args.prefix}-{suffix}", MAX_NAME_LENGTH)

    def _security_group(self) -> ec2.SecurityGroup:
        """A load balancer made without one can never be given one."""
        return ec2.SecurityGroup(
            f"{self._prefix}-security-group",
            name=f"{self._args.prefix}-entry",
            description="Who may call the load balancer, and where it may go",
            vpc_id=self._args.subnets.vpc_id,
            tags={"Name": f"{self._args.prefix}-entry"},
            opts=self._child,
        )

    def _rules(self, security_group: ec2.SecurityGroup) -> None:
        """From the sources to the listeners, from there to the NodePort, and nothing else."""
        settings = self._args.settings
        for port in self._listener_ports():
            for cidr in settings.source_cidrs or (self._args.subnets.vpc_cidr,):
                vpc.SecurityGroupIngressRule(
                    f"{self._prefix}-from-{cidr}-{port}",
                    security_group_id=security_group.id,
                    description="Clients",
                    cidr_ipv4=cidr,
                    ip_protocol="tcp",
                    from_port=port,
                    to_port=port,
                    opts=self._child,
                )
        node_port = self._args.node_port
        vpc.SecurityGroupEgressRule(
            f"{self._prefix}-to-nodes",
            security_group_id=security_group.id,
            description="Requests and health checks to the gateway",
            referenced_security_group_id=self._args.node_security_group_id,
            ip_protocol="tcp",
            from_port=node_port,
            to_port=node_port,
            opts=self._child,
        )
        vpc.SecurityGroupIngressRule(
            f"{self._prefix}-nodes-from-entry",
            security_group_id=self._args.node_security_group_id,
            description="Requests and health checks to the gateway",
            referenced_security_group_id=security_group.id,
            ip_protocol="tcp",
            from_port=node_port,
            to_port=node_port,
            opts=self._child,
        )

    def _make_load_balancer(self, security_group: ec2.SecurityGroup) -> lb.LoadBalancer:
        subnets = self._args.subnets
        subnet_ids = subnets.private_subnet_ids if self._is_internal else subnets.public_subnet_ids
        return lb.LoadBalancer(
            f"{self._prefix}-load-balancer",
            # Another scheme is another load balancer, made before the first goes: another name.
            name=self._short_name(self._reach),
            load_balancer_type="network",
            internal=self._is_internal,
            security_groups=[security_group.id],
            subnets=[subnet_ids[zone] for zone in sorted(subnet_ids)],
            # A zone whose nodes have gone must not lose the requests that its address gets.
            enable_cross_zone_load_balancing=True,
            enable_deletion_protection=self._args.protect_data,
            opts=self._child,
        )

    def _make_target_group(self) -> lb.TargetGroup:
        return lb.TargetGroup(
            f"{self._prefix}-target-group",
            # Another port is another group, made before the listener leaves the first; and so is
            # another load balancer's, since ELB lets no two share one.
            name=self._short_name(f"{self._reach}-{self._args.node_port}"),
            target_type="instance",
            protocol="TCP",  # TLS ends at the load balancer; behind it is the private network
            port=self._args.node_port,
            vpc_id=self._args.subnets.vpc_id,
            # Kept addresses would break clients on the nodes themselves, whose own address would
            # come back to them; and kube-proxy hides them anyway from a pod on another node.
            # https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html
            preserve_client_ip="false",
            # A node that leaves still answers what it has, as long as its gateway pods may.
            deregistration_delay=self._args.drain_seconds,
            connection_termination=True,
            health_check=lb.TargetGroupHealthCheckArgs(
                protocol="HTTP",
                # Only ready pods are behind the port. One whose model is paused is, and its
                # /readyz says no: clients are to hear that from it.
                path="/healthz",
                matcher="200",
                interval=HEALTH_CHECK_INTERVAL_SECONDS,
                timeout=6,
                healthy_threshold=2,
                unhealthy_threshold=2,
            ),
            opts=self._child,
        )

    def _certificate_arn(self) -> pulumi.Input[str]:
        """Empty where clients come without TLS."""
        settings = self._args.settings
        if settings.certificate_arn or not settings.hosted_zone_id:
            return settings.certificate_arn
        return EntryCertificate(
            f"{self._prefix}-certificate",
            EntryCertificateArgs(
                domain_name=settings.domain_name, hosted_zone_id=settings.hosted_zone_id
            ),
            self._child,
        ).arn

    def _listener_ports(self) -> list[int]:
        settings = self._args.settings
        has_tls = bool(settings.certificate_arn or settings.hosted_zone_id)
        return [
            *([HTTPS_PORT] if has_tls else []),
            *([HTTP_PORT] if settings.allow_plain_http else []),
        ]

    def _listeners(self, certificate_arn: pulumi.Input[str]) -> None:
        for port in self._listener_ports():
            has_tls = port == HTTPS_PORT
            lb.Listener(
                f"{self._prefix}-listener-{port}",
                load_balancer_arn=self._load_balancer.arn,
                port=port,
                protocol="TLS" if has_tls else "TCP",
                certificate_arn=certificate_arn if has_tls else None,
                ssl_policy=SSL_POLICY if has_tls else None,
                default_actions=[
                    lb.ListenerDefaultActionArgs(
                        type="forward", target_group_arn=self._target_group.arn
                    )
                ],
                opts=self._child,
            )

    def _attachments(self) -> None:
        """Nodes that come later are targets at once: their autoscaling group registers them."""
        for zone, group_name in sorted(self._args.autoscaling_group_names.items()):
            autoscaling.Attachment(
                f"{self._prefix}-nodes-{zone}",
                autoscaling_group_name=group_name,
                lb_target_group_arn=self._target_group.arn,
                opts=self._child,
            )

    def _alias(self) -> None:
        settings = self._args.settings
        if settings.hosted_zone_id:
            route53.Record(
                f"{self._prefix}-alias",
                zone_id=settings.hosted_zone_id,
                name=settings.domain_name,
                type="A",
                aliases=[
                    route53.RecordAliasArgs(
                        name=self._load_balancer.dns_name,
                        zone_id=self._load_balancer.zone_id,
                        evaluate_target_health=True,
                    )
                ],
                opts=self._child,
            )
