"""The live door and the handlers in a headless LibreOffice: same declaration as the file door, few calls, no cell of the user."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from forms import FAULTY, HN2015, of_rows, with_cells
from office import Document, Office

from xlpkg.audit.check import check
from xlpkg.form import profile as profiles
from xlpkg.form.declaration import Declaration, from_json
from xlpkg.live import attach, door, session
from xlpkg.live.engine import lean_xlwings
from xlpkg.live.libreoffice.engine import APPS, Book, Range
from xlpkg.sheets.build import build
from xlpkg.sheets.layout import ACTIVITIES, ENTRY, RESULTS
from xlpkg.sheets.package import UnreadableError
from xlpkg.sheets.read import read

pytestmark = pytest.mark.office
SAMPLES = Path(__file__).parent.parent / "workbook" / "samples"
REAL = from_json((SAMPLES / "network_office.json").read_text(encoding="utf-8"))
xlwings = lean_xlwings()


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    with Office() as running:
        APPS.adopt(running.process)
        yield running


@pytest.fixture(autouse=True)
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The log file goes into the test's folder."""
    monkeypatch.setattr(session, "LOG", tmp_path / "log" / "xlpkg.log")
    return session.LOG


class Open:
    """A form that is open: `book` as the handlers see it, `document` as a person does, `path` of its file."""

    def __init__(self, path: Path, document: Document) -> None:
        self.path, self.document = path, document
        self.book = xlwings.Book(impl=Book(document.model, next(iter(APPS))))

    def cells(self, sheet: str) -> list[list[str]]:
        """Everything that stands on a sheet, formulas included."""
        cursor = self.document.model.Sheets.getByName(sheet).createCursor()
        cursor.gotoEndOfUsedArea(False)
        end = cursor.RangeAddress
        block = self.document.model.Sheets.getByName(sheet).getCellRangeByPosition(0, 0, 20, max(end.EndRow, 100))
        return [list(row) for row in block.getFormulaArray()]

    def results(self) -> list[list[Any]]:
        """The lines of 检查结果 with a severity."""
        rows = self.document.model.Sheets.getByName(RESULTS).getCellRangeByName("A4:J2500").getDataArray()
        return [list(row) for row in rows if row[1]]

    def verdict(self) -> str:
        return str(self.document.value(RESULTS, "A2"))


@pytest.fixture
def opened(office: Office, tmp_path: Path) -> Iterator[Callable[..., Open]]:
    """Open a declaration as a form with buttons; closed at the end, with whatever else was opened."""

    def open_form(declaration: Declaration, name: str = "表.xlsm") -> Open:
        path = tmp_path / name
        build(path, profiles.load(declaration.profile), declaration)
        return Open(path, office.open(path, hidden=False))

    yield open_form
    for model in office.process.documents():
        model.close(True)


def same_through_both_doors(form: Open, copy: Path) -> None:
    """The live declaration is that of the saved copy, and so are the findings with their cells."""
    form.document.recalculate()
    form.document.save_as(copy)
    live, file = door.read(form.book).source, read(copy)
    assert live.declaration == file.declaration
    assert (live.profile, live.places) == (file.profile, file.places)
    assert check(live.declaration, live.profile).findings == check(file.declaration, file.profile).findings


# --- the live door --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sample", sorted(SAMPLES.glob("*.json")), ids=lambda p: p.stem)
def test_both_doors_give_the_same_for_every_sample(opened: Callable[..., Open], sample: Path) -> None:
    form = opened(from_json(sample.read_text(encoding="utf-8")))
    live, file = door.read(form.book).source, read(form.path)
    assert (live.declaration, live.places) == (file.declaration, file.places)


def test_both_doors_read_numbers_dates_percents_and_blanks_alike(opened: Callable[..., Open], tmp_path: Path) -> None:
    form = opened(HN2015)
    sheet = form.book.sheets[ENTRY]
    for cell, code, value in (
        ("F18", "General", 220.0), ("F19", "0%", 0.95), ("F20", "yyyy/m/d", 45291.0), ("F21", "0.00%", 0.1234),
        ("F22", "General", 0.1 + 0.2), ("F23", "h:mm", 0.5), ("G24", "General", 1.0), ("C7", "General", 2024.0),
        ("C9", "#,##0.00", 1160.5), ("F25", "General", 123456789012.0),
    ):  # fmt: skip
        sheet.range(cell).number_format = code
        form.document.set(ENTRY, cell, value)
    for cell, text in (("D18", "  前后 空格　"), ("F26", "007"), ("E26", "="), ("D27", "#N/A"), ("I19", "=说明"), ("F27", "")):
        form.document.set(ENTRY, cell, text)
    same_through_both_doors(form, tmp_path / "copy.xlsx")
    rows = door.read(form.book).source.declaration.indicators
    shown = ("220", "95%", "2023年12月31日", "12.34%", "0.3", "12:00")
    assert [text in row.value for text, row in zip(shown, rows, strict=False)] == [True] * 6, [r.value for r in rows]


