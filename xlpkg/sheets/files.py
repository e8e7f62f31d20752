"""Files are written whole or not at all, and never over what they were made from."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path


def in_place(target: Path, write: Callable[[Path], None]) -> None:
    """Let `write` make a file under a temporary name beside the target, then move it into place.

    Raises OSError; then neither the target nor the temporary file is there half-written.
    """
    handle, name = tempfile.mkstemp(prefix=".~", suffix=target.suffix, dir=target.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        write(temporary)
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
