"""The machine as the checks see it. Tests hand in another one."""

from __future__ import annotations

import datetime
import email.utils
import os
import platform
import shutil
import socket
import ssl
import subprocess
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

GIB = 1024**3
_REACH_TIMEOUT_SECONDS = 5.0
_APT_LISTS = Path("/var/lib/apt/lists")


@dataclass(frozen=True)
class Answer:
    """What a server said: its clock, or why it didn't answer."""

    date: datetime.datetime | None = None
    error: str | None = None


class Machine(Protocol):
    """What the checks ask for."""

    def system(self) -> str: ...
    def architecture(self) -> str: ...
    def user_id(self) -> int: ...
    def has_program(self, name: str) -> bool: ...
    def free_bytes(self, folder: Path) -> int: ...
    def file_system(self, folder: Path) -> int: ...
    def available_memory_bytes(self) -> int: ...
    def cores(self) -> int: ...
    def port_holder(self, port: int) -> str | None: ...
    def ask(self, url: str) -> Answer: ...
    def now(self) -> datetime.datetime: ...
    def newest_package_list(self) -> datetime.datetime | None: ...


class ThisMachine:
    """The one that we run on."""

    def system(self) -> str:
        return platform.system()

    def architecture(self) -> str:
        return platform.machine()

    def user_id(self) -> int:
        return os.geteuid()

    def has_program(self, name: str) -> bool:
        return shutil.which(name) is not None

    def free_bytes(self, folder: Path) -> int:
        return shutil.disk_usage(_existing(folder)).free

    def file_system(self, folder: Path) -> int:
        """Equal for folders that share their space."""
        return _existing(folder).stat().st_dev

    def available_memory_bytes(self) -> int:
        lines = Path("/proc/meminfo").read_text().splitlines()
        [available] = [line.split()[1] for line in lines if line.startswith("MemAvailable:")]
        return int(available) * 1024

    def cores(self) -> int:
        return len(os.sched_getaffinity(0))

    def port_holder(self, port: int) -> str | None:
        """Who listens on 127.0.0.1; None when the port is free."""
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError as error:
                return _listener(port) or str(error.strerror)
        return None

    def ask(self, url: str) -> Answer:
        """A HEAD request; any answer counts. Proxies of the environment are used.

        The certificate is not verified: nothing but the time is read, and with a wrong clock
        none could be.
        """
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        request = urllib.request.Request(url, method="HEAD")
        try:
            with urllib.request.urlopen(
                request, timeout=_REACH_TIMEOUT_SECONDS, context=context
            ) as response:
                return Answer(date=_date(response.headers.get("Date")))
        except urllib.error.HTTPError as error:
            return Answer(date=_date(error.headers.get("Date")))
        except (OSError, ValueError) as error:
            return Answer(error=str(getattr(error, "reason", None) or error))

    def now(self) -> datetime.datetime:
        return datetime.datetime.now(datetime.UTC)

    def newest_package_list(self) -> datetime.datetime | None:
        """When Debian signed the newest list that apt has fetched."""
        dates = [
            _date(line.removeprefix("Date:").strip())
            for file in _APT_LISTS.glob("*Release")
            for line in file.read_text(errors="replace").splitlines()
            if line.startswith("Date:")
        ]
        return max((each for each in dates if each is not None), default=None)


def _existing(folder: Path) -> Path:
    """The folder, or the one above it that it would be made in."""
    return next(each for each in (folder, *folder.parents) if each.exists())


def _listener(port: int) -> str | None:
    if shutil.which("ss") is None:
        return None
    command = ["ss", "-Hltnp", f"sport = :{port}"]
    listed = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    _, found, users = listed.partition('users:(("')
    if not found:
        return None
    name, _, rest = users.partition('",pid=')
    return f"{name} (process {rest.partition(',')[0]})"


def _date(text: str | None) -> datetime.datetime | None:
    if not text:
        return None
    try:
        date = email.utils.parsedate_to_datetime(text)
    except ValueError:
        return None
    return date if date.tzinfo else date.replace(tzinfo=datetime.UTC)
