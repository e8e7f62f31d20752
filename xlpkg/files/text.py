"""Text files in the encodings that Chinese Windows writes."""

from pathlib import Path

from xlpkg.files.errors import UnreadableError
from xlpkg.files.guard import read_whole

_BYTE_ORDER = (b"\xff\xfe", b"\xfe\xff")


LARGEST_TEXT, LARGEST_JSON = 1 << 20, 5 << 20
"""In bytes: a form of a hundred rows takes a fiftieth of it."""


def read_text(path: Path, most: int = LARGEST_TEXT) -> str:
    r"""The text of a file in UTF-8, UTF-16 with its mark, or GB 18030; lines end with \n. Raises UnreadableError."""
    data = read_whole(path, most)
    for encoding in ("utf-16",) if data.startswith(_BYTE_ORDER) else ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise UnreadableError(f"“{path.name}”不是文本文件，请另存为UTF-8编码的{path.suffix.lower()}再试。")
    if "\0" in text:
        raise UnreadableError(f"“{path.name}”不是文本文件，可能只是改了扩展名。")
    return text.replace("\r\n", "\n").replace("\r", "\n")
