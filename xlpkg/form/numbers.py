"""Numbers as people write them in cells: weights, points, counts. Decimal, never a float."""

import re
from decimal import Decimal

from xlpkg.form.text import norm

_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")


def parse(text: str, *, percent: bool = False) -> Decimal | None:
    """The number that a cell holds, None if it is none; thousands commas do not count, with `percent` neither does a %."""
    bare = norm(text).replace(" ", "")
    if percent:
        bare = bare.removesuffix("%")
    return Decimal(bare) if _NUMBER.fullmatch(bare) else None


def plain(number: Decimal) -> str:
    """A number without exponent and trailing zeros: 1160.50 → "1160.5"."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
