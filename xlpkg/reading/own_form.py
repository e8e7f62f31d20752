"""From a grid to a declaration: fields are found by their labels, columns by their heads, wherever they stand."""

import re
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from xlpkg import layout
from xlpkg.files.a1 import Cell, address
from xlpkg.files.errors import UnreadableError
from xlpkg.files.grid import Grid
from xlpkg.form import profiles
from xlpkg.form.declaration import Indicator, from_header, split
from xlpkg.form.fields import UPPER
from xlpkg.form.profile import Profile, ProfileError
from xlpkg.form.text import comparable, norm
from xlpkg.layout import (
    DATE_LABEL,
    NOT_FILLED,
    RULES_LABEL,
    SEAL_LABEL,
    SIGN_LABEL,
    TEMPLATE_LABEL,
    Facts,
    HeaderCell,
    Layout,
    Places,
)
from xlpkg.reading.source import Source

_SEAL = rf"{SEAL_LABEL}[：:]\s*([0-9A-Za-z]{{4}}-[0-9A-Za-z]{{4}}-[0-9A-Za-z]{{4}})"  # compiled for a submission only
_RULES = rf"{RULES_LABEL}[：:]\s*(\S+)"
_TEMPLATE = rf"{TEMPLATE_LABEL}[：:]\s*(\S+) (\S+)"
_WHOLE_VALUE = "指标值及单位"
_HEADS = {"一级指标", "二级指标", "三级指标"}
_DEEPEST_HEAD = 200

_NOWHERE: Mapping[str, HeaderCell] = {}


class StructureError(UnreadableError):
    """A field or column of a form is not where its label says; the message is a sentence for the user."""


def head_row(grid: Grid) -> int | None:
    """The row in which the heads of the indicator columns stand; None if the sheet has no such table."""
    for n, row in enumerate(grid.values[:_DEEPEST_HEAD]):
        if is_head(comparable(v) for v in row if isinstance(v, str) and v):
            return n
    return None


def is_head(texts: Iterable[str]) -> bool:
    """The texts of a row, as they are compared, are the heads of indicator columns."""
    return len(_HEADS.intersection(texts)) >= 2


def is_submission(grid: Grid, head: int) -> bool:
    """A submission has one column for the whole value; a form has sign, number and unit in columns of their own."""
    return any(comparable(grid.shown(head, c)) == _WHOLE_VALUE for c in range(len(grid.values[head])))


def bears_our_marks(grid: Grid, head: int) -> bool:
    """The line with template and 校验码 that only our submissions have stands below the table."""
    return marks(grid, head) > 0


def marks(grid: Grid, head: int) -> int:
    """How many cells below the heads name a template or a 校验码."""
    texts = (v for row in grid.values[head + 1 :] for v in row if isinstance(v, str))
    return sum(re.search(rf"(?:{TEMPLATE_LABEL}|{SEAL_LABEL})[：:]", text) is not None for text in texts)


def has_our_heads(grid: Grid, head: int) -> bool:
    """The table has the columns 序号 and 检查 of our form, which other forms do not have together."""
    texts = {comparable(v) for v in grid.values[head] if isinstance(v, str)}
    return {"序号", layout.CHECK_LABEL} <= texts


def form(grid: Grid, head: int, facts: Facts | None) -> Source:
    """A form's declaration; `facts` are what its hidden sheet says, None where that is lost.

    Raises UnreadableError with a sentence for a damaged structure or another template version.
    """
    profile = _profile(grid, head, facts)
    own = profile
    if facts and facts.template != profile.template:
        profile = _as_it_was(grid, profile, facts.template)
    form_layout = Layout(profile)
    columns = _columns(grid, head, profile, profile.user_columns, optional=("note",))
    labels = {f: layout.header_label(profile, f) for f in profile.header}
    cells = _labelled(grid, head, labels, form_layout.header)
    missing = "、".join(f"“{labels[f]}”" for f in profile.header if f not in cells)
    if missing:
        raise StructureError(f"“{grid.file}”的“{grid.sheet}”表里找不到{missing}这一项，可能被删除或改名。请恢复原来的文字后再试。")
    header = {f: grid.typed(*cell, profile.label(f)) for f, cell in cells.items()}
    rows, lines = _rows(grid, range(head + 1, len(grid.values)), profile, columns)
    cost = _labelled_below(grid, head, comparable(f"成本合计（{profile.money_unit}）")) or form_layout.panel["total"].value
    places = Places(grid.sheet, _addresses(cells), columns, lines, head, address(*cost))
    declaration = from_header(profile.id, header, rows)
    return Source(declaration, own, places, None, tuple(grid.notices))


