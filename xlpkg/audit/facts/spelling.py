"""Names that look misspelt: a doubled character, or one more or less than a name that the form uses more often."""

import re
from collections import Counter
from collections.abc import Mapping

from xlpkg.audit.facts.evidence import LONGEST_KEY, Evidence

_DOUBLED = re.compile(r"(.)\1")
_LEAST_COMPARED = 5


def misspelt(evidence: Evidence) -> dict[int, str]:
    """Row → the name that is meant, for the rows whose name looks misspelt. Ask for it by `evidence.once`."""
    keys = {row.row: _without_doubling(evidence, row.key) for row in evidence.named}
    meant = _spellings(Counter(keys.values()))
    names = {row.row: _without_doubling(evidence, row.name).replace(keys[row.row], meant[keys[row.row]]) for row in evidence.named}
    return {row.row: names[row.row] for row in evidence.named if names[row.row] != row.name}


def _without_doubling(evidence: Evidence, name: str) -> str:
    if len(set(name)) == len(name):
        return name
    for match in _DOUBLED.finditer(name):
        noun = name[max(match.start() - 1, 0) : match.start() + 1]
        known = evidence.profile.pattern("item_noun").fullmatch(noun)
        if known and not evidence.profile.has("reduplication", match[0]):
            return name[: match.start()] + name[match.start() + 1 :]
    return name


def _spellings(counts: Mapping[str, int]) -> dict[str, str]:
    """Each key with the spelling that the form uses more often, if one has one character more or less; else with itself."""
    one_less = {key: _one_less(key) for key in counts}
    longer: dict[str, list[str]] = {}
    for key, shorter_ones in one_less.items():
        for shorter in shorter_ones:
            longer.setdefault(shorter, []).append(key)
    meant = {}
    for key in counts:
        others = [*longer.get(key, ()), *(shorter for shorter in one_less[key] if shorter in counts)]
        better = [o for o in others if counts[o] > counts[key]]
        meant[key] = max(better, key=lambda o: (counts[o], o), default=key)
    return meant


def _one_less(key: str) -> set[str]:
    """The key without one of its characters; of short keys none, as those that differ in one are two words."""
    return {key[:i] + key[i + 1 :] for i in range(len(key))} if _LEAST_COMPARED < len(key) <= LONGEST_KEY else set()
