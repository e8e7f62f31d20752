"""What is mended: the laws of the repairs, over the samples, odd value cells, and every form that a rule finds fault with."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from forms import CELLS, GOOD_FORMS, HN2015, changed, example, findings, report, with_cells, with_row
from hypothesis import given, settings
from hypothesis import strategies as st
from test_mutations import GOOD, NAMES, blemished, spoilt
from test_samples import SAMPLES, errors

from xlpkg.audit import fix as repairs
from xlpkg.audit.facts.finding import OFFERED, SAFE, Finding
from xlpkg.audit.fix import mend
from xlpkg.audit.rules import RULES
from xlpkg.form import profiles
from xlpkg.form.declaration import Declaration

GRAMMAR = json.loads((Path(__file__).parent / "data" / "grammar.json").read_text(encoding="utf-8"))
SUBJECTS = {
    "数量指标": "培训场次",
    "质量指标": "设备合格率",
    "时效指标": "验收时间",
    "成本指标": "印刷费",
    "社会效益指标": "投诉率",
}
VALUES = [
    *(g["raw"] for g in GRAMMAR),
    "≥9",
    "250万",
    "1，160万元",
    "≥１００％",
    "≥0起",
    "六千人",
    "十余次",
    "90%-80%",
    "不少于12场。",
    "=<9次",
    "≤100%",
    "1，160万元（含税）",
]

sample = pytest.mark.parametrize("declaration", SAMPLES.values(), ids=SAMPLES)
cells = st.builds(
    lambda l2, value, before, after: with_row(HN2015, l2, SUBJECTS[l2], before + value + after),
    st.sampled_from(list(SUBJECTS)),
    st.sampled_from(VALUES),
    st.sampled_from(["", " ", "\u3000", "\u200b"]),
    st.sampled_from(["", " ", "。", "，\n", "（含）"]),
)


def mended(declaration: Declaration, offered: bool) -> Declaration:
    return mend(declaration, profiles.load(declaration.profile), offered=offered)[0]


def repaired(declaration: Declaration, finding: Finding) -> Declaration:
    """The declaration with one repair and no other."""
    assert finding.fix
    if finding.fix.split:
        return repairs._with_split(declaration, finding.row, finding.fix)
    return repairs._with_changes(declaration, finding.fix)


@sample
@pytest.mark.parametrize("offered", [False, True])
def test_mending_a_sample_twice_is_mending_it_once(declaration, offered):
    once = mended(declaration, offered)
    assert mend(once, profiles.load(once.profile), offered=offered) == (once, [])


@sample
def test_safe_mending_of_a_sample_keeps_what_counts(declaration):
    before, after = report(declaration), report(mended(declaration, False))
    assert (after.seal, after.cost.summary(), after.errors) == (before.seal, before.cost.summary(), before.errors)


@sample
def test_mending_leaves_nothing_to_mend(declaration):
    """What is left of the repairs are splits and moves that could not be made; no cell repair is offered again."""
    left = [f.rule for f in report(mended(declaration, True)).findings if f.fix]
    assert left == []


@pytest.mark.slow
@given(cells, st.booleans())
@settings(max_examples=300, deadline=None)
def test_mending_twice_is_mending_once(declaration, offered):
    once = mended(declaration, offered)
    assert mended(once, offered) == once


@pytest.mark.slow
@given(cells)
@settings(max_examples=300, deadline=None)
def test_safe_mending_changes_neither_errors_nor_seal_nor_totals(declaration):
    before, safe = report(declaration), mended(declaration, False)
    after = report(safe)
    assert (after.seal, after.cost.summary()) == (before.seal, before.cost.summary())
    assert not errors(safe) - errors(declaration)


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("l2", SUBJECTS)
def test_a_fix_removes_its_own_finding_and_causes_no_value_error(l2, value):
    """A figure put right may show that its row is in the wrong category (F06), but is not itself wrong in another way."""
    declaration = with_row(HN2015, l2, SUBJECTS[l2], value)
    before = errors(declaration)
    for finding in report(declaration).findings:
        fix = finding.fix
        if fix:
            done = repairs._with_split(declaration, finding.row, fix) if fix.split else repairs._with_changes(declaration, fix)
            assert (finding.rule, finding.row, finding.field) not in findings(done)
            assert not [code for code, _, _ in errors(done) - before if code[0] == "V"]


def test_both_kinds_of_fix_occur():
    kinds = {f.fix.kind for declaration in SAMPLES.values() for f in report(declaration).findings if f.fix}
    assert kinds == {SAFE, OFFERED}


def test_short_names_of_standards_are_written_out():
    short = with_row(HN2015, "社会效益指标", "投诉率", "≤2%", "历史")
    assert mended(short, False).indicators[-1].standard == "历史标准"


def test_a_split_gives_rows_of_one_figure():
    after = mended(with_row(HN2015, "数量指标", "党建", "支持建设互联网企业党支部2个。召开互联网行业党委会2次"), True)
    assert [(i.row, i.name, i.value) for i in after.indicators[-2:]] == [
        (12, "支持建设互联网企业党支部个数", "2个"),
        (13, "互联网行业党委会次数", "2次"),
    ]


def test_two_rows_of_one_name_are_not_mended_into_one_category() -> None:
    once = with_row(HN2015, "质量指标", "培训学员满意度", "≥92%")
    twice = with_row(once, "社会效益指标", "培训学员满意度", "≥90%")
    mended, _ = mend(twice, profiles.load("hn2015"), offered=True)
    assert [code for code, _, _ in findings(mended, "error")] == ["F05"]


def test_many_cells_are_split_in_one_pass_and_rows_keep_their_order() -> None:
    declaration = with_row(HN2015, "数量指标", "宣传", "发放手册300册，张贴海报50张")
    declaration = with_row(declaration, "数量指标", "演练", "防汛演练2次，消防演练3次")
    mended, _ = mend(declaration, profiles.load("hn2015"), offered=True)
    assert findings(mended, "error") == []
    values = [(i.name, i.value) for i in mended.indicators[-4:]]
    assert values == [("发放手册册数", "300册"), ("张贴海报张数", "50张"), ("防汛演练次数", "2次"), ("消防演练次数", "3次")]
    assert [i.row for i in mended.indicators] == list(range(1, len(mended.indicators) + 1))


FAULTY_FORMS = {code: example(rule.failing) for code, rule in RULES.items() if rule.failing}
WITH_FIXES = {code: form for code, form in FAULTY_FORMS.items() if any(f.fix for f in report(form).findings if f.rule == code)}
odd = st.sampled_from(["", " ", "\u3000", "\u200b", "。", "，", "\n", "（一）", "Ａ"])


@st.composite
def untidy(draw: st.DrawFn) -> Declaration:
    """A good form or one with a fault, written untidily in up to four places."""
    declaration = draw(st.sampled_from([*GOOD_FORMS.values(), *FAULTY_FORMS.values()]))
    for _ in range(draw(st.integers(0, 4))):
        before, after = draw(odd), draw(odd)
        if draw(st.booleans()) and declaration.indicators:
            row, field = draw(st.integers(1, len(declaration.indicators))), draw(st.sampled_from(CELLS))
            text = getattr(declaration.indicators[row - 1], field)
            declaration = with_cells(declaration, row, **{field: before + text + after})
        else:
            field = draw(st.sampled_from(["unit", "project", "period", "filler", "phone", "year", "budget"]))
            declaration = changed(declaration, **{field: before + getattr(declaration, field) + after})
    return declaration


@pytest.mark.slow
@given(untidy())
@settings(max_examples=300, deadline=None)
def test_safe_mending_adds_no_finding_and_keeps_what_counts(declaration: Declaration) -> None:
    safe = mended(declaration, False)
    assert not Counter(findings(safe)) - Counter(findings(declaration))
    before, after = report(declaration), report(safe)
    assert (after.seal, after.cost.summary(), after.errors) == (before.seal, before.cost.summary(), before.errors)
    meanings = [[(r.target.kind, r.target.canonical) for r in x.evidence.rows] for x in (before, after)]
    assert meanings[0] == meanings[1]
    assert mended(safe, False) == safe


@pytest.mark.slow
@given(untidy())
@settings(max_examples=150, deadline=None)
def test_mending_with_offers_comes_to_an_end(declaration: Declaration) -> None:
    once = mended(declaration, True)
    assert mended(once, True) == once


@pytest.mark.parametrize("code", WITH_FIXES)
def test_the_fix_of_a_rule_removes_its_finding(code: str) -> None:
    declaration = WITH_FIXES[code]
    for finding in report(declaration).findings:
        if finding.fix and finding.rule == code:
            after = repaired(declaration, finding)
            assert (finding.rule, finding.row, finding.field) not in findings(after)
            new = {c for c, _, _ in errors(after) - errors(declaration)}
            assert new <= {"C08", "C09"}  # a row that is moved to its category may leave another without any


@pytest.mark.parametrize("name", NAMES)
def test_every_fix_of_a_spoilt_form_removes_its_finding(name: str) -> None:
    wrong, number = [], 0
    for what, mutated, (code, row, field) in (*spoilt(GOOD[name]), *blemished(GOOD[name])):
        for finding in report(mutated).findings:
            if finding.fix and (finding.rule, finding.row, finding.field) == (code, row, field):
                number += 1
                if (code, row, field) in findings(repaired(mutated, finding)):
                    wrong.append((what, finding.fix))
    assert wrong == [] and number > 20


MECHANICAL = """
C15 F01 F02 F03 F05 F06 F07 F08 F09 F10 F11 F12 F19 M08 V01 V02 V03 V04 V05 V06 V07 V08 V09 V10 V11 V14 V15 V17 V19 X01 X07
B12
"""
"""Rules that propose one text, one category or one split. The others ask for something that only the clerk knows."""


def test_rules_whose_proposal_is_mechanical_offer_it() -> None:
    offered = {f.rule for form in (*FAULTY_FORMS.values(), *SAMPLES.values()) for f in report(form).findings if f.fix}
    offered |= {f.rule for _, form, _ in blemished(HN2015) for f in report(form).findings if f.fix}
    misspelt = [
        with_cells(HN2015, 1, l2="数量"),
        with_cells(HN2015, 1, standard="计划"),
        with_cells(HN2015, 1, standard="计画标准"),
        with_cells(HN2015, 1, name="公路覆盖率（≥**%）", value="≥90%"),
    ]
    values = [with_row(HN2015, l2, SUBJECTS[l2], value) for l2 in SUBJECTS for value in VALUES]
    offered |= {f.rule for form in (*misspelt, *values) for f in report(form).findings if f.fix}
    assert offered == set(MECHANICAL.split())