def _as_it_was(grid: Grid, profile: Profile, version: str) -> Profile:
    """The profile with the labels of an older template. Raises UnreadableError for one that is newer or not known."""
    if version in profile.older:
        grid.notices.append(f"表样版本（{version}）较旧，已按新表样（{profile.template}）读取；xlpkg convert 可转成新表。")
        labels = msgspec.structs.replace(profile.labels, **profile.older[version])
        return msgspec.structs.replace(profile, labels=labels)
    age, advice = (
        ("较新", "请升级本工具")
        if _number(version) > _number(profile.template)
        else ("较旧", "请用 xlpkg fix --rebuild 把内容转到新表")
    )
    raise UnreadableError(f"“{grid.file}”的表样版本（{version}）比本工具的（{profile.template}）{age}，{advice}。")


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(n) for n in re.findall(r"\d+", version))


def submission(grid: Grid, head: int) -> Source:
    """The declaration printed on a submission sheet, and its seal. Raises UnreadableError."""
    foot = _foot(grid, head)
    facts = " ".join(v for row in grid.values[foot + 1 :] for v in row if isinstance(v, str))
    template, seal, rules = (re.search(pattern, facts) for pattern in (_TEMPLATE, _SEAL, _RULES))
    profile = _profile(grid, head, Facts(template[1], template[2]) if template else None)
    columns = _columns(grid, head, profile, profile.printed_columns)
    header, cells = _printed_header(grid, head, foot, profile)
    rows, lines = _rows(grid, range(head + 1, foot), profile, columns, printed=True)
    places = Places(grid.sheet, _addresses(cells), columns, lines, head, address(head, columns["l1"]))
    declaration, notices = from_header(profile.id, header, rows), tuple(grid.notices)
    sealed = seal[1].upper() if seal else ""
    return Source(declaration, profile, places, sealed, notices, rules=rules[1] if rules else "")


def _foot(grid: Grid, head: int, profile: Profile | None = None) -> int:
    """The first row below the printed table: of the filler, the date or the signature; the grid's end if they are gone."""
    labels = {p.label(f) for p in ((profile,) if profile else profiles.known()) for f in ("filler", "phone") if f in p.header}
    labels |= {DATE_LABEL, SIGN_LABEL}
    rows = range(head + 1, len(grid.values))
    return next((r for r in rows if re.split("[：:]", grid.shown(r, 0))[0] in labels), len(grid.values))


def _addresses(cells: dict[str, Cell]) -> dict[str, str]:
    return {field: address(*cell) for field, cell in cells.items()}


def _profile(grid: Grid, head: int, facts: Facts | None) -> Profile:
    return _profile_by_labels(grid, head) if facts is None else profile_of(facts, grid.file)


def profile_of(facts: Facts, file: str) -> Profile:
    """The profile that a form names, by the text that it carries if that is none of ours. Raises UnreadableError."""
    try:
        if facts.text and facts.profile not in profiles.shipped():
            return profiles.from_source(facts.text)
        return profiles.load(facts.profile)
    except ProfileError as error:
        raise UnreadableError(f"“{file}”：{error}用的是别处的表式，请用 -p 写出它的文件（.toml）。") from None


def _profile_by_labels(grid: Grid, head: int) -> Profile:
    known = profiles.known()
    texts = {comparable(grid.shown(r, c)).partition("：")[0] for r in range(head) for c in range(len(grid.values[r]))}
    telling = ("unit", "project", "department", "long_goal", "year_goal")
    scores = {p.id: sum(comparable(p.label(f)) in texts for f in telling) for p in known}
    best = max(known, key=lambda p: scores[p.id])
    if not scores[best.id]:
        raise StructureError(f"“{grid.file}”没有写明表式，表头也不是已知的申报表。")
    return best


def _columns(grid: Grid, head: int, profile: Profile, names: Sequence[str], optional: Sequence[str] = ()) -> dict[str, int]:
    heads: dict[str, int] = {}
    for column in range(len(grid.values[head])):
        heads.setdefault(comparable(grid.shown(head, column)), column)
    columns = {n: heads[label] for n in names if (label := comparable(profile.label(n))) in heads}
    missing = "、".join(f"“{profile.label(n)}”" for n in names if n not in columns and n not in optional)
    if missing:
        where = f"“{grid.file}”的“{grid.sheet}”表第{head + 1}行表头"
        raise StructureError(f"{where}里找不到{missing}这一列，可能被删除或改名。请恢复原来的表头后再试。")
    return columns


def _labelled(grid: Grid, head: int, labels: dict[str, str], usual: Mapping[str, HeaderCell] = _NOWHERE) -> dict[str, Cell]:
    """The value's cell for each label above the table: where the form has it, else to the right of the label's cells.

    A label's text typed as a value (a project called 联系电话) is no label.
    """
    there = {f for f, cell in usual.items() if f in labels and comparable(grid.shown(*cell.label)) == comparable(labels[f])}
    found = {f: usual[f].value for f in there}
    wanted = {comparable(label): field for field, label in labels.items() if field not in found}
    taken = set(found.values())
    for r, row in enumerate(grid.values[:head] if wanted else ()):
        here = [c for c, v in enumerate(row) if isinstance(v, str) and comparable(v) in wanted and (r, c) not in taken]
        for c in here:
            if (r, c) not in taken:
                field = wanted[comparable(grid.shown(r, c))]
                value = _right_of(grid, r, c, min((k for k in here if k > c + 1), default=len(row)))
                taken.add(found.setdefault(field, value))
    return found


