"""Scratch folders: where one paper lies in the clear for the moment in which it is read."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

PREFIX = "tongban-paper-"
PAPER, PICTURE, ANSWER = "paper", "page.jpg", "answer"


def memory_root() -> Path:
    """A folder whose files never reach a disk, or the ordinary one for temporary files."""
    shared = Path("/dev/shm")  # noqa: S108 (the folder made in it is 0700 and has a random name)
    return shared if os.access(shared, os.W_OK | os.X_OK) else Path(tempfile.gettempdir())


@contextlib.contextmanager
def folder(root: Path) -> Iterator[Path]:
    """A folder of this process alone (mode 0700), removed at the end with whatever is in it."""
    made = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=root))
    try:
        yield made
    finally:
        _remove(made)


def lay_out(made: Path, content: bytes) -> None:
    """Put the paper in, and an empty picture: the reader may write into it but not make a file."""
    (made / PAPER).write_bytes(content)
    (made / PICTURE).touch(mode=0o600)


def sweep(root: Path) -> int:
    """Remove the folders of servers that were killed (their process is gone) and give how many."""
    swept = 0
    for left in root.glob(f"{PREFIX}*-*"):
        owner = left.name.removeprefix(PREFIX).split("-")[0]
        if owner.isdigit() and not Path(f"/proc/{owner}").exists() and _is_mine(left):
            _remove(left)
            swept += 1
    return swept


def _is_mine(left: Path) -> bool:
    try:
        return left.lstat().st_uid == os.getuid()
    except FileNotFoundError:  # another server swept it first
        return False


def _remove(made: Path) -> None:
    with contextlib.suppress(OSError):
        made.chmod(0o700)  # the reader may have taken our own right away
    shutil.rmtree(made, ignore_errors=True)
