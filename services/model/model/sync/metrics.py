"""What the sidecar counts, in Prometheus' text format on `/metrics`."""

import time

from prometheus_client import CollectorRegistry, Counter, Gauge, Summary, start_http_server

from model.sync.round import Outcome


class Metrics:
    """Counters since the start, and the volume as the last round left it."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._rounds = Counter(
            "model_sync_rounds", "Rounds, by whether all went well", ["ok"], registry=self.registry
        )
        self._seconds = Summary(
            "model_sync_round_seconds", "Time of a round", registry=self.registry
        )
        self._bytes = self._counter("model_sync_copied_bytes", "Written to the volume")
        self._copied = self._counter("model_sync_copied_versions", "Put in place")
        self._removed = self._counter("model_sync_removed_versions", "Removed as obsolete")
        self._versions = self._gauge("model_sync_versions", "Versions on the volume")
        self._newest = self._gauge("model_sync_newest_version", "Highest version on the volume")
        self._free = self._gauge("model_sync_volume_free_bytes", "Free on the volume")
        self._success = self._gauge(
            "model_sync_last_success_timestamp_seconds", "When a round last went well (Unix time)"
        )
        for ok in ("true", "false"):
            self._rounds.labels(ok)  # so that both are there from the beginning

    def serve(self, port: int) -> None:
        """Raises OSError when the port is taken."""
        start_http_server(port, registry=self.registry)

    def count(self, outcome: Outcome) -> None:
        self._seconds.observe(outcome.seconds)
        self._bytes.inc(outcome.bytes)
        self._copied.inc(len(outcome.copied))
        self._removed.inc(len(outcome.removed))
        self._versions.set(len(outcome.versions))
        self._newest.set(max(outcome.versions, default=0))
        self._free.set(outcome.free_bytes)
        self._end(ok=not outcome.failures)

    def count_failure(self) -> None:
        """A round that couldn't begin."""
        self._end(ok=False)

    def _end(self, *, ok: bool) -> None:
        self._rounds.labels(str(ok).lower()).inc()
        if ok:
            self._success.set(time.time())

    def _counter(self, name: str, text: str) -> Counter:
        return Counter(name, text, registry=self.registry)

    def _gauge(self, name: str, text: str) -> Gauge:
        return Gauge(name, text, registry=self.registry)
