"""Nothing of the user's vanishes: what a form holds besides the declaration is named when a copy is made of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from bad_files import Run, edited
from openpyxl.comments import Comment

from xlpkg.audit.check import check
from xlpkg.form import profiles
from xlpkg.form.declaration import Declaration, from_json
from xlpkg.reading.left_behind import left_behind
from xlpkg.reading.read import read
from xlpkg.writing.build import build

SAMPLES = sorted((Path(__file__).parent.parent / "workbook" / "samples").glob("*.json"))


def says(cell: str, text: str) -> Callable[[Any], None]:
    return lambda book: book["填报"].__setitem__(cell, text)


def comment(book: Any) -> None:
    book["填报"]["F25"].comment = Comment("请压减到800万元", "财政")


def own_sheet(book: Any) -> None:
    for row in (["测算"], ["单价", 21.6], ["里程", 38.6]):
        book.create_sheet("测算明细") if "测算明细" not in book.sheetnames else None
        book["测算明细"].append(row)


def hidden_row(book: Any) -> None:
    book["填报"].row_dimensions[20].hidden = True


# what the user did → what is named, and where
DONE: dict[str, tuple[Callable[[Any], None], str]] = {
    "a comment": (comment, "没有带到新文件：“填报”表F25批注“请压减到800万元”"),
    "a sheet of the user's": (own_sheet, "没有带到新文件：“测算明细”表（自己加的表，5格）“测算、单价、21.6、里程、38.6”"),
    "a row that has only a note": (says("I40", "以上由规财股核定"), "没有带到新文件：“填报”表I40“以上由规财股核定”"),
    "a category without an indicator": (says("B41", "效益指标"), "没有带到新文件：“填报”表B41“效益指标”"),
    "a text right of the table": (says("N20", "待定"), "没有带到新文件：“填报”表N20“待定”"),
    "a text right of the header": (says("O9", "含追加"), "没有带到新文件：“填报”表O9“含追加”"),
    "a text far below": (says("C400", "联系王会计"), "没有带到新文件：“填报”表C400“联系王会计”"),
    "a hidden row": (hidden_row, "“填报”表第20行是隐藏行，也读入了，请核对。"),
}


@pytest.mark.slow
@pytest.mark.parametrize("command", [["convert"], ["fix"], ["new", "--from"], ["check"]], ids=lambda c: c[0])
@pytest.mark.parametrize("what", DONE)
def test_what_a_copy_does_not_have_is_named(run: Run, bad: Path, form: Path, what: str, command: list[str]) -> None:
    edit, sentence = DONE[what]
    edited(form, bad, edit)
    copy = bad.with_name(f"{command[0]}.xlsx")
    code, _, told = run(*command, bad, "-o", copy)
    assert (code, told.count(sentence)) == (0, 1), told
    assert copy.exists()
    sheet = "检查结果" if command == ["check"] else "导入说明"
    shown = " ".join(str(c.value) for row in openpyxl.load_workbook(copy)[sheet].iter_rows() for c in row if c.value)
    assert what == "a hidden row" or sentence.rpartition("“")[2].rstrip("”") in shown


@pytest.mark.parametrize("command", [["convert"], ["fix"]], ids=lambda c: c[0])
def test_of_a_form_as_it_was_made_nothing_is_named(run: Run, form: Path, tmp_path: Path, command: list[str]) -> None:
    assert run(*command, form, "-o", tmp_path / "copy.xlsx")[2] == ""


@pytest.mark.parametrize("profile", sorted(profiles.shipped()))
def test_our_own_texts_are_not_named(profile: str, tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    build(path, profiles.load(profile), Declaration(profile))
    assert left_behind(path, read(path)) == ()


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda p: p.stem)
def test_marks_and_figures_of_a_checked_copy_are_not_named(sample: Path, tmp_path: Path) -> None:
    declaration = from_json(sample.read_text(encoding="utf-8"))
    profile, path = profiles.load(declaration.profile), tmp_path / "form.xlsx"
    build(path, profile, declaration, check(declaration, profile))
    assert left_behind(path, read(path)) == ()
