"""Bad and odd input (DESIGN section 8): the real command on a really damaged file, and the exact sentence it answers."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import pytest
from bad_files import (
    ENTRY_PART,
    archive,
    as_xlsm,
    compound_file,
    with_cell,
    with_claimed_size,
    with_doctype,
    with_entries,
    with_part,
    without_part,
)  # fmt: skip
from forms import HN2015, with_cells

from xlpkg.cli import main
from xlpkg.form import profile as profiles
from xlpkg.form.declaration import Declaration, from_json, to_json
from xlpkg.sheets.build import build
from xlpkg.sheets.submission import SUBMISSION

ROOT = Path(__file__).parent.parent
TEMPLATE = profiles.load("hn2015").template
BROKEN = "“表.xlsx”不完整或已损坏，打不开。请重新复制或下载，或用Excel打开后另存为.xlsx再试。"
ENTITIES = "“表.xlsx”里有外部实体定义，为安全起见没有打开。"
TOO_LARGE = "“表.xlsx”展开后过大，不像一张申报表，为安全起见没有打开。"
NO_WORKBOOK = "“表.xlsx”不是Excel工作簿。请用Excel打开，另存为.xlsx后再试。"
DENIED = "写不进输出文件：可能正在Excel里打开，或者没有这个文件夹的权限。请关闭文件或换一个文件夹后再试。"
RESTORE_HEAD = "请恢复原来的表头后再试。"

FIRST = 18
"""The sheet row of the first indicator."""


class Answer(NamedTuple):
    """What a command gave back."""

    code: int
    out: str
    err: str


Run = Callable[..., Answer]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in this process."""

    def command(*arguments: str | Path) -> Answer:
        capsys.readouterr()
        code = main([str(a) for a in arguments])
        return Answer(code, *capsys.readouterr())

    return command


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder for one test; afterwards nothing temporary is left in it."""
    yield tmp_path
    assert not [p.name for p in tmp_path.rglob(".~*") if not p.name.startswith(".~lock")]


@pytest.fixture(scope="session")
def form(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A filled form in which there is nothing to find."""
    path = tmp_path_factory.mktemp("form") / "form.xlsx"
    build(path, profiles.load("hn2015"), HN2015)
    return path


@pytest.fixture
def bad(folder: Path) -> Path:
    """Where the damaged file goes."""
    return folder / "表.xlsx"


def edited(source: Path, target: Path, edit: Callable[[Any], object]) -> Path:
    """The form after somebody edited it: `edit` gets the openpyxl workbook."""
    book = openpyxl.load_workbook(source)
    edit(book)
    book.save(target)
    return target


def on_entry(**cells: object) -> Callable[[Any], None]:
    """An edit that puts values into cells of 填报."""

    def edit(book: Any) -> None:
        for cell, value in cells.items():
            book["填报"][cell] = value

    return edit


def refused(run: Run, path: Path, sentence: str) -> None:
    """check, convert and submit answer with one sentence and code 2, write nothing and leave the file alone."""
    before = path.read_bytes() if path.is_file() else b""
    for command in (("check", path), ("check", path, "--json"), ("convert", path), ("fix", path), ("submit", path)):
        target = path.with_name("out.xlsx")
        output = () if command[0] == "check" else ("-o", target)
        assert run(*command, *output) == (2, "", sentence + "\n")
        assert not target.exists()
    assert (path.read_bytes() if path.is_file() else b"") == before


def as_read(run: Run, path: Path) -> Declaration:
    """What is read from a file that is merely odd: by convert, which must say nothing to be worried about."""
    target = path.with_name("read.json")
    before = path.read_bytes()
    code, _, err = run("convert", path, "-o", target)
    assert (code, err) == (0, "")
    assert path.read_bytes() == before
    return from_json(target.read_text(encoding="utf-8"))


# --- no workbook at all ---------------------------------------------------------------------------------------------


def test_text_renamed_to_xlsx(run: Run, bad: Path) -> None:
    bad.write_text("一级指标,二级指标\n", encoding="utf-8")
    refused(run, bad, "“表.xlsx”不是Excel工作簿，可能只是改了扩展名。请用Excel打开，另存为.xlsx后再试。")


def test_empty_file(run: Run, bad: Path) -> None:
    bad.touch()
    refused(run, bad, "“表.xlsx”是空文件。")


def test_folder(run: Run, bad: Path) -> None:
    bad.mkdir()
    refused(run, bad, "“表.xlsx”是文件夹，请选择一个文件。")


def test_missing_file(run: Run, bad: Path) -> None:
    refused(run, bad, "找不到文件“表.xlsx”，请检查文件名和所在文件夹。")


@pytest.mark.parametrize("kind", [".docx", ".doc", ".txt", ".ods", ".pdf"])
def test_kinds_that_come_later(run: Run, folder: Path, kind: str) -> None:
    path = folder / f"表{kind}"
    path.write_bytes(b"text")
    refused(run, path, f"本版本还不能导入{kind}文件。请用.xlsx、.xlsm或.json文件。")


