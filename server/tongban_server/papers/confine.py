"""The first lines of a reader's process: gives up every right, then starts the program that may meet a hostile file.

Runs as a script (`python -I -S confine.py LIMITS [PROGRAM ARGS…]`), so it imports the standard library only and no
parser is loaded before the walls stand. LIMITS is a JSON object with exactly the fields of `Limits`. Without PROGRAM
it puts up the walls, prints which ones the kernel granted as a JSON list of names, and ends.

Every wall is best effort on its own, because kernels and container hosts differ; what failed is left out of the list
and the server says so in /readyz. Nothing here can be undone by the program that runs afterwards.
"""

import ctypes
import json
import os
import resource
import runpy
import signal
import struct
import sys
from typing import NamedTuple

LIBC = ctypes.CDLL(None, use_errno=True)

PR_SET_PDEATHSIG, PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS = 1, 22, 38
CLONE_NEWUSER, CLONE_NEWNET, CLONE_NEWIPC, CLONE_THREAD = 0x10000000, 0x40000000, 0x08000000, 0x00010000
EPERM, ENOSYS = 1, 38


class Limits(NamedTuple):
    """What one reader may use. Bytes and seconds; `parent` is the pid that must outlive it; `reads` are folders."""

    parent: int
    memory: int
    cpu_s: int
    file_bytes: int
    files: int
    scratch: str
    reads: list[str]
    imports: list[str]


# ---- the walls, in the order in which they are put up ----------------------------------------------------------------


def dies_with_parent(limits: Limits) -> None:
    """Die when the server dies. The check after it closes the gap in which the server may have died already."""
    _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != limits.parent:
        sys.exit(1)


def limited(limits: Limits) -> None:
    """Bound memory, processor time, file size and open files; no core file (it would hold the citizen's paper)."""
    bounds = {
        resource.RLIMIT_AS: limits.memory,
        resource.RLIMIT_CPU: limits.cpu_s,
        resource.RLIMIT_FSIZE: limits.file_bytes,
        resource.RLIMIT_NOFILE: limits.files,
        resource.RLIMIT_NPROC: 0,  # counts this user's processes everywhere: 0 means "no further one", also no thread
        resource.RLIMIT_CORE: 0,
    }
    for what, bound in bounds.items():
        hard = resource.getrlimit(what)[1]
        least = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
        resource.setrlimit(what, (least, least))


def first_to_go(limits: Limits) -> None:
    """When the machine runs out of memory the kernel takes the reader, not the server."""
    with open("/proc/self/oom_score_adj", "w") as score:
        score.write("1000")


def no_network(limits: Limits) -> None:
    """A network of its own with nothing in it, not even a loopback that is up."""
    if LIBC.unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWIPC) != 0:
        raise OSError(ctypes.get_errno(), "unshare")


def no_new_privileges(limits: Limits) -> None:
    _prctl(PR_SET_NO_NEW_PRIVS, 1)


def own_files_only(limits: Limits) -> None:
    """Landlock: read the libraries and the one file, write into files that are already there, nothing else.

    Not even a new file may be made: the server lays the empty picture ready, so nothing can be planted beside it.
    """
    abi = LIBC.syscall(444, None, 0, 1)
    if abi < 1:
        raise OSError(ctypes.get_errno(), "landlock")
    files = (1 << {1: 13, 2: 14}.get(abi, 15)) - 1 | (1 << 15 if abi >= 5 else 0)
    network, scoped = (3 if abi >= 4 else 0), (3 if abi >= 6 else 0)
    asked = struct.pack("QQQ", files, network, scoped)[: 24 if abi >= 6 else 16 if abi >= 4 else 8]
    rules = LIBC.syscall(444, asked, len(asked), 0)
    if rules < 0:
        raise OSError(ctypes.get_errno(), "landlock")
    look, write = (1 << 2 | 1 << 3), (1 << 1 | 1 << 14)
    for folder in limits.reads:
        _allow_beneath(rules, folder, look & files)
    _allow_beneath(rules, limits.scratch, (look | write) & files)
    if LIBC.syscall(446, rules, 0) != 0:
        raise OSError(ctypes.get_errno(), "landlock")
    os.close(rules)


