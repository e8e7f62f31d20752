"""Layouts in which provinces and counties publish their forms: tables of merged cells, as Word, Excel or text of a browser.

Layouts are facts of published forms; everything that is written in them is invented.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import msgspec
from layouts import Book, Rows, Span, Word, merged_categories

from xlpkg.form.declaration import Declaration


@dataclass
class Page:
    """Lines above the table, its rows with merged cells, lines below; what of it has no place in our forms."""

    above: list[str]
    rows: Rows
    spans: list[Span]
    below: list[str] = field(default_factory=list)


Layout = Callable[[Declaration], Page]


def as_word(page: Page, path: Path) -> None:
    word = Word()
    for line in page.above:
        word.line(line)
    word.table([list(row) for row in page.rows], page.spans)
    for line in page.below:
        word.line(line)
    word.save(path)


def as_book(page: Page, path: Path) -> None:
    book = Book()
    width = max(map(len, page.rows))
    rows = [*([line] for line in page.above), *map(list, page.rows), *([line] for line in page.below)]
    down = len(page.above)
    spans = [(n, 0, n, width - 1) for n in range(down)]
    spans += [(a + down, b, c + down, e) for a, b, c, e in page.spans]
    book.table([[*row, *[""] * (width - len(row))] for row in rows], spans)
    book.save(path)


def as_tabs(page: Page, path: Path) -> None:
    """What a browser copies: a merged cell stands only in its first row and column."""
    gone = {(r, c) for a, b, e, f in page.spans for r in range(a, e + 1) for c in range(b, f + 1) if (r, c) != (a, b)}
    lines = ["\t".join(t for c, t in enumerate(row) if (r, c) not in gone) for r, row in enumerate(page.rows)]
    path.write_text("\n".join([*page.above, *lines, *page.below]), encoding="utf-8")


WRITERS: dict[str, Callable[[Page, Path], None]] = {".docx": as_word, ".xlsx": as_book, ".txt": as_tabs}


def write(layout: str, declaration: Declaration, path: Path) -> None:
    """A declaration in a layout, in the kind of file that the path names."""
    WRITERS[path.suffix](LAYOUTS[layout](declaration), path)


def _indicators(
    d: Declaration,
    rows: Rows,
    spans: list[Span],
    heads: Sequence[str],
    cells: Callable[[int], Sequence[str]],
    side: str = "绩效指标",
) -> None:
    """Add the heads and the indicators, with their categories merged and a label merged at their left."""
    top = len(rows)
    rows.append([side, *heads])
    rows += [["", i.l1, i.l2, *cells(n)] for n, i in enumerate(d.indicators)]
    spans += [(top, 0, len(rows) - 1, 0), *merged_categories(d.indicators, top + 1, 1)]


def _name_and_value(d: Declaration) -> Callable[[int], Sequence[str]]:
    return lambda n: (d.indicators[n].name, d.indicators[n].value)


# --- the layouts ----------------------------------------------------------------------------------------------------


def one_goal(d: Declaration) -> Page:
    """安徽, 宁夏: codes before the department, one goal, money as total, public and other."""
    rows = [
        ["项目名称", d.project, "", "", ""],
        ["主管部门及代码", f"[042]{d.department}", "", "实施单位", d.unit],
        ["项目来源", "本级申报项目", "", "项目期", d.period],
        ["项目资金（万元）", "年度资金总额：", "", d.budget, ""],
        ["", "其中：财政拨款", "", d.budget, ""],
        ["", "其他资金", "", "0.00", ""],
        ["年度目标", d.year_goal, "", "", ""],
    ]
    spans: list[Span] = [(0, 1, 0, 4), (1, 1, 1, 2), (2, 1, 2, 2), (3, 0, 5, 0), *((n, 1, n, 2) for n in (3, 4, 5))]
    spans += [*((n, 3, n, 4) for n in (3, 4, 5)), (6, 1, 6, 4)]
    _indicators(d, rows, spans, ("一级指标", "二级指标", "三级指标", "指标值"), _name_and_value(d))
    return Page(["项目支出绩效目标表", f"（{d.year}年度）", "项目责任人：　　单位（盖章）："], rows, spans)


def goal_below_its_label(d: Declaration) -> Page:
    """内蒙古, 湖南: the goal stands below its label; the person in charge beside the project; a column for what was done."""
    rows = [
        ["项目名称", d.project, "", "项目负责人及电话", ""],
        ["主管部门", d.department, "", "实施单位", d.unit],
        ["资金情况(万元)", "年度资金总额:", "", d.budget, ""],
        ["", "其中:财政拨款", "", d.budget, ""],
        ["", "其他资金", "", "0", ""],
        ["总体目标", "年度目标", "", "年度总体目标完成情况", ""],
        ["", d.year_goal, "", "", ""],
    ]
    spans: list[Span] = [(0, 1, 0, 2), (1, 1, 1, 2), (2, 0, 4, 0), *((n, 1, n, 2) for n in (2, 3, 4))]
    spans += [*((n, 3, n, 4) for n in (2, 3, 4)), (5, 0, 6, 0), (5, 1, 5, 2), (5, 3, 5, 4), (6, 1, 6, 2), (6, 3, 6, 4)]
    _indicators(d, rows, spans, ("一级指标", "二级指标", "三级指标", "指标值"), _name_and_value(d))
    return Page(["绩效目标申报表", f"({d.year}年度)"], rows, spans, ["财政部门支出股室初审意见（盖章）"])


def goals_side_by_side(d: Declaration) -> Page:
    """兵团: goal and money of the whole project beside those of the year."""
    whole = f"{Decimal(d.budget) * 3}"
    rows = [
        ["项目名称", d.project, "", "", ""],
        ["主管部门", d.department, "", "实施单位", d.unit],
        ["项目属性", "新建", "", "项目期", d.period],
        ["资金情况（万元）", "项目资金总额：", whole, "年度资金申请总额", d.budget],
        ["", "其中：财政资金", whole, "其中：当年财政拨款", d.budget],
        ["", "", "", "上年结转资金", ""],
        ["", "其他资金", "", "其他资金", ""],
        ["项目绩效目标", "项目总目标", "", "年度总体目标", ""],
        ["", d.long_goal, "", d.year_goal, ""],
    ]
    spans: list[Span] = [(0, 1, 0, 4), (1, 1, 1, 2), (2, 1, 2, 2), (3, 0, 6, 0), (7, 0, 8, 0)]
    spans += [(7, 1, 7, 2), (7, 3, 7, 4), (8, 1, 8, 2), (8, 3, 8, 4)]
    _indicators(d, rows, spans, ("一级指标", "二级指标", "三级指标", "年度指标值"), _name_and_value(d))
    return Page([f"{d.year}年本级财政衔接补助资金绩效目标申报表"], rows, spans)


def money_by_kind(d: Declaration) -> Page:
    """四川 2021: money by kind with subtotals; first levels and brackets behind the second levels in other words."""
    first = {"产出指标": "项目完成指标", "效益指标": "项目效益指标"}
    rows = [
        ["项目名称", d.project, "", "", ""],
        ["预算单位", d.unit, "", "", ""],
        ["项目资金(万元)", "年度资金总额", "", "金额(万元)", ""],
        ["", "（一）财政拨款小计", "", d.budget, ""],
        ["", "1、一般公共预算", "", d.budget, ""],
        ["", "2、政府性基金", "", "0.00", ""],
        ["", "（二）自有资金小计", "", "0.00", ""],
        ["总体目标", "年度目标", "", "", ""],
        ["", d.year_goal, "", "", ""],
    ]
    spans: list[Span] = [*((n, 1, n, 4) for n in (0, 1)), (2, 0, 6, 0), (7, 0, 8, 0), (7, 1, 7, 4), (8, 1, 8, 4)]
    spans += [*((n, 1, n, 2) for n in range(2, 7)), *((n, 3, n, 4) for n in range(2, 7))]
    renamed = [msgspec.structs.replace(i, l1=first.get(i.l1, i.l1), l2=f"{i.l2}（必填）") for i in d.indicators]
    other = msgspec.structs.replace(d, indicators=tuple(renamed))
    heads = ("一级指标", "二级指标", "三级指标", "指标值（包含数字及文字描述）")
    _indicators(other, rows, spans, heads, _name_and_value(d))
    return Page(["项目支出绩效目标申报表", f"（{d.year}年度）"], rows, spans)


def levels_in_two_rows(d: Declaration) -> Page:
    """湖南 南岳: the levels of money in two rows of heads, labels that begin with 专项."""
    f = d.upper_funds
    total = sum((Decimal(x or 0) for x in (d.budget, f.central, f.province, f.city)), Decimal(0))
    rows = [
        ["专项名称", d.project, "", "", "", "", ""],
        ["主管部门", d.department, "", "", "专项起止时间", d.period, ""],
        ["专项资金情况", "本年度预计投入（万元）", "财政资金（万元）", "", "", "", "其他"],
        ["", "", "中央", "省级", "市级资金", "本级", ""],
        ["", f"{total}", f.central or "0", f.province or "0", f.city or "0", d.budget, "0"],
        ["中长期绩效目标", d.long_goal, "", "", "", "", ""],
        ["本年度绩效目标", d.year_goal, "", "", "", "", ""],
    ]
    spans: list[Span] = [(0, 1, 0, 6), (1, 1, 1, 3), (1, 5, 1, 6), (2, 0, 4, 0), (2, 1, 3, 1), (2, 2, 2, 5), (2, 6, 3, 6)]
    spans += [(5, 1, 5, 6), (6, 1, 6, 6)]
    top = len(rows)
    rows.append(["专项年度绩效指标", "一级指标", "二级指标", "三级指标内容", "", "指标值及单位", ""])
    rows += [["", i.l1, i.l2, i.name, "", i.value, ""] for i in d.indicators]
    spans += [(top, 0, len(rows) - 1, 0), *merged_categories(d.indicators, top + 1, 1)]
    spans += [s for n in range(top, len(rows)) for s in ((n, 3, n, 4), (n, 5, n, 6))]
    return Page(["专项资金绩效目标申报表", f"（{d.year}年度）", f"填报单位（盖章）：{d.unit}          单位负责人："], rows, spans)


def upper_funds_alone(d: Declaration) -> Page:
    """湖北: everything comes from above; 指标内容 for the name."""
    rows = [
        ["项目名称", d.project, "", "", ""],
        ["项目主管部门", d.department, "", "项目执行单位", d.unit],
        ["资金情况（万元）", f"年度资金总额：{d.budget}", "", "", ""],
        ["", f"其中 ：上级资金{d.budget}", "", "", ""],
        ["总体目标", "年度目标", "", "", ""],
        ["", d.year_goal, "", "", ""],
    ]
    spans: list[Span] = [
        (0, 1, 0, 4),
        (1, 1, 1, 2),
        (2, 0, 3, 0),
        (2, 1, 2, 4),
        (3, 1, 3, 4),
        (4, 0, 5, 0),
        (4, 1, 4, 4),
        (5, 1, 5, 4),
    ]
    _indicators(d, rows, spans, ("一级指标", "二级指标", "指标内容", "指标值"), _name_and_value(d))
    return Page(["绩效目标表", f"（{d.year}年度）"], rows, spans)


def long_head(d: Declaration) -> Page:
    """甘肃 2023: two names of the project, start and end, money from above and in all, three kinds of cost."""
    f = d.upper_funds
    total = sum((Decimal(x or 0) for x in (d.budget, f.central, f.province)), Decimal(0))
    rows = [
        ["一级项目名称", "水利发展专项资金", "二级项目名称", d.project],
        ["项目类型", "新增项目", "项目分类", "专项工作经费"],
        ["资金用途", "业务类项目", "项目主管部门", d.department],
        ["项目开始日期", d.period.split("至")[0], "项目完成日期", d.period.split("至")[-1]],
        ["项目总投资", f"{total * 2}万元", "中央补助安排", f.central or "0"],
        ["省级财政安排", f.province or "0", "其他资金", "0"],
        ["预算申报数", f"{total}万元", "资金性质", "一般公共预算"],
        ["立项必要性", "保障供水安全", "监督管理单位", "县水利监督站"],
        ["项目实施单位", d.unit, "", ""],
        ["年度绩效目标", d.year_goal, "", ""],
    ]
    spans: list[Span] = [(8, 1, 8, 3), (9, 1, 9, 3)]
    top = len(rows)
    rows.append(["一级指标", "二级指标", "三级指标", "指标目标值"])
    rows += [[i.l1, i.l2, i.name, i.value] for i in d.indicators]
    spans += merged_categories(d.indicators, top + 1, 0)
    return Page(["省级部门预算项目支出绩效目标表", f"（{d.year}年度）"], rows, spans)


def two_years(d: Declaration) -> Page:
    """湖北 批复表: last year's value beside this year's below one head."""
    last = str(int(d.year) - 1)
    rows = [["项目名称", d.project, "", "", ""], ["主管部门", d.department, "", "项目单位", d.unit]]
    rows += [["当年财政拨款（万元）", d.budget, "", "起止年限", d.period], ["年度绩效目标", d.year_goal, "", "", ""]]
    spans: list[Span] = [(0, 1, 0, 4), (1, 1, 1, 2), (2, 1, 2, 2), (3, 1, 3, 4)]
    top = len(rows)
    rows.append(["一级指标", "二级指标", "三级指标", "指标值", ""])
    rows.append(["", "", "", f"{last}年实际实现值", f"预期{d.year}年实现值"])
    rows += [[i.l1, i.l2, i.name, f"{n}个", i.value] for n, i in enumerate(d.indicators, 7)]
    spans += [(top, 3, top, 4), *((top, c, top + 1, c) for c in (0, 1, 2)), *merged_categories(d.indicators, top + 2, 0)]
    return Page([f"{d.year}年度项目支出绩效目标批复表"], rows, spans)


def with_explanations(d: Declaration) -> Page:
    """湖南 澧县: an explanation of each indicator before its target; points behind the first levels."""
    rows = [["项目名称", d.project, "", "", "", "", ""], ["主管部门", d.department, "", "", "实施单位", d.unit, ""]]
    rows += [
        ["年度本级预算（万元）", d.budget, "", "", "建设周期", d.period, ""],
        ["总体绩效目标", d.year_goal, "", "", "", "", ""],
    ]
    spans: list[Span] = [(0, 1, 0, 6), (3, 1, 3, 6), *((n, 1, n, 3) for n in (1, 2)), *((n, 5, n, 6) for n in (1, 2))]
    with_points = [msgspec.structs.replace(i, l1=f"{i.l1}(0-30)分") for i in d.indicators]
    other = msgspec.structs.replace(d, indicators=tuple(with_points))
    heads = ("一级指标", "二级指标", "三级指标", "指标解释", "指标说明及公式", "预期达到目标")
    _indicators(other, rows, spans, heads, lambda n: (d.indicators[n].name, f"解释{n}", "", d.indicators[n].value), "绩效目标")
    return Page([f"（ {d.year} 年度）", "项目绩效目标申报表"], rows, spans)


LAYOUTS: dict[str, Layout] = {
    "one goal": one_goal, "goal below": goal_below_its_label, "goals side by side": goals_side_by_side,
    "money by kind": money_by_kind, "levels in two rows": levels_in_two_rows, "upper funds alone": upper_funds_alone,
    "long head": long_head, "two years": two_years, "explanations": with_explanations,
}  # fmt: skip

_NOT_IN = {
    "one goal": ("long_goal", "upper", "filler", "phone"),
    "goal below": ("long_goal", "upper", "filler", "phone", "period"),
    "goals side by side": ("upper", "filler", "phone"),
    "money by kind": ("long_goal", "upper", "filler", "phone", "period", "department"),
    "levels in two rows": ("filler", "phone"),
    "upper funds alone": ("long_goal", "upper", "filler", "phone", "period"),
    "long head": ("long_goal", "city", "filler", "phone"),
    "two years": ("long_goal", "upper", "filler", "phone"),
    "explanations": ("long_goal", "upper", "filler", "phone"),
}
"""What a layout has no place for."""


def wanted(layout: str, d: Declaration) -> dict[str, str]:
    """The header fields that a reader must find."""
    f = d.upper_funds
    found = {
        "year": d.year, "unit": d.unit, "department": d.department, "project": d.project, "budget_wan": d.budget,
        "central": f.central,
        "province": f.province, "city": f.city, "period": d.period, "long_goal": d.long_goal, "year_goal": d.year_goal,
        "filler": d.filler, "phone": d.phone,
    }  # fmt: skip
    for field_name in _NOT_IN[layout]:
        for key in ("central", "province", "city") if field_name == "upper" else (field_name,):
            found[key] = ""
    if layout == "upper funds alone":
        found["budget_wan"], found["province"] = "0", d.budget  # of which level is not written: it stands at the likeliest, unsure
    return found


def as_list(declarations: Sequence[Declaration], path: Path, *, total: str = "") -> None:
    """四川 2023: one row an indicator, the project in a column, money in 元; above a row with the sum of the department."""
    book = Book()
    heads = [
        "单位名称",
        "项目名称",
        "预算数",
        "年度目标",
        "一级指标",
        "二级指标",
        "三级指标",
        "指标性质",
        "指标值",
        "度量单位",
        "权重",
        "指标方向性",
    ]
    year = declarations[0].year
    rows: Rows = [[f"部门预算项目绩效目标申报表（{year}年度）"], ["金额单位：元"], heads]
    yuan = [Decimal(d.budget) * 10000 for d in declarations]
    rows.append([f"820-{declarations[0].department}部门", "", total or f"{sum(yuan):,.2f}"])
    for d, amount in zip(declarations, yuan, strict=True):
        for n, i in enumerate(d.indicators):
            head = [f"820001-{d.unit}", d.project, f"{amount:,.2f}", d.year_goal] if n == 0 else ["", "", "", ""]
            rows.append([*head, i.l1, i.l2, i.name, i.op or "定性", i.number, i.unit, "10", "正向指标"])
    book.table([[*row, *[""] * (len(heads) - len(row))] for row in rows])
    book.save(path)