@pytest.mark.parametrize("change", ["insert", "delete", "move", "sort", "merge", "insert above"])
def test_both_doors_follow_rows_that_were_moved(opened: Callable[..., Open], tmp_path: Path, change: str) -> None:
    form = opened(REAL)
    model = form.document.model.Sheets.getByName(ENTRY)
    if change == "insert":
        form.document.insert_rows(ENTRY, 25, 3)
        form.document.set(ENTRY, "D26", "新增事项")
    elif change == "delete":
        form.document.delete_rows(ENTRY, 20, 4)
    elif change == "move":
        model.moveRange(model.getCellRangeByName("B75").CellAddress, model.getCellRangeByName("B20:I20").RangeAddress)
    elif change == "sort":
        rows = sorted((list(r) for r in model.getCellRangeByName("B18:I68").getDataArray()), key=lambda r: r[2])
        model.getCellRangeByName("B18:I68").setDataArray(tuple(map(tuple, rows)))
    elif change == "merge":
        for cell in ("C19", "C20", "H19", "H20"):
            form.document.set(ENTRY, cell, "")
        model.getCellRangeByName("C18:C20").merge(True)
        model.getCellRangeByName("H18:H20").merge(True)
    else:
        form.document.insert_rows(ENTRY, 9, 2)
    same_through_both_doors(form, tmp_path / "copy.xlsx")


REBUILD = "也可以用 xlpkg fix --rebuild 把内容转到新表。"
"""What the file door offers besides, and a button cannot."""


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        ({"F20": "=1/0"}, "“填报”表F20（指标值）是错误值“#DIV/0!”，请改成文字或数字后再试。"),
        ({"C17": "二级"}, "“表.xlsm”的“填报”表第17行表头里找不到“二级指标”这一列，可能被删除或改名。请恢复原来的表头后再试。"),
        ({"A8": "名称"}, "“表.xlsm”的“填报”表里找不到“项目支出名称”这一项，可能被删除或改名。请恢复原来的文字后再试。"),
    ],
    ids=["error value", "column renamed", "field renamed"],
)
def test_a_damaged_form_gets_one_sentence(
    opened: Callable[..., Open], tmp_path: Path, damage: dict[str, str], sentence: str
) -> None:
    form = opened(REAL)
    for cell, text in damage.items():
        form.book.sheets[ENTRY].range(cell).number_format = "General"
        form.book.sheets[ENTRY].range(cell).value = text
    with pytest.raises(UnreadableError, match="^" + sentence.replace("（", ".").replace("）", ".")):
        door.read(form.book)
    form.document.recalculate()
    form.document.save_as(tmp_path / "copy.xlsx")
    with pytest.raises(UnreadableError) as refused:
        read(tmp_path / "copy.xlsx")
    assert str(refused.value).replace("copy.xlsx", "表.xlsm").removesuffix(REBUILD) == sentence
    assert session.perform("check", form.book) == 2
    assert form.verdict() == f"没有完成：{sentence}"


# --- check ----------------------------------------------------------------------------------------------------------


def test_check_shows_what_the_command_line_says(opened: Callable[..., Open]) -> None:
    form = opened(REAL)
    report = check(REAL, profiles.load("hn2015"))
    assert session.perform("check", form.book) == 0
    form.document.recalculate()
    lines = form.results()
    assert [(line[0], line[3], line[5], line[6], line[9]) for line in lines] == [
        (n, f.place, f.what, f.suggestion, f.rule) for n, f in enumerate(report.findings, 1)
    ]
    places = read(form.path).places
    assert places is not None
    assert [line[2] for line in lines] == [f"→ {places.cell(f.row, f.field)}" for f in report.findings]
    assert form.verdict().startswith("有错误：错误17条，提醒63条，提示37条。")
    assert [form.document.value(ENTRY, c) for c in ("A3", "C3", "D3", "G3")] == [140, 140, 0, "17／63"]
    assert [form.document.value(ENTRY, f"J{r}") for r in (18, 19, 20)] == ["通过", "错：见检查结果", "提：见检查结果"]
    shown = {
        line[0]: line[4] for line in form.document.model.Sheets.getByName(ACTIVITIES).getCellRangeByName("A4:G30").getDataArray()
    }
    assert (shown["成本合计"], shown["可用资金"], shown["网络舆情管理"]) == (140, 140, 20)


