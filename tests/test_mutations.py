"""One mutation, one finding: every form without errors, spoilt in one place at a time, gives exactly that error more."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from forms import HN2015, MOF2015, MOF2021, changed, findings, with_cells

from xlpkg.form import profiles
from xlpkg.form.declaration import Declaration, from_json

SAMPLES = Path(__file__).parent.parent / "workbook" / "samples"
GOOD = {
    "base hn2015": HN2015,
    "base mof2015": MOF2015,
    "base mof2021": MOF2021,
    **{
        name: from_json((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))
        for name in ("rural_roads", "village_environment", "network_office_corrected")
    },
}
NAMES = [pytest.param(name, marks=pytest.mark.slow if len(GOOD[name].indicators) > 30 else ()) for name in GOOD]
HEADER = {
    ("unit", ""): ("C01", "unit"), ("department", " "): ("C02", "department"), ("project", "/"): ("C03", "project"),
    ("year", "二〇二四"): ("C04", "year"), ("budget", "约140"): ("C05", "budget_wan"), ("period", "—"): ("C06", "period"),
    ("long_goal", "同上"): ("C07", "long_goal"), ("year_goal", "见附件"): ("C07", "year_goal"), ("filler", ""): ("C14", "filler"),
    ("phone", ""): ("C14", "phone"), ("central", "若干"): ("B07", "upper_funds.central"), ("budget", "-1"): ("B01", "budget_wan"),
}  # fmt: skip
CELLS = {
    ("value", ""): ("C12", "value"), ("value", "略"): ("C12", "value"), ("standard", ""): ("C13", "standard"),
    ("standard", "经验标准"): ("F03", "standard"), ("l1", "绩效指标"): ("F01", "l1"), ("l2", "其他产出指标"): ("F02", "l2"),
    ("value", "≥××个"): ("V02", "value"), ("value", "视情况而定"): ("M01", "value"),
    ("value", "组织培训2次。发放手册300册"): ("V03", "value"), ("value", "≥95"): ("V05", "value"),
}  # fmt: skip


def errors(declaration: Declaration) -> Counter[tuple[str, int | None, str]]:
    return Counter(findings(declaration, "error"))


def alone(declaration: Declaration, row: int) -> bool:
    """The row is the only one of its second-level category: without it a category may be missing as well."""
    rows = declaration.indicators
    return sum(i.l2 == rows[row - 1].l2 for i in rows) == 1


def spoilt(declaration: Declaration) -> Iterator[tuple[str, Declaration, tuple[str, int | None, str]]]:
    """Every mutation that applies to a form: what it is, the form, and the one error it makes."""
    for (field, text), (code, where) in HEADER.items():
        yield f"{field}={text}", changed(declaration, **{field: text}), (code, None, where)
    for row in range(1, len(declaration.indicators) + 1):
        for (field, text), (code, where) in CELLS.items():
            if field == "standard" and not profiles.load(declaration.profile).standards:
                continue
            satisfaction = code == "F01" and "满意" in declaration.indicators[row - 1].name  # the ruling: F01 and F05, both
            if not (code == "F02" and alone(declaration, row)) and not satisfaction:
                yield f"row {row} {field}={text}", with_cells(declaration, row, **{field: text}), (code, row, where)
        if not alone(declaration, row):
            yield f"row {row} without a name", with_cells(declaration, row, name=""), ("C11", row, "name")
            other = next(
                n for n, i in enumerate(declaration.indicators, 1) if i.l2 == declaration.indicators[row - 1].l2 and n != row
            )
            twin = with_cells(declaration, max(row, other), name=declaration.indicators[min(row, other) - 1].name)
            yield f"rows {row} and {other} of one name", twin, ("F04", max(row, other), "name")


FOLLOWS = {
    "C11": {"R01", "X01"},  # two names side by side in one category are two items; without one of them nothing says so
    "F02": {"X01"},
    "F04": {"B10", "B11", "F09", "R01", "V13", "X01", "X02", "X03"},  # the copied name is there, the item that it replaced is not
    "M01": {"B11", "R01"},  # by the catalogue: no figure for the largest item; and a part of the goal stood only in that value
    "M02": {"M07", "M08"},  # it may have been the only quantified benefit; words do not come from 历史标准
    "C12": {"R01"}, "R05": {"R01"}, "V02": {"R01"}, "V03": {"R01"}, "V05": {"R01"},
}  # fmt: skip
"""What else may be found after a mutation: hints and reminders that are true of the form as it then is."""


def more(before: Declaration, after: Declaration, expected: tuple[str, int | None, str]) -> Counter[str]:
    """Codes that are found after a mutation beyond what was expected; a finding that only moved to another row is none."""
    was, now = Counter(findings(before)), Counter(findings(after))
    gained = Counter(code for code, _, _ in (now - was - Counter([expected])).elements())
    return gained - Counter(code for code, _, _ in (was - now).elements())


@pytest.mark.parametrize("name", GOOD)
def test_the_form_has_no_error_to_begin_with(name: str) -> None:
    assert errors(GOOD[name]) == Counter()


@pytest.mark.parametrize("name", NAMES)
def test_each_mutation_gives_its_error_and_no_other(name: str) -> None:
    wrong = {}
    number = 0
    for what, mutated, expected in spoilt(GOOD[name]):
        number += 1
        found = errors(mutated)
        if found != Counter([expected]) or set(more(GOOD[name], mutated, expected)) - FOLLOWS.get(expected[0], set()):
            wrong[what] = found, more(GOOD[name], mutated, expected)
    assert wrong == {} and number > 80


def blemished(declaration: Declaration) -> Iterator[tuple[str, Declaration, tuple[str, int | None, str]]]:
    """Every mutation that gives a reminder or a hint."""
    profile = profiles.load(declaration.profile)
    roles = profile.roles
    yield "phone", changed(declaration, phone="13900"), ("F15", None, "phone")
    yield "city", changed(declaration, city=" "), ("C15", None, "upper_funds.city")
    for i in declaration.indicators:
        l2, target = profile.l2(i.l2), profile.read_target(i.value)
        quantity = target.single
        new: dict[tuple[str, str], str] = {("value", i.value + "。"): "F11", ("name", " " + i.name): "F09"}
        if quantity and i.value == target.canonical:
            new["value", i.value.translate(str.maketrans("≥0123456789%", "≧０１２３４５６７８９％"))] = "F10"
        if quantity and quantity.op and i.value.startswith(quantity.op) and l2 in (roles.quantity, roles.quality):
            new["value", i.value.removeprefix("=").removeprefix("≥")] = "V16"
        if l2 == profile.cost_l2 and i.value.endswith("万元") and quantity and quantity.amount is not None:
            new["value", i.value.removesuffix("元")] = "V11"
            new["value", f"{quantity.op}{quantity.amount:f}元"] = "B12"
        if profile.parent.get(l2) == roles.satisfaction:
            new |= {("value", "=100%"): "M11", ("value", "≥60%"): "M10", ("name", "群众满意度"): "R05"}
        if l2 == roles.time and target.kind == "date":
            new |= {("value", "及时完成"): "M04", ("value", "11月前完成"): "X09"}
        if profile.parent.get(l2) == roles.benefit and "率" in i.name:
            new["value", "有所改善"] = "M02"
        for (field, text), code in new.items():
            if text != getattr(i, field):
                yield f"row {i.row} {field}={text}", with_cells(declaration, i.row, **{field: text}), (code, i.row, field)


@pytest.mark.parametrize("name", NAMES)
def test_each_blemish_gives_its_reminder_and_nothing_else(name: str) -> None:
    wrong = {}
    number = 0
    for what, mutated, expected in blemished(GOOD[name]):
        number += 1
        if expected not in findings(mutated) or set(more(GOOD[name], mutated, expected)) - FOLLOWS.get(expected[0], set()):
            wrong[what] = expected in findings(mutated), more(GOOD[name], mutated, expected)
    assert wrong == {} and number > 30


def cost_rows(declaration: Declaration) -> list[int]:
    profile = profiles.load(declaration.profile)
    return [i.row for i in declaration.indicators if profile.l2(i.l2) == profile.cost_l2 and "万" in i.value]


SPECIAL: dict[str, Callable[[Declaration], list[tuple[Declaration, tuple[str, int | None, str]]]]] = {
    "V07": lambda d: [(with_cells(d, r, value=d.indicators[r - 1].value.replace("≤", "≥")), ("V07", r, "value"))
                      for r in cost_rows(d) if "≤" in d.indicators[r - 1].value],
    "B05": lambda d: [(with_cells(d, r, value="控制在预算以内"), ("B05", r, "value")) for r in cost_rows(d)],
    "B02": lambda d: [(with_cells(d, r, value="≤9999万元"), ("B02", None, "cost")) for r in cost_rows(d)],
    "V01": lambda d: [(with_cells(d, i.row, value="≥100%"), ("V01", i.row, "value")) for i in d.indicators if i.value == "=100%"],
    "V08": lambda d: [(with_cells(d, i.row, value=i.value.replace("≥", "≤")), ("V08", i.row, "value"))
                      for i in d.indicators if i.name.endswith(("满意度", "合格率", "及时率", "达标率")) and "≥" in i.value],
    "F05": lambda d: [(with_cells(d, i.row, l1="产出指标", l2="质量指标"), ("F05", i.row, "l2"))
                      for i in d.indicators if i.name.endswith("满意度") and i.l1 == "满意度指标" and not only_satisfaction(d)],
    "M05": lambda d: [(with_cells(d, i.row, value="满意"), ("M05", i.row, "value")) for i in d.indicators if i.l1 == "满意度指标"],
    "M03": lambda d: [(with_cells(d, i.row, value="门类齐全"), ("M03", i.row, "value"))
                      for i in d.indicators if i.l2 == "数量指标"],
    "V09": lambda d: [(with_cells(d, i.row, value="45627"), ("V09", i.row, "value")) for i in d.indicators if i.l2 == "时效指标"],
    "X04": lambda d: [(with_cells(d, i.row, value="2019年11月30日前"), ("X04", i.row, "value"))
                      for i in d.indicators if i.l2 == "时效指标"],
}  # fmt: skip


def only_satisfaction(declaration: Declaration) -> bool:
    return sum(i.l1 == "满意度指标" for i in declaration.indicators) == 1


@pytest.mark.parametrize("code", SPECIAL)
def test_each_special_mutation_gives_its_error_and_no_other(code: str) -> None:
    wrong, number = {}, 0
    for name, declaration in GOOD.items():
        for mutated, expected in SPECIAL[code](declaration):
            number += 1
            if (found := errors(mutated)) != Counter([expected]):
                wrong[name, expected] = found
    assert wrong == {} and number > 1


def test_declarations_written_well_get_few_warnings() -> None:
    told = {
        name: Counter(code for code, _, _ in findings(GOOD[name], "warning"))
        for name in ("base hn2015", "base mof2021", "rural_roads")
    }
    assert all(sum(warnings.values()) <= 5 for warnings in told.values()), json.dumps(told, ensure_ascii=False)
