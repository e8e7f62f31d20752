"""What each button does: a function of the open workbook, through xlwings' public interface, with the command line's results."""

import re
from collections.abc import Callable, Collection
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from xlpkg import layout
from xlpkg.audit.facts.finding import ERROR, SEVERITIES, WARNING, Verdict
from xlpkg.files import write as files
from xlpkg.files.a1 import Cell, cell_of
from xlpkg.form.refusal import RefusalError
from xlpkg.live import own_cells, receiver
from xlpkg.reading.source import LATER_FACTS
from xlpkg.writing import findings

if TYPE_CHECKING:
    import xlwings as xw

    from xlpkg.year.form import Kind


class NotHereError(RefusalError):
    """The button has nothing to do in this workbook; the message is a sentence for the user."""


class NotSavedError(RefusalError):
    """The workbook was never saved; the message is a sentence for the user."""


class OfOneKind(Protocol):
    """What the buttons need of a kind of form: the modules `declared` and `later` have it."""

    SUBMIT: str

    def check(self, book: "xw.Book") -> Any:
        """Check what stands in the open form, and show what is found."""

    def repair(self, book: "xw.Book") -> int:
        """Make the safe repairs and those that were ticked; says how many."""

    def edited(self, book: "xw.Book") -> "tuple[xw.Sheet, Collection[int]]":
        """The sheet with the findings' cells, and its rows (0-based) that were edited after the check."""

    def source(self, book: "xw.Book") -> Any:
        """The form as it was read."""

    def submission_beside(self, form: Path, report: Any) -> Path:
        """Where the submission of a form is written."""

    def write_submission(self, book: "xw.Book", target: Path, report: Any) -> None:
        """Write the submission file."""

    def clear(self, book: "xw.Book") -> None:
        """Take away findings and marks."""


def _of(book: "xw.Book") -> OfOneKind:
    """The module for the form that is open; what only the later forms need is not loaded for a declaration."""
    if _is_later(book):
        from xlpkg.live import later

        return later
    from xlpkg.live import declared

    return declared


def check(book: "xw.Book") -> None:
    """检查: list every finding, mark the failing cells, bring panel and 事项对照 up to date. No cell of the user is written."""
    book.app.status_bar = "正在检查……"
    book.app.status_bar = "检查完毕：" + _counts(_of(book).check(book))


def fix(book: "xw.Book") -> None:
    """一键修复: safe repairs at once, offered ones where ticked; then a check."""
    book.app.status_bar = "正在修改……"
    changes = _of(book).repair(book)
    report = _of(book).check(book)
    offered = sum(f.fix is not None for f in report.findings)
    more = f"还有{offered}处可代为修改，同意的在“检查结果”的“同意”一列选√，再点“一键修复”。" if offered else ""
    book.app.status_bar = f"改了{changes}处。{_counts(report)}{more}"


def next_cell(book: "xw.Book") -> None:
    """下一处: select the next failing cell, in the order of 检查结果, that was not edited since the check."""
    sheet = own_cells.own_sheet(book, layout.RESULTS)
    used = sheet.used_range
    block = sheet.range((1, 1), (max(used.row + used.shape[0] - 1, 2), findings.WIDTH)).options(ndim=2).value
    failing = {SEVERITIES[ERROR], SEVERITIES[WARNING]}
    at = findings.COLUMNS.at("link")
    texts = [text for row in block if row[0] in failing for text in (row[at], *row[len(findings.COLUMNS.heads) :])]
    links = [str(text or "").removeprefix("→ ") for text in texts]
    cells = list(dict.fromkeys(cell_of(link) for link in links if re.fullmatch("[A-Z]+[0-9]+", link)))
    if not cells:
        book.app.status_bar = "没有要改的格子。改过以后请再点“检查”。" if block[1][0] else "还没有检查，请先点“检查”。"
        return
    sheet, edited = _of(book).edited(book)
    left = [cell for cell in cells if cell[0] not in edited]
    if not left:
        book.app.status_bar = "有问题的各行都已改动，请再点“检查”。"
        return
    here = _selected(book, sheet.name)
    behind = cells[cells.index(here) + 1 :] if here in cells else []
    row, column = next((cell for cell in behind if cell in left), left[0])
    sheet.select()  # activate() would bring the whole program to the front, and raise where it cannot
    sheet.range((row + 1, column + 1)).select()
    book.app.status_bar = f"第{left.index((row, column)) + 1}处，共{len(left)}处，原因见“检查结果”。"


