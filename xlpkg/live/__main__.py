"""python -m xlpkg.live ACTION FULLNAME [FILE]: started by a button of an open workbook."""

import sys

from xlpkg.live.session import run

if __name__ == "__main__":
    sys.exit(run(*sys.argv[1:4]))
