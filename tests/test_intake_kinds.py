"""The kinds of faults that real forms had, each with several invented instances: what is read, and how sure."""

from __future__ import annotations

from pathlib import Path

import docx
import openpyxl
import pytest
import xlwt

from xlpkg.audit.check import check
from xlpkg.form.import_report import Entry
from xlpkg.jobs import AnotherFormError, check_file
from xlpkg.reading.read import read, read_all
from xlpkg.reading.source import Source

TITLE = ["项目支出绩效目标申报表", "（2025年度）"]
HEADS = "一级指标\t二级指标\t三级指标\t指标值"
ROWS = [
    "产出指标\t数量指标\t养护里程\t≥10公里",
    "产出指标\t质量指标\t验收合格率\t=100%",
    "效益指标\t社会效益指标\t受益农户\t≥600户",
]


def text(folder: Path, *lines: str, rows: list[str] = ROWS, heads: str = HEADS) -> Source:
    path = folder / "表.txt"
    path.write_text("\n".join([*TITLE, *lines, heads, *rows]), encoding="utf-8")
    return read(path)


def entry(source: Source, field: str) -> Entry:
    assert source.import_report
    return next(e for e in source.import_report.entries if e.field == field)


def left(source: Source) -> list[str]:
    assert source.import_report
    return [t for t, _ in source.import_report.unplaced]


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        *((n, n) for n in (
            "2026年小水库除险加固工程", "2025—2027年林业贷款贴息",
            "12345政务服务热线运行", "1500亩油茶基地建设", "985高校联合实验室",
            "110指挥中心维护", "5G基站租金", "3个乡镇卫生院改造", "第13届运动会", "S202线大修", "四好农村路", "100兆瓦光伏配套",
        )),
        ("（433001）垃圾清运", "垃圾清运"), ("433001-垃圾清运", "垃圾清运"), ("43300125T000012 垃圾清运", "垃圾清运"),
        ("[20250117]垃圾清运", "垃圾清运"), ("[45022224T000000123456]2025年垃圾清运（3标段）", "2025年垃圾清运（3标段）"),
    ],
)  # fmt: skip
def test_names_keep_their_figures(tmp_path: Path, cell: str, name: str) -> None:
    assert text(tmp_path, f"项目名称\t{cell}\t主管部门\t云溪县住建局").declaration.project == name


@pytest.mark.parametrize("unit", ["120急救指挥中心", "119消防救援站", "第三中学", "12348法律服务中心", "2号桥管理所"])
def test_units_keep_their_figures(tmp_path: Path, unit: str) -> None:
    assert text(tmp_path, f"项目名称\t清运\t实施单位\t{unit}").declaration.unit == unit


@pytest.mark.parametrize(
    ("cell", "l1"),
    [
        ("项目完成指标", "产出指标"), ("项目产出指标", "产出指标"), ("产出", "产出指标"), ("产出指标（50分）", "产出指标"),
        ("产出指标(0-50)分", "产出指标"), ("产出指标（必填）", "产出指标"), ("绩效产出指标", "产出指标"), ("产出 指标", "产出指标"),
    ],
)  # fmt: skip
def test_words_for_a_first_level(tmp_path: Path, cell: str, l1: str) -> None:
    source = text(tmp_path, "项目名称\t清运", rows=[f"{cell}\t数量指标\t清运量\t≥900吨", ROWS[2]])
    assert [i.l1 for i in source.declaration.indicators] == [l1, "效益指标"]


@pytest.mark.parametrize("cell", ["数量指标（必填）", "数量指标(10分)", "数量指标（0—15）分", "产出数量指标", "数量", "数量指标*"])
def test_words_for_a_second_level(tmp_path: Path, cell: str) -> None:
    source = text(tmp_path, "项目名称\t清运", rows=[f"产出指标\t{cell}\t清运量\t≥900吨", ROWS[2]])
    assert source.declaration.indicators[0].l2 == "数量指标"


@pytest.mark.parametrize(
    "head",
    [
        "指标目标值",
        "预期达到目标",
        "年度数值",
        "目标值",
        "年度指标值",
        "绩效指标值",
        "预期指标值",
        "指标值（包含数字及文字描述）",
    ],
)
def test_words_for_the_value(tmp_path: Path, head: str) -> None:
    source = text(tmp_path, "项目名称\t清运", heads=f"一级指标\t二级指标\t三级指标\t{head}")
    assert [i.value for i in source.declaration.indicators] == ["≥10公里", "=100%", "≥600户"]


