"""Faults on purpose: a job runs in a forked process whose audit hook counts the steps of its writing and lets the Nth one fail.

A step is what changes a folder: a file opened for writing, moved, made, taken away.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from xlpkg.files.write import is_temporary

_STEPS = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod"}
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
Job = Callable[[], int]
"""What is run; gives the exit code."""


def run_with(job: Job, folder: Path, said: Path, fault: Callable[[int], None] = lambda n: None) -> int:
    """Run a job in a forked process; `fault` is told the number of each step in a folder. Gives the exit code, -9 if killed."""
    return ended(begin(job, folder, said, fault))


def ended(process: int) -> int:
    """The exit code of a process, when it comes to its end."""
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def begin(job: Job, folder: Path, said: Path, fault: Callable[[int], None] = lambda n: None) -> int:
    """The same without waiting: gives the process."""
    process = os.fork()
    if process == 0:
        code = 70
        try:
            out = os.open(said, os.O_CREAT | os.O_WRONLY | os.O_TRUNC)
            os.dup2(out, 1), os.dup2(out, 2)
            sys.stdout, sys.stderr = open(1, "w", closefd=False), open(2, "w", closefd=False)  # noqa: SIM115 open until the process ends
            place, steps = os.fspath(folder), 0

            def hook(event: str, details: tuple[object, ...]) -> None:
                nonlocal steps
                if event == "open" and not (isinstance(details[2], int) and details[2] & _WRITING):
                    return
                path = details[0] if event == "open" or event in _STEPS else None
                if isinstance(path, str | bytes | os.PathLike) and os.fsdecode(path).startswith(place):
                    steps += 1
                    fault(steps)

            sys.addaudithook(hook)
            code = job()
            sys.stdout.flush()
            sys.stderr.flush()
        except BaseException as error:
            os.write(2, f"{type(error).__name__}: {error}".encode())
        finally:
            os._exit(code)
    return process


def killed_at(number: int) -> Callable[[int], None]:
    def fault(step: int) -> None:
        if step == number:
            os.kill(os.getpid(), signal.SIGKILL)

    return fault


def refused_from(number: int, code: int) -> Callable[[int], None]:
    """From this step on nothing is written any more; what takes temporary files away is let through."""

    def fault(step: int) -> None:
        caller = sys._getframe(2).f_code.co_name
        if step >= number and caller not in ("unlink", "rmtree", "_rmtree_safe_fd", "_rmtree_safe_fd_step"):
            raise OSError(code, os.strerror(code))

    return fault


def temporary_in(folder: Path) -> list[Path]:
    """The temporary files of ours below a folder."""
    return [p for p in folder.rglob(".~*") if is_temporary(p)]
