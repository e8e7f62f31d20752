"""Foreign tables as offices really make them: each a few rows with one peculiarity, and what must be read from them."""

from __future__ import annotations

from pathlib import Path

import pytest
from layouts import Rows, Span, Word

from xlpkg.form.import_report import Entry, ImportReport
from xlpkg.reading.read import Source, read, read_all

HEADS = ["一级指标", "二级指标", "三级指标", "指标值", "绩效标准"]
BODY = [
    ["产出指标", "数量指标", "新建分类投放点", "≥120个", "计划标准"],
    ["产出指标", "数量指标", "购置收运车辆", "=8辆", "计划标准"],
    ["产出指标", "质量指标", "验收合格率", "=100%", "行业标准"],
    ["效益指标", "社会效益指标", "居民知晓率", "≥95%", "历史标准"],
]
TRUTH = [(name, value) for _, _, name, value, _ in BODY]


def taken_in(folder: Path, rows: Rows, spans: list[Span] | None = None, *lines: str) -> Source:
    """What is read from a Word document with paragraphs and one table."""
    word = Word()
    for line in lines:
        word.line(line)
    word.table([list(row) for row in rows], spans or [])
    word.save(folder / "表.docx")
    return read(folder / "表.docx")


def with_cells(*pairs: tuple[str, str]) -> Rows:
    """Label and value pairs above the indicators."""
    return [[label, value, "", "", ""] for label, value in pairs] + [HEADS, *BODY]


def rows_of(source: Source) -> list[tuple[str, str]]:
    return [(i.name, i.value) for i in source.declaration.indicators]


def categories(source: Source) -> list[tuple[str, str]]:
    return [(i.l1, i.l2) for i in source.declaration.indicators]


def import_report(source: Source) -> ImportReport:
    assert source.import_report
    return source.import_report


def left(source: Source) -> list[str]:
    return [text for text, _ in import_report(source).unplaced]


def entry(source: Source, field: str) -> Entry:
    return next(e for e in import_report(source).entries if e.field == field)


# --- money ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "label", "value", "budget"),
    [
        ((), "本级财政拨款（元）", "3,865,000.00", "386.5"),
        (("单位：元",), "财政拨款（万元）", "386.5", "386.5"),
        (("金额单位：人民币元",), "财政拨款", "3865000", "386.5"),
        ((), "财政拨款", "¥386.5（万元）", "386.5"),
        ((), "财政拨款", "386.5万元（大写：叁佰捌拾陆万伍仟元整）", "386.5"),
        ((), "县级配套资金", "386.5", "386.5"),
        ((), "预算数", "386.5", "386.5"),
    ],
)
def test_an_amount_and_its_unit(tmp_path: Path, lines: tuple[str, ...], label: str, value: str, budget: str) -> None:
    assert taken_in(tmp_path, with_cells((label, value)), [], *lines).declaration.budget == budget


def test_levels_of_money_side_by_side(tmp_path: Path) -> None:
    rows = [["合计", "中央", "省级", "市级", "县级"], ["506.5", "20", "80", "20", "386.5"], HEADS, *BODY]
    source = taken_in(tmp_path, rows)
    funds = source.declaration.upper_funds
    assert (source.declaration.budget, funds.central, funds.province, funds.city) == ("386.5", "20", "80", "20")
    assert left(source) == ["合计", "506.5"]


def test_a_total_is_doubtful_and_the_local_part_goes_before_it(tmp_path: Path) -> None:
    source = taken_in(tmp_path, with_cells(("年度资金总额", "506.5")))
    assert (entry(source, "budget_wan").text, entry(source, "budget_wan").sure) == ("506.5", "低")
    source = taken_in(tmp_path, with_cells(("年度资金总额", "506.5"), ("其中：中央补助资金", "120"), ("县级配套资金", "386.5")))
    assert (source.declaration.budget, source.declaration.upper_funds.central) == ("386.5", "120")
    assert left(source) == ["年度资金总额", "506.5"]


def test_levels_in_a_sentence(tmp_path: Path) -> None:
    told = "年度资金总额506.5万元，其中：中央财政资金20万元，省级财政资金80万元"
    source = taken_in(tmp_path, with_cells(("项目资金", told), ("年度目标", "完成建设。中央：落实检查；省级：落实抽查。")))
    funds = source.declaration.upper_funds
    assert (source.declaration.budget, funds.central, funds.province) == ("406.5", "20", "80")
    assert (entry(source, "budget_wan").sure, left(source)) == ("低", [])
    assert source.declaration.year_goal == "完成建设。中央：落实检查；省级：落实抽查。"