@pytest.mark.parametrize("label", ["项目执行单位", "项目实施单位", "承担单位", "填报单位", "项目承担单位", "申报单位"])
def test_words_for_the_unit(tmp_path: Path, label: str) -> None:
    assert text(tmp_path, f"{label}\t云溪县水利局", "项目名称\t清运").declaration.unit == "云溪县水利局"


@pytest.mark.parametrize("label", ["专项起止时间", "建设周期", "项目起止时间", "实施期限", "项目期限", "起止年限"])
def test_words_for_the_period(tmp_path: Path, label: str) -> None:
    assert "2025年12月" in text(tmp_path, "项目名称\t清运", f"{label}\t2025年1月-2025年12月").declaration.period


@pytest.mark.parametrize("label", ["业务主管部门", "主管部门及代码", "主管单位", "归口管理部门"])
def test_words_for_the_department(tmp_path: Path, label: str) -> None:
    assert text(tmp_path, "项目名称\t清运", f"{label}\t云溪县农业局").declaration.department == "云溪县农业局"


@pytest.mark.parametrize(
    "lines",
    [
        ["总体目标\t年度目标\t年度总体目标完成情况", "\t清运垃圾900吨。\t"],
        ["年度目标\t清运垃圾900吨。\t目标完成情况\t"],
        ["年度总体目标\t预期目标\t实际完成情况", "\t清运垃圾900吨。\t"],
    ],
)
def test_a_label_beside_a_label_is_no_text(tmp_path: Path, lines: list[str]) -> None:
    declaration = text(tmp_path, "项目名称\t清运", *lines).declaration
    assert "完成情况" not in declaration.year_goal + declaration.long_goal


@pytest.mark.parametrize("label", ["绩效目标", "年度绩效目标", "总体绩效目标", "项目绩效目标", "预期目标"])
def test_words_for_the_goal(tmp_path: Path, label: str) -> None:
    declaration = text(tmp_path, "项目名称\t清运", f"{label}\t清运垃圾900吨，覆盖12个村。").declaration
    assert "清运垃圾900吨，覆盖12个村。" in (declaration.year_goal, declaration.long_goal)


@pytest.mark.parametrize(
    ("line", "project"),
    [
        ("一级项目名称\t农业发展资金\t二级项目名称\t渠道维修", "渠道维修"),
        ("二级项目名称\t渠道维修\t一级项目名称\t农业发展资金", "渠道维修"),
        ("一级项目\t农业发展资金\t二级项目\t渠道维修", "渠道维修"),
    ],
)
def test_of_two_levels_of_projects_the_second_is_the_project(tmp_path: Path, line: str, project: str) -> None:
    path = tmp_path / "表.txt"
    path.write_text("\n".join([*TITLE, line, HEADS, *ROWS]), encoding="utf-8")
    (source,) = read_all(path)
    assert source.declaration.project == project
    assert "农业发展资金" in left(source)


TWO_TIER = [
    (["2024年", "2025年"], 1), (["上年实际", "本年目标"], 1),
    (["2025年度目标值", "2024年度完成值"], 0), (["2025年", "2026年", "2027年"], 0),
    (["上年完成值", "预期当年实现值"], 1),
]  # fmt: skip


@pytest.mark.parametrize(("heads", "which"), TWO_TIER)
def test_of_several_years_the_forms_year_counts(tmp_path: Path, heads: list[str], which: int) -> None:
    figures = ["≥7公里", "≥12公里", "≥15公里"][: len(heads)]
    values = "\t".join(figures)
    rows = [f"产出指标\t数量指标\t养护里程\t{values}", f"效益指标\t社会效益指标\t受益农户\t{values}"]
    source = text(tmp_path, "项目名称\t清运", heads="一级指标\t二级指标\t三级指标\t" + "\t".join(heads), rows=rows)
    assert [i.value for i in source.declaration.indicators] == [figures[which]] * 2
    others = [f for n, f in enumerate(figures) if n != which]
    notes = "".join(i.note + "".join(i.extra.values()) for i in source.declaration.indicators) + "".join(left(source))
    assert all(f in notes for f in others)


@pytest.mark.parametrize(
    ("label", "cell", "wan"),
    [
        ("预算金额（元）", "387664.62", "38.766462"), ("预算金额（万元）",
        "387.66", "387.66"), ("预算金额", "387664.62元", "38.766462"),
        ("预算金额", "38.5万元", "38.5"), ("预算金额（千元）", "385", "38.5"),
    ],
)  # fmt: skip
def test_the_unit_of_money(tmp_path: Path, label: str, cell: str, wan: str) -> None:
    assert text(tmp_path, "项目名称\t清运", f"{label}\t{cell}").declaration.budget == wan


