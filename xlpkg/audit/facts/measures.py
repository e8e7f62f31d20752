"""What a name measures against what its value counts: 人数 and 次, 费 and 个."""

import re

from xlpkg.audit.facts.evidence import Row
from xlpkg.form.figures import figures
from xlpkg.form.quantity import Quantity
from xlpkg.form.words import kind_of_name

AREAS = ("亩", "平方米", "平方公里", "平方千米", "公顷", "㎡", "m²", "M2", "m2")
_KINDS = {
    "area": AREAS, "length": ("公里", "千米", "米", "km"), "people": ("人", "人次", "位"), "household": ("户", "户次"),
    "event": ("次", "场", "期", "批", "场次", "批次", "班次"),
}  # fmt: skip
_KIND_WORDS = {"money": "金额", "area": "面积", "length": "长度", "people": "人", "household": "户", "event": "次数"}


_RATE = re.compile("(?<![频效速功费税利汇倍心])率$|占比$")


def counted_rate(row: Row, quantity: Quantity) -> bool:
    """A rate whose value counts things: 成活率≥85株; not 发生率≤5起/万人, 使用频率≥2次."""
    counts = quantity.family in ("count", "measure") and "/" not in quantity.unit and quantity.unit != "分"
    return counts and _RATE.search(row.bare_name) is not None


def misfit(row: Row, quantity: Quantity) -> str:
    """Why the unit of a quantity does not fit what its name measures; "" if it does."""
    named, unit = kind_of_name(row.bare_name), quantity.base_unit
    kind = "money" if quantity.family == "money" else next((k for k, members in _KINDS.items() if unit in members), quantity.family)
    if kind == "money" and named != "money":
        return "钱不是数量"
    if named and kind not in (named, "other", "ratio", "duration") and (kind != "count" or named not in ("household", "event")):
        return f"名称说的是{_KIND_WORDS[named]}"
    told = [q for q in figures(row.name) if q.family == "count"]
    if len(told) == 1 and told[0].number == quantity.number and told[0].base_unit != unit and quantity.family == "count":
        return f"名称里写的是“{told[0].written()}”"
    return ""
