"""What a preview may do: look at everything that a stack has, and change nothing.

A plain preview asks AWS for next to nothing; one with a refresh, such as the nightly look for
drift, reads every resource in the state.
"""

from bootstrap.rights import cluster, data, name, network, roles, watching
from bootstrap.rights.actions import looking, of_service
from bootstrap.rights.state import SharedState, never_write_state, read_state, use_secrets
from infra.aws.iam_documents import Statement

AREAS = (network, cluster, data, watching, roles, name)
TABLE = {type_: actions for area in AREAS for type_, actions in area.ACTIONS.items()}
# A look by its nature, if not by its name.
_BUDGETS = "budgets"


def looks(account_arn: str) -> list[Statement]:
    """account_arn: of what is in no region, `arn:aws:budgets::<account>`."""
    actions = looking(TABLE)
    budgets = of_service(actions, _BUDGETS)
    return [
        Statement(
            sid="LookAtStacks",
            actions=[action for action in actions if action not in budgets],
            resources=["*"],
            because="a preview looks at stacks that are yet to come, and most know no narrower one",
        ),
        Statement(sid="LookAtBudgets", actions=budgets, resources=[f"{account_arn}:budget/*"]),
    ]


def state(shared: SharedState, stack_ids: list[str]) -> list[Statement]:
    """It decrypts the stacks' secrets: configuration is read whole, or not at all."""
    return [
        *read_state(shared),
        *use_secrets(shared, stack_ids, may_encrypt=False),
        *never_write_state(shared),
    ]
