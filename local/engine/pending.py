"""Operations that a killed engine left open: what they mean for the state.

The engine notes an operation before it begins, and its outcome when it has ended. What happened in
between only the cluster knows, so the state is changed such that the next run finds it out:

- A creation becomes a resource with the id that it was to get, to be read before all else
  (`refreshBeforeUpdate`): the plugin says that it is gone unless this very resource made it. So an
  object with a generated name is found again, too; a new attempt would get another name.
- A change or a deletion gets an initialisation error, so that the resource is written again even if
  the program says what it said before.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from local.plugins.kubernetes.kinds import object_id
from local.plugins.shared.values import at

Resource = dict[str, Any]
_UNFINISHED = "the engine was killed during its last operation"


def settled(deployment: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The deployment without pending operations, and what they were (`creating URN`)."""
    result = copy.deepcopy(dict(deployment))
    operations = result.pop("pending_operations", None) or []
    resources: list[Resource] = result.get("resources") or []
    for operation in operations:
        if operation["type"] == "creating":
            resources = _adopted(resources, operation["resource"])
        else:
            _mark_unfinished(resources, operation["resource"])
    if operations:
        result["resources"] = resources
    return result, [f"{each['type']} {each['resource']['urn']}" for each in operations]


def _adopted(resources: list[Resource], made: Resource) -> list[Resource]:
    """With the resource where the engine would have put it: before the one that it replaces.

    The replaced one is to be deleted, or was deleted already to make room (`pendingReplacement`).
    """
    if not _is_object(made):
        return resources
    adopted = made | {"id": object_id(made["inputs"]), "refreshBeforeUpdate": True}
    same_urn = [each for each in resources if each["urn"] == made["urn"]]
    replaced = [each for each in same_urn if not each.get("pendingReplacement")]
    if any(each["id"] == adopted["id"] for each in replaced):
        return resources  # two objects of one name can't be: it was not made
    for each in replaced:
        each["delete"] = True
    place = resources.index(same_urn[0]) if same_urn else len(resources)
    kept = [each for each in resources[place:] if each not in same_urn or each in replaced]
    return [*resources[:place], adopted, *kept]


def _is_object(resource: Resource) -> bool:
    """An object of a cluster whose name is known, and not hidden as a secret."""
    name = at(resource, "inputs", "metadata", "name")
    return resource["type"].startswith("kubernetes:") and isinstance(name, str)


def _mark_unfinished(resources: list[Resource], worked_on: Resource) -> None:
    """A change is noted without an id; that of a deletion tells a replaced object from its heir."""
    identifier = worked_on.get("id")
    for each in resources:
        if each["urn"] == worked_on["urn"] and identifier in (None, each.get("id")):
            each["initErrors"] = [_UNFINISHED]
