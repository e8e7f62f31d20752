"""Money in header fields: Decimal, based on 元; never a float."""

import re
from decimal import Decimal

from xlpkg.form.numbers import plain
from xlpkg.form.text import norm
from xlpkg.form.units import MONEY

_AMOUNT = re.compile(r"([+-]?)\s*(\d{1,18}(?:\.\d+)?)\s*(元|万元|亿元|万|亿)?")
_FULL_WIDTH_COMMA = re.compile(r"(?<=\d)，(?=\d{3}(?!\d))")


def parse(text: str, form_unit: str) -> Decimal | None:
    """The amount in 元; None for anything but a plain decimal of up to 18 digits with a money unit or none (= `form_unit`).

    "1,160.50" in a form in 万元 is 11605000; "8605000元" is 8605000.
    """
    match = _AMOUNT.fullmatch(_FULL_WIDTH_COMMA.sub("", norm(text)))
    if not match:
        return None
    return Decimal(match[1] + match[2]) * MONEY[match[3] or form_unit]


def in_unit(amount: Decimal, form_unit: str) -> str:
    """An amount in 元 printed in the form's unit, unrounded, without trailing zeros: 98000 → "9.8"."""
    return plain(amount / MONEY[form_unit])
