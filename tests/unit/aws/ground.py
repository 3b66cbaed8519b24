"""The ground that these specifications build on: one account, one region, three zones."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import pulumi
import pulumi_aws as aws
from pydantic import TypeAdapter

from infra.aws.cluster import EksCluster, EksClusterArgs
from infra.aws.keys import Keys, KeysArgs
from infra.aws.network import Network, NetworkArgs
from infra.aws.subnets import Subnets
from infra.settings.aws.eks_cluster import EksClusterSettings
from infra.settings.aws.network import NetworkSettings
from tests.unit.cloud import ACCOUNT_ID, REGION
from tests.unit.harness import ADMIN, Program, run_component

PREFIX = "image-serving-dev"
ZONES = (f"{REGION}a", f"{REGION}b", f"{REGION}c")
LOGS_KEY = f"arn:aws:kms:{REGION}:{ACCOUNT_ID}:key/logs"
SECRETS_KEY = f"arn:aws:kms:{REGION}:{ACCOUNT_ID}:key/secrets"
SUBNETS = Subnets(
    vpc_id="vpc-0123456789abcdef0",
    vpc_cidr="10.40.0.0/16",
    private_subnet_ids={zone: f"subnet-private-{zone}" for zone in ZONES},
    public_subnet_ids={zone: f"subnet-public-{zone}" for zone in ZONES},
)


@lru_cache
def keys(*, region: str = REGION, protect_data: bool = False) -> Program:
    return run_component(
        lambda: Keys(
            "keys",
            KeysArgs(
                prefix=PREFIX, region=region, account_id=ACCOUNT_ID, protect_data=protect_data
            ),
        )
    )


def network(
    *,
    preview: bool = False,
    zones: tuple[str, ...] = ZONES,
    use: Callable[[Subnets], object] = lambda subnets: None,
    **settings: Any,
) -> Program:
    """A network with these settings, as users write them, and what `use` makes in it."""

    def build() -> None:
        made = Network(
            "network",
            NetworkArgs(
                prefix=PREFIX,
                region=REGION,
                account_id=ACCOUNT_ID,
                settings=TypeAdapter(NetworkSettings).validate_python({"zones": zones} | settings),
                logs_key_arn=LOGS_KEY,
            ),
        )
        pulumi.export("private_subnet_ids", dict(made.subnets.private_subnet_ids))
        pulumi.export("public_subnet_ids", dict(made.subnets.public_subnet_ids))
        use(made.subnets)

    return run_component(build, preview=preview)


def cluster(*, preview: bool = False, protect_data: bool = False, **settings: Any) -> Program:
    """An EKS cluster in an account of its own, with what the rest of the program reads of it."""

    def build() -> None:
        account = aws.Provider("account", region=REGION)
        made = EksCluster(
            "cluster",
            EksClusterArgs(
                name=PREFIX,
                region=REGION,
                settings=TypeAdapter(EksClusterSettings).validate_python(
                    {"admins": (ADMIN,)} | settings
                ),
                subnets=SUBNETS,
                secrets_key_arn=SECRETS_KEY,
                logs_key_arn=LOGS_KEY,
                protect_data=protect_data,
            ),
            pulumi.ResourceOptions(providers=[account]),
        )
        for name in ("name", "arn", "version", "kubeconfig", "node_security_group_id"):
            pulumi.export(name, getattr(made, name))

    return run_component(build, preview=preview)
