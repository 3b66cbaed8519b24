"""Images get to a cluster by its own tool or by a registry, and each is sent once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from local.context.delivery import Kind, Minikube, Registry, choose_delivery
from local.errors import CommandError, LocalError
from local.images.recipe import Recipe
from tests.fault_table import matches
from tests.unit.local.fake_programs import BUILDAH, DOCKER, KIND, MINIKUBE, Programs


@pytest.fixture
def recipes(tmp_path: Path, programs: Programs) -> list[Recipe]:
    made = [
        Recipe(name=name, context=tmp_path, dockerfile=tmp_path, digest="0" * 12)
        for name in ("gateway", "model")
    ]
    for each in made:
        each.archive.parent.mkdir(parents=True, exist_ok=True)
        each.archive.touch()
    return made


@pytest.fixture
def registry() -> Iterator[str]:
    """A registry that has the gateway's image alone."""

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            there = self.path == f"/v2/team/gateway/manifests/{'0' * 12}"
            self.send_response(200 if there else 404)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing: the requests are asserted by what is pushed."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()


class TestChoice:
    """IMAGES says it, or the context's name gives it away."""

    def test_kind_and_minikube_are_known_by_name(self, programs: Programs) -> None:
        programs.add("kind", KIND)
        programs.add("minikube", MINIKUBE)
        assert choose_delivery(None, "kind-dev") == Kind("dev")
        assert choose_delivery(None, "minikube") == Minikube("minikube")
        assert choose_delivery("minikube", "work") == Minikube("work")

    @pytest.mark.parametrize(
        ("wanted", "prefix", "plain_http"),
        [
            ("registry:ghcr.io/me/x", "ghcr.io/me/x", False),
            ("registry:localhost:5000", "localhost:5000", True),
            ("registry:127.0.0.1:5000/team/", "127.0.0.1:5000/team", True),
            ("registry:http://10.0.0.7:5000/team", "10.0.0.7:5000/team", True),
            ("registry:https://localhost:5000", "localhost:5000", False),
        ],
    )
    def test_a_registry(self, wanted: str, prefix: str, plain_http: bool) -> None:
        assert choose_delivery(wanted, "any") == Registry(prefix, plain_http)

    @pytest.mark.parametrize("wanted", ["carrier", "registry", "registry:", "registry:me/x y"])
    def test_another_word(self, wanted: str) -> None:
        with pytest.raises(LocalError) as caught:
            choose_delivery(wanted, "any")
        assert matches("unknown way for images", str(caught.value))

    def test_a_context_that_says_nothing(self) -> None:
        with pytest.raises(LocalError) as caught:
            choose_delivery(None, "gke_project_zone_name")
        assert matches("images' way not known", str(caught.value))

    @pytest.mark.usefixtures("programs")
    def test_a_program_that_is_missing(self) -> None:
        with pytest.raises(LocalError) as caught:
            choose_delivery(None, "kind-dev")
        assert matches("images' program missing", str(caught.value))


class TestKindAndMinikube:
    """Archives are loaded, so that it doesn't matter who built them."""

    def test_kind_loads_what_its_nodes_lack(
        self, programs: Programs, recipes: list[Recipe], tmp_path: Path
    ) -> None:
        kind = programs.add("kind", KIND)
        assert Kind("dev").deliver(recipes, recipes[1:], tmp_path / "log") == 1
        assert kind.calls == [["load", "image-archive", str(recipes[1].archive), "--name", "dev"]]

    def test_minikube_loads_into_the_profile(
        self, programs: Programs, recipes: list[Recipe], tmp_path: Path
    ) -> None:
        minikube = programs.add("minikube", MINIKUBE)
        Minikube("work").deliver(recipes, recipes[:1], tmp_path / "log")
        assert minikube.calls == [["image", "load", str(recipes[0].archive), "--profile", "work"]]

    def test_a_failure_is_shown(
        self, programs: Programs, recipes: list[Recipe], tmp_path: Path
    ) -> None:
        programs.add("kind", KIND, printed='ERROR: no nodes found for cluster "dev"', code=1)
        with pytest.raises(CommandError, match="no nodes found"):
            Kind("dev").deliver(recipes, recipes, tmp_path / "log")


class TestRegistry:
    """The registry is asked what it has; the rest is pushed under its own name."""

    def test_only_what_is_missing_is_pushed(
        self, programs: Programs, recipes: list[Recipe], registry: str, tmp_path: Path
    ) -> None:
        buildah = programs.add("buildah", BUILDAH)
        way = Registry(f"{registry}/team", plain_http=True)
        assert way.deliver(recipes, [], tmp_path / "log") == 1
        model = recipes[1]
        there = f"docker://{registry}/team/model:{model.digest}"
        assert buildah.calls[-1][2:] == ["push", "--tls-verify=false", model.reference, there]

    def test_an_image_of_an_earlier_builder_is_loaded_first(
        self, programs: Programs, recipes: list[Recipe], registry: str, tmp_path: Path
    ) -> None:
        docker = programs.add("docker", DOCKER)
        # This one has lost its images: `docker image inspect` fails, all else works.
        (programs.folder / "docker").write_text(
            (programs.folder / "docker")
            .read_text()
            .replace("sys.exit(0)", "sys.exit('inspect' in sys.argv)")
        )
        Registry(f"{registry}/team", plain_http=True).deliver(recipes, [], tmp_path / "log")
        verbs = [call[0] for call in docker.calls if call[0] not in ("version", "image")]
        assert verbs == ["load", "tag", "push"]

    def test_a_registry_that_nobody_reaches_is_pushed_to_and_says_why(
        self, programs: Programs, recipes: list[Recipe], tmp_path: Path
    ) -> None:
        programs.add("buildah", BUILDAH, printed="dial tcp: connection refused")
        way = Registry("127.0.0.1:9/team", plain_http=True)
        assert way.deliver(recipes, [], tmp_path / "log") == 2
        assert "connection refused" in (tmp_path / "log").read_text()