def test_other_prose_is_no_amount(tmp_path: Path) -> None:
    told = "按2023年标准，120人每人每月300元测算"
    source = taken_in(tmp_path, with_cells(("项目资金", told)))
    assert (source.declaration.budget, left(source)) == ("", ["项目资金", told])


# --- other fields ---------------------------------------------------------------------------------------------------


def test_a_value_ends_where_an_unknown_label_begins(tmp_path: Path) -> None:
    source = taken_in(
        tmp_path, [HEADS, *BODY], [], "填报单位：云溪县城管局（公章）  编制日期：2023.10", "填表人：张三   项目会计：李四",
        "联系电话：0734-5220001 邮箱：a@b.cn",
    )  # fmt: skip
    header = source.declaration
    assert (header.unit, header.filler, header.phone) == ("云溪县城管局", "张三", "0734-5220001")
    assert left(source) == ["编制日期：2023.10", "项目会计：李四", "邮箱：a@b.cn"]


def test_filler_and_phone_in_one_field(tmp_path: Path) -> None:
    header = taken_in(tmp_path, [HEADS, *BODY], [], "联系人及电话：张三 13900000000").declaration
    assert (header.filler, header.phone) == ("张三", "13900000000")


@pytest.mark.parametrize(
    ("title", "year", "sure"), [("二〇二四年度项目支出绩效目标表", "2024", "高"), ("2024-2026年项目支出绩效目标表", "2024", "低")]
)
def test_year_of_the_title(tmp_path: Path, title: str, year: str, sure: str) -> None:
    source = taken_in(tmp_path, [HEADS, *BODY], [], title)
    assert (entry(source, "year").text, entry(source, "year").sure) == (year, sure)


def test_goal_under_a_heading_of_its_own(tmp_path: Path) -> None:
    goal = ("一、年度绩效目标", "目标1：新建分类投放点120个；", "目标2：购置收运车辆8辆。", "二、绩效指标")
    source = taken_in(tmp_path, [HEADS, *BODY], [], *goal)
    assert source.declaration.year_goal == "目标1：新建分类投放点120个；\n目标2：购置收运车辆8辆。"


def test_value_beyond_a_blank_cell_and_code_behind_a_name(tmp_path: Path) -> None:
    rows = [["项目名称", "", "垃圾分类", "", ""], ["项目单位", "云溪县城管局  433001", "", "", ""], HEADS, *BODY]
    header = taken_in(tmp_path, rows).declaration
    assert (header.project, header.unit) == ("垃圾分类", "云溪县城管局")


# --- heads ----------------------------------------------------------------------------------------------------------


def test_sign_number_and_unit_below_one_head(tmp_path: Path) -> None:
    rows = [
        ["一级指标", "二级指标", "三级指标", "指标值", "", "", "绩效标准"], ["", "", "", "符号", "数值", "单位", ""],
        ["产出指标", "数量指标", "新建分类投放点", "≥", "120", "个", "计划标准"],
        ["", "", "居民知晓率", "大于等于", "95%", "％", "历史标准"],
        ["", "", "长效管理机制", "定性", "健全", "—", ""], ["", "", "购置收运车辆", "=", "=8辆", "辆", ""],
    ]  # fmt: skip
    spans = [(0, 3, 0, 5), *((0, c, 1, c) for c in (0, 1, 2, 6))]
    source = taken_in(tmp_path, rows, spans)
    assert rows_of(source) == [
        ("新建分类投放点", "≥120个"),
        ("居民知晓率", "≥95%"),
        ("长效管理机制", "健全"),
        ("购置收运车辆", "=8辆"),
    ]
    assert [i.standard for i in source.declaration.indicators] == ["计划标准", "历史标准", "", ""]
    assert left(source) == []


@pytest.mark.parametrize("parts", [("前年实际值", "上年预计值", "预计当年实现值"), ("实施期", "上年", "年度")])
def test_values_of_several_years_below_one_head(tmp_path: Path, parts: tuple[str, ...]) -> None:
    rows = [["一级指标", "二级指标", "三级指标", "指标值", "", ""], ["", "", "", *parts]]
    rows += [[l1, l2, name, "≥1个", "≥2个", value] for l1, l2, name, value, _ in BODY]
    source = taken_in(tmp_path, rows, [(0, 3, 0, 5), *((0, c, 1, c) for c in (0, 1, 2))])
    assert rows_of(source) == TRUTH
    first = source.declaration.indicators[0]
    for text, part in (("≥1个", parts[0]), ("≥2个", parts[1])):
        assert f"{part}：{text}" in first.note or text in left(source) or text in first.extra.values()


