"""Files that are no workbook, damaged, hostile, no form or no longer one: the exact sentence."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from bad_files import (
    BROKEN,
    ENTITIES,
    ENTRY_PART,
    NO_WORKBOOK,
    RESTORE_HEAD,
    ROOT,
    TEMPLATE,
    TOO_LARGE,
    Run,
    archive,
    as_read,
    compound_file,
    edited,
    in_process,
    on_entry,
    refused,
    with_claimed_size,
    with_doctype,
    with_entries,
    with_part,
    without_part,
)
from forms import HN2015

from xlpkg.cli import main
from xlpkg.form import profiles
from xlpkg.form.declaration import from_json, to_json

# --- no workbook at all ---------------------------------------------------------------------------------------------

KNOWN = "、".join(profiles.available())


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


REBUILD = "也可以用 xlpkg fix --rebuild 把内容转到新表。"
NO_ENTRY = "“表.xlsx”的“填报”表被删除，或表头（一级指标、二级指标、三级指标）被改动，找不到指标。"
NO_WORD = "“表.docx”不是完整的Word文档，打不开。请重新复制，或用Word打开后另存为.docx再试。"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("表.docx", NO_WORD),
        ("表.doc", "“表.doc”是旧版Word格式，不能直接导入。请用Word打开，另存为.docx后再试。"),
        ("表.wps", "“表.wps”是WPS专用格式，不能直接导入。请用WPS打开，另存为.docx后再试。"),
        ("表.et", "“表.et”是WPS专用格式。请用WPS打开，另存为.xlsx后再试。"),
        ("表.ett", "“表.ett”是WPS专用格式。请用WPS打开，另存为.xlsx后再试。"),
        ("表.pdf", "“表.pdf”是PDF。请向原单位要Word或Excel文件；只有PDF的，用WPS或Word打开转成.docx并核对文字后再试；"
                   "扫描件只能照着填写。"),
        ("表.txt", "“表.txt”里没有绩效目标申报表：找不到“一级指标、二级指标、三级指标”的表头。"),
        ("表.ods", "“表.ods”不完整或已损坏，打不开。请重新复制或下载，或用Excel打开后另存为.xlsx再试。"),
        ("表.csv", "“表.csv”里没有绩效目标申报表：找不到“一级指标、二级指标、三级指标”的表头。"),
        ("表.jpg", "“表.jpg”是图片，读不出文字。请向原单位要Word或Excel文件。"),
        ("表.dat", "不认识“表.dat”的文件类型，请用.xlsx、.xlsm、.xls、.ods、.docx、.txt、.csv或.json文件。"),
    ],
)  # fmt: skip
def test_other_kinds_that_are_not_what_they_say(run: Run, folder: Path, name: str, sentence: str) -> None:
    path = folder / name
    path.write_bytes(b"text")
    refused(run, path, sentence)


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


def test_old_excel_format_under_a_new_name(run: Run, folder: Path) -> None:
    path = compound_file(folder / "表.xlsx", "Workbook")
    refused(run, path, "“表.xlsx”是旧版Excel格式（97-2003）。请用Excel打开，另存为.xlsx后再试。")


def test_old_excel_file_without_content(run: Run, folder: Path) -> None:
    path = compound_file(folder / "表.xls", "Workbook")
    refused(run, path, "“表.xls”里没有绩效目标申报表：找不到“一级指标、二级指标、三级指标”的表头。")


# --- a damaged or hostile workbook ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "part", [ENTRY_PART, "xl/sharedStrings.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"]
)
def test_part_cut_off(run: Run, bad: Path, form: Path, part: str) -> None:
    with_part(form, bad, part, lambda xml: xml[: len(xml) // 2])
    refused(run, bad, BROKEN)


def test_number_of_a_format_damaged(run: Run, bad: Path, form: Path) -> None:
    edited(form, bad, on_entry(F18=0.95))
    with_part(bad, bad, "xl/styles.xml", lambda xml: re.sub('numFmtId="[0-9]+"', 'numFmtId=""', xml))
    refused(run, bad, BROKEN)


@pytest.mark.parametrize("part", [ENTRY_PART, "xl/sharedStrings.xml", "xl/_rels/workbook.xml.rels"])
def test_part_missing(run: Run, bad: Path, form: Path, part: str) -> None:
    without_part(form, bad, part)
    refused(run, bad, BROKEN)


PARTS_WE_READ = [
    ENTRY_PART, "xl/sharedStrings.xml", "xl/workbook.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml",
    "xl/worksheets/sheet7.xml",
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


@pytest.mark.parametrize("part", [ENTRY_PART, "xl/worksheets/sheet7.xml"], ids=["填报", "选项"])
def test_one_stray_cell_in_the_last_row_and_column(folder: Path, bad: Path, form: Path, part: str) -> None:
    """In a process of its own: a dense grid of 16384 times 1048576 cells would end the interpreter."""
    stray = '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
    with_part(form, bad, part, lambda xml: xml.replace("</sheetData>", stray))
    answer = in_process("check", bad)
    assert answer.code == 2
    assert answer.err.endswith("表在第1048576行、第16384列附近有零散内容，离表格太远。请删去多余的行和列后再试。\n")
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
    refused(run, bad, "“表.xlsx”里有指标的表头，下面没有写一行指标，可能是空白表。")


@pytest.mark.parametrize(
    ("version", "sentence"),
    [
        ("1999.1", "比本工具的（{}）较旧，请用 xlpkg fix --rebuild 把内容转到新表。"),
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
    refused(run, bad, f"“表.xlsx”：没有名为“gd2020”的表式，可用的表式：{KNOWN}。用的是别处的表式，请用 -p 写出它的文件（.toml）。")


def test_form_cannot_name_a_profile_file_on_this_computer(run: Run, bad: Path, form: Path) -> None:
    theirs = ROOT / "workbook" / "profiles" / "hn2015.toml"

    def edit(book: Any) -> None:
        book["选项"]["B1"] = str(theirs)

    edited(form, bad, edit)
    refused(
        run, bad, f"“表.xlsx”：没有名为“{theirs}”的表式，可用的表式：{KNOWN}。用的是别处的表式，请用 -p 写出它的文件（.toml）。"
    )


def test_options_sheet_was_overwritten(run: Run, bad: Path, form: Path) -> None:
    def edit(book: Any) -> None:
        book["选项"]["A1"] = None

    edited(form, bad, edit)
    refused(run, bad, f"“表.xlsx”的“选项”表被改动，认不出表式。{REBUILD}")


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
    refused(
        run, bad, f"“表.xlsx”的“填报”表被删除，或表头（一级指标、二级指标、三级指标）被改动，找不到指标。{RESTORE_HEAD}{REBUILD}"
    )


@pytest.mark.parametrize("source", ["form", "checked"])
def test_two_heads_renamed_never_fall_back_on_the_printed_page(
    run: Run, bad: Path, source: str, request: pytest.FixtureRequest
) -> None:
    edited(request.getfixturevalue(source), bad, on_entry(B17="甲", C17="乙", C8="改过的项目"))
    refused(
        run, bad, f"“表.xlsx”的“填报”表被删除，或表头（一级指标、二级指标、三级指标）被改动，找不到指标。{RESTORE_HEAD}{REBUILD}"
    )


@pytest.mark.parametrize(
    ("cell", "head"),
    [("B17", "一级指标"), ("C17", "二级指标"), ("D17", "三级指标"), ("E17", "符号"), ("F17", "指标值"), ("G17", "单位"),
     ("H17", "绩效标准")],
)  # fmt: skip
def test_column_renamed(run: Run, bad: Path, form: Path, cell: str, head: str) -> None:
    edited(form, bad, on_entry(**{cell: "别的"}))
    refused(run, bad, f"“表.xlsx”的“填报”表第17行表头里找不到“{head}”这一列，可能被删除或改名。{RESTORE_HEAD}{REBUILD}")


def test_column_deleted(run: Run, bad: Path, form: Path) -> None:
    def edit(book: Any) -> None:
        sheet = book["填报"]
        for row in sheet.iter_rows(min_row=17, max_row=sheet.max_row, min_col=8, max_col=8):
            row[0].value = None

    edited(form, bad, edit)
    refused(run, bad, f"“表.xlsx”的“填报”表第17行表头里找不到“绩效标准”这一列，可能被删除或改名。{RESTORE_HEAD}{REBUILD}")


def test_note_column_may_go(run: Run, bad: Path, form: Path) -> None:
    edited(form, bad, on_entry(I17="别的"))
    target = bad.with_name("read.json")
    code, _, told = run("convert", bad, "-o", target)
    assert (code, told) == (0, "注意：没有带到新文件：“填报”表I17“别的”，需要的请自己带过去。\n")
    assert from_json(target.read_text(encoding="utf-8")) == HN2015


@pytest.mark.parametrize(
    ("cell", "label"),
    [("A7", "预算年度"), ("E7", "填报单位"), ("A8", "项目支出名称"), ("A14", "填表人"), ("E9", "上级资金：中央（万元）")],
)
def test_header_label_deleted(run: Run, bad: Path, form: Path, cell: str, label: str) -> None:
    edited(form, bad, on_entry(**{cell: None}))
    sentence = f"“表.xlsx”的“填报”表里找不到“{label}”这一项，可能被删除或改名。请恢复原来的文字后再试。"
    refused(run, bad, sentence + REBUILD)


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
