"""How a cluster looks on the screen."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console

from local.status.snapshot import Component, Gateway, Snapshot
from local.status.view import age, render, size, traffic_line
from tests.unit.local.status.snapshots import OBJECTS, SNAPSHOT, TRAFFIC


def _screen(snapshot: Snapshot, width: int = 120) -> list[str]:
    console = Console(file=io.StringIO(), width=width)
    console.print(render(snapshot))
    assert isinstance(console.file, io.StringIO)
    return [" ".join(line.split()) for line in console.file.getvalue().splitlines()]


class TestPicture:
    """Health at the top, then everything that runs."""

    def test_a_well_cluster(self) -> None:
        screen = _screen(SNAPSHOT)
        assert screen[0] == "cluster local well"
        assert "gateway http://127.0.0.1:9696" in screen
        assert "etcd up 42s" in screen
        assert "image-serving gateway-a Running 1/1 0 3h12m 250m 40.0 MiB" in screen
        assert "image-serving gateway cpu 540 % / 600 % 3 2 to 4" in screen
        assert "image-serving models-model-digits-0 Bound 256Mi 248 KiB" in screen
        assert "42s 4 Pod gateway-a Unhealthy Readiness probe failed" in screen

    def test_problems_stand_in_the_first_line(self) -> None:
        ill = replace(
            SNAPSHOT,
            components=[Component(name="kubelet", is_up=False, seconds=5)],
            gateway=Gateway(url="http://127.0.0.1:9696", complaint="is not ready: no model"),
        )
        screen = _screen(ill)
        assert screen[0] == "cluster local kubelet is down; the gateway is not ready: no model"
        assert "kubelet DOWN 5s" in screen

    def test_without_the_api_server_the_components_are_still_shown(self) -> None:
        screen = _screen(replace(SNAPSHOT, objects="connection refused"))
        assert "etcd up 42s" in screen
        assert "pods" not in screen

    def test_what_is_not_known_is_a_question_mark(self) -> None:
        unknown = replace(
            OBJECTS,
            pods=[replace(OBJECTS.pods[0], cpu_cores=None, memory_bytes=None)],
            autoscalers=[replace(OBJECTS.autoscalers[0], metrics=[("cpu", None, "600 %")])],
            volumes=[replace(OBJECTS.volumes[0], used_bytes=None)],
        )
        screen = _screen(replace(SNAPSHOT, objects=unknown))
        assert "image-serving gateway-a Running 1/1 0 3h12m ? ?" in screen
        assert "image-serving gateway cpu ? / 600 % 3 2 to 4" in screen
        assert "image-serving models-model-digits-0 Bound 256Mi ?" in screen

    def test_a_long_message_gives_way_and_nothing_else(self) -> None:
        long = replace(OBJECTS.warnings[0], message="word " * 100)
        screen = _screen(replace(SNAPSHOT, objects=replace(OBJECTS, warnings=[long])), width=80)
        [line] = [each for each in screen if "Unhealthy" in each]
        assert line.startswith("42s 4 Pod gateway-a Unhealthy word")
        assert line.endswith("…")

    def test_markup_in_a_message_is_text(self) -> None:
        odd = replace(OBJECTS.warnings[0], message="port [8500] refused [/red]")
        screen = _screen(replace(SNAPSHOT, objects=replace(OBJECTS, warnings=[odd])))
        assert any(line.endswith("port [8500] refused [/red]") for line in screen)


class TestTrafficLine:
    """Requests per second and latency, or why there are none."""

    def test_with_requests(self) -> None:
        assert traffic_line(TRAFFIC) == (
            "12.5 requests/s, median 41.2 ms, 95 % within 80.5 ms, 2 failed in the last 30 s"
        )

    def test_without_requests(self) -> None:
        quiet = replace(TRAFFIC, requests=0, failed=0, median_ms=None, p95_ms=None)
        assert traffic_line(quiet) == "no request in the last 30 s"

    def test_unknown(self) -> None:
        assert "can't be read" in traffic_line(None)


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(-1, "0s"), (59.9, "59s"), (60, "1m"), (3599, "59m"), (3600, "1h0m"), (183600, "2d3h")],
)
def test_an_age_has_two_units_at_most(seconds: float, shown: str) -> None:
    assert age(seconds) == shown


@pytest.mark.parametrize(
    ("count", "shown"),
    [(None, "?"), (0, "0 B"), (1023, "1023 B"), (1024, "1 KiB"), (2**40, "1024.0 GiB")],
)
def test_a_size_is_in_the_unit_that_suits_it(count: int | None, shown: str) -> None:
    assert size(count) == shown
