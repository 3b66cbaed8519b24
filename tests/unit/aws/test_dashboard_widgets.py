"""infra/aws/dashboard_widgets.py: graphs that CloudWatch can draw."""

from infra.aws.alarm_definitions import Expression, Statistic
from infra.aws.dashboard_widgets import COLUMNS, Line, Widget, body
from infra.aws.service_metrics import Metric, Producer

USED = Metric(
    producer=Producer.PROMETHEUS, namespace="n", name="used", dimensions={"ClusterName": "c"}
)


def graph(*lines: Line) -> Widget:
    return Widget(title="Volumes", unit="%", lines=lines)


def share(label: str) -> Line:
    statistic = Statistic(metric=USED, statistic="Maximum")
    return Line(shows=Expression(formula="100 * used", inputs={"used": statistic}, label=label))


class TestBody:
    def test_a_line_is_a_metric_with_its_dimensions(self) -> None:
        line = Line(shows=Statistic(metric=USED, statistic="Maximum"), label="used")
        (widget,) = body([graph(line)], region="eu-west-1")["widgets"]
        assert widget["properties"]["metrics"] == [
            ["n", "used", "ClusterName", "c", {"label": "used", "stat": "Maximum"}]
        ]
        assert widget["properties"]["region"] == "eu-west-1"

    def test_expressions_of_one_graph_do_not_mix_their_inputs(self) -> None:
        (widget,) = body([graph(share("a"), share("b"))], region="eu-west-1")["widgets"]
        metrics = widget["properties"]["metrics"]
        ids = [metric[-1]["id"] for metric in metrics]
        assert ids == ["line0", "line0_used", "line1", "line1_used"]
        formulas = [metric[0]["expression"] for metric in metrics if isinstance(metric[0], dict)]
        assert formulas == ["100 * line0_used", "100 * line1_used"]
        assert [metric[-1].get("visible") for metric in metrics] == [None, False, None, False]

    def test_graphs_stand_side_by_side(self) -> None:
        widgets = body([graph(share("a"))] * 5, region="eu-west-1")["widgets"]
        places = {(widget["x"], widget["y"]) for widget in widgets}
        assert len(places) == 5
        assert all(widget["x"] + widget["width"] <= COLUMNS for widget in widgets)