def test_unknown_kind(run: Run, folder: Path) -> None:
    path = folder / "表.csv"
    path.write_bytes(b"text")
    refused(run, path, "不认识“表.csv”的文件类型，请用.xlsx、.xlsm或.json文件。")


@pytest.mark.parametrize("kept", [10, 1000, -30])
def test_truncated(run: Run, bad: Path, form: Path, kept: int) -> None:
    bad.write_bytes(form.read_bytes()[:kept])
    refused(run, bad, BROKEN)


def test_zip_that_is_no_workbook(run: Run, bad: Path) -> None:
    archive(bad, **{"word/document.xml": "<document/>"})
    refused(run, bad, NO_WORKBOOK)


def test_encrypted(run: Run, bad: Path) -> None:
    compound_file(bad, "EncryptionInfo", "EncryptedPackage")
    advice = "请在Excel里取消密码（文件→信息→保护工作簿→用密码进行加密，清空），保存后再试。"
    refused(run, bad, f"“表.xlsx”设有打开密码。{advice}")


@pytest.mark.parametrize("name", ["表.xls", "表.xlsx"])
def test_old_excel_format(run: Run, folder: Path, name: str) -> None:
    path = compound_file(folder / name, "Workbook")
    refused(run, path, f"“{name}”是旧版Excel格式（97-2003）。请用Excel打开，另存为.xlsx后再试。")


@pytest.mark.parametrize("name", ["表.et", "表.ett", "表.wps", "表.wpt"])
def test_wps_formats(run: Run, folder: Path, name: str) -> None:
    path = compound_file(folder / name, "Workbook")
    refused(run, path, f"“{name}”是WPS专用格式。请用WPS打开，另存为.xlsx后再试。")


