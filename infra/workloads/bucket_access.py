"""How sync reaches a bucket: Amazon's by Pod Identity, or a server's in the cluster by its keys."""

from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.core.v1 import EnvVarArgs, EnvVarSourceArgs, SecretKeySelectorArgs
from pulumi_kubernetes.networking.v1 import NetworkPolicyEgressRuleArgs

from infra.labels import Workload
from infra.workloads.network_policy import (
    to_cluster_dns,
    to_pod_identity_agent,
    to_public_web,
    to_workload,
)

# The variables of the AWS SDKs, which are the keys in the Secret too.
ACCESS_KEY_ID = "AWS_ACCESS_KEY_ID"
SECRET_ACCESS_KEY = "AWS_SECRET_ACCESS_KEY"
REGION = "us-east-1"  # signatures name one; servers other than Amazon's take this


@dataclass(frozen=True, kw_only=True)
class ServerAccess:
    """A server in the cluster; `keys_secret` is the name of the Secret with its keys."""

    workload: Workload
    endpoint_url: pulumi.Input[str]
    keys_secret: str


def bucket_environment(server: ServerAccess | None) -> list[EnvVarArgs] | None:
    """None for Amazon: Pod Identity sets what is needed."""
    if server is None:
        return None
    return [
        EnvVarArgs(name="AWS_ENDPOINT_URL", value=server.endpoint_url),
        EnvVarArgs(name="AWS_REGION", value=REGION),
        *(
            EnvVarArgs(
                name=key,
                value_from=EnvVarSourceArgs(
                    secret_key_ref=SecretKeySelectorArgs(name=server.keys_secret, key=key)
                ),
            )
            for key in (ACCESS_KEY_ID, SECRET_ACCESS_KEY)
        ),
    ]


def bucket_egress(server: ServerAccess | None) -> list[NetworkPolicyEgressRuleArgs]:
    """Amazon's addresses are public and change, so the web is open to them."""
    if server is None:
        return [to_cluster_dns(), to_public_web(), to_pod_identity_agent()]
    return [to_cluster_dns(), to_workload(server.workload)]
