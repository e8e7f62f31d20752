"""The sample forms give what they were made to give; the order of rows and the repairs obey their laws."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import msgspec
import pytest
from forms import HN2015, findings, with_row
from hypothesis import given, settings
from hypothesis import strategies as st

from xlpkg.audit import fix as repairs
from xlpkg.audit.check import Report, check
from xlpkg.audit.finding import OFFERED, SAFE
from xlpkg.audit.fix import mend, numbered
from xlpkg.audit.rules import RULES
from xlpkg.form import profile as profiles
from xlpkg.form.declaration import Declaration, from_json

CASES = sorted((Path(__file__).parent / "data" / "cases").glob("*.json"))
TEXTS = {path.stem: path.read_text(encoding="utf-8") for path in CASES}
SAMPLES = {stem: from_json(text) for stem, text in TEXTS.items()}
LATER_ROW = {"F04", "X10", "R02", "R06", "R07"}
"""Rules that by their wording name the first or the later of two rows."""

GRAMMAR = json.loads((Path(__file__).parent / "data" / "grammar.json").read_text(encoding="utf-8"))
NAMES = {"数量指标": "培训场次", "质量指标": "设备合格率", "时效指标": "验收时间", "成本指标": "印刷费", "社会效益指标": "投诉率"}
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
    lambda l2, value, before, after: with_row(HN2015, l2, NAMES[l2], before + value + after),
    st.sampled_from(list(NAMES)),
    st.sampled_from(VALUES),
    st.sampled_from(["", " ", "\u3000", "\u200b"]),
    st.sampled_from(["", " ", "。", "，\n", "（含）"]),
)


def report(declaration: Declaration) -> Report:
    return check(declaration, profiles.load(declaration.profile))


def mended(declaration: Declaration, offered: bool) -> Declaration:
    return mend(declaration, profiles.load(declaration.profile), offered=offered)[0]


def errors(declaration: Declaration) -> Counter:
    return Counter(findings(declaration, "error"))


@pytest.mark.parametrize("stem", SAMPLES)
def test_sample_has_exactly_its_errors(stem):
    expected = [(e["rule_code"], e["row"], e["field"]) for e in json.loads(TEXTS[stem])["expected"]]
    assert errors(SAMPLES[stem]) == Counter(expected)


@pytest.mark.parametrize("stem", SAMPLES)
def test_sample_has_its_warnings(stem):
    wanted = set(json.loads(TEXTS[stem]).get("expected_warnings_sample", [])) & set(RULES)
    assert wanted <= {code for code, _, _ in findings(SAMPLES[stem])}


def test_costs_of_the_office_are_its_budget():
    summary = report(SAMPLES["00_network_office"]).cost.summary()
    assert (summary["total"], summary["budget"], summary["difference"]) == ("140", "140", "0")


def test_costs_are_added_without_rounding():
    assert report(SAMPLES["01_rural_roads"]).cost.summary()["total"] == "1160.5"


@given(st.sampled_from(sorted(SAMPLES)), st.randoms())
def test_order_of_rows_does_not_matter(stem, random):
    """Same totals, and findings on the same indicators; the number of a row and which of two twins is named may differ."""
    declaration = SAMPLES[stem]
    order = list(declaration.indicators)
    random.shuffle(order)
    shuffled = msgspec.structs.replace(declaration, indicators=numbered(order))
    old_row = {new: i.row for new, i in enumerate(order, 1)} | {None: None}
    found = Counter((c, old_row[r], f) for c, r, f in findings(shuffled) if c not in LATER_ROW)
    assert found == Counter(f for f in findings(declaration) if f[0] not in LATER_ROW)
    assert report(shuffled).cost.summary() == report(declaration).cost.summary()


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


@given(cells, st.booleans())
@settings(max_examples=300)
def test_mending_twice_is_mending_once(declaration, offered):
    once = mended(declaration, offered)
    assert mended(once, offered) == once


@given(cells)
@settings(max_examples=300)
def test_safe_mending_changes_neither_errors_nor_seal_nor_totals(declaration):
    before, safe = report(declaration), mended(declaration, False)
    after = report(safe)
    assert (after.seal, after.cost.summary()) == (before.seal, before.cost.summary())
    assert not errors(safe) - errors(declaration)


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("l2", NAMES)
def test_a_fix_removes_its_own_finding_and_causes_no_value_error(l2, value):
    """A figure put right may show that its row is in the wrong category (F06), but is not itself wrong in another way."""
    declaration = with_row(HN2015, l2, NAMES[l2], value)
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
        (12, "支持建设互联网企业党支部", "=2个"),
        (13, "互联网行业党委会", "=2次"),
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
    assert values == [("发放手册", "=300册"), ("张贴海报", "=50张"), ("防汛演练", "=2次"), ("消防演练", "=3次")]
    assert [i.row for i in mended.indicators] == list(range(1, len(mended.indicators) + 1))
