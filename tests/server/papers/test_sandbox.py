"""Whatever happens to a reader, it comes out as a refusal, and nothing of it is left (see conftest)."""

import asyncio
import os
import signal
import socket
import sys
import textwrap
from pathlib import Path

import pytest

from tests.server.papers import samples
from tests.server.papers.conftest import children
from tongban_queue.refusals import Refused
from tongban_server.papers import confine
from tongban_server.papers.confine import WALLS
from tongban_server.papers.reader import CODES
from tongban_server.papers.refused import BY_CODE, PaperReaderFailed, PaperTooLargeToShow
from tongban_server.papers.sandbox import WORDS, Sandbox
from tongban_server.papers.scratch import sweep

GOOD = '{"kind": "png", "pages": 1, "width": 1, "height": 1}'
PICTURE = "open(sys.argv[3] + '/page.jpg', 'wb').write(b'\\xff\\xd8\\xff')"


def fake(folder: Path, lines: str) -> Path:
    """A reader that does this and then, if it is still there, gives a good answer."""
    program = folder / "fake_reader.py"
    program.write_text(f"import os, sys, time\n{textwrap.dedent(lines)}\n{PICTURE}\nprint('{GOOD}')\n")
    return program


async def told_by(sandbox: Sandbox) -> str:
    """What the fake wrote behind the picture's first bytes."""
    return (await sandbox.inspect(b"")).preview[3:].decode()


@pytest.mark.parametrize(
    "lines",
    [
        "os._exit(3)",
        "raise SystemExit(1)",
        "os.abort()",
        "import ctypes; ctypes.string_at(0)",
        "print('{'); os._exit(0)",
        "print('[]'); os._exit(0)",
        "print('[' * 4000); os._exit(0)",
        "os._exit(0)",
        """print('{"refused": "made_up"}', flush=True); os._exit(0)""",
        """print('{"refused": ["paper_broken"]}', flush=True); os._exit(0)""",
        """print('{"kind": "exe", "pages": 1, "width": 1, "height": 1}', flush=True); os._exit(0)""",
        """print('{"kind": "png", "pages": -1, "width": 1, "height": 1}', flush=True); os._exit(0)""",
        """print('{"kind": "png", "pages": 1, "width": true, "height": 1}', flush=True); os._exit(0)""",
        """print('{"kind": "png", "pages": 1, "width": 1, "height": 1}', flush=True); os._exit(0)""",
        "while True: print('x' * 1000)",
        "held = [bytearray(64 << 20) for _ in range(100)]",
        "open(sys.argv[3] + '/page.jpg', 'wb').write(bytes(17 << 20))",
    ],
)
async def test_a_reader_that_goes_wrong_is_a_refusal(tmp_path: Path, scratch_root: Path, lines: str) -> None:
    sandbox = Sandbox(reader=fake(tmp_path, lines), scratch_root=scratch_root)

    with pytest.raises(PaperReaderFailed):
        await sandbox.inspect(b"")


@pytest.mark.parametrize("lines", ["time.sleep(600)", "while True: pass", "os.close(1); time.sleep(600)"])
async def test_a_reader_that_hangs_is_ended(tmp_path: Path, scratch_root: Path, lines: str) -> None:
    sandbox = Sandbox(reader=fake(tmp_path, lines), scratch_root=scratch_root, wall_s=0.5)

    with pytest.raises(PaperReaderFailed):
        await sandbox.inspect(b"")


async def test_a_reader_that_is_killed_is_a_refusal(tmp_path: Path, scratch_root: Path) -> None:
    sandbox = Sandbox(reader=fake(tmp_path, "time.sleep(600)"), scratch_root=scratch_root)
    reading = asyncio.create_task(sandbox.inspect(b""))

    os.kill(await started(), signal.SIGKILL)

    with pytest.raises(PaperReaderFailed):
        await reading


async def test_giving_up_ends_the_reader(tmp_path: Path, scratch_root: Path) -> None:
    sandbox = Sandbox(reader=fake(tmp_path, "time.sleep(600)"), scratch_root=scratch_root)
    reading = asyncio.create_task(sandbox.inspect(b""))
    reader = await started()

    reading.cancel()

    with pytest.raises(asyncio.CancelledError):
        await reading
    assert str(reader) not in children()


@pytest.mark.parametrize("turns", range(0, 40, 4))
async def test_giving_up_at_any_moment_leaves_nothing(sandbox: Sandbox, turns: int) -> None:
    reading = asyncio.create_task(sandbox.inspect(samples.png()))
    for _ in range(turns):
        await asyncio.sleep(0.001)

    reading.cancel()

    assert isinstance((await asyncio.gather(reading, return_exceptions=True))[0], asyncio.CancelledError)


async def started() -> int:
    """The pid of the one reader, as soon as it is there."""
    while True:
        if found := [child for child in children() if is_reader(child)]:
            return int(found[0])
        await asyncio.sleep(0.01)


def is_reader(pid: str) -> bool:
    return b"fake_reader" in Path(f"/proc/{pid}/cmdline").read_bytes()


async def test_no_more_than_two_read_at_once(tmp_path: Path, scratch_root: Path) -> None:
    sandbox = Sandbox(reader=fake(tmp_path, "time.sleep(0.2)"), scratch_root=scratch_root)
    reading = [asyncio.create_task(sandbox.inspect(b"")) for _ in range(5)]
    most = 0

    while not all(each.done() for each in reading):
        most = max(most, len(os.listdir(scratch_root)))
        await asyncio.sleep(0.01)

    await asyncio.gather(*reading)
    assert most == 2


