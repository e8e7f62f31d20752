"""退回意见书: for a project with errors one page that says cell, problem and proposal, as a Word file and in the workbook."""

import errno
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import msgspec

from xlpkg.audit.digest import digest
from xlpkg.audit.facts.finding import ERROR
from xlpkg.collect.find import LETTER
from xlpkg.collect.result import CHANGED, GONE, Later, Problem, Project
from xlpkg.files.names import fitting_name, safe_name
from xlpkg.files.write import hide, in_place, refuse_file
from xlpkg.writing.page_setup import wrapped_lines
from xlpkg.writing.style import FONT
from xlpkg.writing.table_sheet import Column, Columns
from xlpkg.writing.word_package import without_old_styles


class Line(NamedTuple):
    """A line of the letter's table, column by column."""

    number: Annotated[str, Column("序号", 7, "cell_center")]
    cell: Annotated[str, Column("单元格", 17, "cell_center")]
    what: Annotated[str, Column("问题", 38, "cell")]
    advice: Annotated[str, Column("修改意见", 38, "cell")]


COLUMNS = Columns.of(Line)
TITLE = "项目支出绩效目标退回意见书"
NUMBER = "文号：　　　　〔　　　　〕　　　号"
CONTACT = "联系人：　　　　　　　　　　　　联系电话：　　　　　　　　　　　　"
SIGNED = ("（发文单位名称、盖章）", "　　　　年　　月　　日")
"""What the office fills in by hand: below the title, and below the text on the right, where the seal goes."""
_ROOM = 34  # lines of the table that a page has room for
_SIZE = 10.5  # points of the table's type
_ACROSS, _MARGINS = 482, 11  # points: the table's width, and what a cell keeps free at both sides
_LONGEST_NAME, _MOST_BYTES = 60, 96
_MANIFEST = f".{LETTER}.json"


class Letter(msgspec.Struct, frozen=True):
    """The letter's texts; `rows` are those of its table, if it has one, `rest` says what there is no room for.

    `to` is "" where nobody knows to whom: the form names no unit.
    """

    to: str
    opening: str
    rows: tuple[Line, ...] = ()
    rest: str = ""
    title: str = TITLE


Named = tuple[Sequence[str], Letter]
"""A letter, and the words that its file's name is made of."""


def letter(project: Project | Later) -> Letter | None:
    """The letter to a unit whose declaration, monitoring or self-evaluation has to be corrected; None if it passed."""
    if project.passed:
        return None
    unit, name = project.header["unit"], project.header["project"]
    rows: list[Line] = []
    if project.unchanged == CHANGED and project.sealed == project.seal:
        what = f"看到的与按内容打印的不同：{project.differences[0]}" + (
            f"另有{len(project.differences) - 1}处。" if len(project.differences) > 1 else ""
        )
        rows.append(Line("1", "校验码", what, "在填报表里修改并检查，重新生成申报表后报送，不要改动生成的文件。"))
    elif project.unchanged == CHANGED:
        what = f"表上校验码{project.sealed}与内容不符（应为{project.seal}），生成申报表以后内容被改动"
        rows.append(Line("1", "校验码", what, "在填报表里修改并检查，重新生成申报表后报送。"))
    elif project.unchanged == GONE:
        rows.append(
            Line("1", "校验码", "表上没有校验码，不能证明内容没有改过", "请在填报表里点“生成申报表”，不改动地报送生成的文件。")
        )
    errors = sum(p.severity == ERROR for p in project.problems)
    used, left_out = sum(_lines(r) for r in rows), 0
    for line in digest(project.problems):
        if line.severity != ERROR:
            break
        proposal = line.advice + (f"建议改为：{line.first.proposal}。" if len(line.own) == 1 and _adds(line.first) else "")
        row = Line(str(len(rows) + 1), _cells(line.own), f"{line.where}：{line.what}。", proposal)
        if left_out or used + _lines(row) > _ROOM:
            left_out += sum(p.severity == ERROR for p in line.findings)
            continue
        used += _lines(row)
        rows.append(row)
    return Letter(
        to=f"{_short(unit)}：" if unit else "",
        opening=f"你单位报送的“{_short(name) or '（未填项目名称）'}”{project.year and project.year[:4] + '年度'}"
        f"{project.form_name}经审核，有{errors}处错误"
        + {CHANGED: "，校验码不一致", GONE: "，没有校验码"}.get(project.unchanged, "")
        + "，现予退回。请对照下表修改，检查没有错误后重新生成申报表报送。",
        rows=tuple(rows),
        rest=f"其余{left_out}处错误，请在填报表里点“检查”查看。" if left_out else "",
    )


def _short(name: str) -> str:
    """A name that leaves room for the letter."""
    return name if len(name) <= _LONGEST_NAME else name[:_LONGEST_NAME] + "……"


def _adds(problem: Problem) -> bool:
    return bool(problem.proposal) and problem.proposal not in problem.suggestion


def _cells(group: Iterable[Problem]) -> str:
    """The cells of a line, two side by side: a program would break the line within an address."""
    cells = list(dict.fromkeys(p.cell for p in group if p.cell))
    return "\n".join("、".join(cells[n : n + 2]) for n in range(0, len(cells), 2)) or "—"


