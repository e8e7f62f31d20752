"""Every rule of monitoring and self-evaluation: an example that fails it with nothing else, and one that passes."""

from __future__ import annotations

import re

import pytest
from year_forms import GOOD, changed, found, judged

from xlpkg.year.form import SELF_EVALUATION
from xlpkg.year.rules import YEAR_RULES, kind_of


def wanted(code: str) -> list[tuple[str, int | None, str]]:
    """What a rule's failing example finds: `7 score`, `total`, with a code in front if it is another rule's."""
    lines = []
    for line in YEAR_RULES[code].found.splitlines():
        match = re.fullmatch(r"(?:([KS]\d\d) )?(?:(\d+) )?(\S+)(?: (error|warning))?", line)
        assert match, line
        lines.append((match[1] or code, int(match[2]) if match[2] else None, match[3]))
    return sorted(lines, key=str)


@pytest.mark.parametrize("kind", GOOD)
def test_a_good_form_has_no_finding(kind: str) -> None:
    assert found(GOOD[kind]) == []
    assert judged(GOOD[kind]).status == "可报送"


@pytest.mark.parametrize("code", YEAR_RULES)
def test_the_failing_example_is_found_and_nothing_else(code: str) -> None:
    rule = YEAR_RULES[code]
    report = judged(changed(GOOD[kind_of(code)], rule.failing))
    assert sorted(((f.rule, f.row, f.field) for f in report.findings), key=str) == wanted(code)
    own = next(f for f in report.findings if f.rule == code)
    said = re.search(r"\b(error|warning)\b", rule.found.splitlines()[0])
    assert own.severity == (said[1] if said else rule.severity)
    assert own.what and own.suggestion.endswith("。") and not own.what.endswith("。")


@pytest.mark.parametrize("code", YEAR_RULES)
def test_the_passing_example_has_no_finding(code: str) -> None:
    rule = YEAR_RULES[code]
    assert rule.passing and changed(GOOD[kind_of(code)], rule.passing) != GOOD[kind_of(code)]
    assert found(changed(GOOD[kind_of(code)], rule.passing)) == []


def test_all_rules_of_the_catalogue_are_there() -> None:
    assert sorted(YEAR_RULES) == [*(f"K{n:02}" for n in range(1, 19)), *(f"S{n:02}" for n in range(1, 24))]


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        ("1 actual = 16公里", ("S12", "error")),
        ("funds.total.adjusted = 100\nfunds.total.executed = 99.3", ("S21", "error")),
        ("result = 139", ("S16", "error")),
        ("grade = 良", ("S15", "error")),
        ("1 actual = 400人", ("S13", "error")),
        ("3 actual = 1", ("S13", "warning")),
        ("4 actual = 2024年12月10日\n4 why = 验收推迟\n4 score = 8", ("S09", "error")),
        ("4 actual = 2024年12月10日\n4 why = 验收推迟\n4 score = 6.4\ntotal = 97.93", None),
        ("4 actual = 按期完成", None),
        ("5 actual = 115万元\n5 why = 材料涨价\n5 score = 7.65\ntotal = 99.18", None),
        ("5 actual = 115万元\n5 why = 材料涨价\n5 score = 7.4\ntotal = 98.93", ("S09", "warning")),
        ("8 score = 7\ntotal = 98.93", ("S09", "warning")),
        ("11 score =", ("S09", "error")),
        ("9 score = 6\ntotal = 98.53", ("S14", "warning")),
        ("1 actual =", ("S13", "error")),
        ("2 name = 修复危桥座数", ("S20", "warning")),
    ],
)
def test_the_other_sides_of_the_rules_of_a_self_evaluation(change: str, finding: tuple[str, str] | None) -> None:
    report = judged(changed(GOOD[SELF_EVALUATION], change))
    assert [(f.rule, f.severity) for f in report.findings] == ([finding] if finding else [])


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        ("funds.total.executed = 0", ("K05", "error")),
        ("funds.total.forecast = 141", ("K04", "warning")),
        ("1 forecast =\n1 chance = 有可能\n1 causes = 经费\n1 why = 资金未到位", ("K11", "error")),
        ("1 causes = 经费", ("K09", "error")),
        ("1 chance = 有可能\n1 why = 资金未到位", ("K09", "error")),
        ("1 chance = 完全不可能\n1 why = 资金未到位\n1 causes = 经费", ("K08", "error")),
        ("funds.total.initial = 150\nfunds.budget_wan.initial = 150\nfunds.total.reason = 追加10万元", ("K17", "warning")),
        ("6 actual = ≤20万元", ("K07", "error")),
        ("10 actual = 9年", None),
        ("4 actual = 已完成60%", None),
    ],
)
def test_the_other_sides_of_the_rules_of_a_monitoring(change: str, finding: tuple[str, str] | None) -> None:
    form = changed(GOOD["monitoring"], change)
    if "executed = 0" in change:
        assert ("K18", "warning") in [(f.rule, f.severity) for f in judged(form).findings]
        form = changed(form, "10 chance = 有可能\n10 causes = 经费\n10 why = 资金未到位")
    assert [(f.rule, f.severity) for f in judged(form).findings] == ([finding] if finding else [])


@pytest.mark.parametrize("actual", ["9" * 300 + "公里", "0.0000000000000000000000001公里", "-5公里"])
def test_figures_of_any_size_are_judged(actual: str) -> None:
    codes = {f.rule for f in judged(changed(GOOD[SELF_EVALUATION], f"1 actual = {actual}")).findings}
    assert codes <= {"S12", "S09", "S11", "S13"} and codes