async def test_a_picture_beyond_the_memory_is_refused(scratch_root: Path) -> None:
    sandbox = Sandbox(scratch_root=scratch_root, memory=160 << 20)
    wide = samples.saved(samples.drawn("L", (7_000, 8_000)).convert("P"), "PNG")

    with pytest.raises((PaperTooLargeToShow, PaperReaderFailed)):
        await sandbox.inspect(wide)


async def test_a_host_without_room_is_a_refusal(tmp_path: Path) -> None:
    with pytest.raises(PaperReaderFailed):
        await Sandbox(scratch_root=tmp_path / "missing").inspect(b"")


# ---- what a reader that was taken over could do ----------------------------------------------------------------------

TRY = """
def tried(act):
    try:
        act()
    except BaseException as failed:
        return type(failed).__name__
    return "done"
def tell(words):
    with open(sys.argv[3] + '/page.jpg', 'wb') as page:
        page.write(b'\\xff\\xd8\\xff' + words.encode())
    print('%s', flush=True)
    os._exit(0)
""".replace("%s", GOOD)


async def test_the_network_is_really_absent(tmp_path: Path, scratch_root: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        act = f"import socket\ntell(tried(lambda: socket.create_connection(('127.0.0.1', {port}), 2)))"
        sandbox = Sandbox(reader=fake(tmp_path, TRY + act), scratch_root=scratch_root)
        if not (await sandbox.grade()).without_network:
            pytest.fail("this host grants no wall against the network: run the tests where it does")

        assert await told_by(sandbox) != "done"


@pytest.mark.parametrize("wall", ["no_network", "no_new_programs"])
async def test_each_of_the_two_walls_keeps_the_network_out(sandbox: Sandbox, wall: str) -> None:
    """One wall alone: the other is left out by the program that stands in for `confine.py`."""
    await needs(sandbox, wall)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        program = f"""
            import sys; sys.path.append({str(Path(confine.__file__).parent)!r})
            import confine, socket
            confine.no_new_privileges(None); confine.{wall}(None)
            try:
                socket.create_connection({listener.getsockname()!r}, 2)
            except OSError:
                print("absent")
        """
        alone = await asyncio.create_subprocess_exec(
            sys.executable, "-c", textwrap.dedent(program), stdout=asyncio.subprocess.PIPE
        )
        said, _ = await alone.communicate()

    assert said.decode().strip() == "absent"


async def needs(sandbox: Sandbox, wall: str) -> None:
    """Skip aloud where the host grants no such wall (some container hosts); /readyz says the same there."""
    if wall not in (await sandbox.grade()).held:
        pytest.skip(f"this host grants no {WORDS[wall]}")


@pytest.mark.parametrize(
    ("wall", "act"),
    [
        ("no_new_programs", "os.fork()"),
        ("no_new_programs", "os.execv('/bin/true', ['true'])"),
        ("no_new_programs", "os.kill(os.getppid(), 0)"),
        ("no_new_programs", "__import__('resource').prlimit(os.getppid(), 7)"),
        ("own_files_only", "open('/etc/passwd').read()"),
        ("own_files_only", "open('SECRET').read()"),
        ("own_files_only", "os.listdir('/')"),
        ("own_files_only", "open(sys.argv[3] + '/more', 'w')"),
        ("own_files_only", "os.symlink('/etc/passwd', sys.argv[3] + '/link')"),
        ("own_files_only", "os.unlink(sys.argv[3] + '/page.jpg')"),
        ("own_files_only", "open('/proc/%d/environ' % os.getppid()).read()"),
        ("limited", "bytearray(2 << 30)"),
    ],
)
async def test_what_is_not_its_own_is_out_of_reach(tmp_path: Path, scratch_root: Path, wall: str, act: str) -> None:
    secret = tmp_path / "key"
    secret.write_text("key of the house")
    act = act.replace("SECRET", str(secret))
    sandbox = Sandbox(reader=fake(tmp_path, f"{TRY}\ntell(tried(lambda: {act}))"), scratch_root=scratch_root)
    await needs(sandbox, wall)

    assert await told_by(sandbox) in {"PermissionError", "MemoryError"}


async def test_a_reader_knows_nothing_of_its_host(
    tmp_path: Path, scratch_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TONGBAN_KEY", "secret")
    sandbox = Sandbox(reader=fake(tmp_path, TRY + "tell(','.join(os.environ))"), scratch_root=scratch_root)

    assert await told_by(sandbox) in ("", "LC_CTYPE")


async def test_the_grade_says_in_words_what_stands(sandbox: Sandbox) -> None:
    grade = await sandbox.grade()

    assert set(grade.held) | set(grade.lacking) == set(WORDS)
    assert {"limited", "dies_with_parent", "no_new_privileges"} <= set(grade.held)
    assert grade.words.startswith("readers are confined by")
    assert all(WORDS[name] in grade.words for name in grade.held + grade.lacking)


def test_every_wall_has_its_words() -> None:
    assert [wall.__name__ for wall in WALLS] == list(WORDS)


def test_every_code_of_the_reader_is_a_refusal() -> None:
    assert set(CODES) == set(BY_CODE)
    assert all(issubclass(refusal, Refused) and refusal.__doc__ for refusal in BY_CODE.values())


def test_scratch_folders_of_dead_servers_are_swept(tmp_path: Path) -> None:
    gone, mine = tmp_path / "tongban-paper-4194305-x", tmp_path / f"tongban-paper-{os.getpid()}-x"
    gone.mkdir(mode=0o000)
    mine.mkdir()

    assert sweep(tmp_path) == 1
    assert (gone.exists(), mine.exists()) == (False, True)