def submit(book: "xw.Book") -> None:
    """生成申报表, 生成报送表: check, write the submission file beside the form, and open it."""
    form = _of(book)
    book.app.status_bar = "正在生成……"
    path, report = _saved(book, form.SUBMIT), form.check(book)
    target = form.submission_beside(path, report)
    if any(other.name == target.name for other in book.app.books):
        raise files.OpenElsewhereError(f"“{target.name}”正开着，请先关闭，再点“{form.SUBMIT}”。")
    files.refuse_open(target)
    form.write_submission(book, target, report)
    book.app.books.open(str(target))
    book.app.status_bar = f"已生成“{target.name}”，在本表旁边。{_counts(report)}"


def make(kind: "Kind", book: "xw.Book") -> None:
    """生成监控表, 生成自评表: the later form beside the open one, under a name that no file has, and open it."""
    from xlpkg.year.jobs import following_form, later_beside, save

    book.app.status_bar = "正在生成……"
    path = _saved(book, layout.CAPTIONS["monitor" if kind == "monitoring" else "evaluate"])
    made = following_form(_of(book).source(book), path.name, kind)
    target = later_beside(path, made.report)
    save(target, made.report)
    book.app.books.open(str(target))
    book.app.status_bar = f"已生成“{target.name}”，在本表旁边：目标和资金已经填好，请填白色格。{''.join(made.notices)}"


def _saved(book: "xw.Book", caption: str) -> Path:
    """The file of an open workbook. Raises NotSavedError."""
    path = Path(book.fullname)
    if not path.is_absolute() or not path.exists():
        raise NotSavedError(f"这张表还没有保存到本机。请先保存，再点“{caption}”。")
    return path


def clear(book: "xw.Book") -> None:
    """清除标记: take away findings and marks; what was filled in stays."""
    book.app.status_bar = "正在清除……"
    _of(book).clear(book)
    book.app.status_bar = "已清除检查标记。"


def take_in(book: "xw.Book", path: str) -> None:
    """导入: fill the blank form with another file's content, then check it."""
    from xlpkg.live import import_file

    _refuse_later(book, "导入")
    book.app.status_bar = "正在导入……"
    source = import_file.take_in(book, Path(path))
    report = _of(book).check(book)
    rows = sum(not i.blank for i in source.declaration.indicators)
    left = len(source.import_report.unplaced) if source.import_report else 0
    more = f"有{left}处没有放入，见“导入说明”。" if left else ""
    book.app.status_bar = f"已从“{Path(path).name}”导入{rows}条指标。{more}{_counts(report)}"


def choose_indicators(book: "xw.Book") -> None:
    """选指标: put what is ticked on 指标库 into the form; the figures are left to the clerk."""
    from xlpkg.live.pick import pick

    _refuse_later(book, "选指标")
    book.app.status_bar = "正在填入……"
    chosen = pick(book)
    book.sheets[layout.ENTRY].select()
    book.app.status_bar = f"填入{len(chosen)}条指标。请填指标值，再点“检查”。"


ACTIONS: dict[str, Callable[..., None]] = {
    "check": check,
    "fix": fix,
    "next": next_cell,
    "submit": submit,
    "clear": clear,
    "import": take_in,
    "pick": choose_indicators,
    "monitor": partial(make, "monitoring"),
    "evaluate": partial(make, "self_evaluation"),
    "choose": receiver.choose,
    "collect": receiver.collect,
    "letters": receiver.letters,
    "monitor_folder": partial(receiver.make_forms, "monitoring"),
    "evaluate_folder": partial(receiver.make_forms, "self_evaluation"),
}


def _is_later(book: "xw.Book") -> bool:
    """The workbook is one of a monitoring or a self-evaluation of ours."""
    return LATER_FACTS in book.sheet_names


def _refuse_later(book: "xw.Book", caption: str) -> None:
    if _is_later(book):
        raise NotHereError(f"“{caption}”用于申报表；监控表、自评表的指标由申报表带来，不能在这里{caption}。")


def _counts(report: Verdict) -> str:
    return f"错误{report.errors}条，提醒{report.warnings}条，提示{report.infos}条。"


def _selected(book: "xw.Book", sheet: str) -> Cell | None:
    """The selected cell of a sheet, 0-based."""
    selection = book.app.selection
    if selection is None or selection.sheet.name != sheet:
        return None
    return selection.row - 1, selection.column - 1
