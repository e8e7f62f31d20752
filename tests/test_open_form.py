"""An open form read in a headless LibreOffice: the same declaration as its file gives, whatever was done to the sheet."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from forms import HN2015
from open_forms import REAL, SAMPLES, Open

from xlpkg.audit.check import check
from xlpkg.files.errors import UnreadableError
from xlpkg.form.declaration import from_json
from xlpkg.layout import ENTRY
from xlpkg.live import open_form, session
from xlpkg.live.merged import by_halves
from xlpkg.reading.read import read

pytestmark = pytest.mark.office


def reads_as_its_file(form: Open, copy: Path) -> None:
    """The live declaration is that of the saved copy, and so are the findings with their cells."""
    form.document.recalculate()
    form.document.save_as(copy)
    live, file = open_form.read(form.book).source, read(copy)
    assert live.declaration == file.declaration
    assert (live.profile, live.places) == (file.profile, file.places)
    assert check(live.declaration, live.profile).findings == check(file.declaration, file.profile).findings


@pytest.mark.parametrize("sample", sorted(SAMPLES.glob("*.json")), ids=lambda p: p.stem)
def test_every_sample_reads_as_its_file(opened: Callable[..., Open], sample: Path) -> None:
    form = opened(from_json(sample.read_text(encoding="utf-8")))
    live, file = open_form.read(form.book).source, read(form.path)
    assert (live.declaration, live.places) == (file.declaration, file.places)


def test_numbers_dates_percents_and_blanks_read_as_in_the_file(opened: Callable[..., Open], tmp_path: Path) -> None:
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
    reads_as_its_file(form, tmp_path / "copy.xlsx")
    rows = open_form.read(form.book).source.declaration.indicators
    shown = ("220", "95%", "2023年12月31日", "12.34%", "0.3", "12:00")
    assert [text in row.value for text, row in zip(shown, rows, strict=False)] == [True] * 6, [r.value for r in rows]


@pytest.mark.parametrize("change", ["insert", "delete", "move", "sort", "merge", "insert above"])
def test_rows_that_were_moved_read_as_in_the_file(opened: Callable[..., Open], tmp_path: Path, change: str) -> None:
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
    reads_as_its_file(form, tmp_path / "copy.xlsx")


REBUILD = "也可以用 xlpkg fix --rebuild 把内容转到新表。"
"""What reading the file offers besides, and a button cannot."""


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
        open_form.read(form.book)
    form.document.recalculate()
    form.document.save_as(tmp_path / "copy.xlsx")
    with pytest.raises(UnreadableError) as refused:
        read(tmp_path / "copy.xlsx")
    assert str(refused.value).replace("copy.xlsx", "表.xlsm").removesuffix(REBUILD) == sentence
    assert session.perform("check", form.book) == 2
    assert form.verdict() == f"没有完成：{sentence}"


def test_merged_cells_are_the_same_asked_at_once_or_piece_by_piece(
    opened: Callable[..., Open], monkeypatch: pytest.MonkeyPatch
) -> None:
    """LibreOffice gives all at once; Excel is asked by halves."""
    form = opened(REAL)
    sheet = form.document.model.Sheets.getByName(ENTRY)
    for cells in ("B18:B23", "C18:C19", "C20:C21", "F30:G31", "H22:H23", "B40:D40", "I18:I60"):
        sheet.getCellRangeByName(cells).merge(True)
    grid = open_form.grid_of(form.book.sheets[ENTRY], "表.xlsm")
    at_once = grid.merged(0, 60)
    assert ((17, 1), (22, 1)) in at_once
    assert grid.merged(25, 60) == [area for area in at_once if area[1][0] >= 25]
    piece_by_piece = by_halves(form.book.sheets[ENTRY], 0, 60, len(grid.values[0]))
    assert [(first, last) for first, last in piece_by_piece if first != last] == at_once
