"""A value in the three columns of a system: sign, number, unit."""

from typing import NamedTuple

from xlpkg.audit.facts.evidence import Row
from xlpkg.form.numbers import plain


class ValueParts(NamedTuple):
    """Sign, number and unit of one quantity, "3-5" of a range; a text has 定性 as its sign, other values have nothing."""

    op: str = ""
    number: str = ""
    unit: str = ""


def value_parts(row: Row) -> ValueParts:
    """The parts of an indicator's value; nothing where it is not understood."""
    quantity = None if row.stop else row.target.single
    if quantity:
        number = plain(quantity.number) if quantity.high is None else f"{plain(quantity.number)}-{plain(quantity.high)}"
        return ValueParts(quantity.op, number, quantity.unit)
    return ValueParts("定性") if row.target.kind == "qualitative" else ValueParts()
