"""Run a command as a unit says, without systemd: python shut_in.py SPEC.json, inside of `unshare --mount`, as root.

What systemd would do with our directives is done by the same means of the kernel: mounts of our own, users, no
capabilities, and filters by libseccomp, with the rules that systemd 252 writes. Not done: PrivateUsers, PrivateDevices,
ProtectProc and the like, which take away what our processes never look at.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

NO_NEW_PRIVS, BOUNDING_DROP = 38, 24
ALLOW, ERRNO = 0x7FFF0000, 0x00050000
MASKED = 7  # SCMP_CMP_MASKED_EQ
WRITE, EXECUTE = 2, 4
FAMILIES = {"AF_UNIX": 1, "AF_INET": 2, "AF_INET6": 10}
FURNITURE = ("/home", "/root", "/tmp", "/var/tmp")  # ProtectHome, PrivateTmp


class _Compared(ctypes.Structure):
    _fields_ = [("arg", ctypes.c_uint), ("op", ctypes.c_int), ("a", ctypes.c_uint64), ("b", ctypes.c_uint64)]


def main() -> None:
    """Shut this process in, then become the command."""
    told = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    library = ctypes.CDLL(None, use_errno=True)
    filters = ctypes.CDLL("libseccomp.so.2", use_errno=True)
    furnish(told)
    if told.get("root_s"):  # a command that root types on this machine
        os.execve(told["command"][0], told["command"], told["environment"])
    os.umask(int(told["umask"], 8))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.chdir(told["folder"])
    for capability in range(64):
        library.prctl(BOUNDING_DROP, capability, 0, 0, 0)
    os.setgroups([])
    os.setresgid(told["gid"], told["gid"], told["gid"])
    os.setresuid(told["uid"], told["uid"], told["uid"])
    library.prctl(NO_NEW_PRIVS, 1, 0, 0, 0)
    filtered(filters, told)
    os.execve(told["command"][0], told["command"], told["environment"])


def furnish(told: dict[str, Any]) -> None:
    """Lay the folders of the prefix over the machine's, make all but some of it read-only, hide what is nobody's."""
    root, kept = Path(told["root"]), Path(told["root"]) / ".kept"
    for number, place in enumerate(told["needed"]):
        _mount("--bind", place, _made(kept / str(number)))
    for place in (*told["writable"], *told["tree"]):
        _mount("--bind", told["tree"].get(place, f"{root}{place}"), _made(kept / place.strip("/").replace("/", "-")))
    for top in told["tops"]:
        _mount("-t", "overlay", "overlay", "-o", f"lowerdir={root}{top}:{top}", top)
    for place in (*told["tree"], *told["writable"]):
        _mount("--bind", str(kept / place.strip("/").replace("/", "-")), place)
    for place in told["inaccessible"]:
        _hide(place, root)
    held = os.open(kept, os.O_PATH)
    for place in FURNITURE:
        _mount("-t", "tmpfs", "-o", f"mode={'1777' if 'tmp' in place else '0755'}", "tmpfs", place)
    for number, place in enumerate(told["needed"]):
        if place.startswith(FURNITURE):
            _mount("--bind", f"/proc/self/fd/{held}/{number}", _made(Path(place)), fds=(held,))
    os.close(held)
    for place in ("/", *told["tree"], "/home", "/root"):
        _mount("-o", "remount,bind,ro", place)


def _hide(place: str, root: Path) -> None:
    if not Path(place.lstrip("-")).exists():
        if place.startswith("-"):
            return
        sys.exit(f"InaccessiblePaths={place}: it is not there, and systemd would not start the unit.")
    nothing = _made(root / ".nothing")
    Path(nothing).chmod(0)
    _mount("--bind", nothing, place.lstrip("-"))


def _made(place: Path) -> str:
    place.mkdir(parents=True, exist_ok=True)
    return str(place)


def _mount(*words: str, fds: tuple[int, ...] = ()) -> None:
    subprocess.run(["mount", *words], check=True, pass_fds=fds)


def filtered(library: Any, told: dict[str, Any]) -> None:
    """Refuse system calls that the unit does not name, memory both writable and executable, other address families."""
    library.seccomp_init.restype = ctypes.c_void_p
    library.seccomp_load.argtypes = [ctypes.c_void_p]
    context = ctypes.c_void_p(library.seccomp_init(ERRNO | errno.EPERM if told["calls"] else ALLOW))

    def call(name: str) -> int:
        return int(library.seccomp_syscall_resolve_name(name.encode()))

    def rule(action: int, name: str, *compared: _Compared) -> None:
        if (number := call(name)) >= 0:
            library.seccomp_rule_add_array(
                context, ctypes.c_uint32(action), number, len(compared), (_Compared * len(compared))(*compared)
            )

    special = {"mmap", "mprotect", "pkey_mprotect", "socket"} if told["no_written_code"] else {"socket"}
    for name in told["calls"]:
        if name not in special:
            rule(ALLOW, name)
    if told["no_written_code"]:
        both = WRITE | EXECUTE
        for part in (0, WRITE, EXECUTE):
            rule(ALLOW, "mmap", _Compared(2, MASKED, both, part))
        for name in ("mprotect", "pkey_mprotect"):
            rule(ALLOW, name, _Compared(2, MASKED, EXECUTE, 0))
    for family in told["families"]:
        rule(ALLOW, "socket", _Compared(0, MASKED, 0xFFFFFFFF, FAMILIES[family]))
    if library.seccomp_load(context) != 0:
        sys.exit("the filter of system calls was refused by the kernel.")


if __name__ == "__main__":
    main()
