"""Names of files made of what people write: no path, no reserved name, not too long, none twice."""

import re
from pathlib import Path

LONGEST_PATH = 259
"""The longest path that Excel opens."""
_UNSAFE = set('\\/:*?"<>|')
"""What Windows takes in no name; signs that are not seen or turn the name round are left out as well."""
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[\d¹²³])(?=$| *\.| +$)")
_LEAST = 8


def safe_name(text: str, otherwise: str = "未命名", most: int = 96) -> str:
    """The text as a file's name without its suffix; `otherwise` where nothing of it is left.

    At most so many bytes; Windows' reserved names (con, lpt1) get a dash behind, and it begins like no lock or temporary file.
    """
    seen = "".join(c if c.isprintable() and c not in _UNSAFE else " " for c in text)
    name = " ".join(seen.split()).lstrip(" .~$").encode()[:most].decode(errors="ignore").strip(" .")
    return _RESERVED.sub(r"\1-", name) or otherwise


def is_reserved(name: str) -> bool:
    """Windows takes the name, with whatever suffix, for a device."""
    return bool(_RESERVED.match(name))


def free_name(name: str, taken: set[str]) -> str:
    """The name, with a number behind it if it is taken, in upper or lower case; then it is taken."""
    found = next(c for n in range(1, len(taken) + 3) if (c := name if n == 1 else f"{name}-{n}").casefold() not in taken)
    taken.add(found.casefold())
    return found


def fitting_name(folder: Path, name: str, suffix: str) -> str:
    """As much of the name as makes a path in the folder that Excel opens, with room for a number of three figures."""
    room = LONGEST_PATH - len(str(folder.absolute())) - 1 - len(suffix) - 4
    return name[: max(room, _LEAST)].rstrip(" .")
