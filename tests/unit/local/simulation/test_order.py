"""The order of creation, and the same turned round at the end."""

from __future__ import annotations

import pytest
from pulumi.automation import OpType

from local.simulation.order import RULES, Rule, broken_at_creation, broken_at_destruction
from tests.unit.local.simulation.journals import (
    CLUSTER,
    CPU_NODES,
    KUBE_PROXY,
    LOG_GROUP,
    begins,
    ends,
    graph_of,
    journal_of,
    one_by_one,
)

LOG_GROUP_FIRST = RULES[0]
BOUND = graph_of((CLUSTER, LOG_GROUP))


class TestCreation:
    """What is needed has to be there before what needs it begins."""

    def test_one_after_the_other(self) -> None:
        assert broken_at_creation(LOG_GROUP_FIRST, one_by_one(LOG_GROUP, CLUSTER), BOUND) == []

    def test_the_wrong_one_first(self) -> None:
        assert broken_at_creation(LOG_GROUP_FIRST, one_by_one(CLUSTER, LOG_GROUP), BOUND)

    def test_both_at_once(self) -> None:
        journal = journal_of(begins(LOG_GROUP), begins(CLUSTER), ends(LOG_GROUP), ends(CLUSTER))
        [broken] = broken_at_creation(LOG_GROUP_FIRST, journal, BOUND)
        assert broken == "Cluster eks-eksCluster began before the end of LogGroup eks-log-group"

    def test_the_right_one_first_by_luck(self) -> None:
        """Pretended AWS answers at once: in AWS the cluster could be the first one."""
        [broken] = broken_at_creation(LOG_GROUP_FIRST, one_by_one(LOG_GROUP, CLUSTER), graph_of())
        assert broken == "Cluster eks-eksCluster does not depend on LogGroup eks-log-group"

    def test_a_rule_that_finds_nothing_to_compare_is_broken(self) -> None:
        """Else a renamed resource would make it hold for ever."""
        [broken] = broken_at_creation(LOG_GROUP_FIRST, one_by_one(CLUSTER), BOUND)
        assert "nothing to compare" in broken


class TestDestruction:
    """What needs goes before what is needed."""

    def test_the_other_way_round(self) -> None:
        journal = one_by_one(CLUSTER, LOG_GROUP, op=OpType.DELETE)
        assert broken_at_destruction(LOG_GROUP_FIRST, journal) == []

    def test_in_the_order_of_creation(self) -> None:
        journal = one_by_one(LOG_GROUP, CLUSTER, op=OpType.DELETE)
        assert broken_at_destruction(LOG_GROUP_FIRST, journal)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.text)
def test_no_rule_is_about_a_resource_before_itself(rule: Rule) -> None:
    for resource in (LOG_GROUP, CLUSTER, CPU_NODES, KUBE_PROXY):
        [deed] = one_by_one(resource).deeds
        assert not (rule.first(deed) and rule.then(deed))
