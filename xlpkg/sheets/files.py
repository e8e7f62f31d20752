"""Files are written whole or not at all, and never over what they were made from."""

import os
import tempfile
from pathlib import Path


def in_place(target: Path, data: bytes) -> None:
    """Write a file under a temporary name beside the target, then move it into place.

    Raises OSError; then the target is as it was and the temporary file is gone.
    """
    handle, name = tempfile.mkstemp(prefix=".~", suffix=target.suffix, dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
