"""Files that are made from the code: `make papers` writes them, `make check` refuses a stale one.

A paper comes from a function without arguments that gives its text; the client's types come from npm afterwards.
"""

import importlib
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

TOP = Path(__file__).parents[1]

#: path: "module:function" that gives the text, e.g. "server/openapi.json": "tongban_server.openapi:paper"
PAPERS: dict[str, str] = {
    "queue/LINE.md": "tests.queue.paper:paper",
    "server/POLICY.md": "tongban_server.policy_paper:paper",
    "server/SETTINGS.md": "tongban_server.settings_paper:paper",
    "server/openapi.json": "tongban_server.app:openapi_text",
    "client_web/src/wire/events.ts": "tongban_signaling.typescript:typescript",
}
#: path: the script of client_web/package.json that writes it
TYPES: dict[str, str] = {"client_web/src/wire/openapi.ts": "types"}


def write_papers(top: Path, papers: dict[str, str]) -> None:
    for path, maker in papers.items():
        module, name = maker.split(":")
        make: Callable[[], str] = getattr(importlib.import_module(module), name)
        (top / path).write_text(make(), encoding="utf-8")


def write_types(scripts: Iterable[str]) -> None:
    for script in scripts:
        subprocess.run(
            [".ci/with-node", "npm", "--prefix", "client_web", "run", "--silent", script], cwd=TOP, check=True
        )


def stale(top: Path, paths: Iterable[str], write: Callable[[], None]) -> list[str]:
    """Writes the files anew and names those that were different before."""
    before = {path: content(top / path) for path in paths}
    write()
    return [path for path, old in before.items() if content(top / path) != old]


def content(file: Path) -> bytes | None:
    return file.read_bytes() if file.exists() else None


def write() -> None:
    write_papers(TOP, PAPERS)
    write_types(TYPES.values())


def main(words: list[str]) -> int:
    changed = stale(TOP, [*PAPERS, *TYPES], write)
    for path in changed:
        print(f"written anew: {path}")
    if changed and "--check" in words:
        print("These files were not what the code makes of them. They are now: look at them and commit them.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
