"""A foreign file taken in: its declaration, and an import report of where each field came from and what found no place."""

import re
from pathlib import Path

import msgspec

from xlpkg.files.document import Document, unplaced
from xlpkg.files.errors import UnreadableError
from xlpkg.files.ooxml import read_bytes
from xlpkg.form import profiles
from xlpkg.form.declaration import Declaration, from_header
from xlpkg.form.import_report import ImportReport
from xlpkg.form.profile import Profile
from xlpkg.reading.foreign.fields import Header
from xlpkg.reading.foreign.projects import first_form
from xlpkg.reading.foreign.rows import Rows
from xlpkg.reading.foreign.synonyms import Vocabulary, vocabulary

WORD, WORKBOOKS, OLDER_WORD = (".docx", ".docm"), (".xlsx", ".xlsm", ".xls", ".ods"), (".doc", ".wps", ".wpt")
KINDS = (*WORD, ".xls", ".ods", ".txt", *OLDER_WORD)
"""What is taken in by its kind alone; .xlsx and .xlsm are tried as forms of ours first."""
_NO_WAY = {
    ".et": "WPS专用格式。请用WPS打开，另存为.xlsx后再试。",
    ".ett": "WPS专用格式。请用WPS打开，另存为.xlsx后再试。",
    ".pdf": "PDF。请向原单位要Word或Excel文件；只有PDF的，用WPS或Word打开转成.docx并核对文字后再试；扫描件只能照着填写。",
    ".ofd": "OFD版式文件。请向原单位要Word或Excel文件后再试。",
    ".rtf": "RTF文档。请用Word打开，另存为.docx后再试。",
    ".odt": "OpenDocument文档。请用Word或WPS打开，另存为.docx后再试。",
    ".csv": "CSV文件。请用Excel打开，另存为.xlsx后再试。",
    ".zip": "压缩包。请先解压，再导入里面的文件。",
    ".rar": "压缩包。请先解压，再导入里面的文件。",
    ".7z": "压缩包。请先解压，再导入里面的文件。",
    **dict.fromkeys((".htm", ".html", ".mht"), "网页。请用Word或Excel打开，另存为.docx或.xlsx后再试。"),
    **dict.fromkeys((".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff"), "图片，读不出文字。请向原单位要Word或Excel文件。"),
}


_STATUS = re.compile("[^｜]{0,8}　｜　成本合计|白色格由填报人填写|二、绩效指标")
_FIGURE = re.compile(r"-?[\d.]+(?:／[\d.]+)?|未检查|\d{4}-\d\d-\d\d \d\d:\d\d.*|")


class Import(msgspec.Struct, frozen=True):
    """What was made of a foreign file."""

    declaration: Declaration
    profile: Profile
    import_report: ImportReport
    notices: tuple[str, ...] = ()


def take_in(path: Path, profile: Profile | None = None) -> Import:
    """The declaration of a file that is no form of ours. Raises UnreadableError with a sentence."""
    words = vocabulary()
    return understand(_document(path, words), words, profile)


def _document(path: Path, words: Vocabulary) -> Document:
    kind = path.suffix.lower()
    if kind in WORD:
        from xlpkg.files.docx import read_word

        return read_word(path)
    if kind == ".txt":
        from xlpkg.reading.foreign.text import read_plain

        return read_plain(path, words)
    if kind in WORKBOOKS:
        from xlpkg.reading.foreign.worksheets import read_worksheets

        return read_worksheets(path)
    if kind in OLDER_WORD:
        from xlpkg.reading.foreign.old_word import read_older_word

        return read_older_word(path)
    read_bytes(path)
    raise refusal(path)


def refusal(path: Path) -> UnreadableError:
    """The sentence for a kind of file that cannot be read, and how to get one that can."""
    if what := _NO_WAY.get(path.suffix.lower()):
        return UnreadableError(f"“{path.name}”是{what}")
    return UnreadableError(f"不认识“{path.name}”的文件类型，请用.xlsx、.xlsm、.xls、.ods、.docx、.txt或.json文件。")


def understand(document: Document, words: Vocabulary, chosen: Profile | None = None) -> Import:
    """The declaration of a document, in the form that fits it best or the one named. Raises UnreadableError."""
    document = first_form(document, words)
    rows = Rows(document, words)
    rows.read()
    if not rows.lines:
        what = f"“{document.file}”里没有绩效目标申报表：找不到“一级指标、二级指标、三级指标”的表头。"
        raise UnreadableError("".join([what, *document.notices]))
    profile = chosen or _fitting(document, rows, words)
    header = Header(document, words, words.exact[profile.id])
    header.read(profile.money_unit)
    items = rows.indicators(profile)
    if rows.of_ours or document.ours:
        _take_our_own(document, words)
    import_report = ImportReport(document.file, (*header.entries, *rows.entries), unplaced(document.everything()))
    return Import(from_header(profile.id, header.values, items), profile, import_report, tuple(document.notices))


def _take_our_own(document: Document, words: Vocabulary) -> None:
    """What our form prints and computes by itself is no content: the panel's labels and figures, section heads, hints."""
    for table in document.tables:
        for cell in table.cells():
            if words.bare(cell.text) in words.own:
                below = table.at(cell.row + cell.height, cell.column)
                if below is not None and not below.taken and _FIGURE.fullmatch(below.text.strip()):
                    below.take()
                cell.take()
            elif _STATUS.match(cell.text):
                cell.take()


def _fitting(document: Document, rows: Rows, words: Vocabulary) -> Profile:
    """The form whose categories, labels and columns the document has most of."""
    known = profiles.known()
    labels = {words.bare(p.text.split("：")[0]) for p in document.pieces() if len(p.text) < 200}
    pairs = {(line.texts["l1"], line.texts["l2"]) for line in rows.lines}
    with_standards = any(line.texts.get("standard", "").strip() for line in rows.lines)

    def fit(profile: Profile) -> float:
        parents = ((profile.parent.get(words.second_level(l2, profile)), words.first_level(l1, profile)) for l1, l2 in pairs)
        strange = sum(above != l1 for above, l1 in parents if l1 or not above)
        named = sum(l2 in profile.parent for _, l2 in pairs)
        of_its_own = len(labels & words.exact[profile.id]) - 3 * len(profile.further)
        return -30 * strange + 2 * named + of_its_own + 20 * (with_standards == bool(profile.standards))

    return max(known, key=fit)
