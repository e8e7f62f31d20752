"""The general rules: what a form asks of fields and columns that no rule of its own knows. The profile says what is asked."""

from collections.abc import Iterator
from decimal import Decimal

from xlpkg.audit.facts.evidence import Evidence
from xlpkg.audit.facts.finding import ERROR, Observation, offered
from xlpkg.audit.rules.registry import rule
from xlpkg.form import money, numbers
from xlpkg.form.blanks import left_blank
from xlpkg.form.declaration import cell
from xlpkg.form.fields import TOTAL, UPPER, Column, Field
from xlpkg.form.numbers import plain
from xlpkg.form.text import norm


def _cells(evidence: Evidence) -> Iterator[tuple[int | None, Field | Column, str]]:
    """(row, field or column, text) of every further one; rows without a name are no indicators."""
    for field in evidence.profile.fields:
        yield None, field, evidence.declaration.header(field.key)
    for row in evidence.named:
        for column in evidence.profile.columns:
            yield row.row, column, cell(row.indicator, column.key)


@rule(
    "C17", "必填项未填", ERROR, basis="表式：必填的项目和列",
    violates="权重：（空）", passes="权重：10",
    failing="""
        表式 = cq2023
        3.weight =
    """, found="3 weight",
    passing="表式 = cq2023",
)  # fmt: skip
def required_parts_are_filled(evidence: Evidence) -> Iterator[Observation]:
    """A further field, column or source of money that the form requires is blank."""
    for row, part, text in _cells(evidence):
        severity = evidence.demands(part.key)
        if severity != "off" and left_blank(text):
            verb = "选" if part.kind == "choice" else "填写"
            yield Observation(row, part.key, f"没有{verb}“{part.label}”", f"请{verb}。", severity=severity)
    for fund in evidence.profile.funds:
        severity = evidence.demands(fund.key)
        if severity != "off" and not norm(evidence.declaration.header(fund.key)):
            yield Observation(None, fund.key, "没有填写", "没有就填“0”。", severity=severity)


@rule(
    "F18", "不在可选范围", ERROR, basis="表式：只能从列出的内容里选",
    violates="指标方向性：双向", passes="指标方向性：正向指标",
    failing="""
        表式 = sc2023
        3.direction = 双向
    """, found="3 direction",
    passing="""
        表式 = sc2023
        3.direction = 反向指标
    """,
)  # fmt: skip
def choices_are_of_the_form(evidence: Evidence) -> Iterator[Observation]:
    """What stands in a field or column with choices is none of them."""
    for row, part, text in _cells(evidence):
        if not part.choices or left_blank(text) or norm(text) in map(norm, part.choices):
            continue
        typed, choices = norm(text), "、".join(part.choices)
        close = [choice for choice in part.choices if norm(choice).startswith(typed) or typed.startswith(norm(choice))]
        fix = offered(row, part.key, close[0]) if len(close) == 1 else None
        suggestion = f"请改为“{fix.to}”。" if fix else f"请从下拉列表选：{choices}。"
        yield Observation(
            row, part.key, f"“{typed}”不是“{part.label}”可选的内容", suggestion, fix=fix, actual=typed, expected=choices
        )


@rule(
    "V18", "应为数字", ERROR, basis="表式：只填数字的项目和列",
    violates="权重：约10分", passes="权重：10",
    failing="""
        表式 = cq2023
        3.weight = 约10分
    """, found="3 weight",
    passing="""
        表式 = cq2023
        3.weight = １０.0
    """,
)  # fmt: skip
def figures_are_numbers(evidence: Evidence) -> Iterator[Observation]:
    """What stands in a field or column of numbers or of money is none."""
    for row, part, text in _cells(evidence):
        if left_blank(text) or part.kind not in ("number", "money"):
            continue
        unit = evidence.profile.money_unit
        if (money.parse(text, unit) if part.kind == "money" else numbers.parse(text)) is None:
            what = f"“{part.label}”写的是“{norm(text)}”，不是数字"
            suggestion = f"请只填数字{f'，单位{unit}' if part.kind == 'money' else ''}。"
            yield Observation(row, part.key, what, suggestion, actual=norm(text))


@rule(
    "B13", "合计不符", ERROR, basis="表式：各行合计、资金总额等于各项之和",
    violates="权重合计85，应为90；年度资金总额100万元，各项之和90万元", passes="权重合计90",
    failing="""
        表式 = cq2023
        3.weight = 15
    """, found="indicators",
    passing="""
        表式 = cq2023
        3.weight = 15
        4.weight = 9
    """,
)  # fmt: skip
def sums_are_right(evidence: Evidence) -> Iterator[Observation]:
    """A column does not add up to what the form demands, or a source of money is not the sum of its parts.

    A column nobody filled in, and one with a required cell left blank or one that is no number, is not added up: C17, V18 say so.
    """
    yield from _columns(evidence)
    yield from _funds(evidence)


def _columns(evidence: Evidence) -> Iterator[Observation]:
    for column in evidence.profile.columns:
        texts = [cell(r.indicator, column.key) for r in evidence.rows]
        filled = [t for t in texts if not left_blank(t)]
        unit = evidence.profile.money_unit
        found = [money.parse(t, unit) if column.kind == "money" else numbers.parse(t) for t in filled]
        amounts = [a for a in found if a is not None]
        blank = evidence.demands(column.key) != "off" and len(filled) < len(evidence.named)
        if column.total is None or not filled or blank or len(amounts) < len(found):
            continue
        due = column.total if column.kind == "number" else money.parse(str(column.total), unit) or Decimal(0)
        total = sum(amounts, Decimal(0))
        if total not in (due, column.or_total):
            said, wanted = (evidence.amount(a) if column.kind == "money" else plain(a) for a in (total, due))
            more = f"多{plain(total - due)}" if total > due else f"少{plain(due - total)}"
            more = more if column.kind == "number" else ""
            what = f"“{column.label}”各行合计{said}，应为{wanted}{'，' + more if more else ''}"
            suggestion = f"请核对各行的{column.label}，合计应为{wanted}。"
            yield Observation(
                None, "indicators", what, suggestion, actual=said, expected=wanted, difference=plain(abs(total - due))
            )


def _funds(evidence: Evidence) -> Iterator[Observation]:
    """A fund beside its parts; where no part is filled in, or one is no amount, there is nothing to compare."""
    declaration, profile = evidence.declaration, evidence.profile
    for fund in dict.fromkeys((*(f.of for f in profile.funds), TOTAL)):
        parts = profile.parts_of(fund)
        if fund not in profile.money_fields or not parts or left_blank(declaration.header(fund)):
            continue
        whole, amounts = evidence.funds[fund], [evidence.funds[p] for p in parts]
        filled = [p for p in parts if not left_blank(declaration.header(p))]
        if whole is None or not filled or any(a is None for a in amounts):
            continue
        total = sum((a for a in amounts if a is not None), Decimal(0))
        if total != whole:
            names = "、".join(profile.label(p) for p in parts if p not in UPPER or p in filled)
            actual, expected, difference = (evidence.amount(a) for a in (whole, total, abs(whole - total)))
            what = f"填的是{actual}，各项（{names}）加起来是{expected}"
            yield Observation(
                None, fund, what, "请核对，两处要相等。", actual=actual, expected=expected, difference=difference,
            )  # fmt: skip
