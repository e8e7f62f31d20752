"""The sheets around the entry sheet: 检查结果, 事项对照, 填报说明 and the hidden 选项."""

from decimal import Decimal
from math import isfinite
from typing import Any

import msgspec

from xlpkg.audit.activities import Activity, activities, categories
from xlpkg.audit.check import Report, severities
from xlpkg.audit.finding import OFFERED, SAFE, SEVERITIES
from xlpkg.audit.rules import RULES
from xlpkg.audit.rules.registry import VERSION
from xlpkg.form.money import in_unit
from xlpkg.form.profile import Profile
from xlpkg.form.units import MONEY
from xlpkg.sheets.layout import ENTRY, OPTIONS, PROFILE_LABEL, TEMPLATE_LABEL, Places, address
from xlpkg.sheets.style import Formats

_RESULT_COLUMNS = {
    "序号": 6,
    "级别": 8,
    "位置": 30,
    "哪一项": 12,
    "什么问题": 48,
    "怎么改": 48,
    "可代为修改": 26,
    "规则": 8,
    "跳转": 10,
}
_ACTIVITY_WIDTHS = (30, 32, 32, 22, 13, 10, 20)
_ONE_PAGE = 20  # activities that still print legibly on one page with their chart
_FIX_WORDS = {SAFE: "可直接修改", OFFERED: "同意后修改"}
_FIELD_WORDS = {
    "l1": "一级指标",
    "l2": "二级指标",
    "name": "三级指标",
    "value": "指标值",
    "standard": "绩效标准",
    "cost": "成本合计",
}


class Options(msgspec.Struct, frozen=True):
    """Sources of the drop-downs: ranges on the hidden sheet."""

    l1: str
    l2_heads: str
    l2_first: str
    l2_depth: int
    operators: str
    units: str
    standards: str

    def children(self, l1_cell: str) -> str:
        """The second-level names under the first-level name in a cell: a range found by its heading."""
        place = f"MATCH({l1_cell},{self.l2_heads},0)-1"
        count = f"COUNTA(OFFSET({self.l2_first},1,{place},{self.l2_depth},1))"
        return f"=OFFSET({self.l2_first},1,{place},{count},1)"


def write_options(book: Any, sheet: Any, profile: Profile) -> Options:
    """The lists, one a column: heads in row 4, the profile's id and version above."""
    formats = Formats(book)
    sheet.write_row(0, 0, [PROFILE_LABEL, profile.id])
    sheet.write_row(1, 0, [TEMPLATE_LABEL, profile.template])
    lists: dict[str, list[str]] = {
        "一级指标": [c.name for c in profile.tree],
        "符号": list(profile.operators),
        "单位": list(profile.units),
        "绩效标准": [s.name for s in profile.standards],
        **{c.name: [n.name for n in c.l2] for c in profile.tree},
    }
    ranges: dict[str, str] = {}
    for column, (head, names) in enumerate(lists.items()):
        sheet.write_string(3, column, head, formats["bold"])
        sheet.set_column(column, column, 18)
        for row, name in enumerate(names, 4):
            sheet.write_string(row, column, name)
        letter = address(0, column)[:-1]
        ranges[head] = f"={OPTIONS}!${letter}$5:${letter}${4 + len(names)}"
    first, last = 4, 3 + len(profile.tree)
    letters = [address(0, c)[:-1] for c in (first, last)]
    return Options(
        l1=ranges["一级指标"],
        l2_heads=f"{OPTIONS}!${letters[0]}$4:${letters[1]}$4",
        l2_first=f"{OPTIONS}!${letters[0]}$4",
        l2_depth=max(len(c.l2) for c in profile.tree),
        operators=ranges["符号"],
        units=ranges["单位"],
        standards=ranges["绩效标准"],
    )


