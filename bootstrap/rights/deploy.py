"""What the role of one stack may do: make, change and delete what that stack has."""

from collections.abc import Mapping, Sequence

from bootstrap.rights.cluster import cluster
from bootstrap.rights.data import data
from bootstrap.rights.name import name
from bootstrap.rights.network import network
from bootstrap.rights.preview import looks
from bootstrap.rights.roles import roles
from bootstrap.rights.state import (
    SharedState,
    never_touch_what_is_shared,
    read_state,
    use_secrets,
    write_state,
)
from bootstrap.rights.target import Target
from bootstrap.rights.watching import watching
from infra.aws.iam_documents import Statement


def deploy_policies(
    target: Target, shared: SharedState, own: Sequence[str]
) -> Mapping[str, list[Statement]]:
    """By name: IAM takes some 6,000 characters in one. own: see never_touch_what_is_shared."""
    return {
        "look": looks(target.regionless_arn("budgets", "").removesuffix(":")),
        "network": network(target),
        "cluster": cluster(target),
        "data": data(target),
        "watching": [*watching(target), *name(target)],
        "roles": roles(target),
        "state": [
            *read_state(shared),
            *write_state(shared, target.id),
            *use_secrets(shared, [target.id], may_encrypt=True),
            *never_touch_what_is_shared(shared, own),
        ],
    }
