"""What a change of the provider's inputs does to the objects made by it."""

from __future__ import annotations

from typing import Any

import pytest

from local.plugins.kubernetes.configuration import check_config, diff_config
from local.plugins.shared.errors import BadConfig
from local.plugins.shared.marking import MARKER
from local.plugins.shared.values import UNKNOWN, Properties

HERE = '{"clusters": [{"name": "c", "cluster": {"server": "https://%s"}}], "contexts": [%s]}'
CONTEXT = '{"name": "c", "context": {"cluster": "c", "user": "%s"}}'


def kubeconfig(server: str = "here", user: str = "u") -> str:
    return HERE % (server, CONTEXT % user)


def replaced(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    context = {"context": "c"}
    return diff_config(Properties(context | old), Properties(context | new))[1]


class TestCheck:
    """Every provider that the stand-in accepts carries its mark."""

    def test_the_mark_is_added(self) -> None:
        checked = check_config(Properties({}), Properties({"namespace": "x"}))
        assert checked.value == {"namespace": "x", MARKER: "true"}

    def test_a_provider_without_it_isnt_taken_over(self) -> None:
        with pytest.raises(BadConfig):
            check_config(Properties({"version": "4.34.2"}), Properties({}))


class TestDiff:
    """Objects are replaced only if they'd go to another cluster."""

    def test_a_switch_replaces_nothing(self) -> None:
        changed, replaced_ = diff_config(
            Properties({"enablePatchForce": "false"}), Properties({"enablePatchForce": "true"})
        )
        assert (changed, replaced_) == (["enablePatchForce"], [])

    def test_another_user_replaces_nothing(self) -> None:
        old, new = kubeconfig(user="a"), kubeconfig(user="b")
        assert replaced({"kubeconfig": old}, {"kubeconfig": new}) == []

    def test_another_server_replaces_all(self) -> None:
        old, new = kubeconfig("here"), kubeconfig("there")
        assert replaced({"kubeconfig": old}, {"kubeconfig": new}) == ["kubeconfig"]

    def test_an_unknown_cluster_may_be_another(self) -> None:
        assert replaced({"kubeconfig": kubeconfig()}, {"kubeconfig": UNKNOWN}) == ["kubeconfig"]

    def test_an_unchanged_identifier_vouches_for_the_cluster(self) -> None:
        same = {"clusterIdentifier": "blue"}
        old, new = kubeconfig("here"), kubeconfig("there")
        assert replaced({"kubeconfig": old} | same, {"kubeconfig": new} | same) == []

    def test_another_identifier_is_another_cluster(self) -> None:
        old, new = {"clusterIdentifier": "blue"}, {"clusterIdentifier": "green"}
        assert replaced(old, new) == ["clusterIdentifier"]
