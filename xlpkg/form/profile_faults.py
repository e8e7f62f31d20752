"""What fits badly together in a profile, each in one sentence with its place."""

import re
from collections.abc import Iterator, Sequence

from xlpkg.form.fields import FUNDS, NEEDED, STANDARD_COLUMNS, STANDARD_FIELDS, TOTAL, Column, Field, Fund
from xlpkg.form.profile import Profile
from xlpkg.form.text import norm
from xlpkg.form.word_lists import WORDS

Fault = tuple[str, str]
"""The place (`columns[1].kind`) and the sentence, which goes on from the file's name."""
_MONEY_UNITS = ("元", "千元", "万元", "亿元")
_FIXED = "固定的项"


def faults(profile: Profile) -> Iterator[Fault]:
    """Every fault, the most telling first."""
    yield from _of_categories(profile)
    if profile.money_unit not in _MONEY_UNITS:
        yield "money_unit", f"money_unit写了“{profile.money_unit}”，只能是{'、'.join(_MONEY_UNITS)}。"
    if profile.title.count("{year}") > 1:
        yield "title", "title里“{year}”只能写一次。"
    yield from _of_what_is_missing(profile)
    yield from _of_keys_and_labels(profile)
    yield from _of_kinds(profile)
    for n, fund in enumerate(profile.funds):
        if fund.of not in (TOTAL, *profile.money_fields) or (fund.of == fund.key and fund.key != TOTAL):
            yield f"funds[{n}].of", f"funds“{fund.key}”的of写了“{fund.of}”，没有这项资金。"
    for key in profile.required:
        if key not in (*STANDARD_FIELDS, *STANDARD_COLUMNS, *FUNDS, "upper_funds", *profile.further):
            yield f"required.{key}", f"required写了“{key}”，没有这一项。"
    for name, added in profile.words.items():
        if name not in WORDS:
            yield f"words.{name}", f"words写了“{name}”，没有这张词表。词表在workbook/words里。"
        if odd := next((w for w in added if not norm(w).strip("^$") or "|" in w), None):
            yield f"words.{name}", f"words.{name}里的“{odd}”不是词语，请写一个词，不用符号。"


def _of_what_is_missing(profile: Profile) -> Iterator[Fault]:
    can_go = [k for k in (*STANDARD_FIELDS, "upper_funds", *FUNDS, *STANDARD_COLUMNS) if k not in NEEDED and "." not in k]
    for key in profile.without:
        if key in NEEDED:
            yield "without", f"without写了“{key}”，这一项不能去掉。"
        elif key not in can_go:
            yield "without", f"without写了“{key}”，没有这一项。可以写：{'、'.join(can_go)}。"


def _of_keys_and_labels(profile: Profile) -> Iterator[Fault]:
    taken = dict.fromkeys((*STANDARD_FIELDS, *STANDARD_COLUMNS, *FUNDS, "upper_funds", "value", "extra"), _FIXED)
    standard = (c for c in (*STANDARD_COLUMNS, "value") if c in (*profile.user_columns, "value"))
    heads = {_plain(profile.label(c)): f"“{profile.label(c)}”" for c in standard} | {"序号": "“序号”", "检查": "“检查”"}
    labels = {_plain(profile.label(f)): f"“{profile.label(f)}”" for f in STANDARD_FIELDS if f in profile.header}
    further: tuple[tuple[str, Sequence[Field | Column | Fund]], ...] = (
        ("fields", profile.fields),
        ("columns", profile.columns),
        ("funds", profile.funds),
    )
    for table, parts in further:
        known = heads if table == "columns" else labels
        for n, part in enumerate(parts):
            place = f"{table}[{n}]"
            if not re.fullmatch("[a-z][a-z0-9_]*", part.key):
                yield f"{place}.key", f"{table}的key写了“{part.key}”，只能用小写英文字母、数字和下划线，字母开头。"
            if part.key in taken:
                yield f"{place}.key", f"{table}的key“{part.key}”与{taken[part.key]}重复，请换一个。"
            if not _plain(part.label):
                yield f"{place}.label", f"{table}“{part.key}”没有写名称（label）。"
            if (other := known.get(_plain(part.label))) is not None:
                what = "列" if table == "columns" else "项"
                yield f"{place}.label", f"{table}“{part.label}”与{other}这一{what}重名，请换一个名称。"
            taken[part.key] = f"“{part.label}”"
            known[_plain(part.label)] = f"“{part.label}”"


def _of_kinds(profile: Profile) -> Iterator[Fault]:
    columns = (*STANDARD_COLUMNS, *(c.key for c in profile.columns))
    further: tuple[tuple[str, Sequence[Field | Column], tuple[str, ...]], ...] = (
        ("fields", profile.fields, profile.header),
        ("columns", profile.columns, columns),
    )
    for table, parts, order in further:
        for n, part in enumerate(parts):
            if part.kind == "choice" and not part.choices:
                yield f"{table}[{n}].kind", f"{table}“{part.key}”是选择项（choice），要在choices里列出可选的内容。"
            if part.choices and part.kind != "choice":
                yield f"{table}[{n}].choices", f"{table}“{part.key}”有choices，kind应为“choice”。"
            if part.after and part.after not in order:
                yield f"{table}[{n}].after", f"{table}“{part.key}”的after写了“{part.after}”，没有这一项。"
    for n, column in enumerate(profile.columns):
        if column.total is not None and column.kind not in ("number", "money"):
            yield f"columns[{n}].total", f"columns“{column.key}”有合计（total），kind应为“number”或“money”。"


def _of_categories(profile: Profile) -> Iterator[Fault]:
    for key, names in (
        ("required_l1", profile.required_l1), ("required_l2", profile.required_l2), ("recommended_l2", profile.recommended_l2),
        ("cost_l2", profile.cost_categories), ("side_costs", profile.side_costs),
    ):  # fmt: skip
        known = profile.l1_names if key == "required_l1" else profile.parent
        for name in names:
            if name not in known:
                yield key, f"{key}写了“{name}”，但tree里没有这个指标。"
    for n, category in enumerate(profile.tree):
        if not category.l2:
            yield f"tree[{n}]", f"tree里“{category.name}”下面没有二级指标。"
        if category.name in [c.name for c in profile.tree[:n]]:
            yield f"tree[{n}].name", f"tree里“{category.name}”写了两次。"


def _plain(label: str) -> str:
    return "".join(label.split())