def write_results(book: Any, sheet: Any, report: Report | None, places: Places) -> None:
    """One line a finding, each with a link to its cell; a sentence where nothing was checked or found."""
    formats = Formats(book)
    last = len(_RESULT_COLUMNS) - 1
    for column, width in enumerate(_RESULT_COLUMNS.values()):
        sheet.set_column(column, column, width)
    sheet.hide_gridlines(2)
    sheet.merge_range(0, 0, 0, last, "检查结果", formats["title"])
    sheet.set_row(0, 28)
    sheet.merge_range(1, 0, 1, last, _verdict(report), formats["status"])
    sheet.set_row(1, 24)
    sheet.write_row(2, 0, list(_RESULT_COLUMNS), formats["head"])
    sheet.freeze_panes(3, 0)
    findings = report.findings if report else ()
    for n, finding in enumerate(findings, 1):
        row = n + 2
        cell = places.cell(finding.row, finding.field)
        sheet.write_number(row, 0, n, formats["cell_center"])
        sheet.write_string(row, 1, SEVERITIES[finding.severity], formats[finding.severity])
        sheet.write_string(row, 2, finding.place, formats["cell"])
        sheet.write_string(row, 3, _FIELD_WORDS.get(finding.field, "表头" if finding.row is None else ""), formats["cell_center"])
        sheet.write_string(row, 4, finding.what, formats["cell"])
        sheet.write_string(row, 5, finding.suggestion, formats["cell"])
        offer = f"{_FIX_WORDS[finding.fix.kind]}：{finding.fix.to}" if finding.fix else ""
        sheet.write_string(row, 6, offer, formats["cell"])
        sheet.write_string(row, 7, finding.rule, formats["cell_center"])
        if cell:
            sheet.write_url(row, 8, f"internal:'{places.sheet}'!{cell}", formats["link"], f"→ {cell}", "跳到这一格")
        texts = ((finding.place, 30), (finding.what, 48), (finding.suggestion, 48), (offer, 26))
        sheet.set_row(row, 15 * max(-(-2 * len(t) // (w - 2)) for t, w in texts) + 5)
    if findings:
        sheet.autofilter(2, 0, 2 + len(findings), last)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)
    sheet.set_footer("&C第&P页，共&N页")


def _verdict(report: Report | None) -> str:
    if report is None:
        return "还没有检查。填完后点“检查”，问题会逐条列在这里，点最右一列可跳到对应的格子。"
    counts = f"错误{report.errors}条，提醒{report.warnings}条，提示{report.infos}条"
    end = "可以生成申报表。" if not report.errors else "错误须全部改正后才能报送。"
    return f"{report.status}：{counts}。{end}　校验码 {report.seal}"


def write_activities(book: Any, sheet: Any, report: Report) -> None:
    """One line an activity with its quantity, quality, time and cost; a chart of cost against the funds."""
    formats, evidence, cost = Formats(book), report.evidence, report.cost
    unit = cost.unit
    wanted = categories(evidence)
    heads = ["事项", *(c.removesuffix("指标") for c in wanted[:3]), f"成本（{unit}）", "占资金", "还缺什么"]
    for column, width in enumerate(_ACTIVITY_WIDTHS):
        sheet.set_column(column, column, width)
    sheet.hide_gridlines(2)
    sheet.merge_range(0, 0, 0, len(heads) - 1, "事项对照", formats["title"])
    sheet.set_row(0, 28)
    hint = "一行一个事项，看它的数量、质量、时效、成本是否齐全，花了多少钱。事项按名称自动归并，仅供核对。"
    sheet.merge_range(1, 0, 1, len(heads) - 1, hint, formats["hint"])
    sheet.write_row(2, 0, heads, formats["head"])
    sheet.freeze_panes(3, 1)
    found = activities(evidence)
    for n, activity in enumerate(found):
        row = 3 + n
        sheet.write_string(row, 0, activity.name, formats["cell"])
        texts_by_column = [[_short(r.name, activity.name, r.target.norm) for r in activity.rows[c]] for c in wanted[:3]]
        for column, texts in enumerate(texts_by_column, 1):
            sheet.write_string(row, column, "\n".join(texts) or "—", formats["cell" if texts else "gap"])
        if activity.amount is None:
            sheet.write_string(row, 4, "—", formats["gap"])
            sheet.write_string(row, 5, "", formats["cell"])
        else:
            sheet.write_number(row, 4, _shown(activity.amount, unit), formats["money"])
            sheet.write(row, 5, _finite(activity.share) if activity.share is not None else "", formats["percent"])
        missing = "、".join(c.removesuffix("指标") for c in activity.missing)
        sheet.write_string(row, 6, missing, formats["gap" if missing else "cell"])
        shown = [activity.name, *("\n".join(t) for t in texts_by_column)]
        widths = _ACTIVITY_WIDTHS[: len(shown)]
        lines = max(
            sum(-(-2 * len(line) // (width - 3)) for line in text.split("\n")) for text, width in zip(shown, widths, strict=True)
        )
        sheet.set_row(row, 15 * max(lines, 1) + 5)
    row = 3 + len(found)
    sheet.write_string(row, 0, "成本合计", formats["total"])
    for column in range(1, 7):
        sheet.write_blank(row, column, None, formats["total"])
    sheet.write_number(row, 4, _shown(cost.total, unit), formats["money"])
    if cost.funds is not None:
        sheet.write_string(row + 1, 0, "可用资金", formats["total"])
        sheet.write_number(row + 1, 4, _shown(cost.funds, unit), formats["money"])
        sheet.write_string(row + 2, 0, "差额", formats["total"])
        sheet.write_number(row + 2, 4, _shown(cost.funds - cost.total, unit), formats["money"])
    _charts(book, sheet, found, row, unit)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 1 if len(found) <= _ONE_PAGE else 0)
    sheet.repeat_rows(2)


def _shown(amount: Decimal, unit: str) -> float:
    """An amount as a number for a cell; what Excel cannot hold is shown as 0."""
    return _finite(Decimal(in_unit(amount, unit)))


def _finite(number: Decimal) -> float:
    value = float(number)
    return value if isfinite(value) else 0


def _short(name: str, activity: str, value: str) -> str:
    return value if name == activity else f"{name} {value}"


def _charts(book: Any, sheet: Any, found: list[Activity], total_row: int, unit: str) -> None:
    """Cost by activity, and the costs' sum beside the funds; drawn below the table."""
    with_money = [n for n, a in enumerate(found) if a.amount is not None]
    if not with_money:
        return
    height = 120 + 26 * len(with_money)
    by_activity = _bars(book, sheet, f"各事项成本（{unit}）", 3 + min(with_money), 3 + max(with_money), "#1F4E78")
    by_activity.set_size({"width": 700, "height": height})
    sheet.insert_chart(total_row + 4, 0, by_activity, {"object_position": 2})
    against_funds = _bars(book, sheet, f"成本与资金（{unit}）", total_row, total_row + 1, "#7F9DB9")
    against_funds.set_size({"width": 420, "height": min(height, 220)})
    sheet.insert_chart(total_row + 4, 3, against_funds, {"object_position": 2, "x_offset": 60})


def _bars(book: Any, sheet: Any, title: str, first: int, last: int, colour: str) -> Any:
    """A bar chart of the cost column over some rows of the table."""
    name = sheet.get_name()
    chart = book.add_chart({"type": "bar"})
    chart.add_series({
        "name": title, "categories": [name, first, 0, last, 0], "values": [name, first, 4, last, 4],
        "fill": {"color": colour}, "gap": 40, "data_labels": {"value": True, "num_format": "0.######"},
    })  # fmt: skip
    chart.set_title({"name": title, "name_font": {"size": 12}})
    chart.set_legend({"none": True})
    chart.set_y_axis({"reverse": True, "num_font": {"size": 9}})
    chart.set_x_axis({"major_gridlines": {"visible": True, "line": {"color": "#E5E7EB"}}, "num_format": "0", "min": 0})
    return chart


def write_note(book: Any, sheet: Any, text: str) -> None:
    """A sheet that holds nothing yet says when it will."""
    sheet.set_column(0, 0, 80)
    sheet.hide_gridlines(2)
    sheet.write_string(0, 0, text, Formats(book)["hint"])


def write_guide(book: Any, sheet: Any, profile: Profile) -> None:
    """How to fill in the form, every rule with its example, what to do when macros are blocked, versions."""
    formats = Formats(book)
    for column, width in enumerate((8, 8, 26, 44, 44)):
        sheet.set_column(column, column, width)
    sheet.hide_gridlines(2)
    sheet.merge_range(0, 0, 0, 4, "填报说明", formats["title"])
    sheet.set_row(0, 28)
    row = 1
    for title, lines in _guide(profile):
        sheet.merge_range(row, 0, row, 4, title, formats["section"])
        row += 1
        for line in lines:
            sheet.merge_range(row, 0, row, 4, line, formats["text"])
            sheet.set_row(row, 15 * -(-2 * len(line) // 128) + 4)
            row += 1
    sheet.merge_range(row, 0, row, 4, "五、检查规则", formats["section"])
    sheet.write_row(row + 1, 0, ["规则", "级别", "名称", "不对的例子", "对的例子"], formats["head"])
    row += 2
    for code, severity in severities(profile).items():
        rule = RULES[code]
        sheet.write_string(row, 0, code, formats["cell_center"])
        sheet.write_string(row, 1, SEVERITIES[severity], formats[severity])
        for column, text in enumerate((rule.name, rule.violates, rule.passes), 2):
            sheet.write_string(row, column, text, formats["cell"])
        sheet.set_row(row, 15 * max(-(-2 * len(t) // 42) for t in (rule.violates, rule.passes, "")) + 5)
        row += 1
    sheet.set_portrait()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _guide(profile: Profile) -> list[tuple[str, list[str]]]:
    l1 = "、".join(c.name for c in profile.tree)
    required = "、".join(profile.required_l2)
    return [
        ("一、怎么填", [
            f"1. 在“{ENTRY}”表里填白色格；灰色格和最上面的统计由本表自动计算，不用填。",
            f"2. 先填“基本信息”，金额一律以{profile.money_unit}为单位，只填数字；没有上级资金的填“0”。",
            f"3. “绩效指标”一行写一个指标。一级指标（{l1}）和二级指标从下拉列表选；{required}必须有。",
            "4. 指标值分三格写：符号（≥、≤、=）、数字、单位，例如“≥”“220”“次”。时间写在“指标值”一格，如“2024年12月31日前”。",
            "5. 一格只写一个值；比率最高写“=100%”；成本写上限，用“≤”；不要写“随机”“视情况”“若干”。",
            "6. 成本指标的金额自动相加，与可用资金比较，差额显示在最上面。",
            "7. 行数不够时，在表中间插入行；可以删除、排序、移动行，不要改表头文字。",
        ]),
        ("二、检查和生成", [
            "1. 点“检查”：问题逐条列在“检查结果”表，点最右一列跳到对应的格子；有问题的格子变色，改过的行显示“未复查”。",
            "2. 红色是错误，必须改；黄色是提醒，请核对；提示可以不改。",
            "3. 没有错误后生成申报表，打印、签字、盖章，并把生成的文件报送。还有错误时生成的是草稿。",
        ]),
        ("三、宏不能用、没有按钮时", [
            "1. 本表不用宏也能填：下拉列表、合计、差额、缺项提示都由公式完成。",
            "2. 检查和生成可以请信息员用命令完成：xlpkg check 文件名，xlpkg submit 文件名 -o 申报表.xlsx。",
        ]),
        ("四、版本", [
            f"表式：{profile.name}（{profile.id}）；表样版本：{profile.template}；规则版本：{VERSION}。金额单位换算：1万元={MONEY['万元']}元。",
        ]),
    ]  # fmt: skip
