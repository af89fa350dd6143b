"""Opens papers safely: each file in a process of its own that may read that file, write one picture, and nothing else.

The server's process never parses what a citizen hands over (reliability: one bad file can kill a parser). It writes the
file into a scratch folder in memory, starts `confine.py`, which puts up its walls and then runs `reader.py`, and takes
an answer that it does not trust. Whatever happens in there comes out as a refusal of `refused.py`.
"""

import asyncio
import contextlib
import functools
import importlib.util
import json
import os
import signal
import stat
import sys
from collections.abc import AsyncIterator, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Literal, TypeGuard

from tongban_server.papers import scratch
from tongban_server.papers.confine import WALLS, Limits
from tongban_server.papers.refused import BY_CODE, PaperReaderFailed

HERE = Path(__file__).parent
PARSERS = ("PIL", "pikepdf", "pypdfium2", "pypdfium2_raw")
LONGEST_ANSWER = 4096  # bytes
LARGEST_PICTURE = 16 << 20  # bytes

Kind = Literal["pdf", "jpeg", "png"]


@dataclass(frozen=True)
class Inspection:
    """A paper that can be shown: `preview` is page 1 as a JPEG of `width` × `height` px, upright, without metadata."""

    kind: Kind
    pages: int
    width: int
    height: int
    preview: bytes


@dataclass(frozen=True)
class Grade:
    """Which walls really stand around a reader here (`held`) and which the kernel refused (`lacking`), by name."""

    held: tuple[str, ...]
    lacking: tuple[str, ...]

    @property
    def without_network(self) -> bool:
        """Either wall is enough: a network with nothing in it, or no call to make a socket."""
        return bool({"no_network", "no_new_programs"} & set(self.held))

    @property
    def words(self) -> str:
        """One sentence for /readyz."""
        standing = ", ".join(WORDS[name] for name in self.held) or "nothing"
        missing = ", ".join(WORDS[name] for name in self.lacking)
        return f"readers are confined by {standing}" + (f"; this host grants no {missing}" if missing else "")


WORDS = {
    "dies_with_parent": "end with the server",
    "first_to_go": "first place under memory pressure",
    "no_network": "network namespace of their own",
    "limited": "limits on memory, time and files",
    "no_new_privileges": "bar on new privileges",
    "own_files_only": "view of their own files only (Landlock)",
    "no_new_programs": "filter on system calls (seccomp)",
}


class Sandbox:
    """Runs readers, at most `at_once` at a time, each for at most `wall_s` seconds and `memory` bytes.

    `reader` and `scratch_root` are for tests; the scratch root is memory-backed where the host has such a folder, so
    that no paper lies on a disk in the clear.
    """

    def __init__(
        self,
        *,
        reader: Path = HERE / "reader.py",
        scratch_root: Path | None = None,
        at_once: int = 2,
        wall_s: float = 20.0,
        memory: int = 1 << 30,
    ) -> None:
        self._reader = reader
        self._root = scratch_root or scratch.memory_root()
        self._free = asyncio.Semaphore(at_once)
        self._wall_s = wall_s
        self._memory = memory
        self._grade: Grade | None = None
        scratch.sweep(self._root)

    async def inspect(self, content: bytes) -> Inspection:
        """Take a file in. Refuses with the classes of `refused.BY_CODE` and with nothing else (domain §2.14)."""
        told, preview = await self._read(content, "inspect")
        kind, pages = told.get("kind"), told.get("pages")
        if kind not in ("pdf", "jpeg", "png") or not _is_count(pages):
            raise PaperReaderFailed
        return Inspection(kind, pages, told["width"], told["height"], preview)

    async def page(self, content: bytes, number: int) -> bytes:
        """Give page `number` (from 1) as a JPEG, of a file that `inspect` took in. Refuses as `inspect` does."""
        _, picture = await self._read(content, "page", str(number))
        return picture

    async def grade(self) -> Grade:
        """Try the walls once, without any file, and say which stand. Kept for the life of this object."""
        if self._grade is None:
            held, names = await self._tried(), [wall.__name__ for wall in WALLS]
            self._grade = Grade(
                tuple(name for name in names if name in held),
                tuple(name for name in names if name not in held),
            )
        return self._grade

    async def _tried(self) -> list[str]:
        try:
            with scratch.folder(self._root) as folder:
                held = json.loads(await self._run(folder))
        except (OSError, RuntimeError, PaperReaderFailed, ValueError):
            return []
        return held if isinstance(held, list) else []

    async def _read(self, content: bytes, command: str, *more: str) -> tuple[dict[str, Any], bytes]:
        async with self._free:
            try:
                with scratch.folder(self._root) as folder:
                    await _to_the_end(asyncio.to_thread(scratch.lay_out, folder, content))
                    paper = str(folder / scratch.PAPER)
                    answer = await self._run(folder, str(self._reader), command, paper, str(folder), *more)
                    return _trusted(answer), _picture(folder / scratch.PICTURE)
            except (OSError, RuntimeError) as failed:  # no room for the folder, no process or thread to be had
                raise PaperReaderFailed from failed

    async def _run(self, folder: Path, *program: str) -> bytes:
        """Run one confined program to its end and give what it said. Nothing of it is left behind, come what may."""
        limits = json.dumps(self._limits(folder)._asdict())
        confine = str(HERE / "confine.py")
        with (folder / scratch.ANSWER).open("x+b") as answer:
            async with _process(folder, answer, "-I", "-S", "-B", "-X", "utf8", confine, limits, *program) as process:
                try:
                    code = await asyncio.wait_for(process.wait(), self._wall_s)
                except TimeoutError as late:
                    raise PaperReaderFailed from late
            answer.seek(0)
            said = answer.read(LONGEST_ANSWER + 1)
        if code != 0 or len(said) > LONGEST_ANSWER:
            raise PaperReaderFailed
        return said

    def _limits(self, folder: Path) -> Limits:
        imports = parser_folders()
        return Limits(
            parent=os.getpid(),
            memory=self._memory,
            cpu_s=max(1, int(self._wall_s) - 2),
            file_bytes=LARGEST_PICTURE,
            files=64,
            scratch=str(folder),
            reads=[*imports, os.path.dirname(os.__file__), str(self._reader), *SYSTEM_READS],
            imports=imports,
        )


