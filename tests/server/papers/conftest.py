"""A sandbox with a scratch root of its own, and the proof that nothing was left in it."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tongban_server.papers.sandbox import Sandbox


@pytest.fixture
def scratch_root(tmp_path: Path) -> Path:
    root = tmp_path / "scratch"
    root.mkdir()
    return root


@pytest.fixture
def sandbox(scratch_root: Path) -> Sandbox:
    return Sandbox(scratch_root=scratch_root)


@pytest.fixture(autouse=True)
def nothing_left_behind(scratch_root: Path) -> Iterator[None]:
    before = children()
    yield
    assert list(scratch_root.iterdir()) == []
    assert children() == before


def children() -> set[str]:
    """The processes that this process has started and that are still there, dead or alive."""
    found = set()
    for task in Path(f"/proc/{os.getpid()}/task").iterdir():
        with contextlib.suppress(FileNotFoundError):  # a thread that has just ended
            found |= set((task / "children").read_text().split())
    return found
