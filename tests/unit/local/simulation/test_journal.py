"""What the engine did, as its events tell it."""

from __future__ import annotations

from pulumi.automation import OpType

from tests.unit.local.simulation.journals import (
    CLUSTER,
    GATEWAY,
    GPU_NODES,
    LOG_GROUP,
    begins,
    ends,
    journal_of,
    one_by_one,
    says,
    sums_up,
)


class TestDeeds:
    """Each operation on each resource, with its begin and its end."""

    def test_they_begin_in_the_order_of_the_events(self) -> None:
        journal = one_by_one(LOG_GROUP, CLUSTER)
        first, second = journal.of(OpType.CREATE)
        assert (first.name, second.name) == ("eks-log-group", "eks-eksCluster")
        assert first.ended is not None
        assert first.ended < second.began

    def test_one_that_never_ended_has_no_end(self) -> None:
        [deed] = journal_of(begins(CLUSTER)).deeds
        assert deed.ended is None

    def test_components_stand_for_their_children_alone(self) -> None:
        journal = one_by_one(("serving:aws:EksCluster", "eks"), ("eks:index:Cluster", "eks"))
        assert journal.of(OpType.CREATE) == []
        assert len(journal.of(OpType.CREATE, components=True)) == 2


class TestReplacements:
    """Each of the engine's three steps is one replacement together."""

    def test_a_replaced_resource_counts_once(self) -> None:
        journal = journal_of(
            *(begins(GPU_NODES, op) for op in (OpType.CREATE_REPLACEMENT, OpType.REPLACE)),
            begins(GPU_NODES, OpType.DELETE_REPLACED),
            begins(GATEWAY, OpType.UPDATE),
        )
        assert [deed.name for deed in journal.replaced] == ["nodes-gpu-eu-west-1a"]

    def test_the_engines_own_sum_counts_it_once(self) -> None:
        steps = (OpType.CREATE_REPLACEMENT, OpType.REPLACE, OpType.DELETE_REPLACED)
        journal = journal_of(*(begins(GPU_NODES, op) for op in steps), sums_up(replace=1, same=3))
        assert journal.counts == {"replace": 1, "same": 3}

    def test_what_stays_the_same_is_no_change(self) -> None:
        journal = journal_of(begins(CLUSTER, OpType.SAME), begins(GATEWAY, OpType.UPDATE))
        assert [deed.name for deed in journal.changed] == ["gateway-deployment"]


class TestMessages:
    """Errors are what a failed run is explained with."""

    def test_errors_are_kept_once(self) -> None:
        journal = journal_of(says("no\n"), says("no"), says("mind", "warning"))
        assert (journal.errors, journal.messages) == (["no"], ["mind"])


def test_an_end_without_its_begin_is_left_out() -> None:
    assert journal_of(ends(CLUSTER)).deeds == []