def no_new_programs(limits: Limits) -> None:
    """seccomp: no socket, no process, no signal, no look into another process, no new kernel surface."""
    arch, denied = _calls_here()
    load_arch, load_number, load_first = (struct.pack("HBBI", 0x20, 0, 0, at) for at in (4, 0, 16))
    deny = struct.pack("HBBI", 0x06, 0, 0, 0x00050000 | EPERM)
    program = [load_arch, _if_equal(arch, 1, 0), struct.pack("HBBI", 0x06, 0, 0, 0x80000000), load_number]
    if arch == 0xC000003E:  # the x32 numbers of the same calls would walk past the list
        program += [struct.pack("HBBI", 0x35, 0, 1, 0x40000000), deny]
    program += [_if_equal(435, 0, 1), struct.pack("HBBI", 0x06, 0, 0, 0x00050000 | ENOSYS)]  # clone3: libc falls back
    for number in denied["always"]:
        program += [_if_equal(number, 0, 1), deny]
    # limits of itself (pid 0) may be asked for; clone may make a thread, which the process limit then decides about
    program += [_if_equal(denied["prlimit"][0], 0, 3), load_first, _if_equal(0, 1, 0), deny, load_number]
    program += [_if_equal(denied["clone"][0], 0, 3), load_first, struct.pack("HBBI", 0x45, 1, 0, CLONE_THREAD), deny]
    program += [struct.pack("HBBI", 0x06, 0, 0, 0x7FFF0000)]
    code = ctypes.create_string_buffer(b"".join(program))
    _prctl(PR_SET_SECCOMP, 2, struct.pack("HxxxxxxQ", len(program), ctypes.addressof(code)))


WALLS = (
    dies_with_parent,
    first_to_go,
    no_network,
    limited,
    no_new_privileges,
    own_files_only,
    no_new_programs,
)


# ---- how they are built ----------------------------------------------------------------------------------------------

# always: socket socketpair connect accept bind listen sendto sendmsg, fork vfork execve execveat, kill tkill tgkill
# pidfd_* rt_*sigqueueinfo, ptrace process_vm_* kcmp, mount umount pivot_root unshare setns, bpf perf_event_open
# userfaultfd io_uring_*, keys, open_by_handle_at
_CALLS = {
    "x86_64": (
        0xC000003E,
        {
            "always": (
                *(41, 53, 42, 43, 49, 50, 44, 46, 288, 57, 58, 59, 322, 62, 200, 234, 424, 434, 438, 129, 297),
                *(101, 310, 311, 312, 165, 166, 155, 272, 308, 321, 298, 323, 425, 426, 427, 248, 249, 250, 304),
            ),
            "prlimit": (302,),
            "clone": (56,),
        },
    ),
    "aarch64": (
        0xC00000B7,
        {
            "always": (
                *(198, 199, 203, 202, 200, 201, 206, 211, 242, 221, 281, 129, 130, 131, 424, 434, 438, 138, 240),
                *(117, 270, 271, 272, 40, 39, 41, 97, 268, 280, 241, 282, 425, 426, 427, 217, 218, 219, 265),
            ),
            "prlimit": (261,),
            "clone": (220,),
        },
    ),
}


def _calls_here() -> tuple[int, dict[str, tuple[int, ...]]]:
    try:
        return _CALLS[os.uname().machine]
    except KeyError as unknown:
        raise OSError(ENOSYS, "seccomp") from unknown


def _if_equal(value: int, then: int, otherwise: int) -> bytes:
    return struct.pack("HBBI", 0x15, then, otherwise, value)


def _prctl(option: int, value: int, third: bytes | int = 0) -> None:
    if LIBC.prctl(option, ctypes.c_ulong(value), third, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")


def _allow_beneath(rules: int, folder: str, rights: int) -> None:
    try:
        handle = os.open(folder, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    if not os.path.isdir(folder):
        rights &= ~(1 << 3)
    if LIBC.syscall(445, rules, 1, struct.pack("=Qi", rights, handle), 0) != 0:
        raise OSError(ctypes.get_errno(), "landlock")
    os.close(handle)


def put_up(limits: Limits) -> list[str]:
    """Put up every wall the kernel grants and give the names of those that stand."""
    standing = []
    for wall in WALLS:
        try:
            wall(limits)
        except (OSError, ValueError, AttributeError):
            continue
        standing.append(wall.__name__)
    return standing


def main(arguments: list[str]) -> None:
    limits = Limits(**json.loads(arguments[0]))
    sys.path += limits.imports
    standing = put_up(limits)
    if len(arguments) == 1:
        print(json.dumps(standing))
        return
    sys.argv = arguments[1:]
    runpy.run_path(arguments[1], run_name="__main__")


if __name__ == "__main__":
    main(sys.argv[1:])