# --- a damaged or hostile workbook ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "part", [ENTRY_PART, "xl/sharedStrings.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"]
)
def test_part_cut_off(run: Run, bad: Path, form: Path, part: str) -> None:
    with_part(form, bad, part, lambda xml: xml[: len(xml) // 2])
    refused(run, bad, BROKEN)


@pytest.mark.parametrize("part", [ENTRY_PART, "xl/sharedStrings.xml", "xl/_rels/workbook.xml.rels"])
def test_part_missing(run: Run, bad: Path, form: Path, part: str) -> None:
    without_part(form, bad, part)
    refused(run, bad, BROKEN)


PARTS_WE_READ = [
    ENTRY_PART, "xl/sharedStrings.xml", "xl/workbook.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml",
    "xl/worksheets/sheet6.xml",
]  # fmt: skip


@pytest.mark.parametrize("part", PARTS_WE_READ)
def test_entities(run: Run, bad: Path, form: Path, part: str) -> None:
    with_doctype(form, bad, part)
    refused(run, bad, ENTITIES)


@pytest.mark.parametrize("part", PARTS_WE_READ)
def test_entities_behind_a_long_comment(run: Run, bad: Path, form: Path, part: str) -> None:
    with_doctype(form, bad, part, f"<!--{'x' * 5000}-->")
    refused(run, bad, ENTITIES)


def test_claims_to_unpack_to_more_than_the_cap(run: Run, bad: Path, form: Path) -> None:
    with_claimed_size(form, bad, 500 * 2**20)
    refused(run, bad, TOO_LARGE)


def test_more_parts_than_the_cap(run: Run, bad: Path, form: Path) -> None:
    with_entries(form, bad, 2000)
    refused(run, bad, TOO_LARGE)


@pytest.mark.parametrize("part", [ENTRY_PART, "xl/worksheets/sheet6.xml"], ids=["填报", "选项"])
def test_one_stray_cell_in_the_last_row_and_column(folder: Path, bad: Path, form: Path, part: str) -> None:
    """In a process of its own: a dense grid of 16384 times 1048576 cells would end the interpreter."""
    stray = '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
    with_part(form, bad, part, lambda xml: xml.replace("</sheetData>", stray))
    answer = in_process("check", bad)
    assert answer.code in (0, 2)
    assert "memory" not in answer.err
    assert "Traceback" not in answer.err


# --- a workbook, but not our form, or its structure is damaged ------------------------------------------------------


def test_workbook_that_is_no_form(run: Run, bad: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["姓名", "电话"])
    book.save(bad)
    refused(run, bad, "“表.xlsx”里没有绩效目标申报表：找不到“一级指标、二级指标、三级指标”的表头。")


def test_workbook_with_a_chart_sheet_only(run: Run, bad: Path) -> None:
    book = openpyxl.Workbook()
    book.create_chartsheet("图", 0)
    book.save(bad)
    refused(run, bad, "“表.xlsx”里没有绩效目标申报表：找不到“一级指标、二级指标、三级指标”的表头。")


def test_table_of_another_kind(run: Run, bad: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["一级指标", "二级指标", "三级指标", "分值"])
    book.save(bad)
    refused(run, bad, "“表.xlsx”没有写明表式，表头也不是已知的申报表。")


@pytest.mark.parametrize(
    ("version", "sentence"),
    [
        ("1999.1", "比本工具的（{}）较旧，请用新表样重新生成后填写。"),
        ("2099.1", "比本工具的（{}）较新，请升级本工具。"),
    ],
)
def test_form_of_another_template_version(run: Run, bad: Path, form: Path, version: str, sentence: str) -> None:
    def edit(book: Any) -> None:
        book["选项"]["B2"] = version

    edited(form, bad, edit)
    refused(run, bad, f"“表.xlsx”的表样版本（{version}）{sentence.format(TEMPLATE)}")


def test_tenth_edition_of_a_year_is_newer_than_the_ninth(run: Run, bad: Path, form: Path) -> None:
    year, _, number = TEMPLATE.partition(".")

    def edit(book: Any) -> None:
        book["选项"]["B2"] = f"{year}.{int(number or 0) + 10}"

    edited(form, bad, edit)
    assert "较新，请升级本工具。" in run("check", bad).err


def test_form_of_an_unknown_profile(run: Run, bad: Path, form: Path) -> None:
    def edit(book: Any) -> None:
        book["选项"]["B1"] = "gd2020"

    edited(form, bad, edit)
    refused(run, bad, "“表.xlsx”：没有名为“gd2020”的表式，可用的表式：hn2015、mof2021。")


def test_form_cannot_name_a_profile_file_on_this_computer(run: Run, bad: Path, form: Path) -> None:
    theirs = ROOT / "workbook" / "profiles" / "hn2015.toml"

    def edit(book: Any) -> None:
        book["选项"]["B1"] = str(theirs)

    edited(form, bad, edit)
    refused(run, bad, f"“表.xlsx”：没有名为“{theirs}”的表式，可用的表式：hn2015、mof2021。")


def test_options_sheet_was_overwritten(run: Run, bad: Path, form: Path) -> None:
    def edit(book: Any) -> None:
        book["选项"]["A1"] = None

    edited(form, bad, edit)
    refused(run, bad, "“表.xlsx”的“选项”表被改动，认不出表式。请用新表重新填写。")


def test_options_sheet_deleted_is_no_harm(run: Run, bad: Path, form: Path) -> None:
    edited(form, bad, lambda book: book.remove(book["选项"]))
    assert as_read(run, bad) == HN2015


def test_entry_sheet_renamed_is_no_harm(run: Run, bad: Path, form: Path) -> None:
    def edit(book: Any) -> None:
        book["填报"].title = "我的表"
        book["我的表"]["C8"] = "改过的项目"

    edited(form, bad, edit)
    assert as_read(run, bad).project == "改过的项目"


@pytest.fixture(scope="session")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checked copy: beside 填报 it holds the page 申报表 as it was when the check ran."""
    folder = tmp_path_factory.mktemp("checked")
    (folder / "form.json").write_text(to_json(HN2015), encoding="utf-8")
    main(["check", str(folder / "form.json"), "-o", str(folder / "checked.xlsx")])
    return folder / "checked.xlsx"


@pytest.mark.parametrize("source", ["form", "checked"])
def test_entry_sheet_deleted(run: Run, bad: Path, source: str, request: pytest.FixtureRequest) -> None:
    edited(request.getfixturevalue(source), bad, lambda book: book.remove(book["填报"]))
    refused(run, bad, f"“表.xlsx”的“填报”表被删除，或表头（一级指标、二级指标、三级指标）被改动，找不到指标。{RESTORE_HEAD}")


@pytest.mark.parametrize("source", ["form", "checked"])
def test_two_heads_renamed_never_fall_back_on_the_printed_page(
    run: Run, bad: Path, source: str, request: pytest.FixtureRequest
) -> None:
    edited(request.getfixturevalue(source), bad, on_entry(B17="甲", C17="乙", C8="改过的项目"))
    refused(run, bad, f"“表.xlsx”的“填报”表被删除，或表头（一级指标、二级指标、三级指标）被改动，找不到指标。{RESTORE_HEAD}")


@pytest.mark.parametrize(
    ("cell", "head"),
    [("B17", "一级指标"), ("C17", "二级指标"), ("D17", "三级指标"), ("E17", "符号"), ("F17", "指标值"), ("G17", "单位"),
     ("H17", "绩效标准")],
)  # fmt: skip
def test_column_renamed(run: Run, bad: Path, form: Path, cell: str, head: str) -> None:
    edited(form, bad, on_entry(**{cell: "别的"}))
    refused(run, bad, f"“表.xlsx”的“填报”表第17行表头里找不到“{head}”这一列，可能被删除或改名。{RESTORE_HEAD}")


def test_column_deleted(run: Run, bad: Path, form: Path) -> None:
    def edit(book: Any) -> None:
        sheet = book["填报"]
        for row in sheet.iter_rows(min_row=17, max_row=sheet.max_row, min_col=8, max_col=8):
            row[0].value = None

    edited(form, bad, edit)
    refused(run, bad, f"“表.xlsx”的“填报”表第17行表头里找不到“绩效标准”这一列，可能被删除或改名。{RESTORE_HEAD}")


def test_note_column_may_go(run: Run, bad: Path, form: Path) -> None:
    edited(form, bad, on_entry(I17="别的"))
    assert as_read(run, bad) == HN2015


@pytest.mark.parametrize(
    ("cell", "label"),
    [("A7", "预算年度"), ("E7", "填报单位"), ("A8", "项目支出名称"), ("A14", "填表人"), ("E9", "上级资金：中央（万元）")],
)
def test_header_label_deleted(run: Run, bad: Path, form: Path, cell: str, label: str) -> None:
    edited(form, bad, on_entry(**{cell: None}))
    sentence = f"“表.xlsx”的“填报”表里找不到“{label}”这一项，可能被删除或改名。请恢复原来的文字后再试。"
    refused(run, bad, sentence)


def test_text_that_equals_a_label_is_no_label(run: Run, bad: Path, form: Path) -> None:
    edited(form, bad, on_entry(C8="联系电话", G8="填表人"))
    read = as_read(run, bad)
    assert (read.project, read.department) == ("联系电话", "填表人")
    assert (read.filler, read.phone) == (HN2015.filler, HN2015.phone)


def test_broken_names_give_a_notice(run: Run, bad: Path, form: Path) -> None:
    names = '<definedName name="旧名单">填报!#REF!</definedName><definedName name="x1">#REF!</definedName></definedNames>'
    with_part(form, bad, "xl/workbook.xml", lambda xml: xml.replace("</definedNames>", names))
    code, out, err = run("check", bad)
    assert (code, err) == (0, "注意：“表.xlsx”里的名称旧名单、x1已失效（#REF!），不影响检查。\n")
    assert out.startswith("表.xlsx　可报送　错误0条")


# --- odd cells ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!"])
def test_error_value_in_an_input_cell(run: Run, bad: Path, form: Path, error: str) -> None:
    with_cell(form, bad, f"F{FIRST}", f"<v>{error}</v>", "e")
    refused(run, bad, f"“填报”表F18（指标值）是错误值“{error}”，请改成文字或数字后再试。")


def test_error_value_in_the_header(run: Run, bad: Path, form: Path) -> None:
    with_cell(form, bad, "C8", "<f>1/0</f><v>#DIV/0!</v>", "e")
    refused(run, bad, "“填报”表C8（项目支出名称）是错误值“#DIV/0!”，请改成文字或数字后再试。")


@pytest.mark.parametrize("before", ["", "x:"], ids=["plain", "prefixed"])
def test_error_value_whatever_the_writing_of_the_xml(run: Run, bad: Path, form: Path, before: str) -> None:
    """Attributes in another order, and elements with a namespace prefix as some programs write them."""

    def change(xml: str) -> str:
        cell = '<c t="e" r="F19"><v>#N/A</v></c>'
        head, _, rest = xml.partition('<c r="F19"')
        xml = head + cell + rest[rest.index("</c>") + 4 :]
        if not before:
            return xml
        for name in ("worksheet", "sheetData", "row", "c", "v", "f", "is", "t"):
            xml = xml.replace(f"<{name} ", f"<x:{name} ").replace(f"<{name}>", f"<x:{name}>").replace(f"</{name}>", f"</x:{name}>")
        return xml.replace(' xmlns="', ' xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:x="', 1)

    with_part(form, bad, ENTRY_PART, change)
    refused(run, bad, "“填报”表F19（指标值）是错误值“#N/A”，请改成文字或数字后再试。")


def test_formula_with_its_result_is_read_and_told(run: Run, bad: Path, form: Path) -> None:
    with_cell(form, bad, f"F{FIRST}", "<f>6+6</f><v>12</v>")
    target = bad.with_name("read.json")
    answer = run("convert", bad, "-o", target)
    assert answer == (0, f"已转换：{target}（11条指标）\n", "注意：“填报”表F18（指标值）是公式，按计算结果“12”读取。\n")
    assert from_json(target.read_text(encoding="utf-8")) == HN2015


def test_formula_without_a_result(run: Run, bad: Path, form: Path) -> None:
    edited(form, bad, on_entry(F18="=6+6"))
    advice = "请用Excel打开保存一次，或直接填写结果后再试。"
    refused(run, bad, f"“填报”表F18（指标值）是公式，还没有计算结果。{advice}")


def test_formula_whose_result_is_an_empty_text_is_a_blank_cell(run: Run, bad: Path, form: Path) -> None:
    with_cell(form, bad, f"I{FIRST}", '<f>IF(1=1,"","x")</f><v></v>', "str")
    assert run("check", bad).code == 0


@pytest.mark.parametrize(
    ("cell", "typed"),
    [
        ('<v>12</v>', "12"), ("<v>1160</v>", "1160"), ("<v>98.5</v>", "98.5"), ("<v>0.1</v>", "0.1"),
        ("<v>1.1600000000000001</v>", "1.16"), ("<v>1E15</v>", "1000000000000000"), ("<v>-0</v>", "0"),
    ],
)  # fmt: skip
def test_number_where_a_number_is_text(run: Run, bad: Path, form: Path, cell: str, typed: str) -> None:
    with_cell(form, bad, f"F{FIRST}", cell)
    assert as_read(run, bad).indicators[0].value == f"≥{typed}公里"


@pytest.mark.parametrize("text", ["1160", "98.5", "98.50", "430423199001011234", "1,160", " 12 ", "１２"])
def test_text_that_looks_like_a_number_is_kept_as_typed(run: Run, bad: Path, form: Path, text: str) -> None:
    edited(form, bad, on_entry(F18=text, C9=text, G14=text))
    read = as_read(run, bad)
    assert read.indicators[0].value == f"≥{text}公里"
    assert (read.budget, read.phone) == (text, text)


def test_numbers_in_the_header(run: Run, bad: Path, form: Path) -> None:
    edited(form, bad, on_entry(C7=2024, C9=140.0, G14=13800000000))
    read = as_read(run, bad)
    assert (read.year, read.budget, read.phone) == ("2024", "140", "13800000000")


def test_date_cells_are_read_as_dates_in_chinese(run: Run, bad: Path, form: Path) -> None:
    import datetime

    edited(form, bad, on_entry(F21=datetime.date(2024, 11, 30), D18=datetime.datetime(2024, 5, 1, 8, 30)))
    read = as_read(run, bad)
    assert read.indicators[3].value == "2024年11月30日"
    assert read.indicators[0].name == "2024年5月1日"


@pytest.fixture(params=[True, False], ids=["with t=n", "without t"])
def percent(request: pytest.FixtureRequest, bad: Path, form: Path) -> Callable[[str | None], Path]:
    """A form in which 98.5% was typed into the value cell of 工程验收合格率; programs differ in how they say "number"."""

    def made(unit: str | None) -> Path:
        def edit(book: Any) -> None:
            cell = book["填报"]["F20"]
            cell.value, cell.number_format = 0.985, "0.0%"
            book["填报"]["G20"] = unit

        path = edited(form, bad, edit)
        if not request.param:
            path = with_part(path, path, ENTRY_PART, lambda xml: xml.replace(' t="n"', ""))
        return path

    return made


def test_percent_cell_is_read_as_it_is_shown(run: Run, percent: Callable[[str | None], Path]) -> None:
    assert as_read(run, percent(None)).indicators[2].value == "=98.5%"


def test_percent_cell_beside_a_percent_unit_has_one_percent_sign(run: Run, percent: Callable[[str | None], Path]) -> None:
    assert as_read(run, percent("%")).indicators[2].value == "=98.5%"


def test_merged_category_counts_for_each_of_its_rows(run: Run, bad: Path, form: Path) -> None:
    def edit(book: Any) -> None:
        sheet = book["填报"]
        sheet.merge_cells("B18:B23")
        sheet.merge_cells("C22:C23")
        sheet.merge_cells("H22:H23")

    edited(form, bad, edit)
    assert as_read(run, bad) == HN2015


def test_true_and_false_are_texts(run: Run, bad: Path, form: Path) -> None:
    edited(form, bad, on_entry(D18=True))
    assert as_read(run, bad).indicators[0].name == "TRUE"


# --- rows and columns moved about -----------------------------------------------------------------------------------


def test_thousands_of_stray_rows(run: Run, bad: Path, form: Path) -> None:
    rows = "".join(f'<row r="{r}"><c r="D{r}" t="inlineStr"><is><t>甲</t></is></c></row>' for r in range(100, 3100))
    with_part(form, bad, ENTRY_PART, lambda xml: xml.replace("</sheetData>", rows + "</sheetData>"))
    refused(run, bad, "“表.xlsx”的“填报”表超过2000行指标，可能粘贴了多余内容，请删去后再试。")


def test_thousands_of_blank_rows_are_no_harm(run: Run, bad: Path, form: Path) -> None:
    rows = "".join(f'<row r="{r}"><c r="D{r}" s="1"/></row>' for r in range(100, 5100))
    with_part(form, bad, ENTRY_PART, lambda xml: xml.replace("</sheetData>", rows + "</sheetData>"))
    assert as_read(run, bad) == HN2015


def test_rows_inserted_and_blank_rows_between(run: Run, bad: Path, form: Path) -> None:
    def edit(book: Any) -> None:
        book["填报"].move_range("A20:J28", rows=7)

    edited(form, bad, edit)
    assert as_read(run, bad) == HN2015
    findings = json.loads(run("check", bad, "--json").out)["findings"]
    assert findings == []


def test_finding_in_a_moved_row_names_the_cell_where_the_row_stands_now(run: Run, bad: Path, form: Path) -> None:
    def edit(book: Any) -> None:
        sheet = book["填报"]
        sheet["H20"] = None
        sheet.move_range("A20:J28", rows=7)

    edited(form, bad, edit)
    (finding,) = json.loads(run("check", bad, "--json").out)["findings"]
    assert (finding["row"], finding["field"], finding["cell"]) == (3, "standard", "H27")


def test_rows_sorted_by_name(run: Run, bad: Path, form: Path) -> None:
    def edit(book: Any) -> None:
        sheet = book["填报"]
        texts = sorted([[c.value for c in row] for row in sheet["B18:I28"]], key=lambda row: str(row[2]))
        for row, values in zip(sheet["B18:I28"], texts, strict=True):
            for cell, value in zip(row, values, strict=True):
                cell.value = value

    edited(form, bad, edit)
    read = as_read(run, bad)
    assert [i.name for i in read.indicators] == sorted(i.name for i in HN2015.indicators)
    assert {(i.l2, i.name, i.value) for i in read.indicators} == {(i.l2, i.name, i.value) for i in HN2015.indicators}


def test_columns_inserted_and_swapped(run: Run, bad: Path, form: Path) -> None:
    def edit(book: Any) -> None:
        sheet = book["填报"]
        for row in sheet.iter_rows(min_row=17, max_row=28):
            values = [c.value for c in row[:12]]
            for cell, value in zip(row, [None, "旧", values[7], values[3], *values[1:3], *values[4:7]], strict=False):
                cell.value = value

    edited(form, bad, edit)
    read = as_read(run, bad)
    assert [(i.l1, i.l2, i.name, i.value, i.standard) for i in read.indicators] == [
        (i.l1, i.l2, i.name, i.value, i.standard) for i in HN2015.indicators
    ]


# --- what is written ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lock", ["~$出.xlsx", ".~lock.出.xlsx#"], ids=["Excel", "LibreOffice"])
@pytest.mark.parametrize("command", ["convert", "fix", "submit"])
def test_output_is_open_elsewhere(run: Run, folder: Path, form: Path, lock: str, command: str) -> None:
    target = folder / "出.xlsx"
    target.write_bytes(b"theirs")
    (folder / lock).touch()
    assert run(command, form, "-o", target) == (2, "", "“出.xlsx”正在别的程序里打开，请关闭后再试。\n")
    assert target.read_bytes() == b"theirs"


@pytest.mark.parametrize("name", ["x.xlsx", "x.json"])
def test_folder_that_cannot_be_written(run: Run, form: Path, name: str) -> None:
    assert run("convert", form, "-o", f"/sys/{name}") == (2, "", DENIED + "\n")
    assert not Path("/sys", name).exists()


def test_folder_that_takes_no_files(run: Run, form: Path) -> None:
    """/proc answers "No such file or directory" although the folder is there."""
    code, out, err = run("submit", form, "-o", "/proc/x.xlsx")
    assert (code, out) == (2, "")
    assert err == DENIED + "\n"


def test_folder_that_is_not_there(run: Run, folder: Path, form: Path) -> None:
    target = folder / "没有" / "表.xlsx"
    assert run("convert", form, "-o", target) == (2, "", f"文件夹“{target.parent}”不存在，请先建好。\n")


def in_process(*arguments: str | Path, largest_file: int | None = None, memory: int = 3 << 30) -> Answer:
    """Run a command in a process of its own, under limits; it writes no bytecode, which the limit would cut off."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        if largest_file is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))

    done = subprocess.run(
        [sys.executable, "-B", "-m", "xlpkg", *map(str, arguments)], capture_output=True, encoding="utf-8", preexec_fn=limit,
        env={**os.environ, "PYTHONPATH": str(ROOT)}, timeout=60, check=False,
    )  # fmt: skip
    return Answer(done.returncode, done.stdout, done.stderr)


@pytest.mark.parametrize(
    ("command", "name"), [("convert", "出.xlsx"), ("convert", "出.json"), ("submit", "出.xlsx"), ("fix", "出.xlsx")]
)
def test_full_disk(folder: Path, form: Path, command: str, name: str) -> None:
    target = folder / name
    target.write_bytes(b"before")
    answer = in_process(command, form, "-o", target, largest_file=512)
    assert answer == (2, "", "磁盘写不下这么大的文件，没有写出文件。请腾出空间后再试。\n")
    assert target.read_bytes() == b"before"


def test_path_with_chinese_and_blanks(folder: Path, form: Path) -> None:
    place = folder / "二〇二四年 预算 （最终）"
    place.mkdir()
    source, target = place / "申报 表①.xlsx", place / "检查 稿.xlsx"
    source.write_bytes(form.read_bytes())
    answer = in_process("check", source, "-o", target)
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.startswith("申报 表①.xlsx　可报送")
    assert answer.out.endswith(f"已写出检查稿：{target}\n")
    assert openpyxl.load_workbook(target)["填报"]["C8"].value == HN2015.project


def test_path_longer_than_excel_opens(run: Run, folder: Path, form: Path) -> None:
    place = folder.joinpath("长" * 60, "名" * 60, "字" * 60)
    place.mkdir(parents=True)
    source, target = place / f"{'表' * 60}.xlsx", place / f"{'出' * 60}.xlsx"
    source.write_bytes(form.read_bytes())
    assert len(str(source)) > 259
    assert run("check", source).code == 0
    assert run("convert", source, "-o", target) == (2, "", "输出文件的路径超过259个字符，Excel打不开，请改短。\n")
    assert not target.exists()


def test_file_name_longer_than_the_disk_allows(run: Run, folder: Path) -> None:
    assert run("check", folder / f"{'表' * 100}.xlsx") == (2, "", "文件名或路径太长，请改短后再试。\n")


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0", '=HYPERLINK("http://x","y")', "{=1}", "http://x.cn"]
)
def test_text_that_begins_like_a_formula_is_a_text_everywhere(run: Run, folder: Path, text: str) -> None:
    declaration = with_cells(HN2015, 1, name=text, value=text)
    declaration = from_json(to_json(declaration).replace(HN2015.project, json.dumps(text)[1:-1]))
    source, form, checked, submission = (folder / n for n in ("甲.json", "表.xlsx", "检查稿.xlsx", "申报表.xlsx"))
    source.write_text(to_json(declaration), encoding="utf-8")
    assert run("convert", source, "-o", form).code == 0
    assert run("check", source, "-o", checked).code in (0, 1)
    assert run("submit", source, "-o", submission).code == 0
    for path, sheet in ((form, "填报"), (checked, "填报"), (submission, SUBMISSION)):
        cells = [c for row in openpyxl.load_workbook(path)[sheet].iter_rows() for c in row if c.value == text]
        assert len(cells) >= 3
        assert {(c.data_type, c.hyperlink) for c in cells} == {("s", None)}
    for path in (form, checked, submission):
        formulas = [c.value for s in openpyxl.load_workbook(path) for row in s.iter_rows() for c in row if c.data_type == "f"]
        assert text not in formulas
        assert run("check", path).code in (0, 1)


# --- .xlsm ----------------------------------------------------------------------------------------------------------


def test_xlsm_is_read_like_xlsx(run: Run, folder: Path, form: Path) -> None:
    path = as_xlsm(form, folder / "表.xlsm")
    assert as_read(run, path) == HN2015


def test_xlsm_cannot_be_written_yet(run: Run, folder: Path, form: Path) -> None:
    target = folder / "出.xlsm"
    assert run("convert", form, "-o", target) == (2, "", "本版本还不能生成带按钮的.xlsm，请用.xlsx。\n")
    assert not target.exists()


# --- JSON -----------------------------------------------------------------------------------------------------------


def written(folder: Path, data: object) -> Path:
    """A file 表.json; what is no text is written as JSON."""
    path = folder / "表.json"
    text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
    path.write_text(text, encoding="utf-8")
    return path


def plain(**changes: object) -> dict[str, Any]:
    """A declaration's JSON with other values."""
    return {**json.loads(to_json(HN2015)), **changes}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "“表.json”是空文件。"),
        ("{", "“表.json”：不是有效的JSON文件，第1行附近有格式错误。"),
        ('{\n "indicators": [],\n}', "“表.json”：不是有效的JSON文件，第3行附近有格式错误。"),
        ("年度,单位", "“表.json”：不是有效的JSON文件，第1行附近有格式错误。"),
        ("[" * 100_000, "“表.json”：不是有效的JSON文件有格式错误。"),
        ("[]", "“表.json”：这个JSON文件不是绩效目标申报表：缺少“indicators”（绩效指标）。"),
        ("null", "“表.json”：这个JSON文件不是绩效目标申报表：缺少“indicators”（绩效指标）。"),
        ('{"profile": "hn2015"}', "“表.json”：这个JSON文件不是绩效目标申报表：缺少“indicators”（绩效指标）。"),
    ],
)
def test_json_that_is_none_or_no_declaration(run: Run, folder: Path, text: str, sentence: str) -> None:
    refused(run, written(folder, text), sentence)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"indicators": {}}, "“indicators”应为列表，每条指标一项。"),
        ({"indicators": "无"}, "“indicators”应为列表，每条指标一项。"),
        ({"indicators": [{"l1": ["产出指标"]}]}, "“indicators第1项的l1”应为文字或数字。"),
        ({"indicators": [{}, None]}, "“indicators第2项”应为一组“名称: 值”。"),
        ({"unit": True}, "“unit”应为文字或数字。"),
        ({"unit": ["甲"]}, "“unit”应为文字或数字。"),
        ({"upper_funds": "50"}, "“upper_funds”应为一组“名称: 值”。"),
        ({"upper_funds": {"central": [1]}}, "“upper_funds.central”应为文字或数字。"),
        ({"profile": "gd2020"}, "没有名为“gd2020”的表式，可用的表式：hn2015、mof2021。"),
        ({"profile": "common"}, "没有名为“common”的表式，可用的表式：hn2015、mof2021。"),
        ({"profile": ""}, "没有写明表式（profile），可用的表式：hn2015、mof2021。"),
    ],
)
def test_json_of_the_wrong_shape(run: Run, folder: Path, changes: dict[str, object], sentence: str) -> None:
    refused(run, written(folder, plain(**changes)), f"“表.json”：{sentence}")


