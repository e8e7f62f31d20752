"""python -m xlpkg"""

import sys

from xlpkg.cli import main

sys.exit(main())
