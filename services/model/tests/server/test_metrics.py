"""The page that Prometheus reads, in TF Serving's own format."""

from model.server.metrics import Counter, Histogram, exponential_limits, page
from model.server.serving_metrics import LATENCY_LIMITS, ServingMetrics


class TestCounter:
    """Counts per labels; forbidden characters of the name become colons."""

    def test_lines(self) -> None:
        counter = Counter("/tensorflow/serving/request_count", "model_name", "status")
        counter.add("digits", "OK")
        counter.add("digits", "OK", count=2)
        counter.add("other", "NOT_FOUND")
        assert list(counter.lines()) == [
            "# TYPE :tensorflow:serving:request_count counter",
            ':tensorflow:serving:request_count{model_name="digits",status="OK"} 3',
            ':tensorflow:serving:request_count{model_name="other",status="NOT_FOUND"} 1',
        ]

    def test_names_that_callers_choose_cannot_break_the_page(self) -> None:
        counter = Counter("/c", "model_name")
        counter.add('a"b\\c\nd')
        assert list(counter.lines())[1] == ':c{model_name="a\\"b\\\\c\\nd"} 1'

    def test_without_labels(self) -> None:
        counter = Counter("/c")
        counter.add()
        assert list(counter.lines())[1] == ":c{} 1"


class TestHistogram:
    """Buckets count what is at most their limit, and add up."""

    def test_lines(self) -> None:
        histogram = Histogram("/h", "model", limits=[1, 2.5])
        for value in (1, 2, 2, 9):
            histogram.observe("m", value=value)
        assert list(histogram.lines()) == [
            "# TYPE :h histogram",
            ':h_bucket{model="m",le="1"} 1',
            ':h_bucket{model="m",le="2.5"} 3',
            ':h_bucket{model="m",le="+Inf"} 4',
            ':h_sum{model="m"} 14',
            ':h_count{model="m"} 4',
        ]

    def test_without_labels(self) -> None:
        histogram = Histogram("/h", limits=[1])
        histogram.observe(value=1)
        assert ':h_bucket{le="1"} 1' in list(histogram.lines())

    def test_latencies_go_from_10_microseconds_to_20_minutes(self) -> None:
        assert len(LATENCY_LIMITS) == 33
        assert [f"{limit:g}" for limit in LATENCY_LIMITS[:3]] == ["10", "18", "32.4"]
        assert 20 * 60e6 < LATENCY_LIMITS[-1] < 30 * 60e6

    def test_limits(self) -> None:
        assert exponential_limits(1, 2, 4) == [1, 2, 4, 8]


def test_the_page_is_ordered_by_name() -> None:
    assert page([Counter("/b"), Counter("/a")]) == "# TYPE :a counter\n# TYPE :b counter\n"


def test_microseconds() -> None:
    metrics = ServingMetrics()
    metrics.answered_ok("digits", "Predict", "GRPC", seconds=0.5)
    lines = list(metrics.request_latency.lines())
    labels = 'model_name="digits",API="Predict",entrypoint="GRPC"'
    assert f":tensorflow:serving:request_latency_sum{{{labels}}} 500000" in lines
