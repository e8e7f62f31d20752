"""Names of files made of what people write: no path, no reserved name, not too long, none twice."""

import re

_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f\s]+')
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(?=$|[. ])")
_MOST_BYTES = 96


def safe_name(text: str, otherwise: str = "未命名") -> str:
    """The text as a file's name without its suffix; `otherwise` where nothing of it is left.

    Short enough for every file system; Windows' reserved names (con, lpt1) get a dash behind.
    """
    name = _UNSAFE.sub(" ", text).strip(" .").encode()[:_MOST_BYTES].decode(errors="ignore").strip(" .")
    return _RESERVED.sub(r"\1-", name) or otherwise


def free_name(name: str, taken: set[str]) -> str:
    """The name, with a number behind it if it is taken, in upper or lower case; then it is taken."""
    found = next(c for n in range(1, len(taken) + 3) if (c := name if n == 1 else f"{name}-{n}").casefold() not in taken)
    taken.add(found.casefold())
    return found
