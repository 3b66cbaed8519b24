"""From a version's folder to one that may serve: loaded, batched if asked for, warmed up."""

import logging
from pathlib import Path

from model.logs import fields
from model.server.batching.parameters import BatchingOptions, read_parameters
from model.server.batching.scheduler import Scheduler
from model.server.batching.servable import BatchedServable
from model.server.errors import ServingError
from model.server.flags import Flags
from model.server.registry import Servable
from model.server.servable import load
from model.server.serving_metrics import ServingMetrics
from model.server.session_config import session_config, visible_gpus
from model.server.warmup import warm_up

# In the version folder, for --enable_per_model_batching_parameters.
BATCHING_FILE = "batching_params.pbtxt"

log = logging.getLogger(__name__)


class VersionLoader:
    """See model.server.worker.Loader. Reads the files that flags name once, at the start.

    Raises:
        ServingError: INVALID_ARGUMENT: one of them is wrong.
    """

    def __init__(self, flags: Flags, metrics: ServingMetrics) -> None:
        self._flags = flags
        self._metrics = metrics
        self._session_config = session_config(flags)
        log.info("GPUs that models run on", extra=fields(gpus=visible_gpus()))
        self._batching: BatchingOptions | None = None
        self._scheduler: Scheduler | None = None
        if flags.enable_batching:
            self._batching = read_parameters(flags.batching_parameters_file or None)
            self._scheduler = Scheduler(self._batching.threads)
            log.info("batching", extra=fields(**vars(self._batching)))

    def __call__(self, name: str, version: int, folder: Path) -> Servable:
        """Raises ServingError: it can't be loaded, or a warm-up request fails."""
        tags = self._flags.saved_model_tags.split(",")
        loaded: Servable = load(name, version, folder, tags, self._session_config)
        try:
            servable = self._batched(loaded, folder)
            if self._flags.enable_model_warmup:
                iterations = max(1, self._flags.num_request_iterations_for_warmup)
                warm_up(servable, folder, iterations, self._metrics)
        except ServingError:
            loaded.close()
            raise
        return servable

    def _batched(self, servable: Servable, folder: Path) -> Servable:
        if self._batching is None or self._scheduler is None:
            return servable
        options = self._batching
        if self._flags.enable_per_model_batching_parameters:
            if not (folder / BATCHING_FILE).is_file():
                return servable
            options = read_parameters(folder / BATCHING_FILE)
        return BatchedServable(servable, options.queue, self._scheduler, self._metrics)