def test_medium_term_and_year_side_by_side(tmp_path: Path) -> None:
    rows = [
        ["总体目标", "中期目标（2024—2026年）", "", "", "年度目标", "", ""],
        ["", "三年建成分类体系。", "", "", "建成120个点。", "", ""],
    ]
    rows += [["一级指标", "二级指标", "三级指标", "指标值", "二级指标", "三级指标", "指标值"]]
    rows += [[l1, l2, f"三年{name}", "≥999个", l2, name, value] for l1, l2, name, value, _ in BODY]
    source = taken_in(tmp_path, rows, [(0, 1, 0, 3), (0, 4, 0, 6), (1, 1, 1, 3), (1, 4, 1, 6), (0, 0, 1, 0)])
    assert rows_of(source) == TRUTH
    assert (source.declaration.long_goal, source.declaration.year_goal) == ("三年建成分类体系。", "建成120个点。")
    assert left(source).count("≥999个") == len(BODY)


def test_of_two_columns_of_signs_the_one_with_signs_counts(tmp_path: Path) -> None:
    rows = [["一级指标", "二级指标", "三级指标", "指标性质", "指标方向", "指标值", "计量单位"]]
    rows += [
        ["产出指标", "数量指标", "新建分类投放点", "正向", "≥", "120", "个"],
        ["产出指标", "成本指标", "建设成本", "反向", "≤", "216", "万元"],
    ]
    source = taken_in(tmp_path, rows)
    assert rows_of(source) == [("新建分类投放点", "≥120个"), ("建设成本", "≤216万元")]
    assert left(source) == ["指标性质", "正向", "反向"]


def test_signs_without_a_place_are_listed(tmp_path: Path) -> None:
    rows = [["三级指标", "指标值", "是否重点", "一级指标", "二级指标"], ["新建分类投放点", "≥120个", "√", "产出指标", "数量指标"]]
    assert left(taken_in(tmp_path, rows)) == ["是否重点", "√"]


def test_categories_below_unknown_heads(tmp_path: Path) -> None:
    rows = [["指标类型", "指标类别", "三级指标", "指标值", "绩效标准"], *BODY]
    assert categories(taken_in(tmp_path, rows))[0] == ("产出指标", "数量指标")


# --- rows -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "spans"),
    [
        (["注：指标值须量化。", "", "", "", ""], [(5, 0, 5, 4)]),
        (["合计", "", "", "100分", ""], [(5, 0, 5, 2)]),
        (["合计", "", "", "100分", ""], []),
        (["其他需要说明的问题", "", "无需说明的情况", "", ""], [(5, 0, 5, 1), (5, 2, 5, 4)]),
        (["财政部门审核意见", "", "同意安排", "", ""], [(5, 0, 5, 1), (5, 2, 5, 4)]),
        (["保障措施", "加强领导，落实责任", "", "", ""], [(5, 1, 5, 4)]),
    ],
    ids=["note", "sum", "sum in cells", "other remarks", "opinion", "measures"],
)
def test_a_row_below_that_is_no_indicator(tmp_path: Path, row: list[str], spans: list[Span]) -> None:
    source = taken_in(tmp_path, [HEADS, *BODY, row], spans)
    assert rows_of(source) == TRUTH
    assert left(source) == [text for text in row if text]


def test_first_level_in_rows_of_its_own(tmp_path: Path) -> None:
    rows = [["序号", "二级指标", "三级指标", "指标值", "绩效标准"], ["一、产出指标", "", "", "", ""]]
    rows += [[str(n), *row[1:]] for n, row in enumerate(BODY[:3], 1)] + [["二、效益指标", "", "", "", ""], ["4", *BODY[3][1:]]]
    source = taken_in(tmp_path, rows, [(1, 0, 1, 4), (5, 0, 5, 4)])
    assert (rows_of(source), categories(source)) == (TRUTH, [(l1, l2) for l1, l2, *_ in BODY])
    assert left(source) == []