@pytest.mark.parametrize(("key", "meant"), [("porject", "project"), ("budget", "budget_wan"), ("Unit", "unit")])
def test_misspelt_key(run: Run, folder: Path, key: str, meant: str) -> None:
    data = plain()
    data[key] = data.pop(meant)
    refused(run, written(folder, data), f"“表.json”：不认识的项“{key}”，是不是“{meant}”？")


def test_misspelt_key_of_an_indicator(run: Run, folder: Path) -> None:
    data = plain()
    data["indicators"][1]["vaule"] = data["indicators"][1].pop("value")
    refused(run, written(folder, data), "“表.json”：indicators第2项里不认识的项“vaule”，是不是“value”？")


def test_key_written_twice(run: Run, folder: Path) -> None:
    text = to_json(HN2015).replace('"project":', '"project": "先写的项目",\n "project":')
    answer = run("check", written(folder, text))
    assert answer.code == 2
    assert "project" in answer.err


def test_profile_file_named_by_a_declaration(run: Run, folder: Path) -> None:
    theirs = str(ROOT / "workbook" / "profiles" / "hn2015.toml")
    sentence = f"“表.json”：没有名为“{theirs}”的表式，可用的表式：hn2015、mof2021。"
    refused(run, written(folder, plain(profile=theirs)), sentence)