def _lines(row: Line) -> int:
    """How many lines a row of the table takes on paper."""
    whole = sum(COLUMNS.widths)
    rooms = ((_ACROSS * width / whole - _MARGINS) / (_SIZE / 2) for width in COLUMNS.widths)
    return max(wrapped_lines(text, room) for text, room in zip(row, rooms, strict=True))


def return_letters(forms: Iterable[Project | Later]) -> Iterator[Named]:
    """The letters of all forms that are sent back: 退回意见书-unit-project-year, for a later form its name behind."""
    for form in forms:
        if made := letter(form):
            which = form.form_name if isinstance(form, Later) else ""
            yield (LETTER, form.header["unit"], form.header["project"], form.year[:8], which), made


def write_letters(letters: Iterable[Named], folder: Path) -> int:
    """A .docx for each letter; returns how many. Raises OSError.

    Letters of an earlier run that are no longer wanted are taken away. What somebody put into the folder, or edited, is
    left alone: a list of what we wrote is kept beside the letters.
    """
    refuse_file(folder)
    folder.mkdir(parents=True, exist_ok=True)
    listed = folder / _MANIFEST
    before = _listed(listed)
    written: dict[str, str] = {}
    for words, made in letters:
        name = _free(folder, fitting_name(folder, _file_name(words), ".docx"), written, before)
        data = docx_of(made)
        in_place(folder / name, data)
        written[name] = hashlib.sha256(data).hexdigest()
    for name in before.keys() - written.keys():
        if _is_as_written(folder / name, before):
            (folder / name).unlink()
    if written or before:
        in_place(listed, json.dumps(written, ensure_ascii=False).encode())
        hide(listed)
    return len(written)


def _listed(path: Path) -> dict[str, str]:
    """The letters of the last run by name, with the hash of their content."""
    try:
        return {str(name): str(value) for name, value in json.loads(path.read_bytes()).items()}
    except (OSError, ValueError, AttributeError):
        return {}


def _file_name(words: Sequence[str]) -> str:
    """The words in one, short enough for every file system (255 bytes)."""
    return "-".join(filter(None, (safe_name(w, "", _MOST_BYTES) for w in words)))


def _free(folder: Path, name: str, written: Mapping[str, str], before: Mapping[str, str]) -> str:
    """A file's name that no letter of this run has, nor a file that is not ours or was edited."""
    taken = {n.casefold() for n in written}
    for ending in ("", *(f"-{n}" for n in range(2, 1000))):
        path = folder / f"{name}{ending}.docx"
        if path.name.casefold() not in taken and (not path.exists() or _is_as_written(path, before)):
            return path.name
    raise OSError(errno.EEXIST, "文件太多", str(folder / name))


def _is_as_written(path: Path, before: Mapping[str, str]) -> bool:
    try:
        return before.get(path.name) == hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return False


def docx_of(made: Letter) -> bytes:
    """The letter as a Word document of one A4 page."""
    import docx
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt

    document: Any = docx.Document()
    document.core_properties.author = ""
    document.core_properties.comments = ""
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2)
    section.top_margin, section.bottom_margin = Cm(2), Cm(1.6)

    def say(paragraph: Any, text: str, size: float, *, bold: bool = False) -> Any:
        run = paragraph.add_run(text)
        run.font.size, run.bold, run.font.name = Pt(size), bold, FONT
        run._element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
        paragraph.paragraph_format.space_before = Pt(0)
        paragraph.paragraph_format.space_after = Pt(4 if size > _SIZE else 0)
        paragraph.paragraph_format.line_spacing = 1.0
        return paragraph

    heading = say(document.add_paragraph(), made.title, 18, bold=True)
    heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
    number = say(document.add_paragraph(), NUMBER, 12)
    number.alignment = WD_ALIGN_PARAGRAPH.CENTER
    number.paragraph_format.space_after = Pt(12)
    if made.to:
        say(document.add_paragraph(), made.to, 12)
    for text in made.opening.split("\n"):
        say(document.add_paragraph(), text, 12).paragraph_format.first_line_indent = Pt(24)
    if made.rows:
        _table(document, made.rows, say)
    if made.rest:
        say(document.add_paragraph(), made.rest, _SIZE).paragraph_format.space_before = Pt(4)
    say(document.add_paragraph(), CONTACT, 12).paragraph_format.space_before = Pt(14)
    for n, text in enumerate(SIGNED):
        line = say(document.add_paragraph(), text, 12)
        line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        line.paragraph_format.space_before, line.paragraph_format.right_indent = Pt(0 if n else 34), Cm(1.5)
        line.paragraph_format.keep_with_next = n == 0
    without_old_styles(document)
    data = BytesIO()
    document.save(data)
    return data.getvalue()


def _table(document: Any, rows: Sequence[Line], say: Callable[..., Any]) -> None:
    from docx.enum.table import WD_TABLE_ALIGNMENT
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Cm

    table = document.add_table(rows=0, cols=len(COLUMNS.heads), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    widths = [Cm(17 * w / sum(COLUMNS.widths)) for w in COLUMNS.widths]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for n, row in enumerate((COLUMNS.heads, *rows)):
        for cell, text, width, style in zip(table.add_row().cells, row, widths, COLUMNS.styles, strict=True):
            cell.width = width
            paragraph = say(cell.paragraphs[0], text, _SIZE, bold=n == 0)
            if n == 0 or style == "cell_center":
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
