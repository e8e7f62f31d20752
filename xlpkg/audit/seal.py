"""校验码: says "unchanged since it was checked". SHA-256 over the normal form of every field that counts, in order."""

import hashlib
from collections.abc import Iterable, Iterator

from xlpkg.audit.facts.evidence import Evidence
from xlpkg.form import money, numbers
from xlpkg.form.blanks import left_blank
from xlpkg.form.fields import UPPER
from xlpkg.form.numbers import plain
from xlpkg.form.profile import Profile
from xlpkg.form.text import norm

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: it has no letter that looks like a figure, so the code can be typed from paper."""


def seal(evidence: Evidence) -> str:
    """Twelve characters over the declaration's content, "XXXX-XXXX-XXXX".

    Writing that means the same gives the same seal (≥９０％ and ≥90%, 250万 and 250万元); the notes column and the
    order in which categories were typed do not count.
    """
    return code_of(_records(evidence))


def code_of(records: Iterable[tuple[str, ...]]) -> str:
    """Twelve characters over some records of texts, "XXXX-XXXX-XXXX"."""
    content = "\x1e".join("\x1f".join(record) for record in records)
    number = int.from_bytes(hashlib.sha256(content.encode()).digest()[:8], "big") >> 4
    code = "".join(_ALPHABET[number >> shift & 31] for shift in range(55, -1, -5))
    return f"{code[:4]}-{code[4:8]}-{code[8:]}"


def _records(evidence: Evidence) -> Iterator[tuple[str, ...]]:
    declaration, profile = evidence.declaration, evidence.profile
    yield profile.id, str(evidence.year or norm(declaration.year))

    def header(field: str) -> str:
        return declaration.header(field) if field in profile.header else ""

    yield tuple(norm(header(f)) for f in ("unit", "department", "project"))
    yield tuple(_amount(header(f), profile.money_unit) for f in ("budget_wan", *UPPER))
    yield tuple(norm(header(f)) for f in ("period", "long_goal", "year_goal", "filler", "phone"))
    further = [f for f in profile.printed_fields if f in profile.further]
    if further:
        yield tuple(_further(profile, f, header(f)) for f in further)
    columns = [c for c in profile.printed_columns if c in profile.further]
    for row in evidence.in_form_order:
        cells = [_further(profile, c, row.indicator.extra.get(c, "")) for c in columns]
        yield row.l1, row.l2, row.name, profile.read_target(row.typed).canonical, row.standard, *cells


def _further(profile: Profile, key: str, text: str) -> str:
    """A further field or column as it counts: money and numbers by what they say."""
    if profile.kind_of(key) == "money":
        return _amount(text, profile.money_unit)
    number = numbers.parse(text) if profile.kind_of(key) == "number" else None
    return norm(text) if number is None else plain(number)


def _amount(text: str, unit: str) -> str:
    amount = money.parse(text, unit)
    if amount is None:
        return "" if left_blank(text) else norm(text)
    return plain(amount)
