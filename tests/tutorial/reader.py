"""Somebody who does what a page says, on the test cluster, and compares what comes of it."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from local.cluster.spec import DEFAULT_GATEWAY_PORT
from local.paths import DEFAULT_CLUSTER, REPO
from tests.tutorial.matching import mismatch
from tests.tutorial.pages import Exchange, blocks
from tests.tutorial.terminal import Terminal

_TIMEOUT_SECONDS = 600
# What tools and users leave in a checkout.
_NOT_COPIED = shutil.ignore_patterns(".git", ".venv", ".*_cache", "__pycache__")


@dataclass(frozen=True)
class Reader:
    """Works in a copy of the checkout, which may be edited.

    A page speaks of the cluster `local` and its port. The environment's CLUSTER names another one
    to every verb; name and port are put for those of the page, there and back.
    """

    folder: Path
    cluster: str
    port: int

    @classmethod
    def in_a_copy(cls, folder: Path, cluster: str, port: int) -> Reader:
        return cls(shutil.copytree(REPO, folder, ignore=_NOT_COPIED), cluster, port)

    def follow(self, page: Path) -> None:
        """Raises `AssertionError` at the first command that fails, or prints something else."""
        with Terminal(self.folder, {"CLUSTER": self.cluster}) as terminal:
            for block in blocks(page):
                if block.not_run or block.compared_by:
                    continue
                if block.language == "diff":
                    block.edit(self.folder)
                    continue
                for exchange in block.exchanges():
                    self._do(exchange, block.where, terminal)

    def _do(self, exchange: Exchange, where: str, terminal: Terminal) -> None:
        command = exchange.command.replace(_address(DEFAULT_GATEWAY_PORT), _address(self.port))
        ended = terminal.type(command, timeout_seconds=_TIMEOUT_SECONDS)
        printed = self._as_the_page_has_it(ended.printed)
        told = f"{where}: $ {exchange.command}\nprinted\n{printed}"
        assert ended.code == 0, f"{told}\nand ended with exit code {ended.code}"
        wrong = mismatch(exchange.shown, printed)
        assert not wrong, f"{told}\n{wrong}"

    def _as_the_page_has_it(self, printed: str) -> str:
        text = printed.replace(_address(self.port), _address(DEFAULT_GATEWAY_PORT))
        named = re.compile(rf"(cluster\s+'?|/image-serving/){re.escape(self.cluster)}\b")
        return named.sub(rf"\g<1>{DEFAULT_CLUSTER}", text)


def _address(port: int) -> str:
    return f"127.0.0.1:{port}"
