"""The switches by which a verb says what is real."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from local.plugins.shared.mode import IMAGES, KUBECONFIG, GivenCluster, Mode
from local.plugins.shared.pretended import pretended_cluster, pretended_version


def test_without_switches_all_is_pretended() -> None:
    mode = Mode.of_environment({})
    assert mode.cluster() is None
    assert mode.image("gateway") is None


def test_a_kubeconfig_stands_for_the_cluster_in_aws(tmp_path: Path) -> None:
    file = tmp_path / "kubeconfig"
    cluster = {"server": "https://10.0.0.1:6443", "certificate-authority-data": "Q0E="}
    file.write_text(yaml.safe_dump({"clusters": [{"name": "local", "cluster": cluster}]}))
    given = Mode.of_environment({KUBECONFIG: str(file)}).cluster()
    assert given is not None
    assert (given.server, given.authority) == ("https://10.0.0.1:6443", "Q0E=")


def test_a_certificate_authority_may_be_a_file(tmp_path: Path) -> None:
    authority = tmp_path / "ca.crt"
    authority.write_text("CA")
    cluster = {"server": "https://10.0.0.1:6443", "certificate-authority": str(authority)}
    assert GivenCluster({"clusters": [{"cluster": cluster}]}).authority == "Q0E="


@pytest.mark.parametrize(
    ("user", "holds"), [({"client-key": "/a/key"}, False), ({"token": "t"}, True)]
)
def test_a_kubeconfig_with_credentials_is_known_for_one(user: dict[str, str], holds: bool) -> None:
    assert GivenCluster({"users": [{"name": "a", "user": user}]}).holds_credentials is holds


def test_images_are_found_by_their_names(tmp_path: Path) -> None:
    file = tmp_path / "images"
    file.write_text(json.dumps({"gateway": "localhost/gateway:1"}))
    mode = Mode.of_environment({IMAGES: str(file)})
    assert mode.image("gateway") == "localhost/gateway:1"
    assert mode.image("other") is None


def test_a_pretended_cluster_says_its_version_and_a_real_one_none() -> None:
    assert pretended_version(pretended_cluster("https://x", "", "1.34")) == "1.34"
    assert pretended_version({"server": "https://x"}) is None
