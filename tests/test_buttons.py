"""The handlers in a headless LibreOffice: the command line's results, few calls, no cell of the user."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from forms import FAULTY, HN2015, of_rows, report, with_cells
from office import Document
from open_forms import REAL, SAMPLES, Open
from own_form import OWN

from xlpkg.audit.check import check
from xlpkg.audit.digest import digest
from xlpkg.audit.facts.finding import SEVERITIES
from xlpkg.files.a1 import address
from xlpkg.form import profiles
from xlpkg.form.declaration import Declaration, from_json, to_json
from xlpkg.layout import ACTIVITIES, ENTRY, RESULTS, Layout
from xlpkg.live import open_form, session
from xlpkg.live.libreoffice.bridge import enum, uno
from xlpkg.live.libreoffice.engine import Range
from xlpkg.live.merged import by_halves
from xlpkg.reading.read import read
from xlpkg.writing.build import build
from xlpkg.writing.findings import FIRST_ROW, MORE, cells_of

pytestmark = pytest.mark.office


# --- check ----------------------------------------------------------------------------------------------------------


def test_check_shows_what_the_command_line_says(opened: Callable[..., Open]) -> None:
    form = opened(REAL)
    report = check(REAL, profiles.load("hn2015"))
    assert session.perform("check", form.book) == 0
    form.document.recalculate()
    lines = form.results()
    told = digest(report.findings)
    assert [(line.severity, line.place, line.what, line.advice, line.rule) for line in lines] == [
        (SEVERITIES[t.severity], t.where, t.what, t.advice, "、".join(t.rules)) for t in told
    ]
    places = read(form.path).places
    assert places is not None
    assert form.links() == [[f"→ {cell}" for cell in cells_of(line, places)] for line in told]
    assert form.verdict().startswith("有错误：错误17条，提醒57条，提示32条。合并起来要改5件（17处）")
    assert [form.document.value(ENTRY, c) for c in ("A3", "C3", "D3", "G3")] == [140, 140, 0, "17／57"]
    assert [form.document.value(ENTRY, f"J{r}") for r in (18, 19, 20)] == ["通过", "错：见检查结果", "提：见检查结果"]
    shown = {
        line[0]: line[4] for line in form.document.model.Sheets.getByName(ACTIVITIES).getCellRangeByName("A4:G30").getDataArray()
    }
    assert (shown["成本合计"], shown["可用资金"], shown["网络舆情管理"]) == (140, 140, 20)


def test_hints_are_folded_away_whatever_was_folded_or_filtered_before(opened: Callable[..., Open]) -> None:
    form = opened(REAL)
    sheet = form.document.model.Sheets.getByName(RESULTS)

    def hidden() -> list[str]:
        rows = [sheet.Rows.getByIndex(FIRST_ROW + n).IsVisible for n in range(60)]
        return [line.severity for line, shown in zip(form.results(), rows, strict=False) if not shown]

    def hints() -> list[str]:
        return [line.severity for line in form.results() if line.severity == "提示"]

    session.perform("check", form.book)
    assert hidden() == hints() != []
    sheet.Rows.getByIndex(FIRST_ROW + len(form.results()) - 1).IsVisible = True  # one opened by hand
    lines = sheet.getCellRangeByName("D3:H5000")
    only = lines.createFilterDescriptor(True)
    only.ContainsHeader, equal = True, enum("sheet.FilterOperator", "EQUAL")
    field = uno().createUnoStruct("com.sun.star.sheet.TableFilterField", Operator=equal, StringValue="第16—20行")
    only.setFilterFields((field,))
    lines.filter(only)
    assert len(hidden()) > len(hints())
    form.document.type_in(ENTRY, "E18", "=")
    session.perform("check", form.book)
    assert hidden() == hints()
    session.perform("clear", form.book)
    assert all(sheet.Rows.getByIndex(FIRST_ROW + n).IsVisible for n in range(60))


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
            theirs = [[c for n, c in enumerate(row) if n not in (10, 11, 12)] for row in cells]
            assert [[c for n, c in enumerate(row) if n not in (10, 11, 12)] for row in form.cells(sheet)] == theirs, sheet


def test_an_edited_row_is_told_and_the_next_check_takes_away_only_its_marks(opened: Callable[..., Open]) -> None:
    form = opened(REAL)
    session.perform("check", form.book)
    before = [row[10] for row in form.cells(ENTRY)]
    found = zip(form.results(), form.links(), strict=True)
    row = next(int(links[-1].removeprefix("→ F")) for line, links in found if line.rule == "V01")
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
    before = form.links()
    form.document.insert_rows(ENTRY, 30, 2)
    form.document.delete_rows(ENTRY, 19, 1)
    form.document.recalculate()

    def moved(link: str) -> str:
        column, row = link[:3], int(link[3:])
        return "已删除" if row == 19 else f"{column}{row + (1 if row >= 30 else -1 if row > 19 else 0)}"

    assert form.links() == [[moved(link) for link in links] for links in before]


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
        monkeypatch.setattr(open_form, "merged_areas", by_halves)  # as Excel is asked
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
        assert sum(map(len, form.links())) > size / 2 or size > MORE
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
        for c, (a, b) in enumerate(zip(old, new, strict=True)) if a != b and c not in (10, 11, 12)
    }  # fmt: skip
    assert changed == {(7, 6), (18, 3), (19, 5), (26, 5), (28, 5)}
    assert form.document.value(ENTRY, "D19") == "网评工作"
    offers = [line.offer for line in form.results() if line.offer]
    assert "同意后修改：=100%" in offers and all(o.startswith("同意后修改") for o in offers)
    assert session.perform("fix", form.book) == 0  # nothing is ticked: nothing more is changed
    assert [line.offer for line in form.results() if line.offer] == offers


def test_ticked_offers_are_made_on_the_next_press(opened: Callable[..., Open], tmp_path: Path) -> None:
    form = opened(REAL)
    session.perform("fix", form.book)
    lines = form.results()
    at_most = next(n for n, line in enumerate(lines) if line.offer == "同意后修改：=100%")
    split = next(n for n, line in enumerate(lines) if line.rule.startswith("V03") and line.offer)
    for n in (at_most, split):
        form.document.set(RESULTS, f"B{4 + n}", "√")
    before = open_form.read(form.book).source.declaration.indicators
    told = [line for line in digest(report(of_rows(REAL, before)).findings) if line.rules[0] in ("V01", "V03")]
    floors, several = (sorted(f.row for f in line.own if f.row and f.fix) for line in sorted(told, key=lambda t: t.rules[0]))
    assert session.perform("fix", form.book) == 0
    after = open_form.read(form.book).source.declaration.indicators
    names = {before[row - 1].name for row in floors}
    assert {i.value for i in after if i.name in names} == {"=100%"}
    kept = {before[row - 1].name for row in range(1, len(before) + 1) if row not in several}
    parts = [i for i in after if i.name not in kept]
    assert len(after) == len(before) + len(parts) - len(several) > len(before)
    assert {(i.l2, i.standard) for i in parts} == {(before[row - 1].l2, before[row - 1].standard) for row in several}
    assert not any("；" in i.value for i in parts)
    form.document.recalculate()
    line = 18 + after.index(parts[1])
    assert form.document.value(ENTRY, f"A{line}") == line - 17
    assert form.document.value(ENTRY, f"J{line}") not in ("", None, "未复查")


def test_next_goes_from_one_failing_cell_to_the_next_and_skips_what_was_edited(opened: Callable[..., Open]) -> None:
    form = opened(FAULTY)
    assert session.perform("next", form.book) == 0
    session.perform("check", form.book)
    form.document.recalculate()
    lines = zip(form.results(), form.links(), strict=True)
    cells = list(dict.fromkeys(link[2:] for line, links in lines if line.severity != "提示" for link in links))

    def go() -> str:
        assert session.perform("next", form.book) == 0
        return str(form.document.model.CurrentController.getSelection().AbsoluteName).replace("$填报.$", "").split(":")[0]

    expected = [f"{cell[0]}${cell[1:]}" for cell in cells]
    assert [go() for _ in [*cells, None]] == [*expected, expected[0]]
    row = int(cells[-1][1:])
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


# --- a form that is not shipped -------------------------------------------------------------------------------------


def test_buttons_on_a_form_that_is_not_shipped(opened: Callable[..., Open], own_profile: Path, tmp_path: Path) -> None:
    profile = profiles.chosen(str(own_profile))
    faulty = with_cells(with_cells(OWN, 1, weight="25", name=" 维修渠道长度"), 2, kind="主要指标")
    form = opened(faulty)
    profiles._named.clear()  # the machine where the form is filled in does not know it
    assert session.perform("check", form.book) == 0
    form.document.recalculate()
    assert {(line.rule, line.place) for line in form.results() if line.severity == "错误"} == {
        ("B13", "绩效指标"), ("F18", "第2行“工程验收合格率”"),
    }  # fmt: skip
    assert session.perform("fix", form.book) == 0
    layout = Layout(profile)
    assert form.document.value(ENTRY, address(layout.first_row, layout.columns.index("name"))) == "维修渠道长度"
    assert form.document.value(ENTRY, address(layout.first_row, layout.columns.index("weight"))) == "25"
    assert session.perform("submit", form.book) == 0
    assert (tmp_path / "表_申报表（草稿）.xlsx").exists()


def test_import_fills_further_columns(opened: Callable[..., Open], own_profile: Path, tmp_path: Path) -> None:
    profile = profiles.chosen(str(own_profile))
    (tmp_path / "a.json").write_text(to_json(OWN), encoding="utf-8")
    form = opened(Declaration(profile.id))
    assert session.perform("import", form.book, str(tmp_path / "a.json")) == 0
    form.document.recalculate()
    assert form.verdict().startswith("可报送") or form.verdict().startswith("有提醒")
    layout = Layout(profile)
    kinds = [form.document.value(ENTRY, address(layout.first_row + n, layout.columns.index("kind"))) for n in range(3)]
    assert kinds == ["核心指标", "一般指标", "一般指标"]
    assert form.document.value(ENTRY, address(*layout.header["leader"].value)) == "张三"