@pytest.mark.parametrize(
    "title",
    [
        "项目支出绩效自评表",
        "2024年度项目绩效自评表",
        "项目绩效目标自评表",
        "部门整体支出绩效目标申报表",
        "绩效目标运行监控表",
        "项目支出绩效运行监控情况表",
    ],
)
def test_other_kinds_of_forms_are_not_judged(tmp_path: Path, title: str) -> None:
    more = "" if "部门" in title else "\t实际完成值\t得分" if "自评" in title else "\t1-7月执行情况\t完成目标可能性"
    path = tmp_path / "表.txt"
    path.write_text("\n".join([title, "项目名称\t清运", HEADS + more, *(r + "\t9\t10" for r in ROWS)]), encoding="utf-8")
    with pytest.raises(AnotherFormError):
        check_file(path)


@pytest.mark.parametrize(
    ("title", "line", "kind"),
    [
        ("2025年预算绩效目标表", "整体绩效目标\t造林1万亩。", "department"),
        ("2025年预算绩效目标表", "项目名称\t造林\t整体绩效目标\t造林1万亩。", "declaration"),
        ("2025年绩效监控平台项目绩效目标申报表", "项目名称\t平台运维", "declaration"),
    ],
)
def test_what_kind_of_form_it_is_besides_its_title(tmp_path: Path, title: str, line: str, kind: str) -> None:
    path = tmp_path / "表.txt"
    path.write_text("\n".join([title, line, HEADS, *ROWS]), encoding="utf-8")
    assert read(path).kind == kind


def county(path: Path, upper: list[str], budget: str = "860.5") -> None:
    """The county's published layout with the upper funds in one cell or several; Excel, older Excel or Word by the suffix."""
    rows = (
        ["2025年项目支出绩效目标申报表"], ["填报单位：云溪县水利局", "", "", "", "", "单位：万元"],
        ["项目支出名称", "渠道维修", "", "年度本级预算金额", budget, ""],
        ["上级资金", *upper], ["年度绩效目标", "维修渠道12公里。"],
        ["一级指标", "二级指标", "三级指标", "指标值及单位", "绩效标准", "备注"],
        ["产出指标", "数量指标", "维修渠道长度", "≥12公里", "计划标准", "县管"],
        ["产出指标", "成本指标", "维修费用", "≤1160.5万元", "预算支出标准", ""],
        ["效益指标", "社会效益指标", "受益农户", "≥600户", "历史标准", ""],
    )  # fmt: skip
    width = max(map(len, rows))
    if path.suffix == ".docx":
        document = docx.Document()
        table = document.add_table(0, width)
        for row in rows:
            for cell, text in zip(table.add_row().cells, [*row, *[""] * (width - len(row))], strict=True):
                cell.text = text
        document.save(str(path))
    elif path.suffix == ".xls":
        older = xlwt.Workbook()
        sheet = older.add_sheet("Sheet1")
        for r, row in enumerate(rows):
            for c, text in enumerate(row):
                sheet.write(r, c, text)
        older.save(str(path))
    else:
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        book.save(path)


UPPER = [
    ["中央200万元，省级62万元，市级38万元"], ["中央：200\n省级：62\n市级：38"],
    ["中央200；省62；市38"], ["其中：中央200万元；省级62万元；市级38万元"],
    ["中央", "200", "省级", "62", "市级", "38"],
    ["中央资金200万元 省级资金62万元 市级资金38万元"], ["中央:200.00 省级:62.00 市级:38.00"],
]  # fmt: skip


@pytest.mark.parametrize("suffix", [".xlsx", ".docx", ".xls"])
@pytest.mark.parametrize("upper", UPPER, ids=range(len(UPPER)))
def test_upper_funds_however_they_are_written(tmp_path: Path, upper: list[str], suffix: str) -> None:
    county(tmp_path / f"表{suffix}", upper)
    source = read(tmp_path / f"表{suffix}")
    funds = source.declaration.upper_funds
    assert [float(v) for v in (funds.central, funds.province, funds.city)] == [200, 62, 38]
    assert (source.declaration.budget, source.declaration.year, source.declaration.unit) == ("860.5", "2025", "云溪县水利局")
    first = source.declaration.indicators[0]
    assert (first.standard, first.note) == ("计划标准", "县管")
    assert source.seal is None and source.import_report is not None


@pytest.mark.parametrize("upper", ["62万元（省级）", "省级62", "省级：62万元", "省级62万元，其他无", "中央0 省级62 市级0"])
def test_one_upper_fund_goes_to_its_level(tmp_path: Path, upper: str) -> None:
    county(tmp_path / "表.xlsx", [upper])
    funds = read(tmp_path / "表.xlsx").declaration.upper_funds
    assert (float(funds.central or 0), float(funds.province), float(funds.city or 0)) == (0, 62, 0)


