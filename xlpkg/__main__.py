"""The command xlpkg, and python -m xlpkg."""

import contextlib
import os
import sys

from xlpkg.cli import main


def run() -> None:
    """Run the command that was typed, and end.

    A check has written all it has to say; it ends without taking the interpreter apart, which would be a seventh of its time.
    """
    code = main()
    if sys.argv[1:2] == ["check"]:
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError):
                stream.flush()
        os._exit(code)
    sys.exit(code)


if __name__ == "__main__":
    run()
