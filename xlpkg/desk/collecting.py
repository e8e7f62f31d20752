"""Consolidating in a process of its own: this side does the work, writes a line for each step, and ends when its input does.

python -m xlpkg.desk.collecting FOLDER letters|no PROFILE
"""

import multiprocessing
import os
import sys
import threading
from pathlib import Path

import msgspec

from xlpkg.form.refusal import RefusalError

_PATIENCE = 5.0
"""Seconds for the files that are under way when the user says stop."""


class Read(msgspec.Struct, tag=True, frozen=True):
    """So many files of so many are read."""

    done: int
    of: int


class Finished(msgspec.Struct, tag=True, frozen=True):
    """The summary, and what was written; `letters` is "" where none were wanted."""

    summary: str
    workbook: str
    letters: str


class Refused(msgspec.Struct, tag=True, frozen=True):
    """A sentence why nothing was written."""

    sentence: str


Step = Read | Finished | Refused


class StoppedError(RefusalError):
    """The user wants no more."""


def main() -> int:
    """Consolidate a folder; returns the exit code: 0 done, 2 not done."""
    folder, letters, profile = sys.argv[1:4]
    _end_with_input(Path(folder))
    try:
        _tell(_collect(Path(folder), letters == "letters", profile))
    except StoppedError:
        return 2
    except Exception as error:
        from xlpkg.live.session import explain

        _tell(Refused(explain(error)))
        return 2
    return 0


_stopped = threading.Event()


def _collect(folder: Path, letters: bool, profile: str) -> Finished:
    from xlpkg.collect.consolidate import collect, order_beside, summary
    from xlpkg.form import profiles

    order = order_beside(folder, letters=letters, profile=profiles.chosen(profile) if profile else None)
    done = 0

    def progress(now: int, of: int) -> None:
        nonlocal done
        if _stopped.is_set():
            raise StoppedError
        done += now
        _tell(Read(done, of))

    outcome = collect(order, progress)
    return Finished(summary(outcome), str(order.workbook), str(order.letters or ""))


def _tell(step: Step) -> None:
    os.write(1, msgspec.json.encode(step) + b"\n")


def _end_with_input(folder: Path) -> None:
    """When the window closes our input, or is gone itself, the files under way are finished; that is not waited for long."""

    def wait() -> None:
        while os.read(0, 1024):
            continue
        _stopped.set()
        threading.Event().wait(_PATIENCE)
        from xlpkg.collect.consolidate import order_beside
        from xlpkg.files.write import drop_unfinished

        for process in multiprocessing.active_children():
            process.kill()
        workbook = order_beside(folder).workbook
        assert workbook
        drop_unfinished(workbook)
        os._exit(2)

    threading.Thread(target=wait, daemon=True).start()


if __name__ == "__main__":
    sys.exit(main())
