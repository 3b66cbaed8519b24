"""What proc(5) tells of processes."""

import os
from pathlib import Path


def children_of(pid: int) -> list[int]:
    """The processes that a process has started."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return [int(child) for task in tasks for child in (task / "children").read_text().split()]


def is_running(pid: int) -> bool:
    """Whether a process is there and has not ended, waited for or not."""
    try:
        return _fields(pid)[0] != "Z"
    except FileNotFoundError:
        return False


def resident_bytes(pid: int) -> int:
    """The memory that a process holds (statm, in pages)."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def cpu_seconds(pid: int) -> float:
    """User and system time that a process has taken (stat: fields 14 and 15)."""
    fields = _fields(pid)
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def page_faults(pid: int) -> int:
    """How often a process had to wait for memory that it was promised (stat: field 10)."""
    return int(_fields(pid)[7])


def _fields(pid: int) -> list[str]:
    """Those of stat from the third on, the state."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
