"""One thread per model: looks for versions, loads and unloads them."""

import logging
import time
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

import grpc

from model.logs import fields
from model.server.config import ModelConfig
from model.server.errors import ServingError
from model.server.policy import Load, Unload, next_action
from model.server.registry import Registry, Servable, State
from model.server.versions import wanted_versions

log = logging.getLogger(__name__)

NEVER = float("inf")

# Model, version and folder to a loaded version; raises ServingError.
Loader = Callable[[str, int, Path], Servable]


@dataclass(frozen=True, kw_only=True)
class WorkerOptions:
    """How a worker looks for versions and what it does about failed loads.

    Attributes:
        poll_seconds: between two looks at the folder; 0 looks once, negative never.
        max_load_retries: how often a failed load is tried again.
        retry_seconds: before each retry.
    """

    poll_seconds: float
    max_load_retries: int
    retry_seconds: float


@dataclass
class _Attempts:
    """Failed loads of a wanted version; `next_at` is None once it is given up."""

    count: int = 0
    next_at: float | None = 0.0


class ModelWorker:
    """Keeps what is loaded of one model equal to what its policy wants.

    Attributes:
        first_outcome: done when the first version serves; its exception is a ServingError when it
            failed for good. What a start or a reload waits for.
    """

    def __init__(
        self, config: ModelConfig, load: Loader, registry: Registry, options: WorkerOptions
    ) -> None:
        self.first_outcome: Future[None] = Future()
        self._config = config
        self._load_servable = load
        self._registry = registry
        self._options = options
        self._wanted: dict[int, Path] = {}
        self._serving: set[int] = set()
        self._attempts: dict[int, _Attempts] = {}
        # Monotonic clock of the next look at the folder.
        self._look_at = 0.0 if options.poll_seconds >= 0 else NEVER
        self._retired = False
        self._stopped = False
        self._wake = Event()
        self._thread = Thread(target=self._run, name=f"model-{config.name}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def update(self, config: ModelConfig) -> None:
        """Go by another policy or path from now on."""
        if config != self._config:
            self._config = config
            self._look_at = 0.0
            self._wake.set()

    def retire(self) -> None:
        """Unload everything; returns when the last request is answered."""
        self._retired = True
        self._wake.set()
        self._thread.join()

    def stop(self) -> None:
        """End the thread; what is loaded stays for the requests that still run."""
        self._stopped = True
        self._wake.set()
        self._settle(ServingError(grpc.StatusCode.CANCELLED, "the server is stopping"))

    def _run(self) -> None:
        while not self._stopped:
            # Read once: retired in mid-round, the next round unloads.
            retired = self._retired
            if retired:
                self._want({})
            elif time.monotonic() >= self._look_at:
                # Before the look: an update meanwhile must lead to another one.
                self._look_at = self._next_look_at()
                self._look(self._config)
            self._reconcile()
            if retired:
                return
            self._wake.wait(self._seconds_to_wait())
            self._wake.clear()

    def _next_look_at(self) -> float:
        poll_seconds = self._options.poll_seconds
        return time.monotonic() + poll_seconds if poll_seconds > 0 else NEVER

    def _seconds_to_wait(self) -> float | None:
        retries = [a.next_at for a in self._attempts.values() if a.next_at is not None]
        next_at = min([self._look_at, *retries])
        return None if next_at == NEVER else max(0.0, next_at - time.monotonic())

    def _look(self, config: ModelConfig) -> None:
        try:
            self._want(wanted_versions(config))
        except OSError as error:
            # What serves goes on serving: a volume may come back.
            log.error(
                f"Could not find base path {config.base_path} for servable {config.name}",
                extra=fields(error=str(error)),
            )

    def _want(self, wanted: dict[int, Path]) -> None:
        for version in wanted.keys() - self._wanted.keys() - self._serving:
            self._attempts.pop(version, None)
            self._registry.set_state(self._config.name, version, State.START)
        for version in self._wanted.keys() - wanted.keys() - self._serving:
            self._give_up_unwanted(version)
        self._wanted = wanted

    def _give_up_unwanted(self, version: int) -> None:
        attempts = self._attempts.pop(version, None)
        if attempts is None or attempts.next_at is not None:
            error = ServingError(grpc.StatusCode.CANCELLED, "Loading of servable cancelled")
            self._registry.set_state(self._config.name, version, State.END, error)

    def _reconcile(self) -> None:
        while not self._stopped:
            match next_action(
                wanted=self._wanted.keys(), serving=self._serving, waiting=self._waiting()
            ):
                case Load(version):
                    self._load(version)
                case Unload(version):
                    self._unload(version)
                case None:
                    return

    def _waiting(self) -> set[int]:
        now = time.monotonic()
        return {v for v, a in self._attempts.items() if a.next_at is None or a.next_at > now}

    def _load(self, version: int) -> None:
        name, folder = self._config.name, self._wanted[version]
        self._registry.set_state(name, version, State.LOADING)
        started = time.monotonic()
        try:
            servable = self._load_servable(name, version, folder)
        except ServingError as error:
            self._load_failed(version, error)
            return
        self._attempts.pop(version, None)
        self._serving.add(version)
        self._registry.publish(servable)
        seconds = round(time.monotonic() - started, 3)
        log.info("version loaded", extra=fields(model=name, version=version, seconds=seconds))
        self._settle()

    def _load_failed(self, version: int, error: ServingError) -> None:
        attempts = self._attempts.setdefault(version, _Attempts())
        attempts.count += 1
        attempts.next_at = time.monotonic() + self._options.retry_seconds
        if attempts.count > self._options.max_load_retries:
            attempts.next_at = None
            self._registry.set_state(self._config.name, version, State.END, error)
        log.error(
            "loading failed" + (": given up" if attempts.next_at is None else ": will retry"),
            extra=fields(
                model=self._config.name,
                version=version,
                attempt=attempts.count,
                of=self._options.max_load_retries + 1,
                error=str(error),
            ),
        )
        if attempts.next_at is None:
            servable_id = f"{{name: {self._config.name} version: {version}}}"
            self._settle(ServingError(error.code, f"{servable_id} due to error: {error}"))

    def _unload(self, version: int) -> None:
        name = self._config.name
        servable = self._registry.withdraw(name, version)
        servable.close()
        self._serving.discard(version)
        self._registry.set_state(name, version, State.END)
        log.info("version unloaded", extra=fields(model=name, version=version))

    def _settle(self, error: ServingError | None = None) -> None:
        # Only the first outcome counts, and stop() may be the first.
        with suppress(InvalidStateError):
            if error is None:
                self.first_outcome.set_result(None)
            else:
                self.first_outcome.set_exception(error)
