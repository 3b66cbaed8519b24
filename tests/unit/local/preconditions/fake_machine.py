"""A machine on which all is well, but for what a test says."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from pathlib import Path

from local.preconditions.machine import GIB, Answer

NOW = datetime.datetime(2026, 6, 1, 12, 0, tzinfo=datetime.UTC)


@dataclass
class FakeMachine:
    """Answers what its fields say; notes which addresses were asked."""

    system_name: str = "Linux"
    machine: str = "x86_64"
    user: int = 0
    programs: tuple[str, ...] = ("apt-get",)
    free: float = 100 * GIB
    memory: float = 8 * GIB
    holder: str | None = None
    answer: Answer = field(default_factory=lambda: Answer(date=NOW))
    time: datetime.datetime = NOW
    package_list: datetime.datetime | None = NOW - datetime.timedelta(days=3)
    asked: list[str] = field(default_factory=list)

    def system(self) -> str:
        return self.system_name

    def architecture(self) -> str:
        return self.machine

    def user_id(self) -> int:
        return self.user

    def has_program(self, name: str) -> bool:
        return name in self.programs

    def free_bytes(self, folder: Path) -> int:
        return int(self.free)

    def file_system(self, folder: Path) -> int:
        return 1

    def available_memory_bytes(self) -> int:
        return int(self.memory)

    def cores(self) -> int:
        return 2

    def port_holder(self, port: int) -> str | None:
        return self.holder

    def ask(self, url: str) -> Answer:
        self.asked.append(url)
        return self.answer

    def now(self) -> datetime.datetime:
        return self.time

    def newest_package_list(self) -> datetime.datetime | None:
        return self.package_list
