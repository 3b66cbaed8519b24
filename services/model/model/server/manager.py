"""Brings the served models in line with a configuration."""

import logging
from collections.abc import Mapping
from threading import Lock

import grpc

from model.server.config import ModelConfig
from model.server.errors import ServingError
from model.server.labels import Labels
from model.server.registry import Registry
from model.server.worker import Loader, ModelWorker, WorkerOptions

log = logging.getLogger(__name__)


class ModelManager:
    """Rules of ServerCore::ReloadConfig (model_servers/server_core.cc)."""

    def __init__(
        self, registry: Registry, labels: Labels, load: Loader, options: WorkerOptions
    ) -> None:
        self._registry = registry
        self._labels = labels
        self._load = load
        self._options = options
        self._workers: dict[str, ModelWorker] = {}
        self._applying = Lock()
        self._stopped = False

    def apply(self, models: Mapping[str, ModelConfig]) -> None:
        """Serve exactly these models; returns when each new one has a loaded version.

        Waits for ever for a version that doesn't appear, as the real server does (#2189).

        Raises:
            ServingError: FAILED_PRECONDITION: a label can't be assigned, and nothing was changed;
                UNKNOWN: a new model can't be loaded; CANCELLED: the server stops meanwhile.
        """
        with self._applying:
            self._labels.assign(models.values())
            for name in self._workers.keys() - models.keys():
                log.info(f"model {name} is no longer configured: unloading")
                self._workers.pop(name).retire()
            new = [self._add(model) for name, model in models.items() if name not in self._workers]
            for name, worker in self._workers.items():
                worker.update(models[name])
            _await_first_outcomes(new)

    def stop(self) -> None:
        """End all waiting and looking for versions; loaded ones go on answering."""
        self._stopped = True
        for worker in list(self._workers.values()):
            worker.stop()

    def _add(self, model: ModelConfig) -> ModelWorker:
        worker = ModelWorker(model, self._load, self._registry, self._options)
        self._workers[model.name] = worker
        if self._stopped:
            worker.stop()
        worker.start()
        return worker


def _await_first_outcomes(workers: list[ModelWorker]) -> None:
    errors = [worker.first_outcome.exception() for worker in workers]
    failed = [error for error in errors if isinstance(error, ServingError)]
    for error in failed:
        if error.code is grpc.StatusCode.CANCELLED:
            raise error
    if failed:
        listing = "".join(f"{{{error.message}}}, " for error in failed)
        message = f"{len(failed)} model(s) did not become available: {{{listing}}}"
        raise ServingError(grpc.StatusCode.UNKNOWN, message)
