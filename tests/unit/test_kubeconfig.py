"""infra/kubeconfig.py: contexts, clusters and whether credentials are inside."""

import pytest

from infra.kubeconfig import parse_kubeconfig
from tests.unit.conftest import KUBECONFIG


class TestContexts:
    """The clusters by context, and which context counts by default."""

    def test_clusters_by_context(self) -> None:
        kubeconfig = parse_kubeconfig(KUBECONFIG)
        assert kubeconfig.clusters == {"laptop": "laptop-cluster", "other": "other-cluster"}
        assert kubeconfig.current_context == "laptop"

    def test_no_current_context(self) -> None:
        without = KUBECONFIG.replace("current-context: laptop", "")
        assert parse_kubeconfig(without).current_context == ""


class TestCredentials:
    """A file with a key or token inside is told from one that names files or a command."""

    def test_files_are_no_credentials(self) -> None:
        assert not parse_kubeconfig(KUBECONFIG).holds_credentials

    def test_a_command_is_no_credential(self) -> None:
        user = "user: {exec: {command: aws, args: [eks, get-token]}}"
        text = KUBECONFIG.replace(
            "user: {client-certificate: /keys/me.crt, client-key: /keys/me.key}", user
        )
        assert user in text
        assert not parse_kubeconfig(text).holds_credentials

    @pytest.mark.parametrize("field", ["client-key-data", "token", "password", "auth-provider"])
    def test_credentials_inside(self, field: str) -> None:
        assert parse_kubeconfig(KUBECONFIG.replace("client-key:", f"{field}:")).holds_credentials

    def test_the_content_is_not_shown_by_accident(self) -> None:
        assert "client-key" not in repr(parse_kubeconfig(KUBECONFIG))


class TestOtherFiles:
    """Anything else is refused."""

    @pytest.mark.parametrize(
        "text", ["", "just text", "[1, 2]", "a: [", "kind: Config", "contexts: [{name: x}]"]
    )
    def test_refused(self, text: str) -> None:
        with pytest.raises(ValueError, match="not a kubeconfig"):
            parse_kubeconfig(text)