def test_marks_are_those_of_the_checked_copy(opened: Callable[..., Open], tmp_path: Path) -> None:
    form = opened(REAL)
    session.perform("check", form.book)
    report = check(REAL, profiles.load("hn2015"))
    build(tmp_path / "checked.xlsx", profiles.load("hn2015"), REAL, report)
    written = [row[10:12] for row in form.cells(ENTRY)]
    copy = Open(tmp_path / "checked.xlsx", Document(form.book.app.impl.office.open(tmp_path / "checked.xlsx", hidden=True)))
    assert [row for n, row in enumerate(written) if n != 3] == [row[10:12] for n, row in enumerate(copy.cells(ENTRY)) if n != 3]


def test_a_click_changes_no_cell_of_the_user(opened: Callable[..., Open]) -> None:
    form = opened(REAL)
    before = {sheet: form.cells(sheet) for sheet in form.document.model.Sheets.ElementNames}
    for action in ("check", "next", "clear", "check"):
        assert session.perform(action, form.book) == 0
    for sheet, cells in before.items():
        if sheet not in (RESULTS, ACTIVITIES):
            theirs = [[c for n, c in enumerate(row) if n not in (10, 11)] for row in cells]
            assert [[c for n, c in enumerate(row) if n not in (10, 11)] for row in form.cells(sheet)] == theirs, sheet


def test_an_edited_row_is_told_and_the_next_check_takes_away_only_its_marks(opened: Callable[..., Open]) -> None:
    form = opened(REAL)
    session.perform("check", form.book)
    before = [row[10] for row in form.cells(ENTRY)]
    row = [int(line[2].removeprefix("→ F")) for line in form.results() if line[9] == "V01"][-1]
    form.document.type_in(ENTRY, f"E{row}", "=")
    form.document.recalculate()
    assert form.document.value(ENTRY, f"J{row}") == "未复查"
    assert str(form.document.value(ENTRY, "I3")).endswith("（有改动）")
    session.perform("check", form.book)
    form.document.recalculate()
    assert form.document.value(ENTRY, f"J{row}") == "通过"
    after = [row[10] for row in form.cells(ENTRY)]
    assert {n + 1 for n, (a, b) in enumerate(zip(before, after, strict=True)) if a != b} == {2, row}
    assert (before[row - 1], after[row - 1], after[1]) == (";value=error;", "", "16")


def test_inserted_rows_get_their_number_and_status(opened: Callable[..., Open]) -> None:
    form = opened(HN2015)
    form.document.insert_rows(ENTRY, 20, 2)
    for column, text in zip("BCDEFGH", ("产出指标", "数量指标", "新增", "≥", "3", "次", "历史标准"), strict=True):
        form.document.type_in(ENTRY, f"{column}20", text)
    session.perform("check", form.book)
    form.document.recalculate()
    assert [form.document.value(ENTRY, f"A{r}") for r in (19, 20, 21, 22)] == [2, 3, None, 4]
    assert str(form.document.value(ENTRY, "J20"))[0] in "提通"


def test_links_follow_their_cells_when_rows_are_inserted(opened: Callable[..., Open]) -> None:
    form = opened(REAL)
    session.perform("check", form.book)
    form.document.recalculate()
    before = [line[2] for line in form.results()]
    form.document.insert_rows(ENTRY, 30, 2)
    form.document.delete_rows(ENTRY, 19, 1)
    form.document.recalculate()

    def moved(link: str) -> str:
        column, row = link[:3], int(link[3:])
        return "已删除" if row == 19 else f"{column}{row + (1 if row >= 30 else -1 if row > 19 else 0)}"

    assert [line[2] for line in form.results()] == [moved(link) for link in before]


def test_a_form_that_libreoffice_saved_is_read_and_made_fresh(opened: Callable[..., Open], run: Any, tmp_path: Path) -> None:
    form = opened(REAL)
    form.document.recalculate()
    form.document.save_as(tmp_path / "saved.xlsm")
    assert read(tmp_path / "saved.xlsm").declaration == REAL
    assert run("convert", tmp_path / "saved.xlsm", "-o", tmp_path / "fresh.xlsm")[0] == 0
    assert (tmp_path / "fresh.xlsm").read_bytes() == form.path.read_bytes()


