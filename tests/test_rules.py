"""Every rule with a form that fails it and one that just passes, and every ruling of the catalogue."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from forms import (
    GOOD_FORMS,
    HN2015,
    HN2015_ROWS,
    MOF2021,
    changed,
    example,
    findings,
    form,
    of_rows,
    with_cells,
    with_row,
    without_rows,
)

from xlpkg.audit.check import check
from xlpkg.audit.rules import RULES
from xlpkg.form import profiles
from xlpkg.form.declaration import Declaration

QUANTITY, QUALITY, TIME, COST = "数量指标", "质量指标", "时效指标", "成本指标"
SOCIAL, ECONOMIC, SATISFACTION = "社会效益指标", "经济效益指标", "社会公众或服务对象满意度指标"
BENEFITS = (ECONOMIC, SOCIAL, "生态效益指标", "可持续影响指标")
GOAL = "改造农村公路12公里，修复危桥3座。"


def row(number: int, base: Declaration = HN2015, **cells: str) -> Declaration:
    return with_cells(base, number, **cells)


def head(base: Declaration = HN2015, **fields: str) -> Declaration:
    return changed(base, **fields)


def add(l2: str, name: str, value: str) -> Declaration:
    return with_row(HN2015, l2, name, value)


def add_paid(name: str) -> Declaration:
    """One cost row more, of 10万元, and the money for two such rows."""
    return with_row(head(budget="160"), COST, name, "≤10万元")


def costly(name: str) -> Declaration:
    """One cost row more, of 10万元, and the money for it."""
    return with_row(head(budget="150"), COST, name, "≤10万元")


def patrol(bought: str) -> Declaration:
    """A service of one year with its cost, and when it is bought."""
    base = with_row(head(budget="150"), COST, "沿线群众出行服务费", "≤10万元")
    return with_row(with_row(base, QUANTITY, "沿线群众出行服务时间", "=1年"), TIME, "沿线群众出行服务", bought)


def few_rows(*left_out: str) -> Declaration:
    """The base form of 2021 without some categories, and goals that name nothing of theirs."""
    goal = "改造农村公路，修复农村公路上的危桥，使受益村民出行。"
    return changed(without_rows(MOF2021, *left_out), year_goal=GOAL, long_goal=goal)


def one_standard() -> Declaration:
    declaration = HN2015
    for number in range(1, 12):
        declaration = row(number, declaration, standard="计划标准")
    return declaration


EXAMPLES = list(RULES)


def wanted(code: str) -> list[tuple[str, int | None, str]]:
    """All that is found in a rule's failing example: `7 value`, `budget_wan`, with a code in front if it is another rule's."""
    found = []
    for part in RULES[code].found.split("; "):
        *other, field = part.split(" ")
        row = int(other.pop()) if other and other[-1].isdecimal() else None
        found.append((other[0] if other else code, row, field))
    return found


@pytest.mark.parametrize("base", GOOD_FORMS.values(), ids=lambda base: base.profile)
def test_a_well_written_form_has_no_finding(base):
    assert [f for f in findings(base) if f[0] != "C10"] == []  # not every framework has rows for what is recommended


@pytest.mark.parametrize("code", EXAMPLES)
def test_every_rule_has_a_failing_and_a_passing_form(code):
    assert RULES[code].failing and RULES[code].found and RULES[code].passing


def test_rows_out_of_order_are_no_finding():
    rows = HN2015.indicators
    assert findings(of_rows(HN2015, [rows[7], *rows[:7], *rows[8:]])) == []


def test_equal_goals_of_one_year_are_a_hint_only():
    same = head(long_goal=HN2015.year_goal)
    assert [(f.rule, f.severity) for f in check(same, profiles.load("hn2015")).findings if f.rule == "R03"] == [("R03", "info")]


@pytest.mark.parametrize("code", EXAMPLES)
def test_one_mutation_is_one_finding(code):
    assert findings(example(RULES[code].failing)) == wanted(code)


@pytest.mark.parametrize("code", EXAMPLES)
def test_what_just_passes_is_not_reported(code):
    assert code not in {rule for rule, _, _ in findings(example(RULES[code].passing))}


@pytest.mark.parametrize(
    ("budget", "codes"),
    [
        ("1400000元", []), ("0.014亿元", []), ("140 万元", []), ("140万", []), ("１４０", []), ("1,160.50", ["B03"]),
        ("8605000元", ["B03"]), ("1390000元", ["B02"]), ("NaN", ["C05"]), ("Infinity", ["C05"]), ("1e3", ["C05"]),
        ("约140", ["C05"]), ("", ["C05"]), ("/", ["C05"]), ("-140", ["B01"]), ("1,40", ["C05"]),
    ],
)  # fmt: skip
def test_budget_is_converted_never_stripped(budget, codes):
    assert [code for code, _, _ in findings(head(budget=budget))] == codes


@pytest.mark.parametrize("field", ["central", "province", "city"])
@pytest.mark.parametrize(
    ("text", "code"),
    [("", "C15"), ("/", "C15"), ("—", "C15"), ("无", "C15"), ("若干", "B07"), ("-5", "B07"), ("NaN", "B07"), ("1e3", "B07")],
)
def test_upper_fund_is_blank_or_invalid(field, text, code):
    assert findings(head(**{field: text})) == [(code, None, f"upper_funds.{field}")]


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"budget": ""}, ("C05", None, "budget_wan")),
        ({"budget": "0"}, ("B01", None, "budget_wan")),
        ({"budget": "-10", "province": "200"}, ("B01", None, "budget_wan")),
        ({"budget": "1", "city": "若干"}, ("B07", None, "upper_funds.city")),
    ],
)
def test_costs_are_not_compared_with_funds_that_are_wrong(fields, found):
    assert findings(head(**fields)) == [found]


@pytest.mark.parametrize(
    ("value", "budget", "over"),
    [
        ("≤0.1万元", "140.1", False), ("≤1001元", "140.1", True), ("5-6万元", "145", True), ("5-6万元", "146", False),
        ("6-5万元", "145", True), ("五万元", "144", True), ("≤9万元/公里", "140", False), ("≥5%", "140", False),
        ("纸张5万元，装订6万元", "140", False), ("≥5万元且≤8万元", "147", True),
    ],
)  # fmt: skip
def test_what_counts_as_cost(value, budget, over):
    found = findings(with_row(head(budget=budget), COST, "印刷费", value), "error")
    assert (("B02", None, "cost") in found) == over


@pytest.mark.parametrize("name", ["总成本", "项目总投资", "成本总额", "费用合计", "预算控制数"])
def test_a_total_row_is_no_item_but_is_held_against_the_funds(name):
    assert findings(with_row(HN2015, COST, name, "≤140万元")) == []
    assert findings(with_row(HN2015, COST, name, "≤141万元")) == [("B02", None, "cost")]


@pytest.mark.parametrize("name", ["总支出", "总造价", "总经费", "成本总计", "项目成本"])
def test_other_names_of_the_total_row(name):
    assert findings(with_row(HN2015, COST, name, "≤140万元"), "error") == []


@pytest.mark.parametrize("name", ["每场活动成本", "人均培训成本", "电脑采购单价", "公路单位造价"])
def test_a_unit_cost_by_name_is_not_added_up(name):
    assert findings(with_row(HN2015, COST, name, "≤3万元"), "error") == []


@pytest.mark.parametrize(("value", "added"), [("每户140万元", False), ("140万元/户", False), ("每年140万元", True)])
def test_money_for_each_is_not_added_up(value, added):
    assert findings(with_row(HN2015, COST, "补助资金", value), "error") == ([("B02", None, "cost")] if added else [])


@pytest.mark.parametrize(
    ("mutated", "found"),
    [
        (without_rows(HN2015, QUANTITY, QUALITY, TIME, COST), [("C08", None, "产出指标")]),
        (without_rows(HN2015, *BENEFITS), [("C08", None, "效益指标")]),
        (without_rows(MOF2021, QUANTITY, QUALITY, TIME), [("C08", None, "产出指标")]),
        (without_rows(MOF2021, QUANTITY), [("C09", None, QUANTITY)]),
        (without_rows(MOF2021, "经济成本指标", QUALITY, TIME), []),
        (row(4, l1="绩效指标"), [("F01", 4, "l1")]),
        (row(4, l1=""), [("F01", 4, "l1")]),
        (row(4, l1="效益指标"), [("F02", 4, "l2")]),
        (row(5, MOF2021, l1="成本指标"), [("F02", 5, "l2")]),
        (row(11, l1="绩效指标"), [("F01", 11, "l1"), ("F05", 11, "l2")]),
        (row(4, name=""), [("C09", None, TIME), ("C11", 4, "name")]),
    ],
)
def test_missing_categories_are_reported_once(mutated, found):
    assert findings(mutated, "error") == found


@pytest.mark.parametrize(
    ("period", "value", "found"),
    [
        ("2023年1月-12月", "2023年11月底前", [("X04", None, "period")]),
        ("2023年1月-12月", "2024年11月底前", [("X04", None, "period")]),
        ("2023年—2025年", "2025年3月底前", []),
        ("202401-202412", "2025年3月底前", [("X04", 4, "value")]),
        ("一年", "2025年3月底前", [("X04", 4, "value")]),
        ("一年", "2024年3月底前", []),
        ("2023年10月—次年5月", "2024年3月底前", []),
        ("2024年", "在2023年基础上缩短10天", []),
        ("2024年", "2024年3月至2025年1月", [("X04", 4, "value")]),
        ("2024年", "2024年11月底前（2023年跨年工程）", []),
        ("2021年起长期实施", "2024年11月底前", []),
        ("2023年12月起12个月", "2024年11月底前", []),
        ("2023年1月起至12月", "2024年11月底前", [("X04", None, "period")]),
        ("起止时间：2023年1月-12月", "2024年11月底前", [("X04", None, "period")]),
    ],
)
def test_years(period, value, found):
    assert findings(row(4, head(period=period), value=value), "error") == found


def test_years_are_not_compared_without_a_year():
    assert findings(row(4, head(year="203"), value="2019年11月底前"), "error") == [("C04", None, "year")]


def contradictions(goal: str, *indicators: str) -> list[int]:
    """Rows (counted from the first of `indicators`, "name value") that X06 names."""
    rows = [i.split() for i in indicators]
    table = "\n".join(f"| {QUALITY if '率' in name else QUANTITY} | {name} | {value} | 计划标准 |" for name, value in rows)
    return [number - 11 for code, number, _ in findings(form(HN2015_ROWS + table, year_goal=goal)) if code == "X06"]


GOALS = [
    ("新建高标准农田8000亩", ["新建高标准农田面积 ≥6000亩"], [1]),
    ("新建高标准农田8000亩", ["新建高标准农田面积 ≥8000亩"], []),
    ("新建高标准农田8000亩，其中新建高标准农田示范区500亩", ["新建高标准农田面积 ≥8000亩"], []),
    ("累计新建高标准农田35万亩", ["新建高标准农田面积 ≥8000亩"], []),
    ("推动重点企业签约52个", ["推动重点企业签约数 ≥50个"], [1]),
    ("新建高标准农田8000亩（其中改造6000亩）", ["新建高标准农田面积 ≥6000亩"], [1]),
    ("新建高标准农田（6000亩）8000亩", ["新建高标准农田面积 8000亩"], []),
    ("新建高标准农田8000亩", ["新建高标准农田面积 7000-8000亩"], []),
    ("新建高标准农田8000亩", ["新建高标准农田面积 8000-9000亩"], []),
    ("新建高标准农田7000-8000亩", ["新建高标准农田面积 8000亩"], []),
    ("城镇污水处理率由92%提高到100%", ["城镇污水处理率 =100%"], []),
    ("城镇污水处理率由92%提高到100%", ["城镇污水处理率 =95%"], [1]),
    ("培训农村党员不少于500人", ["培训农村党员人数 ≥600人"], []),
    ("培训农村党员不少于500人", ["培训农村党员人数 600人"], []),
    ("培训农村党员不少于500人", ["培训农村党员人数 ≥400人"], [1]),
    ("培训农村党员不少于500人", ["培训农村党员人数 ≤600人"], [1]),
    ("小区改造投诉率不超过2%", ["小区改造投诉率 ≤1%"], []),
    ("小区改造投诉率不超过2%", ["小区改造投诉率 ≤3%"], [1]),
    ("培训农村党员1.8万人", ["培训农村党员人数 ≥18000人"], []),
    ("培训农村党员1.8万人", ["培训农村党员人数 ≥1800人"], [1]),
    ("培训农村党员五百人", ["培训农村党员人数 ≥600人"], [1]),
    ("培训农村党员五百人", ["培训农村党员人数 ≥500人"], []),
    ("开展食品安全抽检600批次", ["食品安全抽检次数 ≥500次"], []),
    ("开展食品安全抽检600批次", ["食品安全抽检批次 ≥500批次"], [1]),
    ("培训党员500人", ["群众培训人数 ≥600人"], []),
    ("培训农村党员8万元", ["培训农村党员补助 ≥6万元"], []),
    ("培训农村党员8天", ["培训农村党员天数 ≥6天"], []),
    ("改造农村危房120户", ["农村危房户数 90户", "改造农村危房户数 100户"], [2]),
    ("改造农村危房120户", ["农村危房改造户数 100户", "农村危房验收户数 110户"], [1]),
    ("改造农村危房120户", ["农村危房改造户数 100户", "农村危房验收户数 120户"], []),
    ("开展安全生产检查每月2次，全年不少于24次", ["安全生产检查次数 24次"], []),
    ("每季度开展安全生产检查2次", ["安全生产检查次数 8次"], []),
    ("开展安全生产检查24次", ["安全生产检查次数 每月2次"], []),
    ("城区绿化覆盖率较上年提高3%，达到45%", ["城区绿化覆盖率 ≥45%"], []),
]


@pytest.mark.parametrize(("goal", "indicators", "rows"), GOALS)
def test_goal_text_against_indicators(goal, indicators, rows):
    assert contradictions(goal, *indicators) == rows


def test_a_blank_row_is_ignored_and_keeps_its_number():
    assert findings(row(9, row(8, name="", value="", standard=""), value="随机")) == [("M01", 9, "value")]


def test_overridden_rule_is_silent():
    from msgspec.structs import replace

    hn2015, faulty = profiles.load("hn2015"), example(RULES["V05"].failing)
    assert [f.rule for f in check(faulty, hn2015).findings] == ["V05"]
    assert not check(faulty, replace(hn2015, rules={"V05": "off", "C16": "off"})).findings
    assert check(faulty, replace(hn2015, rules={"V05": "warning"})).status == "有提醒"


def test_the_readme_counts_the_rules_right() -> None:
    text = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
    counts = Counter(rule.severity for rule in RULES.values())
    said = re.search(r"There are (\d+) rules for a\s+declaration: (\d+) errors, (\d+) warnings, (\d+) hints", text)
    assert said and [int(n) for n in said.groups()] == [len(RULES), *(counts[s] for s in ("error", "warning", "info"))]
    for group in {code[0] for code in RULES}:
        last = max(code for code in RULES if code[0] == group)
        assert re.search(rf"\| {group}\d\d–{last} \|", text), group
