"""The law of the repairs: none leaves a row that is wrong and silent, makes a wrong row, or is contradicted by the next check."""

from __future__ import annotations

import os
import re
from collections import Counter

import pytest
from forms import GOOD_FORMS, HN2015, MOF2021, example, with_row
from hypothesis import given, settings
from hypothesis import strategies as st
from test_samples import SAMPLES

from xlpkg.audit.check import Report, check
from xlpkg.audit.facts.finding import ERROR, SAFE, Finding
from xlpkg.audit.fix import accept, numbered, repairs_of, split_rows
from xlpkg.audit.rules import RULES
from xlpkg.form import profiles
from xlpkg.form.declaration import Declaration, Indicator
from xlpkg.form.text import norm

QUANTITY, QUALITY, TIME, COST, SOCIAL = "数量指标", "质量指标", "时效指标", "成本指标", "社会效益指标"
SATISFACTION = "社会公众或服务对象满意度指标"
NAMES = [
    "培训场次", "培训人数", "发放手册", "道路养护", "补贴数量", "补助发放额", "宣传活动", "造林面积（亩）", "苗木成活率(≥**%)",
    "*路灯达标率100%", "设备合格率", "资金拨付及时率", "补助逾期发放率", "逾期率", "群众投诉率", "不合格率", "网络安全事故起数",
    "公众知晓率", "防治知识知晓率显著提升", "促进可持续发展", "居民收入增长率", "学员满意度", "群众对服务的满意程度",
    "验收时间", "任务按时完成率", "印刷费", "培训费（万元）", "总投入(≥**万元)", "成本控制率", "人均培训成本", "灌溉水利用系数",
    "服务对象满意度%", "系统统运维", "受益村民人数",
]  # fmt: skip
VALUES = [
    "≥100%", "=100%", "≤100%", "≤95%", "≥95%", "299%", "85", "≥0.9", "≥1", "≥95", "44561", "80000", "≥ %", "≥万元", "20+5万元",
    "8 33.3", "对学校2400平米体育场馆补贴5万元", "组织开展宣传活动6次。", "发放手册300册，张贴海报50张", "纸张5万元，装订6万元",
    "召开会议一次", "长期", "有效提升", "≥１０００人次", "不少于12场", "控制在5%以内", "600-520人", "250万", "≥82万元",
    "≤82万元", "82万元", "820000元", "100百分比", "十二次", "随机", "无", "2024年11月底前", "11月前", "1年", "及时完成", "≥80M",
    "≥360平米", "≥**人", "满意", "90%-80%", "1,160万元", "≥105%", "≥0起", "5亩", "6000人",
]  # fmt: skip
UNMASKED = {
    "C08": "a row that was in the wrong category was the only one that the category seemed to have",
    "C09": "likewise",
    "C10": "likewise",
    "M07": "likewise: the only benefit with a figure was none",
    "F16": "a split makes one row of two, and a move fills a category",
    "X02": "the quantity of a cost stood in a wrong category, or was none",
    "X03": "likewise",
    "B10": "a quantity that can now be read shows what one event costs",
    "B11": "what was taken for a quantity is none",
    "B02": "an amount that could not be read is now added up",
    "B03": "likewise",
    "B04": "likewise",
    "R01": "a value's words stood for a part of the goal",
    "R02": "one finding of a row gave way to the next",
    "R06": "likewise",
    "X10": "likewise",
    "V16": "a figure freed from its sentence has no sign, as before",
    "M10": "a sign put right shows that the figure demands nothing",
}
"""What the next check may find that this one did not: true of the form before, but hidden behind what was mended."""


def report(declaration: Declaration) -> Report:
    return check(declaration, profiles.load(declaration.profile))


def repaired(declaration: Declaration, findings: list[Finding]) -> tuple[Declaration, dict[int, list[int]]]:
    """The declaration with these repairs, and which rows (as then numbered) each row has become."""
    changed, _, splits = accept(declaration, repairs_of(findings))
    parts = {s.row: s.fix for s in splits}
    rows: list[Indicator] = []
    became: dict[int, list[int]] = {}
    for item in changed.indicators:
        new = split_rows(item, parts[item.row]) if item.row in parts else [item]
        became[item.row] = list(range(len(rows) + 1, len(rows) + len(new) + 1))
        rows += new
    return Declaration(**{f: getattr(changed, f) for f in changed.__struct_fields__} | {"indicators": numbered(rows)}), became


def wrong(declaration: Declaration, row: int) -> str:
    """What is plainly wrong with a row, said without the rules; "" if nothing is."""
    item = declaration.indicators[row - 1]
    name, value = norm(item.name), norm(item.value).replace(" ", "")
    figure = re.search(r"([≥≤=><]?)(-?[\d.]+)(%?)", value)
    bare = re.sub(r"\([^()]*\)", "", name)
    if re.search("逾期|投诉率|不合格率|事故", name) and not re.search("^(减少|降低)", name) and figure:
        if figure[1] in ("≥", ">"):
            return "a bad thing with a lower limit"
        if figure[3] and float(figure[2]) >= 100:
            return "a bad thing of which all may happen"
    if re.search("(?<!不)(合格率|及时率|满意度|达标率)$", bare) and "逾期" not in name and value.startswith(("≤", "<")):
        return "a good thing with an upper limit"
    if figure and figure[3] and "增" not in name and float(figure[2]) + (figure[1] in ("≥", ">")) > 100:
        return "a rate above 100 %"
    if item.l2 == QUANTITY and "元" in value and not re.search("[费额款]|资金|成本|投资|总投入", bare):
        return "money as a quantity"
    if item.l2 == QUANTITY and not re.search(r"[\d一二两三四五六七八九十]", value):
        return "a quantity without a figure"
    if re.search("(?<!不)满意(度|程度)$", bare) and item.l1 != "满意度指标":
        return "a satisfaction elsewhere"
    if re.search(r"\d\s*\+\s*\d|\d \d", value):
        return "a sum"
    if "**" in name or name.startswith("*"):
        return "a template's mark"
    return ""


