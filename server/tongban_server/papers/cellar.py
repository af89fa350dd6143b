"""Keeps sealed papers on the local disk: whole or not at all, and still there after the power was cut.

What comes in is sealed before it touches the disk, so a stolen disk shows nothing. A paper is written beside its place,
made durable, renamed into it, and the folder made durable; so a name either holds a whole paper or nothing
(reliability: a file that is listed is never half). All calls block: call them in a thread.
"""

import errno
import os
import re
import secrets
from collections.abc import Callable
from pathlib import Path

from tongban_server.papers.refused import NoSuchPaper, StoreFull

NAME = re.compile(r"[0-9a-f]{32}", re.ASCII)
HALF = ".half"  # the ending of a file that is being written
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class Cellar:
    """A folder of sealed papers, each under a name of 32 hex digits.

    `seal` and `open_` turn bytes into sealed bytes and back (AES-GCM with the house's key). What `open_` raises on a
    file that was tampered with is passed on.
    """

    def __init__(self, folder: Path, seal: Callable[[bytes], bytes], open_: Callable[[bytes], bytes]) -> None:
        self._folder = folder
        self._seal = seal
        self._open = open_
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def put(self, name: str, content: bytes) -> None:
        """Keep a paper durably; when this returns it survives a power cut. Refuses `StoreFull`, leaving nothing."""
        place, sealed = self._place(name), self._seal(content)
        half = place.with_name(f"{name}.{secrets.token_hex(8)}{HALF}")
        try:
            _write_durably(half, sealed)
            half.rename(place)
            _sync_folder(self._folder)
        except OSError as failed:
            half.unlink(missing_ok=True)
            if failed.errno in FULL:
                raise StoreFull from failed
            raise

    def get(self, name: str) -> bytes:
        """Give a paper as it was put in. Refuses `NoSuchPaper`."""
        try:
            return self._open(self._place(name).read_bytes())
        except FileNotFoundError as missing:
            raise NoSuchPaper from missing

    def drop(self, name: str) -> None:
        """Forget a paper durably; one that is not there is forgotten already."""
        self._place(name).unlink(missing_ok=True)
        _sync_folder(self._folder)

    def sweep(self) -> int:
        """Remove what a killed server was still writing, and give how many. Only before the first `put`."""
        orphans = list(self._folder.glob(f"*{HALF}"))
        for orphan in orphans:
            orphan.unlink(missing_ok=True)
        return len(orphans)

    def names(self) -> list[str]:
        """Every paper that is kept, sorted; the caller compares it with its rows to find papers nobody refers to."""
        return sorted(each.name for each in self._folder.iterdir() if NAME.fullmatch(each.name))

    def _place(self, name: str) -> Path:
        if not NAME.fullmatch(name):  # also keeps every path inside the folder
            raise NoSuchPaper
        return self._folder / name


def _write_durably(half: Path, sealed: bytes) -> None:
    opened = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(opened, "wb") as file:
        file.write(sealed)
        file.flush()
        os.fsync(opened)


def _sync_folder(folder: Path) -> None:
    """Without this the rename itself may be lost with the power."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