SYSTEM_READS = ("/usr/lib", "/usr/lib64", "/usr/share/fonts", "/lib", "/lib64", "/dev/null", "/dev/urandom")


@functools.cache
def parser_folders() -> list[str]:
    """The folders from which the parsers are imported, and nothing else of this installation."""
    specs = (importlib.util.find_spec(name) for name in PARSERS)
    return sorted({str(Path(spec.origin).parent.parent) for spec in specs if spec and spec.origin})


@contextlib.asynccontextmanager
async def _process(folder: Path, answer: BinaryIO, *arguments: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """One Python process with an empty environment and a group of its own, killed and reaped at the end.

    It answers into a file, not a pipe: asyncio waits for the end of every pipe too, and would wait for ever on one that
    is full or that something else holds open.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=answer,
        stderr=asyncio.subprocess.DEVNULL,  # a parser's complaint may quote the paper
        cwd=folder,
        env={},
        start_new_session=True,
    )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await _to_the_end(process.wait())


async def _to_the_end(work: Coroutine[Any, Any, object]) -> None:
    """Wait for short work that must not be left half done, even if we are cancelled (again and again) meanwhile."""
    task, cancelled = asyncio.ensure_future(work), False
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            cancelled = True
        except Exception:
            break  # told below, by the result
    if cancelled:
        task.exception()  # being cancelled matters more than how the work went
        raise asyncio.CancelledError
    task.result()


def _trusted(answer: bytes) -> dict[str, Any]:
    """Take the reader's answer only in the one shape that it may have; a broken-into reader may say anything."""
    try:
        told = json.loads(answer)
    except (ValueError, RecursionError) as broken:
        raise PaperReaderFailed from broken
    if not isinstance(told, dict):
        raise PaperReaderFailed
    if "refused" in told:
        refused = told["refused"]
        raise BY_CODE.get(refused, PaperReaderFailed) if isinstance(refused, str) else PaperReaderFailed
    if not (_is_count(told.get("width")) and _is_count(told.get("height"))):
        raise PaperReaderFailed
    return told


def _is_count(value: object) -> TypeGuard[int]:
    return type(value) is int and 1 <= value <= 10_000


def _picture(place: Path) -> bytes:
    """Read the picture without following a link or waiting on a pipe that might have been put in its place."""
    opened = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(opened, "rb") as file:
        if not stat.S_ISREG(os.fstat(opened).st_mode):
            raise PaperReaderFailed
        picture = file.read(LARGEST_PICTURE + 1)
    if len(picture) > LARGEST_PICTURE or not picture.startswith(b"\xff\xd8\xff"):
        raise PaperReaderFailed
    return picture
