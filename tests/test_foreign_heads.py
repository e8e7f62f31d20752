"""Heads that are hard to read: in two rows, not merged, without words that anybody lists, with sections for categories."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from xlpkg.audit.check import check
from xlpkg.files.errors import UnreadableError
from xlpkg.form import profiles
from xlpkg.reading.read import read, read_all
from xlpkg.reading.source import Source

TITLE = ["2025年项目支出绩效目标申报表"]


def table(path: Path, text: str) -> Source:
    """Cells between |, a row a line, none merged: as Excel saves CSV (.csv), or as a browser copies it (.txt)."""
    rows = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([TITLE, *rows])
    else:
        path.write_text("\n".join([*TITLE, *("\t".join(row) for row in rows)]), encoding="utf-8")
    return read(path)


def values(source: Source) -> list[str]:
    return [i.value for i in source.declaration.indicators]


def sure(source: Source, field: str) -> str:
    assert source.import_report
    return next(e.sure for e in source.import_report.entries if e.field == field)


def test_a_head_in_two_rows_that_was_not_merged(tmp_path: Path) -> None:
    source = table(tmp_path / "表.csv", """
项目名称|辅具适配||||
一级指标|二级指标|三级指标|指标值||备注
|||2024年完成值|2025年目标值|
产出指标|数量指标|适配件数|385件|≥420件|
效益指标|社会效益指标|受益人数|350人|≥400人|
""")  # fmt: skip
    assert values(source) == ["≥420件", "≥400人"]


@pytest.mark.parametrize("second", ["|||||符号|数值|单位", "符号|数值|单位"])
def test_sign_figure_and_unit_below_the_head_of_the_value(tmp_path: Path, second: str) -> None:
    source = table(tmp_path / f"表{'.csv' if second[0] == '|' else '.txt'}", f"""
项目名称|渔船更新
绩效指标|一级指标|二级指标|三级指标|指标解释|目标值
{second}
船|产出指标|数量指标|更新渔船数量|更新的艘数|≥|15|艘
船|产出指标|质量指标|检验合格率|合格艘数占比|═|100|%
""")  # fmt: skip
    assert [source.profile.read_target(v).canonical for v in values(source)] == ["≥15艘", "=100%"]


@pytest.mark.parametrize(("half", "whole"), [("指标值（半年）", "指标值（全年）"), ("1-6月目标值", "全年目标值")])
def test_half_a_year_is_not_the_year(tmp_path: Path, half: str, whole: str) -> None:
    source = table(tmp_path / "表.csv", f"""
项目名称|消防站运行|||
一级指标|二级指标|三级指标|{half}|{whole}
产出指标|质量指标|装备完好率|≥95%|≥98%
效益指标|社会效益指标|到场时间|≤15分钟|≤13分钟
""")  # fmt: skip
    assert values(source) == ["≥98%", "≤13分钟"]


def test_columns_of_signs_units_and_standards_are_known_by_what_stands_in_them(tmp_path: Path) -> None:
    source = table(tmp_path / "表.csv", """
项目名称|文化下乡||||||
一级指标|二级指标|三级指标|关系|指标值|口径|依据类别
产出指标|数量指标|演出场次|≥|60|场|计划标准
产出指标|质量指标|演出完成率|=|100|%|行业标准
效益指标|社会效益指标|观众人次|≥|3|万人次|历史标准
""")  # fmt: skip
    assert values(source) == ["≥60场", "=100%", "≥3万人次"]
    assert [i.standard for i in source.declaration.indicators] == ["计划标准", "行业标准", "历史标准"]


SECTIONS = """
项目名称|生均公用经费||
单位：|南溪县教育局||
序号|绩效内容|目标值|说明
一、产出指标
（一）数量指标
1|惠及幼儿人数|≥5100人|
（二）质量指标
2|使用合规率|=100%|
二、效益指标
（一）社会效益指标
3|毛入园率|≥97%|
"""


@pytest.mark.parametrize("suffix", [".csv", ".txt"])
def test_categories_as_sections_over_their_rows(tmp_path: Path, suffix: str) -> None:
    source = table(tmp_path / f"表{suffix}", SECTIONS)
    assert [(i.l1, i.l2, i.name) for i in source.declaration.indicators] == [
        ("产出指标", "数量指标", "惠及幼儿人数"),
        ("产出指标", "质量指标", "使用合规率"),
        ("效益指标", "社会效益指标", "毛入园率"),
    ]
    assert source.declaration.unit == "南溪县教育局"


def test_the_long_term_block_above_the_year_in_a_text(tmp_path: Path) -> None:
    source = table(tmp_path / "表.txt", """
项目名称|面源污染治理
长期绩效指标
一级指标|二级指标|指标名称|指标值
产出指标|数量指标|治理面积|3万亩
年度绩效指标
一级指标|二级指标|指标名称|指标值
产出指标|数量指标|治理面积|1万亩
效益指标|生态效益指标|化肥减量|≥4%
""")  # fmt: skip
    assert values(source) == ["1万亩", "≥4%"]


def test_two_indicators_in_a_cell_that_cannot_be_parted_are_doubted(tmp_path: Path) -> None:
    source = table(tmp_path / "表.txt", """