class Counted:
    """How many calls an action makes to the spreadsheet program: every read, write or change of a range, and the status bar."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.calls: list[str] = []
        for name in ("raw_value", "formula", "number_format"):
            member = vars(Range)[name]
            monkeypatch.setattr(
                Range, name, property(self._noting(f"get {name}", member.fget), self._noting(f"set {name}", member.fset))
            )
        for name in ("merge_cells", "merge_area"):
            monkeypatch.setattr(Range, name, property(self._noting(f"get {name}", vars(Range)[name].fget)))
        for name in ("clear_contents", "autofit", "insert", "select"):
            monkeypatch.setattr(Range, name, self._noting(name, vars(Range)[name]))
        from xlpkg.live.libreoffice.engine import App, Sheet

        status = vars(App)["status_bar"]
        monkeypatch.setattr(App, "status_bar", property(status.fget, self._noting("status_bar", status.fset)))
        monkeypatch.setattr(Sheet, "used_range", property(self._noting("used_range", vars(Sheet)["used_range"].fget)))
        monkeypatch.setattr(Sheet, "select", self._noting("select sheet", vars(Sheet)["select"]))

    def _noting(self, name: str, function: Any) -> Any:
        def call(*arguments: Any, **options: Any) -> Any:
            self.calls.append(name)
            return function(*arguments, **options)

        return call


@pytest.mark.parametrize("blank_standard", [False, True])
def test_a_check_makes_as_few_calls_for_500_rows_as_for_10(
    opened: Callable[..., Open], monkeypatch: pytest.MonkeyPatch, blank_standard: bool
) -> None:
    made = {}
    for size in (10, 500):
        rows = [*REAL.indicators] * 10
        long = of_rows(REAL, rows[:size])
        form = opened(with_cells(long, 1, standard="") if blank_standard else long, f"{size}行.xlsm")
        with monkeypatch.context() as patch:
            counted = Counted(patch)
            assert session.perform("check", form.book) == 0
        made[size] = counted.calls
        assert len(form.results()) > size / 2
    assert made[10] == made[500]
    assert len(made[500]) <= 12, made[500]


def test_heavy_libraries_stay_out_of_a_click(opened: Callable[..., Open]) -> None:
    form = opened(REAL)
    code = (
        "import sys; from xlpkg.live.session import run; print(run('check', sys.argv[1]),"
        "[m for m in ('pandas', 'numpy', 'openpyxl', 'xlsxwriter', 'python_calamine', 'xlwings.pro') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code, str(form.path)], capture_output=True, text=True, check=True)
    assert done.stdout == "0 []\n", done
    assert form.verdict().startswith("有错误：错误17条")


# --- fix, next, clear, submit ---------------------------------------------------------------------------------------


def test_fix_makes_safe_repairs_and_asks_for_the_others(opened: Callable[..., Open]) -> None:
    form = opened(REAL)
    before = form.cells(ENTRY)
    assert session.perform("fix", form.book) == 0
    changed = {
        (r, c) for r, (old, new) in enumerate(zip(before, form.cells(ENTRY), strict=True))
        for c, (a, b) in enumerate(zip(old, new, strict=True)) if a != b and c not in (10, 11)
    }  # fmt: skip
    assert changed == {(7, 6), (18, 3), (19, 5), (26, 5), (28, 5)}
    assert form.document.value(ENTRY, "D19") == "网评工作"
    offers = [line[7] for line in form.results() if line[7]]
    assert "同意后修改：=100%" in offers and all(o.startswith("同意后修改") for o in offers)
    assert session.perform("fix", form.book) == 0  # nothing is ticked: nothing more is changed
    assert [line[7] for line in form.results() if line[7]] == offers


def test_ticked_offers_are_made_on_the_next_press(opened: Callable[..., Open], tmp_path: Path) -> None:
    form = opened(REAL)
    session.perform("fix", form.book)
    lines = form.results()
    at_most = next(n for n, line in enumerate(lines) if line[7] == "同意后修改：=100%")
    split = next(n for n, line in enumerate(lines) if line[9] == "V03" and line[7])
    row, split_cell = (lines[n][2].removeprefix("→ ") for n in (at_most, split))
    for n in (at_most, split):
        form.document.set(RESULTS, f"I{4 + n}", "√")
    before = door.read(form.book).source.declaration.indicators
    assert session.perform("fix", form.book) == 0
    after = door.read(form.book).source.declaration.indicators
    line = int(row[1:])
    split_line = int(split_cell[1:])
    moved = line + (1 if split_line < line else 0)
    assert [form.document.value(ENTRY, f"{c}{moved}") for c in "EFG"] == ["=", "100", "%"]
    assert len(after) == len(before) + 1
    first, second = after[split_line - 18], after[split_line - 17]
    assert (
        (first.l2, first.standard) == (second.l2, second.standard) == (before[split_line - 18].l2, before[split_line - 18].standard)
    )
    assert "；" not in first.value and first.name != second.name
    form.document.recalculate()
    assert form.document.value(ENTRY, f"A{split_line + 1}") == split_line + 1 - 17
    assert form.document.value(ENTRY, f"J{split_line + 1}") not in ("", None, "未复查")


def test_next_goes_from_one_failing_cell_to_the_next_and_skips_what_was_edited(opened: Callable[..., Open]) -> None:
    form = opened(FAULTY)
    assert session.perform("next", form.book) == 0
    session.perform("check", form.book)
    form.document.recalculate()
    cells = sorted({(int(line[2][3:]), line[2][2]) for line in form.results() if line[1] != "提示"})

    def go() -> str:
        assert session.perform("next", form.book) == 0
        return str(form.document.model.CurrentController.getSelection().AbsoluteName).replace("$填报.$", "").split(":")[0]

    expected = [f"{column}${row}" for row, column in cells]
    assert [go() for _ in [*cells, None]] == [*expected, expected[0]]
    row = max(cells)[0]
    form.document.type_in(ENTRY, f"D{row}", "改过的名称")
    form.document.recalculate()
    visited = [go() for _ in cells]
    assert not [cell for cell in visited if cell.endswith(f"${row}")]


def test_clear_leaves_what_was_filled_in(opened: Callable[..., Open]) -> None:
    form = opened(REAL)
    fresh = form.cells(ENTRY), form.cells(RESULTS)
    session.perform("check", form.book)
    assert form.results()
    assert session.perform("clear", form.book) == 0
    assert (form.cells(ENTRY), form.cells(RESULTS)) == fresh


def test_submit_writes_the_file_that_the_command_writes(opened: Callable[..., Open], run: Any, tmp_path: Path) -> None:
    import openpyxl

    corrected = from_json((SAMPLES / "network_office_corrected.json").read_text(encoding="utf-8"))
    form = opened(corrected)
    assert run("submit", form.path, "-o", tmp_path / "by_command.xlsx")[0] == 0
    assert session.perform("submit", form.book) == 0
    by_button = tmp_path / "表_申报表.xlsx"
    books = [openpyxl.load_workbook(p)["申报表"] for p in (by_button, tmp_path / "by_command.xlsx")]
    cells = [[(c.coordinate, c.value, str((c.font, c.border, c.alignment))) for row in book for c in row] for book in books]
    assert cells[0] == cells[1] and len(cells[0]) > 300
    assert books[0].merged_cells.ranges == books[1].merged_cells.ranges
    assert "表_申报表.xlsx" in [book.name for book in form.book.app.books]
    assert by_button.name in str(form.document.value("申报表", "A1"))
    assert session.perform("submit", form.book) == 2
    assert form.verdict() == "没有完成：“表_申报表.xlsx”正开着，请先关闭，再点“生成申报表”。"


# --- what goes wrong ------------------------------------------------------------------------------------------------


def test_protected_results_are_told_in_a_sentence(opened: Callable[..., Open], log: Path) -> None:
    form = opened(REAL)
    form.document.model.Sheets.getByName(ENTRY).protect("")
    assert session.perform("check", form.book) == 2
    assert form.verdict().startswith("没有完成：写不进表格：工作表可能被保护了。请在“审阅”里撤消工作表保护")
    assert "RefusedError" in log.read_text(encoding="utf-8")
    form.document.model.Sheets.getByName(ENTRY).unprotect("")
    assert session.perform("check", form.book) == 0
    assert form.verdict().startswith("有错误：错误17条")


def test_a_missing_sheet_of_ours_is_named(opened: Callable[..., Open]) -> None:
    form = opened(REAL)
    form.document.model.Sheets.getByName(ACTIVITIES).Name = "别的"
    assert session.perform("check", form.book) == 2
    assert form.verdict().startswith("没有完成：找不到“事项对照”表，可能被删除或改名。")


def test_a_book_that_is_not_open_or_open_twice(opened: Callable[..., Open], tmp_path: Path, capsys: Any) -> None:
    form = opened(REAL)
    assert session.run("check", str(tmp_path / "没有.xlsm")) == 2
    assert capsys.readouterr().err == "“没有.xlsm”没有打开，或者刚刚被关闭、改名。请打开表格后再点按钮。\n"
    assert attach.find(str(form.path)) == form.book
    assert attach.find(str(form.path).replace("表", "?")) == form.book
    with Office() as other:
        form_again = form.path.with_name("again")
        form_again.mkdir()
        (form_again / form.path.name).write_bytes(form.path.read_bytes())
        other.open(form_again / form.path.name, hidden=False)
        assert session.run("check", form.path.name) == 2
        assert capsys.readouterr().err == "“表.xlsm”在两个窗口里同时打开。请只留一个，再点按钮。\n"
        assert attach.find(str(form.path)) == form.book  # the full name tells them apart


def test_a_book_that_was_never_saved_can_be_checked_but_not_submitted(opened: Callable[..., Open], office: Office) -> None:
    form = opened(REAL)
    from xlpkg.live.libreoffice.bridge import properties

    template = office.process.desktop.loadComponentFromURL(form.path.as_uri(), "_blank", 0, properties(AsTemplate=True))
    unsaved = xlwings.Book(impl=Book(template, next(iter(APPS))))
    assert session.perform("check", unsaved) == 0
    assert session.perform("submit", unsaved) == 2
    assert Document(template).value(RESULTS, "A2") == "没有完成：这张表还没有保存到本机。请先保存，再点“生成申报表”。"


def test_wps_in_excels_place_is_told(opened: Callable[..., Open], monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    from xlpkg.live.libreoffice.engine import App

    form = opened(REAL)
    monkeypatch.setattr(App, "path", r"C:\Program Files\Kingsoft\WPS Office\office6")
    assert session.run("check", str(form.path)) == 2
    assert capsys.readouterr().err.startswith("这张表是用WPS打开的，按钮只能在Excel里用。")


def test_a_cell_in_edit_mode_is_told() -> None:
    """The error is the one pywin32 raises; that Excel raises it in edit mode is not tried."""
    com_error = type("com_error", (Exception,), {"hresult": -2147418111})
    assert session.explain(com_error("busy")).startswith("有格子正在编辑（光标在格子里闪）")


def test_an_office_that_ended_is_told(tmp_path: Path) -> None:
    build(tmp_path / "表.xlsm", profiles.load("hn2015"), REAL)
    with Office() as office:
        model = office.process.open(tmp_path / "表.xlsm")
        book = xlwings.Book(impl=Book(model, APPS.adopt(office.process)))
        subprocess.run(["kill", "-9", str(office.process.pid)], check=True)
        assert session.perform("check", book) == 2
    with Office() as office:  # the lock file of the one that was killed does not stand in the way
        assert (tmp_path / ".~lock.表.xlsm#").exists()
        office.open(tmp_path / "表.xlsm")


KILLED = """
import os, signal, sys
from xlpkg.live import attach, session
from xlpkg.live.libreoffice import engine
wanted, made = int(sys.argv[2]), 0
def dying(function):
    def call(*arguments, **options):
        global made
        made += 1
        if made == wanted:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*arguments, **options)
    return call
