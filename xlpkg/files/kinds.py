"""The kinds of files: what they are called, how they begin, who reads them, and what to do about those that nobody reads.

Every list of suffixes is taken from this table.
"""

import re
from pathlib import Path
from typing import Literal, NamedTuple

from xlpkg.files.errors import UnreadableError

Reader = Literal["form", "json", "workbook", "word", "older_word", "text", ""]
"""Who reads a kind; "form" tries a form of ours first, "" is nobody."""

ZIP, OLE = b"PK", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NO_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1f]")
_RTF, _WEB_ARCHIVE = b"{\\rtf", b"MIME-Version:"


class Kind(NamedTuple):
    """A kind of file.

    `magic` is how the first bytes may be, not given where that is not asked. `instead` says what the file is and how to get one
    that can be read, behind “NAME”是. `rarer` are suffixes that are read as well, but not named to a user.
    """

    suffixes: tuple[str, ...]
    reader: Reader = ""
    magic: tuple[bytes, ...] = ()
    instead: str = ""
    rarer: tuple[str, ...] = ()

    @property
    def foreign(self) -> bool:
        """Read as another's form at once."""
        return self.reader not in ("form", "json", "")

    def fits(self, start: bytes) -> bool:
        """The first bytes are those of this kind."""
        return start.startswith(self.magic)


WORKBOOK = Kind((".xlsx", ".xlsm"), "form", (ZIP,))
JSON = Kind((".json",), "json")
OLDER_WORKBOOK = Kind((".xls",), "workbook", (OLE,))
TEXT_TABLE = Kind((".csv",), "text")
WORD = Kind((".docx",), "word", (ZIP,), rarer=(".docm",))
PACKED = Kind((".zip", ".rar", ".7z", ".gz", ".tar"), instead="压缩包。请先解压，再导入里面的文件。")
_KINDS = (
    WORKBOOK,
    OLDER_WORKBOOK,
    Kind((".ods",), "workbook", (ZIP,)),
    WORD,
    Kind((".txt",), "text"),
    TEXT_TABLE,
    JSON,
    Kind((".doc",), "older_word", (OLE, _RTF, ZIP), "旧版Word格式，不能直接导入。请用Word打开，另存为.docx后再试。"),
    Kind((".wps", ".wpt"), "older_word", (OLE, _RTF, ZIP), "WPS专用格式，不能直接导入。请用WPS打开，另存为.docx后再试。"),
    PACKED,
    Kind((".et", ".ett"), instead="WPS专用格式。请用WPS打开，另存为.xlsx后再试。"),
    Kind(
        (".pdf",),
        instead="PDF。请向原单位要Word或Excel文件；只有PDF的，用WPS或Word打开转成.docx并核对文字后再试；扫描件只能照着填写。",
    ),
    Kind((".ofd",), instead="OFD版式文件。请向原单位要Word或Excel文件后再试。"),
    Kind((".rtf",), instead="RTF文档。请用Word打开，另存为.docx后再试。"),
    Kind((".odt",), instead="OpenDocument文档。请用Word或WPS打开，另存为.docx后再试。"),
    Kind((".htm", ".html", ".mht"), instead="网页。请用Word或Excel打开，另存为.docx或.xlsx后再试。"),
    Kind((".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff"), instead="图片，读不出文字。请向原单位要Word或Excel文件。"),
)  # fmt: skip
_BY_SUFFIX = {suffix: kind for kind in _KINDS for suffix in (*kind.suffixes, *kind.rarer)}
FORMS = WORKBOOK.suffixes
"""What a form of ours is written as, and read from."""


def kind_of(path: Path, start: bytes = b"") -> Kind | None:
    """The kind by the suffix, None for an unknown one.

    An .xls whose first bytes are those of an .xlsx is one, and one that is plain text is a .csv: programs write both so.
    """
    kind = _BY_SUFFIX.get(path.suffix.lower())
    if kind is not OLDER_WORKBOOK or not start or kind.fits(start):
        return kind
    if WORKBOOK.fits(start):
        return WORKBOOK
    return TEXT_TABLE if _is_text(start) else kind


def _is_text(start: bytes) -> bool:
    """No bytes that only other files have, and no web page."""
    return not _NO_TEXT.search(start) and not start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<", _WEB_ARCHIVE))


def refusal(path: Path) -> UnreadableError:
    """The sentence for a kind of file that cannot be read, and how to get one that can."""
    kind = kind_of(path)
    if kind and kind.instead:
        return UnreadableError(f"“{path.name}”是{kind.instead}")
    *names, last = (suffix for k in _KINDS if k.reader and not k.instead for suffix in k.suffixes)
    return UnreadableError(f"不认识“{path.name}”的文件类型，请用{'、'.join(names)}或{last}文件。")


def refuse_web_page(path: Path, start: bytes) -> None:
    """Web pages and XML that some program saved under a workbook's name. Raises UnreadableError."""
    start = start.removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").replace(b"\0", b"").lstrip()
    if not start.startswith((b"<", _WEB_ARCHIVE)):
        return
    page = b"<html" in start.lower() or not start.startswith(b"<?xml")
    what = "网页（HTML）" if page else "XML文件"
    raise UnreadableError(f"“{path.name}”其实是{what}，只是扩展名写成了{path.suffix}。请用Excel打开，另存为.xlsx后再试。")
