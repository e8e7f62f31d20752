"""The library of indicators: made of what passed, edited, put into a form, chosen from, and asked by the check."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import msgspec
import openpyxl
import pytest
from desktop import Desktop, Window
from forms import changed, good, of_rows, report, with_cells
from office import Document, Office
from open_forms import Open
from waiting import wait_for

from xlpkg.audit.check import Report, check
from xlpkg.cli import main
from xlpkg.collect.library import kind_of_office
from xlpkg.files.a1 import address
from xlpkg.form import profiles
from xlpkg.form.declaration import Declaration
from xlpkg.form.library import Library, LibraryRow
from xlpkg.jobs import check_file, convert_file, fix_file, new_form
from xlpkg.layout import ENTRY, LIBRARY, RESULTS, Layout
from xlpkg.live import session
from xlpkg.reading.library_file import read_library, shipped
from xlpkg.reading.read import read
from xlpkg.writing.library_sheet import save_library
from xlpkg.writing.submission import write_submission

ROAD = "农村公路"
EIGHT = {
    "改造农村公路里程": "12", "修复危桥数量": "3", "工程验收合格率": "100", "工程按期完工率": "95", "公路改造工程费": "110",
    "危桥修复费": "30", "受益群众人数": "6000", "沿线群众满意度": "90",
}  # fmt: skip
"""Indicators of the shipped library and the figures that a clerk writes."""


def asked(declaration: Declaration, *rows: LibraryRow, chosen: str = "") -> Report:
    return check(declaration, profiles.load(declaration.profile), library=Library(rows, chosen))


def said(report: Report, *codes: str) -> list[tuple[str, str, int | None]]:
    return [(f.rule, f.severity, f.row) for f in report.findings if f.rule in (codes or ("L01", "L02"))]


# --- the shipped one ---


@pytest.mark.parametrize("profile_id", profiles.shipped())
def test_every_shipped_indicator_has_its_place_in_every_form(profile_id: str) -> None:
    profile = profiles.load(profile_id)
    fitted = shipped().fitted(profile)
    kept = {row.name for row in fitted.rows}
    lost = [row for row in shipped().rows if row.name not in kept]
    assert {row.l2 for row in lost} <= {"可持续影响指标"} - set(profile.parent)
    assert {(row.l1, row.l2) for row in fitted.rows} <= {(l1, l2) for l2, l1 in profile.parent.items()}


def test_every_shipped_indicator_is_well_written() -> None:
    """Each one, in a good form, with a figure: the check has nothing to say of its name, sign and unit."""
    base = good("hn2015")
    for row in shipped().fitted(profiles.load("hn2015")).rows:
        figure = "100" if row.op == "=" and row.unit == "%" else "95" if row.unit in "%‰" else "12"
        place = next(i.row for i in base.indicators if i.l2 == row.l2)
        trial = with_cells(base, place, name=row.name, value=f"{row.op}{figure}{row.unit}", standard=row.standard)
        found = [f for f in report(trial).findings if f.row == place and f.rule[0] in "FVM" and f.severity != "info"]
        assert not found, (row.name, [(f.rule, f.what) for f in found])


# --- made of what passed ---


@pytest.fixture(scope="module")
def tray(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve units with one like indicator each, and one that did not pass."""
    folder = tmp_path_factory.mktemp("收件")
    base = good("hn2015")
    for n in range(12):
        one = changed(base, unit=f"第{n}县交通运输局", department=f"第{n}县交通运输局", project=f"道路{n}")
        one = with_cells(one, 9, value=f"≥{80 + n}%")
        write_submission(folder / f"{n}.xlsx", check(one, profiles.load("hn2015")))
    bad = with_cells(changed(base, unit="第99县交通运输局"), 1, name="")
    write_submission(folder / "退回.xlsx", check(bad, profiles.load("hn2015")))
    return folder


