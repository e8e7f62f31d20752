"""The rows of a foreign form as indicators: categories in the form's own names, signs and units joined to values."""

from collections.abc import Iterable

from xlpkg.form.declaration import Indicator, indicator
from xlpkg.form.import_report import Entry
from xlpkg.form.profile import Profile
from xlpkg.form.text import norm
from xlpkg.reading.foreign.columns import SIGN_WORDS
from xlpkg.reading.foreign.rows import Line
from xlpkg.reading.foreign.synonyms import Synonyms

_VALUE = ("op", "number", "measure")
_NO_UNIT = ("—", "-", "/", "无")


def indicators(lines: Iterable[Line], profile: Profile, synonyms: Synonyms) -> tuple[tuple[Indicator, ...], tuple[Entry, ...]]:
    """The rows as indicators of a form, and of each an entry of the import report."""
    found: list[Indicator] = []
    entries: list[Entry] = []
    for line in lines:
        l1, l2, done = _categories(line, profile, synonyms)
        texts = line.texts
        value = texts.get("value", "") or _joined(*(texts.get(k, "") for k in _VALUE))
        note, standard = texts.get("note", ""), texts.get("standard", "")
        if standard.strip() and not profile.standards:
            label = profile.label("standard")
            note, standard = "；".join(filter(None, (note, f"{label}：{standard.strip()}"))), ""
            done.append(f"{label}写进备注")
        item = indicator(len(found) + 1, l1, l2, texts.get("name", ""), value, standard, note)
        found.append(item)
        shown = "／".join(t.strip() for t in (l2, item.name, item.value, standard) if t.strip())
        sure = "中" if line.sure == "高" and not (l1 and l2) else line.sure
        entries.append(Entry(f"第{item.row}行", shown, line.where, sure, "；".join(done)))
    return tuple(found), tuple(entries)


def _categories(line: Line, profile: Profile, synonyms: Synonyms) -> tuple[str, str, list[str]]:
    """First and second level as the form names them, and what was done."""
    done = list(line.done)
    l1, typed = synonyms.first_level(line.texts["l1"], profile), profile.l2(line.texts["l2"])
    l2 = synonyms.second_level(typed, profile)
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
    return l1, l2, done


def _satisfaction(profile: Profile) -> str:
    """The second level under 满意度指标."""
    return next((c.l2[0].name for c in profile.tree if c.name == profile.roles.satisfaction), "")


def _joined(op: str, number: str, measure: str) -> str:
    """A value of three columns written together; a sign or a unit that stands in two of them counts once."""
    bare_sign, bare_unit = norm(op), norm(measure)
    op = SIGN_WORDS.get(bare_sign, op)
    if bare_sign and norm(number).startswith(norm(op)):
        op = ""
    if bare_unit in _NO_UNIT or (bare_unit and norm(number).endswith(bare_unit)):
        measure = ""
    return op + number + measure
