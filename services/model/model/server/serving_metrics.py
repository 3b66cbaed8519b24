"""What the server measures: the names, labels and units of TF Serving. Latencies: microseconds."""

from model.server.metrics import Counter, Histogram, Metric, exponential_limits

PREFIX = "/tensorflow/serving/"
BATCHING_PREFIX = f"{PREFIX}batching_session/"
# The runtime that this server's sessions belong to (servables/tensorflow/predict_util.cc).
RUNTIME = "TF1"
MICROSECONDS_PER_SECOND = 1_000_000

# From 10 us to about 20 minutes (servables/tensorflow/util.cc).
LATENCY_LIMITS = exponential_limits(10, 1.8, 33)
# From 100 us to about a second (batching/batching_session.cc).
QUEUING_LIMITS = exponential_limits(100, 1.2, 52)
# batching/batching_util.h
BATCH_SIZE_LIMITS = exponential_limits(1, 2, 14)
EXAMPLE_LIMITS = exponential_limits(1, 2, 15)


class ServingMetrics:
    """One of each per server; `all` is what the metrics page shows."""

    def __init__(self) -> None:
        self.request_count = Counter(f"{PREFIX}request_count", "model_name", "status")
        self.request_latency = Histogram(
            f"{PREFIX}request_latency", "model_name", "API", "entrypoint", limits=LATENCY_LIMITS
        )
        self.runtime_latency = Histogram(
            f"{PREFIX}runtime_latency", "model_name", "API", "runtime", limits=LATENCY_LIMITS
        )
        self.example_counts = Histogram(
            f"{PREFIX}request_example_counts", "model", limits=EXAMPLE_LIMITS
        )
        self.example_count_total = Counter(f"{PREFIX}request_example_count_total", "model")
        self.warmup_latency = Histogram(
            f"{PREFIX}model_warmup_latency", "model_path", "status", limits=LATENCY_LIMITS
        )
        self.warmup_records_read = Counter(
            f"{PREFIX}model_warmup_records_read", "model_path", "status"
        )
        self.queuing_latency = Histogram(
            f"{BATCHING_PREFIX}queuing_latency", "thread_pool_name", limits=QUEUING_LIMITS
        )
        self.input_batch_size = Histogram(
            f"{BATCHING_PREFIX}input_batch_size", limits=BATCH_SIZE_LIMITS
        )
        self.processed_batch_size = Histogram(
            f"{BATCHING_PREFIX}processed_batch_size", limits=BATCH_SIZE_LIMITS
        )
        self.padding_size = Histogram(
            f"{BATCHING_PREFIX}padding_size", "execution_batch_size", limits=BATCH_SIZE_LIMITS
        )
        self.wrapped_run_count = Counter(f"{BATCHING_PREFIX}wrapped_run_count")

    def all(self) -> list[Metric]:
        return list(vars(self).values())

    def answered(self, model: str, status: str) -> None:
        self.request_count.add(model, status)

    def answered_ok(self, model: str, api: str, entrypoint: str, seconds: float) -> None:
        """An answer's latency; failed requests have none."""
        microseconds = seconds * MICROSECONDS_PER_SECOND
        self.request_latency.observe(model, api, entrypoint, value=microseconds)

    def ran(self, model: str, api: str, seconds: float) -> None:
        """A run of a model's graph, its wait for a batch included."""
        microseconds = seconds * MICROSECONDS_PER_SECOND
        self.runtime_latency.observe(model, api, RUNTIME, value=microseconds)

    def counted_examples(self, model: str, count: int) -> None:
        self.example_counts.observe(model, value=count)
        self.example_count_total.add(model, count=count)
