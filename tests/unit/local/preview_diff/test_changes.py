"""local/preview_diff/changes.py and danger.py: what the engine's steps mean to a reviewer."""

from __future__ import annotations

import pytest

from local.preview_diff.changes import Operation, Order, changes_of
from local.preview_diff.steps import OUTPUTS, SECRET, UNKNOWN
from tests.unit.local.preview_diff.reports import BUCKET, NODES, PREFIX, TOPIC, change, step

URN = f"{PREFIX}{TOPIC}::one"
STATEFUL_SET = "kubernetes:apps/v1:StatefulSet"
CLAIMS = {"spec": {"volumeClaimTemplates": [{"metadata": {"name": "models"}}]}}


class TestOperations:
    @pytest.mark.parametrize(
        ("op", "operation"),
        [
            ("create", Operation.ADDED),
            ("update", Operation.CHANGED),
            ("replace", Operation.REPLACED),
            ("delete", Operation.DELETED),
        ],
    )
    def test_an_operation_has_one_name(self, op: str, operation: Operation) -> None:
        assert change([step(op)]).operation is operation

    def test_a_replacement_is_one_change_and_not_three(self) -> None:
        halves = [step("create-replacement"), step("replace"), step("delete-replaced")]
        assert change(halves).operation is Operation.REPLACED

    @pytest.mark.parametrize(
        ("first", "second", "order"),
        [
            ("create-replacement", "delete-replaced", Order.NEW_FIRST),
            ("delete-replaced", "create-replacement", Order.OLD_FIRST),
        ],
    )
    def test_which_half_comes_first_is_told(self, first: str, second: str, order: Order) -> None:
        assert change([step(first), step("replace"), step(second)]).order is order

    def test_components_stand_for_their_children_and_are_no_change(self) -> None:
        component = step("create", "serving:aws:Entry", is_custom=False)
        assert changes_of([component, step("same")], ()).changed == ()
        assert changes_of([component, step("same")], ()).unchanged == 1


class TestProperties:
    def test_values_are_found_by_the_engines_paths(self) -> None:
        [found] = change(
            [
                step(
                    "update",
                    old={"data": {"a.b": ["x", "y"]}},
                    new={"data": {"a.b": ["x", "z"]}},
                    diff={'data["a.b"][1]': "update"},
                )
            ]
        ).properties
        assert (found.old, found.new, found.replaces) == ("y", "z", False)

    def test_reasons_of_a_replacement_are_told_once(self) -> None:
        replaced = change(
            [
                step(
                    "replace",
                    old={"instanceTypes": ["a", "b"]},
                    new={"instanceTypes": ["c"]},
                    diff={
                        "instanceTypes[0]": "update-replace",
                        "instanceTypes[1]": "delete-replace",
                    },
                )
            ]
        )
        assert replaced.reasons == ["instanceTypes"]
        assert [each.kind for each in replaced.properties] == ["update", "delete"]

    def test_what_is_inside_of_a_secret_is_secret(self) -> None:
        [found] = change(
            [
                step(
                    "update",
                    old={"data": SECRET},
                    new={"data": SECRET},
                    diff={"data.key": "update"},
                )
            ]
        ).properties
        assert (found.old, found.new) == (SECRET, SECRET)

    def test_what_only_the_run_knows_is_unknown(self) -> None:
        [found] = change(
            [step("update", old={"arn": "a"}, new={"arn": UNKNOWN}, diff={"arn": "update"})]
        ).properties
        assert (found.old, found.new) == ("a", UNKNOWN)

    def test_without_a_plugins_diff_the_inputs_are_compared(self) -> None:
        found = change(
            [
                step(
                    "update",
                    "pulumi:providers:aws",
                    old={"region": "a", "__standIn": "true"},
                    new={"region": "b"},
                )
            ]
        ).properties
        assert [(each.path, each.old, each.new) for each in found] == [("region", "a", "b")]

    def test_a_new_resource_has_all_of_its_inputs(self) -> None:
        found = change([step("create", new={"name": "alarms", "__defaults": []})]).properties
        assert [(each.path, each.kind, each.new) for each in found] == [("name", "add", "alarms")]


class TestDanger:
    @pytest.mark.parametrize("op", ["replace", "delete"])
    @pytest.mark.parametrize(
        ("type_name", "kind"),
        [
            ("aws:eks/cluster:Cluster", "cluster"),
            (NODES, "node group"),
            ("aws:ebs/volume:Volume", "volume"),
            ("kubernetes:core/v1:PersistentVolume", "persistent volume"),
            ("kubernetes:core/v1:PersistentVolumeClaim", "volume claim"),
            ("kubernetes:core/v1:Namespace", "namespace"),
            (BUCKET, "bucket"),
            ("aws:kms/key:Key", "KMS key"),
            ("aws:dynamodb/table:Table", "table"),
        ],
    )
    def test_the_end_of_what_holds_data_or_pods_is_dangerous(
        self, op: str, type_name: str, kind: str
    ) -> None:
        assert change([step(op, type_name)]).danger == kind

    @pytest.mark.parametrize("op", ["create", "update"])
    def test_what_begins_or_goes_on_is_not(self, op: str) -> None:
        assert change([step(op, BUCKET)]).danger == ""

    def test_a_stateful_set_is_if_it_has_volumes(self) -> None:
        assert change([step("replace", STATEFUL_SET, old=CLAIMS)]).danger
        assert not change([step("replace", STATEFUL_SET, old={"spec": {}})]).danger

    def test_whatever_the_base_protects_is(self) -> None:
        deleted = change([step("delete")], protected=(URN,))
        assert (deleted.danger, deleted.was_protected) == ("protected resource", True)
        assert change([step("delete")]).danger == ""


class TestProtection:
    def test_its_loss_is_a_change_though_no_input_changes(self) -> None:
        lost = change([step("same")], protected=(URN,))
        assert (lost.operation, lost.protection) == (Operation.CHANGED, "lost")

    def test_that_it_is_given_is_one_too(self) -> None:
        assert change([step("same", is_protected=True)]).protection == "given"

    def test_what_stays_protected_is_unchanged(self) -> None:
        found = changes_of([step("same", is_protected=True)], (URN,))
        assert (found.changed, found.unchanged) == ((), 1)


def test_the_stacks_outputs_are_as_they_were_told_last() -> None:
    first = step(OUTPUTS, is_custom=False, old={"url": "a"}, new={"url": "a"})
    last = step(OUTPUTS, is_custom=False, old={"url": "a"}, new={"url": "b"})
    [found] = changes_of([first, last], ()).outputs
    assert (found.path, found.kind, found.old, found.new) == ("url", "update", "a", "b")
