"""The submission as a Word table: the same declaration and 校验码 come back, and what somebody alters in it is named."""

from __future__ import annotations

import subprocess
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.shared import Pt, RGBColor
from forms import changed, good, of_rows

from xlpkg.audit.check import Report, check
from xlpkg.files.office import convert
from xlpkg.form import profiles
from xlpkg.form.declaration import Declaration
from xlpkg.jobs import check_file, submit_file
from xlpkg.reading.read import read
from xlpkg.reading.source import Source
from xlpkg.report import as_json, as_text
from xlpkg.writing.submission import write_submission, write_word

SAMPLES = sorted(Path(__file__).parent.parent.glob("workbook/samples/*.json"))


def checked(declaration: Declaration) -> Report:
    return check(declaration, profiles.load(declaration.profile))


def both(report: Report, folder: Path) -> tuple[Source, Source]:
    """What is read of the submission as a workbook and as a Word document."""
    write_submission(folder / "申报表.xlsx", report)
    write_word(folder / "申报表.docx", report)
    return read(folder / "申报表.xlsx"), read(folder / "申报表.docx")


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda p: p.stem)
def test_every_sample_comes_back_unchanged(sample: Path, tmp_path: Path) -> None:
    submit_file(sample, tmp_path / "申报表.xlsx", docx=True)
    sheet, word = read(tmp_path / "申报表.xlsx"), read(tmp_path / "申报表.docx")
    assert word.declaration == sheet.declaration
    assert word.seal == sheet.seal
    for name in ("申报表.xlsx", "申报表.docx"):
        (done,) = check_file(tmp_path / name)
        assert (done.unchanged, done.differences) == (True, ())


@pytest.mark.parametrize("profile", profiles.shipped())
def test_every_form_comes_back_unchanged(profile: str, tmp_path: Path) -> None:
    report = checked(good(profile))
    sheet, word = both(report, tmp_path)
    assert word.declaration == sheet.declaration
    assert word.seal == sheet.seal == report.seal
    (done,) = check_file(tmp_path / "申报表.docx")
    assert (done.unchanged, done.differences) == (True, ())


def cell_with(document: Any, text: str) -> Any:
    return next(c for t in document.tables for row in t.rows for c in row.cells if text in c.text)


def put(document: Any, old: str, new: str) -> None:
    run = cell_with(document, old).paragraphs[0].runs[0]
    run.text = run.text.replace(old, new)


def white(document: Any) -> None:
    cell_with(document, "≥").paragraphs[0].runs[0].font.color.rgb = RGBColor(0xFF, 0xFF, 0xFF)


def tiny(document: Any) -> None:
    cell_with(document, "≥").paragraphs[0].runs[0].font.size = Pt(2)


def struck(document: Any) -> None:
    document.tables[0].rows[0].cells[0].paragraphs[0].add_run("作废").font.strike = True


def white_style(document: Any) -> None:
    style = document.styles.add_style("无", WD_STYLE_TYPE.CHARACTER)
    style.font.color.rgb = RGBColor(0xFF, 0xFF, 0xFF)
    cell_with(document, "≥").paragraphs[0].runs[0].style = style


def footer(document: Any) -> None:
    document.sections[0].footer.paragraphs[0].add_run("　仅供参考")


ALTERED: dict[str, tuple[Callable[[Any], object], str]] = {
    "sentence below": (lambda d: d.add_paragraph("另附说明一份"), "多出文字“另附说明一份”"),
    "white ink": (white, "有的字不是黑色"),
    "white style": (white_style, "有的字不是黑色"),
    "tiny letters": (tiny, "有的字太小"),
    "struck out": (struck, "有加了删除线的文字"),
    "footer": (footer, "页脚应为"),
    "money unit": (lambda d: put(d, "单位：万元", "单位：元"), "少了“单位：万元”"),
    "seal space": (lambda d: put(d, "（单位盖章）", "（不盖章）"), "少了“（单位盖章）”"),
    "page colour": (lambda d: cell_with(d, "≥").paragraphs[0].runs[0].font.__setattr__("highlight_color", 1), "有底色"),
}


@pytest.mark.parametrize("name", ALTERED)
def test_what_is_altered_around_the_content_is_named(name: str, tmp_path: Path) -> None:
    path = tmp_path / "申报表.docx"
    write_word(path, checked(good("hn2015")))
    alter, sentence = ALTERED[name]
    document = docx.Document(str(path))
    alter(document)
    document.save(str(path))
    (done,) = check_file(path)
    assert not done.unchanged
    assert any(sentence in line for line in done.differences), done.differences


@pytest.mark.office
def test_a_document_that_an_office_program_saved_is_unchanged(tmp_path: Path) -> None:
    submit_file(SAMPLES[0], tmp_path / "申报表.xlsx", docx=True)
    convert(tmp_path / "申报表.docx", tmp_path / "另存.docx", "docx:MS Word 2007 XML")
    (done,) = check_file(tmp_path / "另存.docx")
    assert (done.unchanged, done.differences) == (True, ())


@pytest.mark.office
@pytest.mark.parametrize("sample", SAMPLES, ids=lambda p: p.stem)
def test_sheet_and_document_print_the_same_text(sample: Path, tmp_path: Path) -> None:
    submit_file(sample, tmp_path / "申报表.xlsx", docx=True, pdf=True)
    convert(tmp_path / "申报表.docx", tmp_path / "文档.pdf", "pdf")
    sheet, word = (pages(tmp_path / name) for name in ("申报表.pdf", "文档.pdf"))
    assert abs(len(sheet) - len(word)) <= 1
    body = [Counter("".join(part)) for part in (sheet, word)]
    for digits in body:  # the number of pages may differ
        for figure in "0123456789":
            del digits[figure]
    assert body[0].keys() == body[1].keys()


def pages(path: Path) -> list[str]:
    """The text of each page without blanks."""
    text = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True).stdout.decode()
    return ["".join(page.split()) for page in text.split("\f") if page.strip()]


def test_findings_of_a_document_have_no_cells(tmp_path: Path) -> None:
    write_word(tmp_path / "申报表.docx", checked(changed(good("hn2015"), budget="1")))
    (done,) = check_file(tmp_path / "申报表.docx")
    assert {f["cell"] for f in as_json(tmp_path / "申报表.docx", done)["findings"]} == {None}
    assert as_text(tmp_path / "申报表.docx", done)


def test_an_altered_target_breaks_the_seal(tmp_path: Path) -> None:
    path = tmp_path / "申报表.docx"
    declaration = good("hn2015")
    write_word(path, checked(declaration))
    document = docx.Document(str(path))
    put(document, "≥", "≤")
    document.save(str(path))
    (done,) = check_file(path)
    assert done.source.seal != done.report.seal
    assert not done.unchanged


def test_many_rows_stand_on_many_pages_and_come_back(tmp_path: Path) -> None:
    declaration = good("hn2015")
    rows = declaration.indicators[:6] * 30
    report = checked(of_rows(declaration, rows))
    sheet, word = both(report, tmp_path)
    assert len(word.declaration.indicators) == len(rows)
    assert word.declaration == sheet.declaration
    (done,) = check_file(tmp_path / "申报表.docx")
    assert done.differences == ()
