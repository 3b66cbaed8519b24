"""How a snapshot looks on a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.columns import Columns
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from local.status.snapshot import (
    Autoscaler,
    Component,
    Objects,
    Pod,
    Snapshot,
    Traffic,
    Volume,
    WarningEvent,
)

_UNKNOWN = "?"
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def render(snapshot: Snapshot) -> RenderableType:
    """The whole picture, what matters most at the top: a small terminal cuts the end off."""
    parts: list[RenderableType] = [_head(snapshot), *_section("components", _components(snapshot))]
    if not isinstance(snapshot.objects, str):
        parts += _objects(snapshot.objects)
    return Group(*parts)


def age(seconds: float) -> str:
    """A duration in its two largest units at most, such as `42s`, `5m`, `3h12m` or `2d4h`."""
    whole = max(0, int(seconds))
    if whole < _MINUTE:
        return f"{whole}s"
    if whole < _HOUR:
        return f"{whole // _MINUTE}m"
    if whole < _DAY:
        return f"{whole // _HOUR}h{whole % _HOUR // _MINUTE}m"
    return f"{whole // _DAY}d{whole % _DAY // _HOUR}h"


def size(count: int | None) -> str:
    """Bytes in the largest binary unit that leaves a number above 1."""
    if count is None:
        return _UNKNOWN
    value, units = float(count), ["B", "KiB", "MiB", "GiB"]
    while value >= 1024 and len(units) > 1:
        value /= 1024
        units.pop(0)
    return f"{value:.0f} {units[0]}" if units[0] in ("B", "KiB") else f"{value:.1f} {units[0]}"


def traffic_line(traffic: Traffic | None) -> str:
    """Requests per second and latency in a line."""
    if traffic is None:
        return "unknown: the gateway's log can't be read"
    window = f"in the last {traffic.window_seconds} s"
    if traffic.median_ms is None or traffic.p95_ms is None:
        return f"no request {window}"
    return (
        f"{traffic.requests_per_second:.1f} requests/s, median {traffic.median_ms:.1f} ms, "
        f"95 % within {traffic.p95_ms:.1f} ms, {traffic.failed} failed {window}"
    )


def _head(snapshot: Snapshot) -> RenderableType:
    table = _table()
    table.add_row(Text("cluster", style="bold"), _health(snapshot))
    table.add_row("state", Text(str(snapshot.root), overflow="fold"))
    table.add_row("kubeconfig", Text(str(snapshot.kubeconfig), overflow="fold"))
    table.add_row("gateway", Text(snapshot.gateway.url, style="bold"))
    if not isinstance(snapshot.objects, str):
        table.add_row("traffic", Text(traffic_line(snapshot.objects.traffic)))
    return table


def _health(snapshot: Snapshot) -> Text:
    problems = snapshot.problems
    name = snapshot.cluster
    if not problems:
        return Text.assemble((name, "bold"), "  ", ("well", "green"))
    return Text.assemble((name, "bold"), "  ", ("; ".join(problems), "bold red"))


def _objects(objects: Objects) -> list[RenderableType]:
    return [
        *_section("pods", _pods(objects.pods)),
        *_section("autoscalers", _autoscalers(objects.autoscalers)),
        *_section("volumes", _volumes(objects.volumes)),
        *_section("last warnings", _warnings(objects.warnings)),
    ]


def _section(title: str, content: RenderableType) -> list[RenderableType]:
    return [Text(f"\n{title}", style="bold"), Padding(content, (0, 0, 0, 2))]


def _components(snapshot: Snapshot) -> RenderableType:
    return Columns([_component(each) for each in snapshot.components], padding=(0, 3))


def _component(component: Component) -> Text:
    state = ("up", "green") if component.is_up else ("DOWN", "bold red")
    return Text.assemble(f"{component.name:<24}", state, f" {age(component.seconds)}")


def _pods(pods: Sequence[Pod]) -> Table:
    table = _table("namespace", "pod", "phase", ">ready", ">restarts", ">age", ">cpu", ">memory")
    for pod in pods:
        table.add_row(
            pod.namespace,
            pod.name,
            Text(pod.phase, style="green" if pod.is_well else "yellow"),
            f"{pod.ready_containers}/{pod.containers}",
            str(pod.restarts),
            age(pod.age_seconds),
            _UNKNOWN if pod.cpu_cores is None else f"{pod.cpu_cores * 1000:.0f}m",
            size(pod.memory_bytes),
        )
    return table


def _autoscalers(autoscalers: Sequence[Autoscaler]) -> Table:
    table = _table("namespace", "autoscaler", "now / target", ">replicas", ">limits")
    for each in autoscalers:
        metrics = (f"{name} {now or _UNKNOWN} / {target}" for name, now, target in each.metrics)
        table.add_row(
            each.namespace,
            each.name,
            ", ".join(metrics),
            str(each.replicas),
            f"{each.min_replicas} to {each.max_replicas}",
        )
    return table


_CLAIM_STYLES = {"Bound": "green", "Unused": "dim"}


def _volumes(volumes: Sequence[Volume]) -> Table:
    table = _table("namespace", "claim", "phase", ">size", ">used on disk")
    for each in volumes:
        style = _CLAIM_STYLES.get(each.phase, "yellow")
        phase = Text(each.phase, style=style)
        table.add_row(each.namespace, each.claim, phase, each.size, size(each.used_bytes))
    return table


def _warnings(warnings: Sequence[WarningEvent]) -> RenderableType:
    if not warnings:
        return Text("none")
    table = _table(">age", ">times", "about", expand=True)
    table.add_column("what", ratio=1, no_wrap=True)  # a message gives way, all else is kept
    for each in warnings:
        what = Text.assemble((each.reason, "yellow"), f" {each.message}")
        table.add_row(age(each.age_seconds), str(each.count), each.about, what)
    return table


def _table(*titles: str, expand: bool = False) -> Table:
    """A table without lines; a title that starts with `>` is of numbers."""
    table = Table(
        box=None,
        padding=(0, 2, 0, 0),
        show_header=bool(titles),
        header_style="dim",
        expand=expand,
    )
    for title in titles:
        table.add_column(title.lstrip(">"), justify="right" if title[0] == ">" else "left")
    return table