@pytest.mark.parametrize("encoding", ["gb18030", "gbk", "utf-8-sig"])
def test_json_as_editors_on_chinese_windows_save_it(run: Run, folder: Path, encoding: str) -> None:
    path = folder / "表.json"
    path.write_text(to_json(HN2015), encoding=encoding)
    assert as_read(run, path) == HN2015


def test_json_in_utf_16(run: Run, folder: Path) -> None:
    """Notepad's "Unicode": read, or refused with a sentence on the encoding; never called a wrong format."""
    path = folder / "表.json"
    path.write_text(to_json(HN2015), encoding="utf-16")
    code, _, err = run("check", path)
    assert code == 0 or "编码" in err


def test_json_that_is_no_text(run: Run, folder: Path) -> None:
    path = folder / "表.json"
    path.write_bytes(b"{\xff\xff\xff")
    refused(run, path, "“表.json”不是文本文件，请另存为UTF-8编码的.json再试。")


@pytest.mark.parametrize(
    "number", ["140", "140.50", "0.1", "430423199001011234", "1e400", "-0", "NaN", "Infinity", "9" * 40], ids=lambda t: t[:20]
)
def test_json_numbers_are_kept_as_written(run: Run, folder: Path, number: str) -> None:
    path = written(folder, to_json(HN2015).replace('"budget_wan": "140"', f'"budget_wan": {number}'))
    assert as_read(run, path).budget == number


