"""导入 in an open form: a foreign file fills the blank form, what found no place is listed, what is there is not overwritten."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from forms import HN2015, MOF2021, changed
from layouts import LAYOUTS
from office import Office
from open_forms import Open
from province_layouts import as_list
from test_foreign_forms import DATA, OFFICE

from xlpkg.form import profiles
from xlpkg.form.declaration import Declaration
from xlpkg.layout import INTAKE
from xlpkg.live import session
from xlpkg.reading.read import read
from xlpkg.writing.build import build

pytestmark = pytest.mark.office
MINISTRY = profiles.load("mof2021").name


def saved(form: Open, tmp_path: Path) -> Declaration:
    form.document.recalculate()
    form.document.save_as(tmp_path / "saved.xlsx")
    return read(tmp_path / "saved.xlsx").declaration


def import_report(form: Open) -> list[list[Any]]:
    rows = form.document.model.Sheets.getByName(INTAKE).getCellRangeByName("A2:E200").getDataArray()
    return [list(row) for row in rows if row[0]]


def test_word_table_fills_the_blank_form(opened: Callable[..., Open], tmp_path: Path) -> None:
    form = opened()
    assert session.perform("import", form.book, str(DATA / "seed" / "form.docx")) == 0
    assert form.verdict().startswith("有错误：错误17条")
    assert saved(form, tmp_path) == OFFICE
    assert import_report(form)[0][0].startswith("由“form.docx”导入：填入61处；")
    assert ["第51行", "第1张表第59行"] in [[line[0], line[2]] for line in import_report(form)]


def test_what_found_no_place_is_listed_first(opened: Callable[..., Open], tmp_path: Path) -> None:
    LAYOUTS["codes"][0](HN2015, tmp_path / "外来.xlsx")
    form = opened()
    assert session.perform("import", form.book, str(tmp_path / "外来.xlsx")) == 0
    assert import_report(form)[0][0] == "由“外来.xlsx”导入：填入24处，其中7处请核对（把握为中、低）；有2处没有放入，列在最前。"
    assert [line[:3] for line in import_report(form)[2:4]] == [
        ["没有放入", "(433)", "“Sheet”表B4"], ["没有放入", "433001-", "“Sheet”表E4"],
    ]  # fmt: skip
    assert saved(form, tmp_path) == changed(HN2015, period=HN2015.period.replace("—", "至"))


def test_of_several_projects_the_ticked_one_is_imported(opened: Callable[..., Open], tmp_path: Path) -> None:
    other = changed(HN2015, project="学校食堂改造", unit="云溪县教育局", budget="88")
    as_list([HN2015, other], tmp_path / "清单.xlsx")
    form = opened()
    assert session.perform("import", form.book, str(tmp_path / "清单.xlsx")) == 2
    offered = import_report(form)
    assert offered[0][0] == "“清单.xlsx”里有2份表，每次导入一份。"
    assert [line[:2] for line in offered[2:]] == [["第1份", HN2015.project], ["第2份", "学校食堂改造"]]
    form.document.set(INTAKE, "E5", "√")
    assert session.perform("import", form.book, str(tmp_path / "清单.xlsx")) == 0
    assert saved(form, tmp_path).project == "学校食堂改造"
    assert [i.name for i in saved(form, tmp_path).indicators] == [i.name for i in HN2015.indicators]


def test_more_rows_than_were_prepared(opened: Callable[..., Open], tmp_path: Path) -> None:
    rows = [i for n in range(8) for i in HN2015.indicators]
    lines = [f"{i.l1}\t{i.l2}\t{i.name}{n}\t{i.value}\t{i.standard}" for n, i in enumerate(rows)]
    text = ["2024年度项目支出绩效目标申报表", "一级指标\t二级指标\t三级指标\t指标值\t绩效标准", *lines]
    (tmp_path / "长表.txt").write_text("\n".join(text), encoding="utf-8")
    form = opened()
    assert session.perform("import", form.book, str(tmp_path / "长表.txt")) == 0
    found = saved(form, tmp_path).indicators
    assert [(i.name, i.value) for i in found] == [(f"{i.name}{n}", i.value) for n, i in enumerate(rows)]


def test_form_with_content_is_left_alone(opened: Callable[..., Open], tmp_path: Path) -> None:
    form = opened(HN2015)
    assert session.perform("import", form.book, str(DATA / "seed" / "form.docx")) == 2
    assert form.verdict() == "没有完成：这张表已经填了内容，没有导入。请打开一张空白表再点“导入”。"
    assert saved(form, tmp_path) == HN2015


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("没有.docx", "找不到文件“没有.docx”，请检查文件名和所在文件夹。"),
        ("空.docx", "“空.docx”是空文件。"),
        (
            "别的表式.xlsx",
            "“别的表式.xlsx”用的是另一种表式（项目支出绩效目标申报表（2021框架）），没有导入。请用那种表式的空白表导入。",
        ),
    ],
)
def test_what_cannot_be_imported_is_told_and_nothing_is_written(
    opened: Callable[..., Open], tmp_path: Path, name: str, sentence: str
) -> None:
    (tmp_path / "空.docx").touch()
    build(tmp_path / "别的表式.xlsx", profiles.load("mof2021"), MOF2021)
    form = opened()
    assert session.perform("import", form.book, str(tmp_path / name)) == 2
    assert form.verdict() == f"没有完成：{sentence}"
    assert saved(form, tmp_path).indicators == ()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["表.doc", "表.wps"])
def test_older_word_documents_are_converted(office: Office, tmp_path: Path, name: str) -> None:
    source = read(office.convert(DATA / "seed" / "form.docx", tmp_path / name))
    assert source.declaration == OFFICE
    assert source.import_report and source.import_report.file == name and source.import_report.unplaced == ()
    assert source.notices == (f"“{name}”是旧版文档，由LibreOffice转换后读取，请核对。",)


@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_other_spreadsheets_are_read(office: Office, tmp_path: Path, kind: str) -> None:
    LAYOUTS["split values"][0](HN2015, tmp_path / "表.xlsx")
    assert openpyxl.load_workbook(tmp_path / "表.xlsx").sheetnames == ["绩效目标"]
    assert read(office.convert(tmp_path / "表.xlsx", tmp_path / f"表.{kind}")).declaration == HN2015