项目名称|困境儿童保障
一级指标|二级指标|三级指标|指标值
产出指标|数量指标|1.保障儿童数 2.探访次数|≥210名 ≥840次
产出指标|质量指标|发放准确率|=100%
""")  # fmt: skip
    assert [sure(source, "第1行"), sure(source, "第2行")] == ["中", "高"]


# --- the header -----------------------------------------------------------------------------------------------------

ROWS = """
一级指标|二级指标|三级指标|指标值
产出指标|数量指标|治理面积|≥15亩
效益指标|生态效益指标|成活率|≥85%
"""


def test_goals_below_their_labels_in_cells_that_were_not_merged(tmp_path: Path) -> None:
    declaration = table(tmp_path / "表.csv", """
项目名称|小流域治理|||
总体目标|实施期目标（2025年—2027年）||2025年度目标|
|三年治理45亩。||治理15亩。|
""" + ROWS.strip()).declaration  # fmt: skip
    assert (declaration.long_goal, declaration.year_goal) == ("三年治理45亩。", "治理15亩。")


def test_goals_with_numbers(tmp_path: Path) -> None:
    source = table(tmp_path / "表.txt", "项目名称|治理\n年度绩效目标1|硬化道路6公里\n年度绩效目标2|新建广场3个\n" + ROWS.strip())
    assert source.declaration.year_goal == "硬化道路6公里\n新建广场3个"


def test_categories_as_heads_of_columns_are_not_taken_for_indicators(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="找不到"):
        table(tmp_path / "表.csv", """
项目名称|预算金额|数量指标|质量指标|社会效益指标|满意度指标
禁烧巡查|18|巡查240次|处置率100%|优良天数300天|满意度90%
""")  # fmt: skip


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        ("资金构成（万元）|中央|省级|市级|县级|其他\n0|20|6.5|70|0", ("70", "0", "20", "6.5")),
        (
            "资金来源|总投资2310万元，其中中央资金1200万元、省级资金600万元、市级资金110万元、县级配套400万元",
            ("400", "1200", "600", "110"),
        ),
        ("预算金额：320万元（其中：中央280万元，县级40万元）|备注：", ("40", "280", "", "")),
        ("省级财政统筹补助资金（万元）|60|县级预算安排资金（万元）|40", ("40", "", "60", "")),
        (
            "资金总额（元）|1260000|其中：自治区补助|400000\n年度资金总额（元）|860000|其中：自治区补助|260000",
            ("60", "", "26", ""),
        ),
    ],
)
def test_money_in_a_browsers_copy(tmp_path: Path, lines: str, wanted: tuple[str, ...]) -> None:
    declaration = table(tmp_path / "表.txt", f"项目名称|小流域治理\n{lines}\n{ROWS.strip()}").declaration
    upper = declaration.upper_funds
    assert (declaration.budget, upper.central, upper.province, upper.city) == wanted


def test_money_carried_over_is_other_money_where_the_form_has_no_row_for_it(tmp_path: Path) -> None:
    source = table(tmp_path / "表.csv", """
项目名称|治理|其他资金（万元）|0
年度资金总额（万元）|62|其中：财政拨款|50
上年结转资金（万元）|12||
""" + ROWS.strip())  # fmt: skip
    assert source.profile.id == "ah2025" and source.declaration.header("carried_over") == "12"
    source = read(tmp_path / "表.csv", profiles.load("mof2015-short"))
    assert (source.declaration.header("other"), sure(source, "other")) == ("12", "中")
    assert "B13" not in {f.rule for f in check(source.declaration, source.profile, source.present).findings}


@pytest.mark.parametrize("text", ["（填写一级预算单位全称）", "XX县XX局"])
def test_what_the_template_says_is_no_answer(tmp_path: Path, text: str) -> None:
    source = table(tmp_path / "表.csv", f"项目名称|治理\n主管部门|{text}\n" + ROWS.strip())
    found = {f.rule for f in check(source.declaration, source.profile, source.present).findings}
    assert found & {"C02", "V02"} and (source.declaration.department or source.import_report)


def test_amounts_that_fit_no_heads_are_not_guessed(tmp_path: Path) -> None:
    source = table(tmp_path / "表.txt", "项目名称|治理\n资金构成（万元）|中央|省级|市级|县级\n20|6.5\n" + ROWS.strip())
    upper = source.declaration.upper_funds
    assert (source.declaration.budget, upper.central, upper.province) == ("", "", "")
    assert source.import_report and {"20", "6.5"} <= {text for text, _ in source.import_report.unplaced}


def test_two_amounts_of_one_source_are_doubted(tmp_path: Path) -> None:
    source = table(tmp_path / "表.csv", "项目名称|治理\n县级资金（万元）|40\n县级资金（万元）|45\n" + ROWS.strip())
    assert sure(source, "budget_wan") == "低"


def test_a_list_with_short_words_for_its_columns(tmp_path: Path) -> None:
    table(tmp_path / "表.csv", """
