"""What Pulumi asks of AWS for one type of resource.

The lists follow what terraform-provider-aws, which the plugin wraps, calls for the type
(`internal/service/…` there), and what the services' own pages say of rights that a call needs
beside its own: https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Actions:
    """look: to compare with the state; change: to make and change it; end: to delete it."""

    look: tuple[str, ...] = ()
    change: tuple[str, ...] = ()
    end: tuple[str, ...] = ()


Table = Mapping[str, Actions]


def looking(table: Table) -> list[str]:
    return _of(each.look for each in table.values())


def changing(table: Table) -> list[str]:
    return _of(each.change for each in table.values())


def ending(table: Table) -> list[str]:
    return _of(each.end for each in table.values())


def of_service(actions: Iterable[str], *services: str) -> list[str]:
    """Those of some services, such as `eks`."""
    return [action for action in actions if action.partition(":")[0] in services]


def _of(groups: Iterable[tuple[str, ...]]) -> list[str]:
    return sorted({action for group in groups for action in group})
