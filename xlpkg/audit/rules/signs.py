"""Group V, the sign: a figure stands on the right side of its bound."""

from collections.abc import Iterator

from xlpkg.audit.facts.evidence import Evidence, Row
from xlpkg.audit.facts.finding import ERROR, Fix, Observation, offered
from xlpkg.audit.rules.registry import rule
from xlpkg.form.quantity import Quantity
from xlpkg.form.text import norm

_FLIPPED = {"≥": "≤", ">": "<", "≤": "≥", "<": ">"}


@rule(
    "V07", "成本指标用了“≥”", ERROR, basis="成本是反向指标，写上限",
    violates="≥82万元", passes="≤82万元",
    failing="6.value = ≥30万元", found="6 value",
    passing="6.value = =30万元",
)  # fmt: skip
def cost_is_an_upper_limit(evidence: Evidence) -> Iterator[Observation]:
    """A cost row's money has the sign ≥ or >, and the row is neither a saving nor a standard of aid."""
    for row in evidence.costs:
        quantity = row.quantity
        if evidence.profile.has("saving", row.name) or evidence.profile.has("floor_price", row.bare_name):
            continue
        if quantity and quantity.family == "money" and quantity.op in ("≥", ">"):
            fix = _with_sign(row, quantity, "≤")
            what = f"成本写成了“{row.target.norm}”，应写不超过多少"
            yield Observation(
                row.row,
                "value",
                what,
                "请把“≥”改为“≤”。",
                fix=fix,
                actual=row.target.norm,
                expected="≤",
                common="成本写成了{}，应写不超过多少",
            )


@rule(
    "V08", "正反向指标方向写反", ERROR, basis="指标方向：正向指标≥，反向指标≤",
    violates="合格率≤90%；投诉率≥2%", passes="合格率≥90%；投诉率≤2%",
    failing="3.value = ≤98%", found="3 value",
    passing="3.value = ≥98%",
)  # fmt: skip
def sign_fits_the_direction(evidence: Evidence) -> Iterator[Observation]:
    """A positive rate has ≤ or <, or a negative measure has ≥ or > (≥0 included).

    A name is a negative measure if that is what it ends with: 安全事故起数, not 事故应急演练次数.
    """
    for row in evidence.readable:
        quantity = row.quantity
        if not quantity or quantity.op not in _FLIPPED or (quantity.lead and evidence.profile.has("falling", quantity.lead)):
            continue
        negative = is_negative(evidence, row)
        rate = quantity.family in ("ratio", "") and evidence.profile.has("positive_rate", row.bare_name)
        positive = not negative and rate
        rising = quantity.op in ("≥", ">")
        ceiling = quantity.number == 100 and evidence.is_cost(row)  # 预算执行率≤100%
        if (positive and not rising and not ceiling) or (negative and rising):
            exact = (negative and quantity.number == 0) or (positive and quantity.unit == "%" and quantity.number >= 100)
            sign = "=" if exact else _FLIPPED[quantity.op]
            better = "越高越好" if positive else "越低越好"
            fix = _turned(evidence, row, quantity, sign)
            sign = "≥" if fix and fix.to == "≥95%" else sign
            yield Observation(
                row.row, "value", f"{better}的指标写成了“{row.target.norm}”", f"请把“{quantity.op}”改为“{sign}”，数字也请核对。",
                fix=fix, actual=row.target.norm, expected=sign, common=f"{better}的指标写成了{{}}",
                advice=f"请把“{quantity.op}”改为“{_FLIPPED[quantity.op]}”，数字也请核对。",
            )  # fmt: skip


def _turned(evidence: Evidence, row: Row, quantity: Quantity, sign: str) -> Fix | None:
    """The value with the sign turned; a satisfaction of 100 % cannot be reached, and a figure above 100 % has to be looked at."""
    if quantity.unit == "%" and quantity.upper > 100:
        return None
    if sign == "=" and evidence.profile.has("satisfaction", row.name):
        return offered(row.row, "value", "≥95%") if not quantity.lead else None
    return _with_sign(row, quantity, sign)


def is_negative(evidence: Evidence, row: Row) -> bool:
    """The row measures something of which less is better: 投诉率, 逾期发放率; not 减少投诉起数."""
    name, profile = row.bare_name, evidence.profile
    return profile.has("negative_measure", name) and not profile.has("counteracting", name)


def _with_sign(row: Row, quantity: Quantity, sign: str) -> Fix | None:
    """The value with another sign; only where the sign is written as one."""
    typed = norm(row.typed)
    if quantity.op not in typed:
        return None
    to = typed.replace(quantity.op, sign, 1)
    return offered(row.row, "value", to)