序号|预算单位|项目名称|资金（万元）|一级指标|二级指标|三级指标|性质|指标值|单位|绩效目标
1|清河县文化馆|文化下乡|32|产出指标|数量指标|演出场次|≥|60|场|演出60场。
||||效益指标|社会效益指标|观众人次|≥|3|万人次|
2|清河县图书馆|图书购置|18.6|产出指标|数量指标|购置图书|≥|6000|册|购书6000册。
""")  # fmt: skip
    found = [s.declaration for s in read_all(tmp_path / "表.csv")]
    assert [(d.unit, d.project, d.budget, d.year_goal, len(d.indicators)) for d in found] == [
        ("清河县文化馆", "文化下乡", "32", "演出60场。", 2),
        ("清河县图书馆", "图书购置", "18.6", "购书6000册。", 1),
    ]


def test_a_row_of_sums_in_the_text_of_a_list_is_no_project(tmp_path: Path) -> None:
    table(tmp_path / "表.txt", """
单位名称|项目名称|预算数（万元）|一级指标|二级指标|三级指标|指标值
820-清河镇部门|62
820001-清河镇政府|村干部报酬|42|产出指标|数量指标|发放人数|230人
效益指标|社会效益指标|政策知晓率|≥95%
阵地建设|22|产出指标|数量指标|建设阵地|11个
""")  # fmt: skip
    found = read_all(tmp_path / "表.txt")
    assert [(s.declaration.project, s.declaration.budget, len(values(s))) for s in found] == [
        ("村干部报酬", "42", 2),
        ("阵地建设", "22", 1),
    ]
    assert any("合计行" in n and "62" in n for n in found[0].notices)


@pytest.mark.parametrize("blank", [" |", "|"])
def test_one_cell_a_line_with_a_pipe_behind_it_is_read_with_doubt(tmp_path: Path, blank: str) -> None:
    cells = [
        "项目支出绩效目标表", "（2025年度）", "项目名称", "赛事举办", "实施单位", "云溪县体育局",
        "项目资金\n（万元）", "年度资金总额：", "100",
        "其中：财政拨款", "100", "年度\n目标", "举办赛事1项。", "绩\n效\n指\n标",
        "一级\n指标", "二级指标", "三级指标", "指标值",
        "产出指标", "数量指标", "赛事种类", "1种", "参赛人数", "≥300人", "质量指标", "赛事完成率", "100%",
        "效益指标", "社会效益指标", "观赛人数", "≥2万人", "", "",
    ]  # fmt: skip
    path = tmp_path / "表.txt"
    path.write_text("".join(f"{cell}{blank}\n" for cell in cells), encoding="utf-8")
    source = read(path)
    declaration = source.declaration
    assert (declaration.project, declaration.unit, declaration.budget, declaration.year_goal) == (
        "赛事举办", "云溪县体育局", "100", "举办赛事1项。",
    )  # fmt: skip
    assert [(i.l2, i.name, i.value) for i in declaration.indicators] == [
        ("数量指标", "赛事种类", "1种"), ("数量指标", "参赛人数", "≥300人"), ("质量指标", "赛事完成率", "100%"),
        ("社会效益指标", "观赛人数", "≥2万人"),
    ]  # fmt: skip
    assert {sure(source, f"第{n}行") for n in range(1, 5)} == {"中"}


def test_goal_and_indicators_of_a_project_in_one_cell(tmp_path: Path) -> None:
    def goal(name: str, count: int) -> str:
        return (
            f"【项目概况】：{name}，租期36个月。\n【总体目标】\n保障{name}。\n【产出指标-数量指标】\n指标1：机柜数量(≥{count}台)\n"
            "指标2：巡检次数（≥12次（每月））\n【效益指标-社会效益指标】\n指标1：服务群众（≥3万人）"
        )

    rows = [
        ["云溪县公安局2025年项目绩效目标和指标", "", "", ""],
        ["单位编码", "单位名称(项目类别\n/支出项目)", "年度预算安排（元）", "绩效目标"],
        ["037001", " 云溪县公安局", "260000", ""],
        ["", "  其他运转类", "260000", ""],
        ["   037001", "   2024至2027年机房租赁", "168000", goal("机房租赁", 77)],
        ["   037001", "   110指挥中心运维", "92000", goal("指挥中心运维", 6)],
    ]
    with (tmp_path / "表.csv").open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)
    found = [s.declaration for s in read_all(tmp_path / "表.csv")]
    assert [(d.year, d.unit, d.project, d.budget, d.year_goal) for d in found] == [
        ("2025", "云溪县公安局", "2024至2027年机房租赁", "16.8", "保障机房租赁。"),
        ("2025", "云溪县公安局", "110指挥中心运维", "9.2", "保障指挥中心运维。"),
    ]
    assert [(i.l1, i.l2, i.name, i.value) for i in found[0].indicators] == [
        ("产出指标", "数量指标", "机柜数量", "≥77台"),
        ("产出指标", "数量指标", "巡检次数", "≥12次（每月）"),
        ("效益指标", "社会效益指标", "服务群众", "≥3万人"),
    ]