def bad_name(name: str) -> str:
    """Why nobody would write a name; "" if somebody might."""
    if re.search(r"\d+(\.\d+)?[%元个次人亩]", name) or "**" in name:
        return "it holds a value"
    if re.search("(率|度|数量|次数|人数|面积|里程)(完成率|达标率|次数|个数|数量|人数|面积|里程|率|数)$", name):
        return "two endings of a measure"
    return "it is a wish" if re.search("(提升|改善|提高)(完成率|数量|次数)$", name) else ""


def broken(declaration: Declaration, findings: list[Finding]) -> list[object]:
    """How the law is broken by these repairs."""
    if not findings:
        return []
    before, (after, became) = report(declaration), repaired(declaration, findings)
    told = report(after).findings
    offers = [(f.rule, f.row, f.fix.to) for f in findings if f.fix]
    faults: list[object] = []
    for old, new in became.items():
        was = {f.rule: f.severity for f in before.findings if f.row == old}
        for row in new:
            now = {f.rule: f.severity for f in told if f.row == row}
            item = after.indicators[row - 1]
            if item == Indicator(**{**_cells(declaration.indicators[old - 1]), "row": row}):
                continue
            if (what := wrong(after, row)) and not now:
                faults.append(("silent", what, item.name, item.value, offers))
            if new_errors := {c for c, s in now.items() if s == ERROR} - {c for c, s in was.items() if s == ERROR}:
                faults.append(("made wrong", new_errors, item.l2, item.name, item.value, offers))
            if caused := set(now) - set(was) - set(UNMASKED):
                faults.append(("contradicted", caused, item.l2, item.name, item.value, offers))
            if item.name != declaration.indicators[old - 1].name and (why := bad_name(norm(item.name))):
                faults.append(("name", why, item.name, offers))
    gained = Counter(f.rule for f in told if f.row is None) - Counter(f.rule for f in before.findings if f.row is None)
    if caused := set(gained) - set(UNMASKED):
        faults.append(("form", caused, offers))
    return faults


def _cells(item: Indicator) -> dict[str, object]:
    return {f: getattr(item, f) for f in item.__struct_fields__}


def lawless(declaration: Declaration) -> list[object]:
    """How the law is broken by a form's repairs: one by one, the safe ones, all."""
    fixes = [f for f in report(declaration).findings if f.fix]
    safe = [f for f in fixes if f.fix and f.fix.kind == SAFE]
    return [fault for chosen in ([f] for f in fixes) for fault in broken(declaration, chosen)] + [
        *broken(declaration, safe), *broken(declaration, fixes)
    ]  # fmt: skip


@pytest.mark.parametrize("declaration", SAMPLES.values(), ids=SAMPLES)
def test_repairs_of_a_sample(declaration: Declaration) -> None:
    assert lawless(declaration) == []


@pytest.mark.parametrize("code", [code for code, rule in RULES.items() if rule.failing])
def test_repairs_of_what_a_rule_finds(code: str) -> None:
    assert lawless(example(RULES[code].failing)) == []


SHARE = 1 if os.environ.get("XLPKG_TEST_ALL") else 3
"""Of the pairs of a name and a value every third is looked at, and all of them where everything is asked for."""


@pytest.mark.slow
@pytest.mark.parametrize("n", range(6))
def test_repairs_of_names_with_values(n: int) -> None:
    l2 = (QUANTITY, QUALITY, TIME, COST, SOCIAL, SATISFACTION)[n]
    pairs = [(name, value) for i, name in enumerate(NAMES) for value in VALUES[(i + n) % SHARE :: SHARE]]
    assert [(name, value, f) for name, value in pairs for f in lawless(with_row(HN2015, l2, name, value))] == []


@st.composite
def repaired_forms(draw: st.DrawFn) -> tuple[Declaration, list[Finding]]:
    """A well-written form of some profile with a few odd rows, and some of its repairs."""
    base = draw(st.sampled_from([HN2015, MOF2021, GOOD_FORMS["mof2015"]]))
    categories = list(profiles.load(base.profile).parent)
    for _ in range(draw(st.integers(1, 4))):
        base = with_row(base, *(draw(st.sampled_from(texts)) for texts in (categories, NAMES, VALUES)))
    fixes = [f for f in report(base).findings if f.fix]
    chosen = draw(st.lists(st.sampled_from(fixes), unique_by=id)) if fixes else []
    return base, sorted(chosen, key=fixes.index)


@given(repaired_forms())
@settings(max_examples=400, deadline=None)
def test_any_choice_of_repairs(case: tuple[Declaration, list[Finding]]) -> None:
    assert broken(*case) == []