def test_next_page_goes_on_and_another_table_does_not(tmp_path: Path) -> None:
    word = Word()
    word.table([HEADS, *BODY[:1]])
    word.table([["", "", "购置收运车辆", "=8", "计划标准"]])
    word.table([["", "", "", "辆", ""], ["产出指标（续）", "质量指标", "验收合格率", "=100%", "行业标准"], BODY[3]])
    word.table([["支出内容", "数量", "单价", "金额", "依据"], ["投放点", "120", "1.8", "216", "询价"]])
    word.save(tmp_path / "表.docx")
    source = read(tmp_path / "表.docx")
    assert (rows_of(source), categories(source)) == (TRUTH, [(l1, l2) for l1, l2, *_ in BODY])
    assert entry(source, "第2行").sure == "中"
    assert left(source) == ["支出内容", "数量", "单价", "金额", "依据", "投放点", "120", "1.8", "216", "询价"]


def test_several_indicators_in_one_cell_are_parted(tmp_path: Path) -> None:
    row = ["产出指标", "数量指标", "指标1：新建分类投放点\n指标2：购置收运车辆", "≥120个\n=8辆", "计划标准"]
    wrapped = ["效益指标", "社会效益指标", "居民分类\n知晓率", "≥95\n%", "历史标准"]
    source = taken_in(tmp_path, [HEADS, row, wrapped])
    assert rows_of(source) == [*TRUTH[:2], ("居民分类\n知晓率", "≥95\n%")]
    assert "一格里写了几条，已按行拆开" in entry(source, "第2行").done


def test_name_and_value_in_one_cell_are_parted(tmp_path: Path) -> None:
    rows = [
        ["一级指标", "二级指标", "绩效指标内容"],
        ["产出指标", "数量指标", "指标1：新建分类投放点≥120个"],
        ["", "", "人居环境明显改善"],
    ]
    source = taken_in(tmp_path, rows)
    assert rows_of(source) == [("新建分类投放点", "≥120个"), ("人居环境明显改善", "")]
    assert [entry(source, f"第{n}行").sure for n in (1, 2)] == ["中", "中"]


@pytest.mark.parametrize(("column", "second"), [(3, ("购置收运车辆", "≥120个")), (2, ("新建分类投放点", "=8辆"))])
def test_a_cell_merged_downwards_holds_for_each_row(tmp_path: Path, column: int, second: tuple[str, str]) -> None:
    source = taken_in(tmp_path, [HEADS, *BODY], [(1, column, 2, column)])
    assert rows_of(source)[1] == second
    assert entry(source, "第2行").sure == "中"


def test_short_names_of_categories_and_satisfaction_among_benefits(tmp_path: Path) -> None:
    rows = [
        HEADS,
        ["产出", "时效", "完工时间", "2024年10月底前", "计划标准"],
        ["效益指标", "满意度指标", "居民满意度", "≥90%", "历史标准"],
    ]
    source = taken_in(tmp_path, rows)
    assert categories(source) == [("产出指标", "时效指标"), ("满意度指标", "社会公众或服务对象满意度指标")]


def test_an_indicator_may_be_called_like_a_field(tmp_path: Path) -> None:
    rows = [["项目名称", "垃圾分类", "", "", ""], HEADS, *BODY[:2], ["产出指标", "数量指标", "项目", "≥3项", "计划标准"], BODY[3]]
    assert [name for name, _ in rows_of(taken_in(tmp_path, rows))] == ["新建分类投放点", "购置收运车辆", "项目", "居民知晓率"]


# --- several forms --------------------------------------------------------------------------------------------------


def test_of_two_forms_each_is_read(tmp_path: Path) -> None:
    word = Word()
    word.table(with_cells(("项目名称", "垃圾分类"), ("填表人", "张三")))
    word.table([["项目名称", "焚烧厂运行", "", "", ""], HEADS, ["产出指标", "数量指标", "处理垃圾量", "≥11万吨", "计划标准"]])
    word.save(tmp_path / "表.docx")
    first, second = read_all(tmp_path / "表.docx")
    assert (first.declaration.project, rows_of(first), first.declaration.filler) == ("垃圾分类", TRUTH, "张三")
    assert (second.declaration.project, rows_of(second)) == ("焚烧厂运行", [("处理垃圾量", "≥11万吨")])
    source = read(tmp_path / "表.docx")
    assert source.declaration == first.declaration
    assert source.notices == (
        "“表.docx”里有2份表，这里只处理第一份“垃圾分类”；还有“焚烧厂运行”。全部取出：xlpkg convert 文件 -o 文件夹。",
    )
