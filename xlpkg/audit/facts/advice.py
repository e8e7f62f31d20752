"""What a proposal can be made of: the unit that a name suggests, last year's value in the note, a name a person would write."""

import re

from xlpkg.audit.facts.evidence import Evidence, Row
from xlpkg.form.names import has_marks
from xlpkg.form.quantity import Quantity
from xlpkg.form.words import kind_of_name, unit_of_name

_LAST_YEAR = re.compile(r"上年(?:（\d{4}年）)?：([^；\n]*?)(?:(?:^|，|(?<=：))完成([^；\n]+))?(?=；|\n|$)")
_LONGEST_NAME = 25


def last_year(row: Row) -> str:
    """Last year's value as the row's note has it (see `forward`); "" if it has none."""
    match = _LAST_YEAR.search(row.indicator.note)
    return match[1].strip() if match else ""


def last_achieved(row: Row) -> str:
    """What was achieved last year, as the row's note has it; "" if it does not say."""
    match = _LAST_YEAR.search(row.indicator.note)
    return (match[2] or "").strip() if match else ""


def likely_unit(evidence: Evidence, row: Row) -> str:
    """The unit that the row's name suggests, of a cost the form's unit of money; "" if none."""
    if evidence.is_cost(row) and not evidence.profile.has("rate", row.bare_name):
        return evidence.profile.money_unit
    return unit_of_name(row.bare_name)


def example_of(evidence: Evidence, row: Row) -> str:
    """What may stand in the value cell, for a sentence: last year's value, else a pattern with the likely unit; "" if neither."""
    if value := last_year(row):
        return f"上年写的是“{value}”"
    unit = likely_unit(evidence, row)
    sign = "≤" if evidence.is_cost(row) or evidence.profile.has("negative_measure", row.bare_name) else "≥"
    return f"例如“{sign}××{unit}”" if unit else ""


def measured(evidence: Evidence, name: str, quantity: Quantity | None) -> str:
    """A name with the word for what is counted behind it (修复危桥, 3座: 修复危桥座数); "" where nobody would write it so."""
    profile = evidence.profile
    if quantity is None or quantity.lead or not is_proposable(evidence, name):
        return ""
    if profile.has("measure_name", name) or kind_of_name(name):
        return ""
    unit = quantity.base_unit
    if quantity.family == "ratio":
        return f"{name}完成率" if unit == "%" and profile.has("work_noun", name) else ""
    if quantity.family not in ("count", "measure") or "/" in unit:
        return ""
    ending = _ENDINGS.get(unit) or (f"{unit}数" if len(unit) == 1 else unit if unit.endswith("次") else "数量")
    whole = name + ending
    return whole if len(whole) <= _LONGEST_NAME else ""


_ENDINGS = {"亩": "面积", "平方米": "面积", "公顷": "面积", "平方公里": "面积", "公里": "里程", "千米": "里程", "米": "长度"}


def is_proposable(evidence: Evidence, name: str) -> bool:
    """A person would write it as a name: no value, no mark of a template, no wish (显著提升), not half a sentence."""
    profile = evidence.profile
    return (
        2 <= len(name) <= _LONGEST_NAME
        and not any(c.isdecimal() or c in "%‰≥≤=><，。；：:、,;()（）" for c in name)
        and not has_marks(name)
        and not profile.has("vague", name[-4:])
    )
