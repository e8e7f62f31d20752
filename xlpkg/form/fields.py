"""The parts of a form as data: header fields, columns of the indicators, rows of money; standard ones and further ones."""

from decimal import Decimal
from typing import Literal

import msgspec

Kind = Literal["text", "long", "number", "money", "date", "phone", "choice"]
KINDS: tuple[str, ...] = ("text", "long", "number", "money", "date", "phone", "choice")
FUNDS = ("central", "province", "city")
"""The upper levels that money may come from."""
UPPER = tuple(f"upper_funds.{level}" for level in FUNDS)
STANDARD_FIELDS: dict[str, Kind] = {
    "year": "number", "unit": "text", "department": "text", "project": "text", "budget_wan": "money",
    **dict.fromkeys(UPPER, "money"), "period": "text", "long_goal": "long", "year_goal": "long", "filler": "text", "phone": "phone",
}  # fmt: skip
"""The header fields that every form may have, in the order in which findings are read."""
STANDARD_COLUMNS = ("l1", "l2", "name", "op", "number", "measure", "standard", "note")
"""The columns of the indicators that every form may have, from left to right."""
NEEDED = ("project", "l1", "l2", "name", "number", "note")
"""Without these a form is none."""
TOTAL = "total"
"""The whole money of a form: what its sources add up to, whether the form prints it or not."""


class Field(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A header field. `after` names the field that it follows, `hint` is the prompt beside its cell."""

    key: str
    label: str
    kind: Kind = "text"
    after: str = ""
    choices: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    hint: str = ""
    printed: bool = True


class Column(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A column of the indicators. `total` is what the form demands as the sum over all rows, `or_total` another one.

    `width` is in characters.
    """

    key: str
    label: str
    kind: Kind = "text"
    after: str = "measure"
    choices: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    hint: str = ""
    total: Decimal | None = None
    or_total: Decimal | None = None
    printed: bool = True
    width: float = 0


class Fund(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A row of money beside the standard ones; it is a part of the fund that `of` names, `total` for the form's whole money."""

    key: str
    label: str
    of: str = TOTAL
    aliases: tuple[str, ...] = ()


def placed(order: tuple[str, ...], added: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    """Keys in their order with added ones put in: (key, the key that it follows); one that follows nothing known goes last."""
    keys = list(order)
    for key, after in added:
        at = keys.index(after) + 1 if after in keys else len(keys)
        while at < len(keys) and keys[at] not in order:  # behind what was put there before
            at += 1
        keys.insert(at, key)
    return tuple(keys)
