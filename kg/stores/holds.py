"""Holds: whoever reads published files holds them, so that they are not removed while they are read.

RocksDB opens its files when they are needed, and a query that does not find one may never end. A hold is a lock on the
folder that the operating system takes back when the process ends (flock); where there is none, nothing is held.
"""

import contextlib
import os
import shutil
from pathlib import Path

try:
    import fcntl
except ImportError:  # pragma: no cover - Windows, where files in use cannot be removed anyway
    fcntl = None  # type: ignore[assignment]


class Hold:
    """A hold on a folder, until it is let go, or forgotten."""

    def __init__(self, folder: Path) -> None:
        """
        Raises:
            OSError: when the folder is not there, or is being removed.
        """
        self._handle: int | None = None
        if fcntl is not None:
            handle = os.open(folder, os.O_RDONLY)
            try:
                fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except OSError:
                os.close(handle)
                raise
            self._handle = handle

    def let_go(self) -> None:
        handle, self._handle = self._handle, None
        if handle is not None:
            os.close(handle)

    def __del__(self) -> None:
        self.let_go()


def remove_unless_held(folder: Path) -> bool:
    """Whether the folder is gone; one that somebody holds stays."""
    if fcntl is None:
        shutil.rmtree(folder, ignore_errors=True)
        return not folder.exists()
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return not folder.exists()
    try:
        with contextlib.suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
        return not folder.exists()
    finally:
        os.close(handle)
