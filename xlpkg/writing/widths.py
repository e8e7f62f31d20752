"""How wide the columns of the entry sheet are, in characters."""

from xlpkg.form.fields import Column
from xlpkg.form.profile import Profile

_WIDTHS = {
    "number_of_row": 5, "l1": 20, "l2": 19, "name": 36, "op": 6, "number": 24, "measure": 9, "standard": 14, "note": 16,
    "check": 17,
}  # fmt: skip
_KIND_WIDTHS = {"number": 8, "money": 12, "date": 14, "choice": 13, "text": 16, "long": 28, "phone": 14}


def column_width(profile: Profile, column: str) -> float:
    """A column's width in characters."""
    found = profile.further.get(column)
    if found is None:
        return _WIDTHS[column]
    own = found.width if isinstance(found, Column) else 0
    return own or max(_KIND_WIDTHS[profile.kind_of(column)], min(2 * len(found.label) + 2, 16))
