"""A dashboard's graphs, and the JSON that CloudWatch wants of them.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from infra.aws.alarm_definitions import Expression, Statistic

COLUMNS = 24
WIDGET_WIDTH = 8
WIDGET_HEIGHT = 6
PERIOD_SECONDS = 60

Body = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of a graph; `shows` has a label of its own if it is an expression."""

    shows: Statistic | Expression
    label: str = ""

    @property
    def statistics(self) -> tuple[Statistic, ...]:
        shows = self.shows
        return tuple(shows.inputs.values()) if isinstance(shows, Expression) else (shows,)


@dataclass(frozen=True, kw_only=True)
class Widget:
    """A graph over the last hours."""

    title: str
    unit: str  # of the left axis
    lines: tuple[Line, ...]


def body(widgets: Sequence[Widget], *, region: str) -> Body:
    """The dashboard, three graphs in a row, in the order given."""
    return {
        "start": "-PT3H",
        "widgets": [_widget(widget, place, region) for place, widget in enumerate(widgets)],
    }


def _widget(widget: Widget, place: int, region: str) -> Body:
    in_a_row = COLUMNS // WIDGET_WIDTH
    metrics = [
        metric
        for number, line in enumerate(widget.lines)
        for metric in _metrics(line, f"line{number}")
    ]
    return {
        "type": "metric",
        "x": place % in_a_row * WIDGET_WIDTH,
        "y": place // in_a_row * WIDGET_HEIGHT,
        "width": WIDGET_WIDTH,
        "height": WIDGET_HEIGHT,
        "properties": {
            "title": widget.title,
            "region": region,
            "view": "timeSeries",
            "period": PERIOD_SECONDS,
            "yAxis": {"left": {"min": 0, "label": widget.unit, "showUnits": False}},
            "metrics": metrics,
        },
    }


def _metrics(line: Line, id_: str) -> list[Any]:
    if isinstance(line.shows, Statistic):
        return [_metric(line.shows, {"label": line.label})]
    # Ids are the whole graph's, so each expression's inputs get its own.
    formula = line.shows.formula
    inputs = []
    for name, statistic in line.shows.inputs.items():
        formula = re.sub(rf"\b{name}\b", f"{id_}_{name}", formula)
        inputs.append(_metric(statistic, {"id": f"{id_}_{name}", "visible": False}))
    label = line.label or line.shows.label
    return [[{"expression": formula, "label": label, "id": id_}], *inputs]


def _metric(statistic: Statistic, options: Body) -> list[Any]:
    metric = statistic.metric
    dimensions = [part for pair in metric.dimensions.items() for part in pair]
    return [metric.namespace, metric.name, *dimensions, options | {"stat": statistic.statistic}]
