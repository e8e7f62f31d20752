"""What an indicator's name says beside the name: sign and unit at its end (造林面积(亩), 成活率(≥**%)), marks of a template."""

import re
from functools import lru_cache

import msgspec

from xlpkg.form import units
from xlpkg.form.quantity import SIGNS, SYMBOL, WORD
from xlpkg.form.target import PLACEHOLDER

_MARK = r"\*+|×+|[Xx]{2,}|_{2,}|○+|〇+"
_SIGN = rf"(?P<op>{SYMBOL}|{WORD})?\s*(?P<mark>{_MARK})?\s*"
_UNIT = rf"(?P<unit>{units.UNIT})"
_IN_BRACKETS = rf"(?P<bare>.+?)\s*\(\s*(?:单位[:：])?\s*{_SIGN}{_UNIT}\s*\)"
_BEHIND_A_MARK = rf"(?P<bare>.+?)\s*(?P<op>{SYMBOL}|{WORD})?\s*(?P<mark>{_MARK})\s*{_UNIT}"
_RATIO = r"(?P<bare>.+?\D)(?P<op>)(?P<unit>[%‰])"
_AT_START = re.compile(r"^\*+\s*(?=.{2})")


class UnitInName(msgspec.Struct, frozen=True):
    """Sign and unit that stand at the end of a name; `bare` is the name without them."""

    bare: str
    op: str
    unit: str


@lru_cache(maxsize=1024)
def unit_in_name(name: str) -> UnitInName | None:
    """Sign and unit at the end of a name in normal form: in brackets, behind a template's mark, or a lone %; else None."""
    if not name.endswith((")", "%", "‰")) and not has_marks(name):
        return None
    for pattern in (_IN_BRACKETS, _BEHIND_A_MARK, _RATIO):
        if match := re.fullmatch(pattern, name):
            return UnitInName(match["bare"], SIGNS[match["op"]] if match["op"] else "", match["unit"])
    return None


def has_marks(name: str) -> bool:
    """A template's marks stand in the name: *, ××, __."""
    return PLACEHOLDER.search(name) is not None


def without_marks(name: str) -> str:
    """The name without the template's marks at its beginning and end; "" where one stands in its middle."""
    bare = _AT_START.sub("", name)
    found = unit_in_name(bare) if has_marks(bare) else None
    if found and not found.op and not bare.endswith(")"):
        bare = found.bare + found.unit  # 培训**人次
    elif found:
        bare = found.bare
    return "" if has_marks(bare) else bare
