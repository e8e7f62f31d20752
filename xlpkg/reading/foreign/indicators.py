"""The rows of a foreign form as indicators: categories in the form's own names, signs and units joined to values."""

from collections.abc import Iterable

import msgspec

from xlpkg.form.declaration import Indicator, indicator
from xlpkg.form.import_report import Entry
from xlpkg.form.profile import Profile
from xlpkg.form.text import norm
from xlpkg.form.words import SIGNS_BEFORE
from xlpkg.reading.foreign.rows import Line
from xlpkg.reading.foreign.synonyms import Synonyms

_VALUE = ("op", "number", "measure")
_NO_UNIT = ("—", "-", "/", "无")
_TO_NOTES = ("note", "last_year")
_SURENESS = ("低", "中", "高")


def indicators(lines: Iterable[Line], profile: Profile, synonyms: Synonyms) -> tuple[tuple[Indicator, ...], tuple[Entry, ...]]:
    """The rows as indicators of a form, and of each an entry of the import report."""
    found: list[Indicator] = []
    entries: list[Entry] = []
    for line in lines:
        l1, l2, done, sure = _categories(line, profile, synonyms)
        texts = line.texts
        value = texts.get("value", "") or _joined(*(texts.get(k, "") for k in _VALUE))
        note, standard = texts.get("note", ""), texts.get("standard", "")
        extra: dict[str, str] = {}
        key = further_column(line.note_head, profile, synonyms)
        if key and note.strip():
            extra[key], note = note.strip(), ""
        if standard.strip() and not profile.standards:
            label = profile.label("standard")
            note, standard = "；".join(filter(None, (note, f"{label}：{standard.strip()}"))), ""
            done.append(f"{label}写进备注")
        note = _others(line, profile, synonyms, extra, note, done)
        item = indicator(len(found) + 1, l1, l2, texts.get("name", ""), value, standard, note)
        item = msgspec.structs.replace(item, extra=extra) if extra else item
        found.append(item)
        shown = "／".join(t.strip() for t in (l2, item.name, item.value, standard) if t.strip())
        entries.append(Entry(f"第{item.row}行", shown, line.where, min(sure, line.sure, key=_SURENESS.index), "；".join(done)))
    return tuple(found), tuple(entries)


def further_column(head: str, profile: Profile, synonyms: Synonyms) -> str:
    """The key of the form's further column that a head names, "" if it has none."""
    bare = synonyms.bare(head)
    for column in profile.columns:
        if bare and bare in {synonyms.bare(n) for n in (column.label, *column.aliases)}:
            return column.key
    same = synonyms.column(head)
    own = {synonyms.column(column.label): column.key for column in profile.columns}
    return own.get(same, "") if same and same != "further" else ""


def _others(line: Line, profile: Profile, synonyms: Synonyms, extra: dict[str, str], note: str, done: list[str]) -> str:
    """The texts in other columns: into the form's further columns, or behind the notes, or left unused; gives the notes."""
    for head, cell in line.others:
        key, name = further_column(head.text, profile, synonyms), synonyms.bare(head.text)
        if key and key not in extra:
            extra[key] = cell.text.strip()
        elif (synonyms.column(head.text) in _TO_NOTES or _of_a_year(head.text)) and "note" in profile.user_columns:
            note = "；".join(filter(None, (note, f"{name}：{cell.text.strip()}")))
            done.append(f"“{name}”写进备注")
        else:
            continue
        cell.use()
        head.use()
    return note


def _of_a_year(head: str) -> bool:
    """A value of another year: 2021年实际实现值."""
    return norm(head)[:2] == "20" and norm(head).rstrip(")）").endswith("值")


def _categories(line: Line, profile: Profile, synonyms: Synonyms) -> tuple[str, str, list[str], str]:
    """First and second level as the form names them, what was done, and how sure that is."""
    done = list(line.done)
    first, typed = line.texts["l1"], profile.l2(line.texts["l2"])
    l1, l2 = synonyms.first_level(first, profile), synonyms.second_level(typed, profile)
    sure = "高" if l1 and l2 else "中"
    if l1 != profile.l1(first) and profile.l1(first) not in (l1, l1.removesuffix("指标")):
        done.append(f"“{profile.l1(first)}”归入“{l1}”")
    if l2 != typed:
        done.append(f"“{typed}”归入“{l2}”")
    if l2 == _satisfaction(profile) and l1 == profile.roles.benefit:
        done.append(f"“{l1}”下的“{l2}”归入“{profile.parent[l2]}”")
        l1 = profile.parent[l2]
    if not l1 and l2 in profile.parent:
        l1 = profile.parent[l2]
        done.append(f"一级指标按“{l2}”补为“{l1}”")
    if not l2 and l1 in profile.l1_names.values():
        under = [c for c in profile.tree if c.name == l1]
        if len(under[0].l2) == 1:
            l2 = under[0].l2[0].name
            done.append(f"二级指标按“{l1}”补为“{l2}”")
    if not first and not typed:
        return l1, l2, [*done, "表上没有写一级、二级指标，请补"], "低"
    strange = [name for name, known in ((l1, profile.l1_names), (l2, profile.l2_names)) if name and name not in known]
    if strange:
        return l1, l2, [*done, f"“{'”、“'.join(strange)}”不是这个表式的指标分类，请核对"], "低"
    if l1 and l2 and profile.parent.get(l2) != l1:
        return l1, l2, [*done, f"“{l2}”不在“{l1}”下，请核对"], "中"
    return l1, l2, done, sure


def _satisfaction(profile: Profile) -> str:
    """The second level under 满意度指标."""
    return next((c.l2[0].name for c in profile.tree if c.name == profile.roles.satisfaction), "")


def _joined(op: str, number: str, measure: str) -> str:
    """A value of three columns written together; a sign or a unit that stands in two of them counts once."""
    bare_sign, bare_unit = norm(op), norm(measure)
    op = SIGNS_BEFORE.get(bare_sign, op)
    if bare_sign and norm(number).startswith(norm(op)):
        op = ""
    if bare_unit in _NO_UNIT or (bare_unit and norm(number).endswith(bare_unit)):
        measure = ""
    return op + number + measure
