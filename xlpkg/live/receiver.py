"""The buttons of the receiver's workbook: choose a folder, consolidate it, write the return letters, make the later forms."""

from pathlib import Path
from typing import TYPE_CHECKING

from xlpkg import layout
from xlpkg.collect import receiver
from xlpkg.files import write as files
from xlpkg.files.a1 import Cell, address
from xlpkg.form.refusal import RefusalError

if TYPE_CHECKING:
    import xlwings as xw

    from xlpkg.collect.consolidate import Done, Order
    from xlpkg.year.form import Kind

_LETTERS = "退回意见书"


class DeskError(RefusalError):
    """What stands on the desk cannot be done; the message is a sentence for the user."""


def choose(book: "xw.Book", folder: str = "") -> None:
    """选择文件夹: note the folder that was chosen in the dialog."""
    if not folder:
        raise DeskError(
            f"这里没有选择文件夹的窗口。请把文件夹的路径填在“{layout.DESK}”表{address(*receiver.FOLDER)}格，再点“汇总”。"
        )
    _write(book, receiver.FOLDER, folder)
    book.app.status_bar = f"已选择“{folder}”，请点“汇总”。"


def collect(book: "xw.Book") -> None:
    """汇总: write the workbook beside the desk and open it."""
    from xlpkg.collect.consolidate import summary

    order = _order(book)
    assert order.workbook
    if any(other.name == order.workbook.name for other in book.app.books):
        raise files.OpenElsewhereError(f"“{order.workbook.name}”正开着，请先关闭，再点“汇总”。")
    files.refuse_open(order.workbook)
    done = _run(book, order)
    _say(book, [*summary(done).split("\n"), f"已写出：{order.workbook.name}，在本文件旁边。"])
    book.app.books.open(str(order.workbook))
    book.app.status_bar = f"汇总完毕：“{order.workbook.name}”。"


def letters(book: "xw.Book") -> None:
    """生成退回意见书: a Word file for each project that is sent back, in a folder beside the desk."""
    import msgspec

    order = _order(book)
    wanted = msgspec.structs.replace(order, workbook=None, letters=Path(book.fullname).with_name(_LETTERS), cache=order.store)
    done = _run(book, wanted)
    said = f"生成退回意见书{done.letters}份，在本文件旁边的“{_LETTERS}”文件夹。" if done.letters else "没有需要退回的项目。"
    _say(book, [said])
    book.app.status_bar = said


def make_forms(kind: "Kind", book: "xw.Book") -> None:
    """生成监控表, 生成自评表: one for each project of the folder, in a folder beside the desk."""
    from xlpkg.later_folder import LIST, make_into, summary
    from xlpkg.year.form import NAMES

    folder, target = Path(_folder(book)), _here(book).with_name(NAMES[kind])
    if not folder.is_dir():
        raise DeskError(f"文件夹“{folder}”不存在。")
    if any(other.name == LIST for other in book.app.books):
        raise files.OpenElsewhereError(f"“{LIST}”正开着，请先关闭，再点按钮。")
    lines = make_into([folder], target, kind, progress=_Progress(book).show)
    _say(book, [summary(lines, kind), f"已写进本文件旁边的“{target.name}”文件夹，“{LIST}”列出每个文件的结果。"])
    book.app.status_bar = f"生成完毕：“{target.name}”文件夹。"


def _here(book: "xw.Book") -> Path:
    """The file of the desk. Raises DeskError."""
    here = Path(book.fullname)
    if not here.is_absolute() or not here.exists():
        raise DeskError("汇总台还没有保存到本机。请先保存，再点按钮。")
    return here


def _folder(book: "xw.Book") -> str:
    """The folder on the desk, or the address of one. Raises DeskError."""
    folder = _read(book, receiver.FOLDER)
    if not folder:
        raise DeskError("还没有选择文件夹。请先点“选择文件夹”。")
    return folder


def _order(book: "xw.Book") -> "Order":
    """What the desk says. Raises DeskError."""
    from xlpkg.collect.consolidate import Order

    here, folder = _here(book), _folder(book)
    output, workers = (_read(book, cell) for cell in (receiver.OUTPUT, receiver.WORKERS))
    if not output.lower().endswith(".xlsx") or Path(output).name != output:
        raise DeskError(f"汇总文件名“{output}”应像“汇总.xlsx”，不带文件夹。")
    if not workers.isdecimal() or not 1 <= int(workers) <= 64:
        raise DeskError(f"“{receiver.WORKERS_LABEL}”写的是“{workers}”，应为1到64的整数。")
    return Order(folder, here.with_name(output), workers=int(workers))


def _run(book: "xw.Book", order: "Order") -> "Done":
    from xlpkg.collect.consolidate import collect as gather

    progress, seen = _Progress(book), 0

    def more(now: int, of: int) -> None:
        nonlocal seen
        seen += now
        progress.show(seen, of)

    return gather(order, more)


class _Progress:
    """How many files are read, in the status bar; twenty times at most."""

    def __init__(self, book: "xw.Book") -> None:
        self._book, self._shown = book, -1

    def show(self, seen: int, of: int) -> None:
        if of and 20 * seen // of != self._shown:
            self._shown = 20 * seen // of
            self._book.app.status_bar = f"正在读取……{seen}/{of}"


def _read(book: "xw.Book", cell: Cell) -> str:
    value = book.sheets[layout.DESK].range(address(*cell)).value
    return str(int(value) if isinstance(value, float) and value.is_integer() else value or "").strip()


def _write(book: "xw.Book", cell: Cell, text: str) -> None:
    book.sheets[layout.DESK].range(address(*cell)).value = text


def _say(book: "xw.Book", lines: list[str]) -> None:
    row, column = receiver.STATUS
    shown = lines[: receiver.STATUS_ROWS]
    sheet, rest = book.sheets[layout.DESK], receiver.STATUS_ROWS - len(shown)
    cells = sheet.range((row + 1, column + 1), (row + receiver.STATUS_ROWS, column + 1))
    cells.value = [[line] for line in [*shown, *[""] * rest]]
    sheet.range((row + 1, 1), (row + len(shown), 1)).row_height = receiver.status_height(["", *shown])
    if rest:
        sheet.range((row + 1 + len(shown), 1), (row + receiver.STATUS_ROWS, 1)).row_height = receiver.EMPTY_ROW