def _right_of(grid: Grid, row: int, column: int, end: int) -> Cell:
    """The cell behind a label's (merged) cells; if that is blank, the next filled one before another label."""
    last = next((right for (top, left), (_, right) in grid.merged(row, row) if (top, left) == (row, column)), column)
    filled = next((c for c in range(last + 1, end) if grid.filled(row, c)), last + 1)
    return row, filled


def _labelled_below(grid: Grid, head: int, label: str) -> Cell | None:
    for r in range(head):
        for c, value in enumerate(grid.values[r]):
            if isinstance(value, str) and comparable(value) == label:
                return r + 1, c
    return None


def _printed_header(grid: Grid, head: int, foot: int, profile: Profile) -> tuple[dict[str, str], dict[str, Cell]]:
    """Header texts of a submission: some right of their label, some behind it in one cell."""
    in_title = ("year",) if "{year}" in profile.title else ()
    behind = [f for f in ("unit", "filler", "phone") if f in profile.printed_fields]
    upper = [f for f in UPPER if f in profile.printed_fields]
    boxed = [f for f in profile.printed_fields if f not in (*in_title, *behind, *upper)] + (["upper_funds"] if upper else [])
    cells = _labelled(grid, head, {f: profile.label(f) for f in boxed})
    header = {f: grid.typed(*cell, profile.label(f)) for f, cell in cells.items()}
    funds = header.pop("upper_funds", "").split("\n") + [""] * len(upper)
    funds_cell = cells.pop("upper_funds", None)
    for field, line in zip(upper, funds, strict=False):
        header[field] = re.sub(f"^{re.escape(profile.label(field))}[：:]", "", line)
        if funds_cell:
            cells[field] = funds_cell
    patterns: dict[str, str] = {f: rf"{re.escape(profile.label(f))}[：:]\s*(.*)" for f in behind}
    if in_title:
        before, after = (re.escape(part) for part in profile.title.split("{year}"))
        patterns["year"] = f"{before}(.*?){after}"
    above = [(r, c) for r in range(head) for c in range(len(grid.values[r]))]
    below = [(foot, c) for c in range(len(grid.values[foot]))] if foot < len(grid.values) else []
    for field, pattern in patterns.items():
        for cell in below if field in ("filler", "phone") else above:
            match = re.fullmatch(pattern, grid.shown(*cell), re.DOTALL)
            if match and field not in cells:
                header[field], cells[field] = match[1].strip(), cell
    return header, cells


def _rows(
    grid: Grid, body: range, profile: Profile, columns: dict[str, int], *, printed: bool = False
) -> tuple[list[Indicator], dict[int, int]]:
    """The indicators below the heads, numbered without blank rows, and the grid row of each."""
    telling = [c for c in columns if c not in ("l1", "l2", "note")]
    further = [c.key for c in profile.columns if c.key in columns]
    found: list[tuple[int, dict[str, str]]] = []
    places = [(n, c, profile.label(n)) for n, c in columns.items()]
    for r in body:
        texts = {n: grid.typed(r, c, label) for n, c, label in places}
        if not any(norm(texts[n]) for n in telling):
            continue
        found.append((r, texts))
        if len(found) > layout.LARGEST_FORM:
            what = f"“{grid.file}”的“{grid.sheet}”表超过{layout.LARGEST_FORM}行指标"
            raise UnreadableError(f"{what}，可能粘贴了多余内容，请删去后再试。")
    _fill_merged(grid, found, columns)
    rows, lines = [], {}
    for number, (r, texts) in enumerate(found, 1):
        l1, l2 = ("" if printed and texts[n] == NOT_FILLED else texts[n] for n in ("l1", "l2"))
        op, figure, unit = split(texts["value"]) if printed else (texts.get(c, "") for c in ("op", "number", "measure"))
        extra = {key: texts[key] for key in further if texts[key]}
        standard, note = texts.get("standard", ""), texts.get("note", "")
        rows.append(Indicator(number, l1, l2, texts["name"], op, figure, unit, standard, note, extra))
        lines[number] = r
    return rows, lines


def _fill_merged(grid: Grid, found: list[tuple[int, dict[str, str]]], columns: dict[str, int]) -> None:
    """A category or standard merged over rows counts for each of them."""
    names = [n for n in ("l1", "l2", "standard") if n in columns]
    if not any(not texts[n] for _, texts in found for n in names):
        return
    for (top, left), (bottom, right) in grid.merged(found[0][0], found[-1][0]):
        for name in names:
            if left <= columns[name] <= right and bottom > top:
                for r, texts in found:
                    if top <= r <= bottom and not texts[name]:
                        texts[name] = grid.shown(top, columns[name])
