"""What a person sees of an open form: sheets come up when they hold something, rows fit what is written, errors are red."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from forms import HN2015, changed, with_cells
from office import Office
from open_forms import Open

from xlpkg.form import profiles
from xlpkg.layout import ACTIVITIES, ENTRY, INTAKE, RESULTS, SUBMISSION, Layout
from xlpkg.live import session
from xlpkg.writing.build import build
from xlpkg.writing.style import GREEN, RED

pytestmark = pytest.mark.office
LONG = "农村公路" * 12


def shown(form: Open) -> set[str]:
    sheets = form.document.model.Sheets
    return {name for name in (RESULTS, ACTIVITIES, SUBMISSION, INTAKE) if sheets.getByName(name).IsVisible}


def height(form: Open, row: int) -> float:
    """Of a row (from 1), in points."""
    return float(form.document.model.Sheets.getByName(ENTRY).Rows.getByIndex(row - 1).Height) * 72 / 2540


def test_sheets_come_up_when_they_hold_something(opened: Callable[..., Open]) -> None:
    form = opened()
    assert not shown(form)
    assert session.perform("next", form.book) == 0 and not shown(form)
    assert session.perform("import", form.book, "/no/such.docx") == 2
    assert shown(form) == {RESULTS}, "what went wrong is told there"
    assert session.perform("check", form.book) == 0
    assert shown(form) == {RESULTS, ACTIVITIES}


def test_an_unchecked_form_prints_the_form_and_the_guide_alone(office: Office, tmp_path: Path) -> None:
    build(tmp_path / "表.xlsx", profiles.load("hn2015"))
    with office.open(tmp_path / "表.xlsx") as document:
        document.pdf(tmp_path / "表.pdf")
    import subprocess

    text = subprocess.run(["pdftotext", tmp_path / "表.pdf", "-"], capture_output=True, text=True, check=True).stdout
    pages = text.split("\f")
    assert len(pages) - 1 == 6 and not any(title in text for title in ("还没有检查", "各事项成本", "由“生成申报表”产生"))


def test_imported_rows_and_fields_fit_their_texts(opened: Callable[..., Open], tmp_path: Path) -> None:
    long = changed(with_cells(HN2015, 2, name=LONG), long_goal=LONG * 6)
    build(tmp_path / "外.xlsx", profiles.load("hn2015"), long)
    form = opened()
    assert session.perform("import", form.book, str(tmp_path / "外.xlsx")) == 0
    layout = Layout(profiles.load("hn2015"))
    first = layout.first_row + 1
    assert height(form, first) < 19
    assert height(form, first + 1) > 40, "three lines"
    assert height(form, layout.header["long_goal"].value[0] + 1) > 60


def test_a_row_grows_with_what_is_typed(office: Office, tmp_path: Path) -> None:
    build(tmp_path / "表.xlsx", profiles.load("hn2015"))
    row = Layout(profiles.load("hn2015")).first_row + 1
    with office.open(tmp_path / "表.xlsx") as document:
        rows = document.model.Sheets.getByName(ENTRY).Rows
        before = rows.getByIndex(row - 1).Height
        document.type_in(ENTRY, f"D{row}", LONG)
        assert rows.getByIndex(row - 1).Height > 2 * before


def test_the_count_of_errors_is_red_and_none_is_green(opened: Callable[..., Open]) -> None:
    from xlpkg.files.a1 import address

    layout = Layout(profiles.load("hn2015"))
    cell = address(*layout.panel["counts"].value)

    def colours(form: Open) -> list[str]:
        """The fills of the conditional formats of the cell that apply now, in Excel's notation."""
        formats = form.document.model.Sheets.getByName(ENTRY).getCellRangeByName(cell).ConditionalFormat
        styles = form.document.model.StyleFamilies.getByName("CellStyles")
        found = []
        for entry in (formats.getByIndex(n) for n in range(formats.Count)):
            form.document.model.Sheets.getByName(ENTRY).getCellRangeByName("Z1").Formula = f"=--({entry.Formula1})"
            if form.document.value(ENTRY, "Z1") == 1:
                found.append(f"#{styles.getByName(entry.StyleName).CellBackColor & 0xFFFFFF:06X}")
        return found

    good, bad = opened(HN2015, "好.xlsm"), opened(with_cells(HN2015, 1, name=""), "坏.xlsm")
    assert colours(good) == []
    for form, colour in ((good, GREEN), (bad, RED)):
        assert session.perform("check", form.book) == 0
        form.document.recalculate()
        assert colours(form) == [colour]
    good.document.set(ENTRY, address(*layout.header["unit"].value), "别的单位")
    good.document.recalculate()
    assert colours(good) == [], "changed since the check"