@pytest.mark.parametrize(
    ("label", "cell"),
    [("上级拨款", "300"), ("上级资金", "300万元"), ("上级补助", "300（提前下达）"), ("上级专项转移支付", "约300万")],
)
def test_upper_funds_without_a_level_are_placed_or_listed(tmp_path: Path, label: str, cell: str) -> None:
    source = text(tmp_path, "项目名称\t清运\t预算金额（万元）\t860.5", f"{label}\t{cell}")
    funds = source.declaration.upper_funds
    placed = [v for v in (funds.central, funds.province, funds.city) if v not in ("", "0")]
    assert placed or any("300" in t for t in left(source))
    assert all(entry(source, k).sure == "低" for k in ("central", "province", "city") if getattr(funds, k) == "300")


@pytest.mark.parametrize(
    "rows",
    [
        ["产出指标\t数量指标\t清运量\t≥900吨", "清运次数\t≥30次", "质量指标\t清运合格率\t≥95%"],
        ["产出指标\t数量指标\t清运量\t≥900吨", "质量指标\t清运合格率\t≥95%", "清运及时率\t≥90%"],
    ],
)
def test_short_rows_are_put_right_or_doubted(tmp_path: Path, rows: list[str]) -> None:
    source = text(tmp_path, "项目名称\t清运", rows=rows)
    got = [(i.l1, i.l2, i.name, i.value) for i in source.declaration.indicators]
    assert all(l1 == "产出指标" and l2 in ("数量指标", "质量指标") for l1, l2, _, _ in got)
    assert [(n, v) for _, _, n, v in got] == [tuple(r.split("\t")[-2:]) for r in rows]


def listed(path: Path, total: float) -> None:
    """One row an indicator, the project in a column, a sum line first."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["2025年部门项目支出绩效目标表"])
    sheet.append(["单位：万元"])
    sheet.append(["单位名称", "项目名称", "预算金额", "年度绩效目标", "一级指标", "二级指标", "三级指标", "指标值"])
    sheet.append(["云溪县水利局", "合计", total])
    for project, money in (("渠道维修", 120), ("水库清淤", 80.5)):
        for n, row in enumerate(ROWS):
            first = ["云溪县水利局", project, money, f"{project}任务。"] if n == 0 else [None] * 4
            sheet.append([*first, *row.split("\t")])
    book.save(path)


@pytest.mark.parametrize(("total", "doubted"), [(200.5, False), (260.0, True)])
def test_a_list_of_projects(tmp_path: Path, total: float, doubted: bool) -> None:
    listed(tmp_path / "表.xlsx", total)
    found = read_all(tmp_path / "表.xlsx")
    assert [(s.declaration.project, s.declaration.budget, len(s.declaration.indicators)) for s in found] == [
        ("渠道维修", "120", 3), ("水库清淤", "80.5", 3),
    ]  # fmt: skip
    told = " ".join(n for s in found for n in s.notices) + " ".join(
        e.done for s in found if s.import_report for e in s.import_report.entries
    )
    assert ("合计" in told and "260" in told) == doubted


@pytest.mark.parametrize("sheet", ["填报", "检查结果", "选项", "申报表"])
def test_a_foreign_form_is_foreign_whatever_its_sheet_is_called(tmp_path: Path, sheet: str) -> None:
    county(tmp_path / "表.xlsx", UPPER[0])
    book = openpyxl.load_workbook(tmp_path / "表.xlsx")
    book.active.title = sheet
    book.save(tmp_path / "表.xlsx")
    assert read(tmp_path / "表.xlsx").import_report is not None


@pytest.mark.parametrize(
    ("heads", "form"),
    [
        ("项目类别\t部门专项\t项目属性\t持续性项目\t项目类型\t常年性项目", "hb2020"),
        ("实施期\t2025年\t项目属性\t乡村振兴衔接资金", "mof2015-short"),
    ],
)
def test_a_field_of_another_form_with_the_same_name_does_not_choose_the_form(tmp_path: Path, heads: str, form: str) -> None:
    """项目属性 is a choice in one form and a free text in another; what is none of the choices is listed, not judged."""
    source = text(tmp_path, "项目名称\t清运\t主管部门\t云溪县城管局", heads, "本年度绩效目标\t清运垃圾900吨")
    assert source.profile.id == form
    assert form == "hb2020" or any("乡村振兴衔接资金" in t for t in left(source))
    assert "F18" not in {f.rule for f in check(source.declaration, source.profile, source.present).findings}
