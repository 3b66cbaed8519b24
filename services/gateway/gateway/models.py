"""The models that this gateway speaks for, and which version of which a request gets."""

import dataclasses
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from types import TracebackType
from typing import Self, TypeVar

from gateway.canary import CanaryShare
from gateway.errors import NotServed
from gateway.model_client import ModelClient
from gateway.selection import Selection

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Target:
    """A model and the version that is to answer; None: the one that answers by default."""

    model: ModelClient
    selection: Selection | None = None
    # Nobody asked for a version that came by chance: without it the default one answers.
    by_chance: bool = False
    profile: str | None = None  # how images are prepared for it, as for `Decoder.decode`


async def or_default(target: Target, work: Callable[[Target], Awaitable[Answer]]) -> Answer:
    """Do some work; a version that came by chance and isn't there gives way to the default one."""
    try:
        return await work(target)
    except NotServed:
        if not target.by_chance:
            raise
        return await work(dataclasses.replace(target, selection=None))


class Models:
    """All models by name, the default one first; use as an async context manager.

    The canary's share is taken of the default model's requests, the only one with a canary.
    """

    def __init__(self, models: Sequence[ModelClient], canary: CanaryShare) -> None:
        self._by_name: Mapping[str, ModelClient] = {model.name: model for model in models}
        self.default = models[0]
        self._canary = canary

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            for model in self.all():
                await stack.enter_async_context(model)
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._stack.aclose()

    def all(self) -> list[ModelClient]:
        """The default model first."""
        return list(self._by_name.values())

    def find(self, name: str | None) -> ModelClient:
        """The model of a name, None for the default one; raises NotServed."""
        if name is None:
            return self.default
        if name not in self._by_name:
            raise NotServed("there is no such model here; GET /v1/models lists those there are")
        return self._by_name[name]

    def target(
        self,
        name: str | None = None,
        selection: Selection | None = None,
        profile: str | None = None,
    ) -> Target:
        """What answers a request that asks for this model and version; raises NotServed."""
        model = self.find(name)
        if selection is None and model is self.default:
            return Target(model, self._canary.choose(), by_chance=True, profile=profile)
        return Target(model, selection, profile=profile)