value = vars(engine.Range)["raw_value"]
engine.Range.raw_value = property(value.fget, dying(value.fset))
engine.Range.clear_contents = dying(engine.Range.clear_contents)
engine.Range._write_formulas = dying(engine.Range._write_formulas)
engine.Range.autofit = dying(engine.Range.autofit)
sys.exit(session.run("check", sys.argv[1]))
"""


def test_a_click_that_is_killed_leaves_a_form_that_the_next_click_repairs(opened: Callable[..., Open]) -> None:
    form = opened(REAL)
    session.perform("check", form.book)
    form.document.recalculate()
    whole = form.results()
    theirs = [row[1:9] for row in form.cells(ENTRY)]
    form.document.type_in(ENTRY, "F18", "随机")
    for step in range(1, 20):
        done = subprocess.run([sys.executable, "-c", KILLED, str(form.path), str(step)], capture_output=True, check=False)
        if done.returncode == 0:
            break
        assert done.returncode == -9, done.stderr
        assert door.read(form.book).source.declaration.indicators[0].value == "≥随机次"
    assert step == 7
    form.document.type_in(ENTRY, "F18", "220")
    session.perform("check", form.book)
    form.document.recalculate()
    assert form.results() == whole
    assert [row[1:9] for row in form.cells(ENTRY)] == theirs