@pytest.mark.parametrize("field", ["budget_wan", "value"])
def test_number_of_four_hundred_digits(run: Run, folder: Path, field: str) -> None:
    """Too large for any cell's number: a text in the form, and a finding rather than a failure."""
    digits = "9" * 400
    data = plain(budget_wan=digits)
    if field == "value":
        data = plain()
        data["indicators"][4]["value"] = f"≤{digits}万元"
    path, target = written(folder, data), folder / "表.xlsx"
    assert run("convert", path, "-o", target).code == 0
    assert digits in [c.value for row in openpyxl.load_workbook(target)["填报"].iter_rows() for c in row]


def test_half_of_a_surrogate_pair(run: Run, folder: Path) -> None:
    """JSON can write half a character; no file and no console can."""
    path = written(folder, to_json(HN2015).replace(HN2015.project, "甲\\ud83d乙"))
    code, _, err = run("check", path)
    assert code == 2
    assert "表.json" in err


@pytest.mark.parametrize("character", ["\x01", "\x0b", "\x1f", "\ufffe"])
def test_control_characters_survive_or_are_refused_alike(run: Run, folder: Path, character: str) -> None:
    path = written(folder, plain(project=f"甲{character}乙"))
    form, submission = folder / "表.xlsx", folder / "申报表.xlsx"
    codes = {run("check", path).code, run("convert", path, "-o", form).code, run("submit", path, "-o", submission).code}
    assert codes in ({0}, {2})
    if codes == {0}:
        assert json.loads(run("check", submission, "--json").out)["sealed"]["unchanged"]


def test_text_longer_than_a_cell_holds_is_not_cut_off_silently(run: Run, folder: Path) -> None:
    path = written(folder, plain(long_goal="很" * 40_000))
    for command, target in (("convert", folder / "表.xlsx"), ("submit", folder / "申报表.xlsx")):
        code, _, err = run(command, path, "-o", target)
        assert (code, target.exists()) == (2, False), f"{command} wrote a file that lacks 7233 characters"
        assert "32767" in err