@pytest.fixture(scope="module")
def book(tray: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("汇总") / "汇总.xlsx"
    main(["collect", str(tray), "-o", str(target)])
    return target


@pytest.mark.parametrize("source", ["folder", "workbook"])
def test_like_indicators_are_one_row_with_their_usual_figures(source: str, tray: Path, book: Path, tmp_path: Path) -> None:
    target = tmp_path / "指标库.xlsx"
    assert main(["library", str(tray if source == "folder" else book), "-o", str(target)]) == 0
    library = read_library(target)
    assert len(library.rows) == len(good("hn2015").indicators)
    (green,) = library.named("公路绿化率", "生态效益指标")
    assert (green.op, green.unit, green.count, green.purpose, green.years) == ("≥", "%", 12, "交通运输", "2024")
    assert (green.low, green.median, green.high) == (81, Decimal("85.5"), 90)
    assert green.peers == "同类12个单位：81—90，中位85.5%"


def test_an_edited_library_is_read_as_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "指标库.xlsx"
    save_library(path, shipped())
    assert read_library(path) == shipped()
    workbook = openpyxl.load_workbook(path)
    sheet = workbook[LIBRARY]
    sheet.delete_cols(1)
    sheet.cell(5, 5).value = "改了名字的指标"
    workbook.save(path)
    assert read_library(path).rows[0].name == "改了名字的指标"
    assert len(read_library(path).rows) == len(shipped().rows)


@pytest.mark.parametrize(
    ("name", "kind"), [("云溪县交通运输局", "交通运输"), ("云溪县人民政府办公室", "人民政府"), ("教育局", "教育")]
)
def test_offices_are_known_without_their_place(name: str, kind: str) -> None:
    assert kind_of_office(name) == kind


def test_what_is_no_library_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = openpyxl.Workbook()
    book.active.append(["甲", "乙"])
    book.save(tmp_path / "别的.xlsx")
    assert main(["new", "--library", str(tmp_path / "别的.xlsx"), "-o", str(tmp_path / "表.xlsx")]) == 2
    assert "没有指标库" in capsys.readouterr().err
    assert not (tmp_path / "表.xlsx").exists()


# --- asked by the check ---


def test_another_unit_than_the_librarys_is_told() -> None:
    base = good("hn2015")
    known = LibraryRow(l2="社会效益指标", name="受益村民人数", unit="户", op="≥")
    assert said(asked(base, known)) == [("L01", "warning", 8)]
    for unit in ("人", "万人", "名"):
        assert said(asked(base, in_unit_of(known, unit))) == []
    assert said(asked(base, known, in_unit_of(known, "人"))) == []
    assert said(asked(base, LibraryRow(l2="数量指标", name="受益村民人数", unit="户"))) == []


def in_unit_of(row: LibraryRow, unit: str) -> LibraryRow:
    return msgspec.structs.replace(row, unit=unit)


@pytest.mark.parametrize(
    ("value", "found"), [("≥12公里", []), ("≥10公里", []), ("≥30公里", []), ("≥12000米", []), ("≥9公里", [1]), ("≥120公里", [1])]
)
def test_a_figure_that_like_units_do_not_have_is_told(value: str, found: list[int]) -> None:
    known = LibraryRow(
        l2="数量指标", name="改造农村公路里程", unit="公里", count=5, low=Decimal(10), median=Decimal(14), high=Decimal(30)
    )
    trial = asked(with_cells(good("hn2015"), 1, value=value), known)
    assert said(trial) == [("L02", "info", row) for row in found]
    if found:
        assert "同类5个单位：10—30，中位14公里" in next(f.what for f in trial.findings if f.rule == "L02")


def test_a_vague_value_is_answered_with_the_librarys_indicators() -> None:
    vague = with_cells(good("hn2015"), 8, name="群众出行改善情况", value="明显改善")
    known = LibraryRow(purpose=ROAD, l2="社会效益指标", name="受益群众人数", op="≥", unit="人")
    (plain,) = [f for f in report(vague).findings if f.rule == "M02" and f.row == 8]
    (told,) = [f for f in asked(vague, known, chosen=ROAD).findings if f.rule == "M02" and f.row == 8]
    assert told.suggestion == f"{plain.suggestion}指标库里的同类指标有“受益群众人数”（≥人）。"
    assert [f for f in asked(vague, known).findings if f.rule == "M02"] == [f for f in report(vague).findings if f.rule == "M02"]


def test_a_form_carries_its_library_into_every_copy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    form = tmp_path / "表.xlsx"
    new_form(form, profiles.load("hn2015"), shipped())
    assert read(form).library == shipped().fitted(profiles.load("hn2015"))
    convert_file(form, tmp_path / "转.xlsx")
    fix_file(form, tmp_path / "改.xlsx")
    check_file(form, tmp_path / "检.xlsx")
    for name in ("转.xlsx", "改.xlsx", "检.xlsx"):
        assert read(tmp_path / name).library == read(form).library
    main(["convert", str(form), "-o", str(tmp_path / "又.xlsx")])
    assert "没有带到" not in capsys.readouterr().err


# --- in LibreOffice ---


class Filling:
    """A blank form with the shipped library, as a person fills it."""

    def __init__(self, document: Document, profile_id: str = "hn2015") -> None:
        self.document, self.profile = document, profiles.load(profile_id)
        self.layout = Layout(self.profile)
        self.purpose = address(self.layout.section_row, self.layout.purpose_column)

    def cell(self, column: str, row: int) -> str:
        return address(self.layout.first_row + row, self.layout.columns.index(column))

    def beside(self, row: int) -> list[object]:
        first = self.layout.columns.reference
        return [self.document.value(ENTRY, address(self.layout.first_row + row, first + n)) for n in range(4)]


@pytest.mark.office
@pytest.mark.parametrize("profile_id", profiles.shipped())
def test_names_follow_purpose_and_category(office: Office, tmp_path: Path, profile_id: str) -> None:
    new_form(tmp_path / "表.xlsx", profiles.load(profile_id), shipped())
    with office.open(tmp_path / "表.xlsx") as document:
        form = Filling(document, profile_id)
        assert document.evaluate_list(ENTRY, form.purpose) == list(shipped().purposes)
        document.type_in(ENTRY, form.cell("l1", 0), "产出指标")
        document.type_in(ENTRY, form.cell("l2", 0), "数量指标")
        every = document.evaluate_list(ENTRY, form.cell("name", 0))
        assert {"改造农村公路里程", "资助学生人数"} <= set(every) and len(every) == len(set(every))
        document.type_in(ENTRY, form.purpose, ROAD)
        assert document.evaluate_list(ENTRY, form.cell("name", 0)) == ["改造农村公路里程", "修复危桥数量", "安装波形护栏长度"]
        document.type_in(ENTRY, form.cell("name", 0), "修复危桥数量")
        document.recalculate()
        assert form.beside(0) == ["≥", "座", "完成修复并验收的危桥", ""]
        assert form.beside(1) == ["", "", "", ""]
        document.type_in(ENTRY, form.cell("l2", 59), "时效指标")
        assert document.evaluate_list(ENTRY, form.cell("name", 59))[-2:] == ["项目按期完成率", "资金支付及时率"]


@pytest.fixture
def picked(office: Office, log: Path, tmp_path: Path) -> tuple[Open, list[str]]:
    """A form into which the ticked indicators were put, and their names."""
    path = tmp_path / "表.xlsm"
    new_form(path, profiles.load("hn2015"), shipped())
    form = Open(path, office.open(path, hidden=False))
    names = tick(form.document)
    assert session.perform("pick", form.book) == 0
    return form, names


@pytest.mark.office
def test_ticked_indicators_are_put_into_the_form(picked: tuple[Open, list[str]]) -> None:
    form, names = picked
    rows = read_open(form)
    assert [i.name for i in rows.indicators] == names
    known = {row.name: row for row in shipped().rows if row.purpose == ROAD}
    assert [(i.op, i.unit, i.standard) for i in rows.indicators] == [(known[n].op, known[n].unit, known[n].standard) for n in names]
    assert session.perform("pick", form.book) == 2
    assert "打√" in form.verdict()
    assert [i.name for i in read_open(form).indicators] == names


@pytest.mark.office
def test_a_row_that_was_inserted_gets_what_the_library_says(picked: tuple[Open, list[str]]) -> None:
    form, names = picked
    filling = Filling(form.document)
    form.document.insert_rows(ENTRY, filling.layout.first_row + 2, 1)
    for column, text in {"l1": "产出指标", "l2": "数量指标", "name": "修复危桥数量"}.items():
        form.document.type_in(ENTRY, filling.cell(column, 1), text)
    session.perform("check", form.book)
    form.document.recalculate()
    assert filling.beside(1)[:3] == ["≥", "座", "完成修复并验收的危桥"]
    assert filling.beside(0)[1] and filling.beside(2)[1] and len(names) == len(EIGHT)


def tick(document: Document) -> list[str]:
    """A tick at each of the eight; their names in the order of the sheet."""
    sheet = document.model.Sheets.getByName(LIBRARY)
    names = []
    for n, row in enumerate(sheet.getCellRangeByName("A5:G200").getDataArray(), 5):
        if row[3] == ROAD and row[6] in EIGHT:
            document.set(LIBRARY, f"A{n}", "√")
            names.append(row[6])
    assert len(names) == len(EIGHT)
    return names


def read_open(form: Open) -> Declaration:
    from xlpkg.live import open_form

    return open_form.read(form.book).source.declaration


@pytest.mark.office
@pytest.mark.slow
def test_a_new_user_fills_eight_rows_by_mouse(desktop: Desktop, tmp_path: Path) -> None:
    """No indicator's name is typed: ticks on 指标库, the button, then the figures; the check finds no error."""
    path = tmp_path / "新 表.xlsm"
    new_form(path, profiles.load("hn2015"), shipped())
    base = good("hn2015")
    with Window(desktop, path) as window:
        form = Filling(window.document)
        sheet = window.model.Sheets.getByName(LIBRARY)
        rows = [
            n for n, row in enumerate(sheet.getCellRangeByName("A5:G200").getDataArray(), 5) if row[3] == ROAD and row[6] in EIGHT
        ]  # fmt: skip
        for n in rows:
            window.show(LIBRARY, n)
            desktop.click(*window.place(f"A{n}"))
            wait_for(lambda n=n: window.selected() == f"{LIBRARY}!A{n}")
            desktop.do("key", "alt+Down", "sleep", "0.4", "key", "Down", "Return")
            wait_for(lambda n=n: window.document.value(LIBRARY, f"A{n}") == "√")
        window.show(LIBRARY, 5)
        window.press("选指标")
        wait_for(lambda: window.document.value(ENTRY, form.cell("name", 7)) == "沿线群众满意度")
        for field, (_, (row, column), _) in form.layout.header.items():
            window.document.type_in(ENTRY, address(row, column), base.header(field))
        window.document.type_in(ENTRY, form.purpose, ROAD)
        for n, figure in enumerate(EIGHT.values()):
            window.show(ENTRY, form.layout.first_row + 1)
            desktop.click(*window.place(form.cell("number", n)))
            desktop.do("type", figure)
            desktop.do("key", "Return")
            wait_for(lambda n=n, figure=figure: window.document.value(ENTRY, form.cell("number", n)) == figure)
        window.show(ENTRY, form.layout.first_row)
        window.press("检查")
        wait_for(lambda: "错误0条" in str(window.document.value(RESULTS, "A2")))
        wait_for(lambda: window.document.value(ENTRY, form.cell("check", 7)) in ("通过", "提：见检查结果"), 30)
        assert form.beside(0)[:2] == ["≥", "公里"]
        picture = desktop.picture(tmp_path / "filled.png")
        assert picture.stat().st_size > 20_000


def test_eight_chosen_rows_check_without_an_error() -> None:
    from xlpkg.form.declaration import Indicator

    base = good("hn2015")
    fitted = shipped().fitted(profiles.load("hn2015"))
    known = {row.name: row for row in fitted.rows if row.purpose == ROAD}
    rows = [
        Indicator(n, known[name].l1, known[name].l2, name, known[name].op, figure, known[name].unit, known[name].standard, "", {})
        for n, (name, figure) in enumerate(EIGHT.items(), 1)
    ]
    assert [(f.rule, f.what) for f in report(of_rows(base, rows)).findings if f.severity == "error"] == []
