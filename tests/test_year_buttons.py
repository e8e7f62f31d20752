"""The buttons of the later forms, and those that make them, in a real LibreOffice: what the commands say, no cell of the user."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from desktop import Desktop, Window
from forms import HN2015, write_form
from office import Office
from open_forms import Open
from test_macros import run_sub
from waiting import wait_for
from year_forms import DECLARATION, DECLARED, GOOD, changed, judged

from xlpkg.audit.digest import digest
from xlpkg.audit.facts.finding import SEVERITIES
from xlpkg.layout import RESULTS
from xlpkg.live import session
from xlpkg.live.libreoffice.engine import APPS, Book
from xlpkg.reading.source import LATER_NAMES
from xlpkg.writing.build import build as build_form
from xlpkg.year.form import MONITORING, SELF_EVALUATION, YearForm
from xlpkg.year.reading import read_year
from xlpkg.year.workbook import build

pytestmark = [pytest.mark.office, pytest.mark.slow]
WRONG = {
    MONITORING: "1 actual = =7公里\n2 actual = 已开展\nfunds.total.executed = 150\n8 chance = 有可能",
    SELF_EVALUATION: "1 actual = =12.3公里\n8 score = 8\n2 actual = 完成\nexecution_score = 9\ntotal = 99",
}


class OpenLater(Open):
    """A later form that is open, with buttons."""

    def __init__(self, office: Office, path: Path, form: YearForm, *, macros: bool = False) -> None:
        build(path, judged(form))
        super().__init__(path, office.open(path, macros=macros, hidden=False))
        import xlwings

        self.book = xlwings.Book(impl=Book(self.document.model, APPS.adopt(office.process)))
        self.name = LATER_NAMES[form.kind]
        self.document.recalculate()

    def unlocked(self, row: int, column: int) -> bool:
        return not self.document.model.Sheets.getByName(self.name).getCellByPosition(column, row).CellProtection.IsLocked

    def colour(self, cell: str) -> int:
        """The fill of a cell as it is drawn, conditional formats included."""
        return int(self.document.model.Sheets.getByName(self.name).getCellRangeByName(cell).CellBackColor)


@pytest.fixture
def close(office: Office) -> Any:
    yield
    for model in office.process.documents():
        model.close(True)


@pytest.mark.parametrize("kind", GOOD)
def test_check_lists_what_the_command_line_says_and_writes_only_our_cells(
    kind: str, office: Office, close: None, tmp_path: Path
) -> None:
    form = changed(GOOD[kind], WRONG[kind])
    opened = OpenLater(office, tmp_path / "表.xlsm", form)
    before = opened.cells(opened.name)
    assert session.perform("check", opened.book) == 0
    source = read_year(opened.path)
    assert source is not None and source.form == form
    report = judged(form)
    assert [(line.severity, line.place, line.what, line.rule) for line in opened.results()] == [
        (SEVERITIES[t.severity], t.where, t.what, "、".join(t.rules)) for t in digest(report.findings)
    ]
    first = digest(report.findings)[0].first
    assert opened.links()[0] == [f"→ {source.cell(first.row, first.field)}"]
    assert opened.verdict().startswith(f"有错误：错误{report.errors}条") and opened.verdict() == opened.document.value(
        opened.name, "A2"
    )
    written = {
        (r, c)
        for r, (old, new) in enumerate(zip(before, opened.cells(opened.name), strict=True))
        for c, (a, b) in enumerate(zip(old, new, strict=True))
        if a != b
    }
    (mark,) = {c for _, c in written}
    hidden = opened.document.model.Sheets.getByName(opened.name).Columns.getByIndex(mark)
    assert not hidden.IsVisible and all(opened.unlocked(r, c) for r, c in written)
    assert session.perform("next", opened.book) == 0
    selected = opened.document.model.CurrentController.getSelection().AbsoluteName
    assert selected.replace("$", "").split(".")[-1].split(":")[0] == source.cell(first.row, first.field)
    assert session.perform("clear", opened.book) == 0
    assert opened.cells(opened.name) == before and not opened.results()


def test_fix_mends_writing_at_once_and_meaning_where_it_is_ticked(office: Office, close: None, tmp_path: Path) -> None:
    form = changed(GOOD[SELF_EVALUATION], WRONG[SELF_EVALUATION])
    opened = OpenLater(office, tmp_path / "表.xlsm", form)
    before = opened.cells(opened.name)
    assert session.perform("fix", opened.book) == 0
    opened.document.recalculate()
    source = read_year(opened.path)
    assert source is not None
    assert opened.document.value(opened.name, str(source.cell(1, "actual"))) == "12.3公里"
    assert opened.document.value(opened.name, str(source.cell(8, "score"))) == 8
    offers = {line.rule: n for n, line in enumerate(opened.results()) if line.offer}
    for code in ("S04", "S09"):
        opened.document.set(RESULTS, f"B{4 + offers[code]}", "√")
    assert session.perform("fix", opened.book) == 0
    opened.document.recalculate()
    values = [opened.document.value(opened.name, str(source.cell(*place))) for place in (
        (8, "score"), (None, "execution_score"), (None, "total"), (None, "grade")
    )]  # fmt: skip
    assert values == [7.6, 9.93, 99.53, "优"]
    assert [line.rule for line in opened.results() if line.severity == "错误"] == ["S13"]  # 完成 is not a number
    changes = {
        (r, c) for r, (old, new) in enumerate(zip(before, opened.cells(opened.name), strict=True))
        for c, (a, b) in enumerate(zip(old, new, strict=True)) if a != b
    }  # fmt: skip
    assert all(opened.unlocked(r, c) for r, c in changes)


def test_a_form_without_buttons_is_checked_from_the_addin(office: Office, close: None, tmp_path: Path) -> None:
    opened = OpenLater(office, tmp_path / "表.xlsx", changed(GOOD[MONITORING], WRONG[MONITORING]))
    assert session.perform("check", opened.book) == 0
    assert opened.verdict().startswith("有错误")
    opened.document.save_as(tmp_path / "saved.xlsx")
    saved = read_year(tmp_path / "saved.xlsx")
    assert saved is not None and saved.form == changed(GOOD[MONITORING], WRONG[MONITORING])


@pytest.mark.parametrize("kind", GOOD)
def test_submit_writes_the_page_beside_and_opens_it(kind: str, office: Office, close: None, tmp_path: Path) -> None:
    opened = OpenLater(office, tmp_path / "表.xlsm", GOOD[kind])
    assert session.perform("submit", opened.book) == 0
    sent = read_year(tmp_path / "表_报送.xlsx")
    assert sent is not None and sent.seal == judged(GOOD[kind]).seal
    assert "表_报送.xlsx" in [book.name for book in opened.book.app.books]
    assert session.perform("submit", opened.book) == 2
    assert opened.verdict() == "没有完成：“表_报送.xlsx”正开着，请先关闭，再点“生成报送表”。"
    for action in ("import", "pick"):
        assert session.perform(action, opened.book, *(["x"] if action == "import" else [])) == 2
        assert "用于申报表" in opened.verdict()


def test_the_year_by_buttons(office: Office, close: None, tmp_path: Path) -> None:
    """Declaration → July → September → self-evaluation, each out of the one that is open; nothing is written over."""
    build_form(tmp_path / "申报.xlsm", DECLARED, DECLARATION)
    declaration = Open(tmp_path / "申报.xlsm", office.open(tmp_path / "申报.xlsm", hidden=False))

    def opened(name: str) -> Any:
        return next(book for book in declaration.book.app.books if book.name == name)

    for name in ("申报_7月监控表.xlsm", "申报_7月监控表2.xlsm"):
        assert session.perform("monitor", declaration.book) == 0
        source = read_year(tmp_path / name)
        assert source is not None and [r.target for r in source.form.rows] == [r.target for r in GOOD[MONITORING].rows]
    july = opened("申报_7月监控表.xlsm")
    cell = source.cell(1, "actual")
    july.sheets["绩效运行监控表"].range(cell).value = "7公里"
    assert session.perform("monitor", july) == 0
    assert session.perform("evaluate", opened("申报_9月监控表.xlsm")) == 0
    for name, kind in (("申报_9月监控表.xlsm", MONITORING), ("申报_自评表.xlsm", SELF_EVALUATION)):
        source = read_year(tmp_path / name)
        assert source is not None and source.form.kind == kind
        assert source.form.rows[0].before == ("7公里" if kind == MONITORING else "")
    assert session.perform("evaluate", opened("申报_自评表.xlsm")) == 2


@pytest.mark.parametrize("kind", GOOD)
def test_by_mouse(kind: str, desktop: Desktop, tmp_path: Path) -> None:
    build(tmp_path / "表.xlsm", judged(changed(GOOD[kind], WRONG[kind])))
    name = LATER_NAMES[kind]
    with Window(desktop, tmp_path / "表.xlsm") as window:
        window.press("检查")
        wait_for(lambda: str(window.document.value(RESULTS, "A2")).startswith("有错误"))
        wait_for(lambda: str(window.document.value(name, "A2")).startswith("有错误"))
        desktop.picture(tmp_path / "checked.png")
        window.press("一键修复")
        wait_for(lambda: "=" not in str(window.document.value(name, str(cell_of(tmp_path, "actual")))))
        window.press("生成报送表")
        wait_for(lambda: (tmp_path / "表_报送（草稿）.xlsx").exists() and len(window.office.documents()) == 2)


def cell_of(folder: Path, field: str) -> str | None:
    source = read_year(folder / "表.xlsm")
    assert source is not None
    return source.cell(1, field)


def test_the_declarations_buttons_by_mouse(desktop: Desktop, tmp_path: Path) -> None:
    with Window(desktop, write_form(tmp_path / "申报.xlsm", HN2015)) as window:
        window.press("生成监控表")
        wait_for(lambda: (tmp_path / "申报_7月监控表.xlsm").exists() and len(window.office.documents()) == 2)
    source = read_year(tmp_path / "申报_7月监控表.xlsm")
    assert source is not None and source.form.declaration == HN2015


@pytest.mark.parametrize("module", ["Buttons", "Ribbon"])
def test_the_macros_of_a_later_form_start_python(module: str, office: Office, close: None, tmp_path: Path) -> None:
    opened = OpenLater(office, tmp_path / "表 一.xlsm", changed(GOOD[MONITORING], WRONG[MONITORING]), macros=True)
    control = (opened.document.model,) if module == "Ribbon" else ()
    run_sub(opened.document, module, "CheckForm" if module == "Buttons" else "RibbonCheck", *control)
    wait_for(lambda: opened.verdict().startswith("有错误"))
    run_sub(opened.document, module, "EvaluateForm" if module == "Buttons" else "RibbonEvaluate", *control)
    wait_for(lambda: (tmp_path / "表 一_自评表.xlsm").exists())
    wait_for(lambda: len(office.process.documents()) == 2)
