"""Every change that we make to a volume, one method each.

Nothing else writes: a test that records these calls has seen all of them, and one that ends the
process after any of them has tried every moment at which it can die.
"""

import os
import shutil
from pathlib import Path


class Disk:
    """The volume as the kernel offers it. All methods raise OSError."""

    def make_folder(self, path: Path) -> None:
        path.mkdir(parents=True, exist_ok=True)

    def open(self, path: Path) -> int:
        """A descriptor to read from anywhere and to append to; never that of a link's target."""
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC
        return os.open(path, flags, 0o644)

    def write(self, descriptor: int, data: bytes | memoryview) -> None:
        left = memoryview(data)
        while left:
            left = left[os.write(descriptor, left) :]

    def flush(self, descriptor: int) -> None:
        os.fsync(descriptor)

    def flush_folder(self, path: Path) -> None:
        """Makes the names in a folder durable."""
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            self.flush(descriptor)
        finally:
            os.close(descriptor)

    def rename(self, source: Path, target: Path) -> None:
        source.rename(target)

    def remove(self, path: Path) -> None:
        """A file, a link (not its target) or a folder with all that is in it."""
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


DISK = Disk()
