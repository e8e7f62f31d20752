"""Which rows speak of the same activity: by equal or similar item keys (for X01 to X03)."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, cached_property, lru_cache
from math import ceil

from xlpkg.audit.facts.evidence import LONGEST_KEY, Evidence, Row

_MANY = 30  # more keys than these are compared by the library in one call
_SHORTEST = 3  # characters of a key that another one may contain
_RUN = 3  # neighbouring characters that two names on one matter have in common
_WIDESPREAD = 20  # a run of characters that more names have does not show that they are on one matter


class Items:
    """The rows of a declaration by activity; cost rows that are totals, unit costs or savings are no activity.

    Ask for it by `evidence.once(Items)`: making it compares every pair of names.
    """

    def __init__(self, evidence: Evidence) -> None:
        profile = evidence.profile
        self._of_cost = profile.cost_categories
        self.costs = tuple(r for r in evidence.costs if r.name and not evidence.is_total(r) and not evidence.is_no_part(r))
        self.quantities = tuple(r for r in evidence.under(profile.roles.quantity) if r.name)
        self._costs, self._quantities = _by_key(self.costs), _by_key(self.quantities)
        self._alike = evidence.once(alike_names)
        self._covers = _covering({**self._costs, **self._quantities})

    def namesakes(self, cost: Row) -> tuple[Row, ...]:
        """The quantity rows that carry the very name of a cost row's activity, or a spelling of it."""
        return _rows_of({cost.key, *self._alike[cost.key]}, self._quantities)

    def quantities_of(self, cost: Row) -> tuple[Row, ...]:
        """The quantity rows of a cost row's activity: those with its very key, else those with a similar one."""
        return self._same(cost.key, self._quantities)

    def costs_of(self, quantity: Row) -> tuple[Row, ...]:
        """The cost rows of a quantity row's activity."""
        return self._same(quantity.key, self._costs)

    @cached_property
    def _sharing(self) -> dict[str, list[str]]:
        """Run of characters → the keys that have it; none for a run that too many have."""
        found: dict[str, list[str]] = {}
        for key in {**self._costs, **self._quantities}:
            for run in _runs(key):
                found.setdefault(run, []).append(key)
        return {run: having if len(having) <= _WIDESPREAD else [] for run, having in found.items()}

    def is_spoken_of(self, row: Row) -> bool:
        """The matter of a cost row has a quantity row, or the other way round, even in other words (低保金, 低保保障人数)."""
        others = self._quantities if row.category in self._of_cost else self._costs
        near = (key for run in _runs(row.key) for key in self._sharing[run] if key in others)
        return bool(self._same(row.key, others)) or any(_are_related(row.key, key) for key in near)

    def _same(self, key: str, others: Mapping[str, list[Row]]) -> tuple[Row, ...]:
        return _rows_of({key} if key in others else {*self._alike[key], *self._covers[key]}, others)


def _by_key(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.key, []).append(row)
    return found


def _rows_of(keys: Iterable[str], rows: Mapping[str, list[Row]]) -> tuple[Row, ...]:
    """The rows with one of the keys, as typed."""
    return tuple(sorted((r for key in keys for r in rows.get(key, ())), key=lambda r: r.row))


def _covering(keys: Iterable[str]) -> dict[str, set[str]]:
    """For each key the others that it contains or that contain it, or that have its words in another order (see `covers`)."""
    keys = [key for key in keys if len(key) <= LONGEST_KEY]
    letters: dict[tuple[str, ...], list[str]] = {}
    for key in keys:
        letters.setdefault(tuple(sorted(key)), []).append(key)
    found: dict[str, set[str]] = defaultdict(set)
    found |= {key: set(letters[tuple(sorted(key))]) if len(key) >= _SHORTEST else set() for key in keys}
    known = set(keys)
    sizes = sorted({len(key) for key in keys if len(key) >= _SHORTEST})
    for key in keys:
        parts = {key[i : i + size] for size in sizes for i in range(len(key) - size + 1)} & known
        for part in parts:
            found[part].add(key)
            found[key].add(part)
    return found


def _runs(key: str, size: int = _RUN) -> set[str]:
    """The runs of neighbouring characters of a key."""
    return {key[i : i + size] for i in range(min(len(key), LONGEST_KEY) - size + 1)}


def _are_related(a: str, b: str) -> bool:
    """Half of the pairs of characters of one name are the other's."""
    one, other = _runs(a, 2), _runs(b, 2)
    return 2 * len(one & other) >= min(len(one), len(other))


def of_work(evidence: Evidence) -> Iterator[Row]:
    """The named rows of outputs and costs: those that speak of activities."""
    profile = evidence.profile
    parents = (profile.roles.output, *(profile.parent[c] for c in profile.cost_categories))
    return (r for r in evidence.named if profile.parent.get(r.category) in parents)


_ENOUGH = 50
"""Of so many names that are alike to one, more would tell nothing."""


def alike_names(evidence: Evidence) -> dict[str, list[str]]:
    """For each activity the others whose names are alike. Ask for it by `evidence.once`: it compares every pair."""
    return neighbours((r.key for r in of_work(evidence)), evidence.profile.limits.similar_names)


def neighbours(keys: Iterable[str], threshold: float) -> dict[str, list[str]]:
    """For each key the other keys that are alike but not equal.

    Only keys that share one of their rarest characters are compared: two keys of m and n characters that are alike have at
    least threshold * (m + n) / 2 characters in common, or all but two of the longer one, so of the rarest ones that either
    could miss they share one. Source: the prefix filter of Chaudhuri, Ganti, Kaushik, "A primitive operator for similarity joins".
    """
    every = set(keys)
    ordered = sorted((key for key in every if len(key) <= LONGEST_KEY), key=lambda key: (len(key), key))
    characters = {key: _numbered(key) for key in ordered}
    counts = Counter(c for found in characters.values() for c in found)
    found: dict[str, list[str]] = {key: [] for key in every}
    index: dict[str, list[str]] = {}
    least = threshold / (2 - threshold)  # a key that is alike has at least this share of the longer one's characters
    for long in ordered:
        size = len(long)
        rare = sorted(characters[long], key=lambda c: (counts[c], c))
        shorter = list({key: None for c in rare[: _missable(size, least)] for key in index.get(c, ())})
        for short in _close(long, shorter, threshold) if len(shorter) > _MANY else shorter:
            if len(found[long]) >= _ENOUGH:
                break
            if alike(short, long, threshold):
                found[short].append(long)
                found[long].append(short)
        for c in rare[: _missable(size, threshold)]:
            index.setdefault(c, []).append(long)
    return {key: sorted(others, key=lambda other: (len(other), other)) for key, others in found.items()}


def _close(key: str, others: list[str], threshold: float) -> list[str]:
    """Those of many keys that may be alike; the library compares all of them in one call."""
    from rapidfuzz import process
    from rapidfuzz.distance import Indel, Levenshtein

    least = threshold - 0.02  # the library's cutoff may leave out what lies exactly on it
    similar = process.extract(key, others, scorer=Indel.normalized_similarity, score_cutoff=least, limit=None)
    close = process.extract(key, others, scorer=Levenshtein.distance, score_cutoff=2, limit=None) if len(key) >= 5 else []
    return [others[n] for n in {n for _, _, n in (*similar, *close)}]


def _numbered(key: str) -> list[str]:
    """The characters of a key, a repeated one marked by how often it came before: 绿水绿 → 绿, 水, 绿1."""
    if len(set(key)) == len(key):
        return list(key)
    seen: Counter[str] = Counter()
    found = []
    for character in key:
        found.append(f"{character}{seen[character] or ''}")
        seen[character] += 1
    return found


def _missable(size: int, share: float) -> int:
    """One more than the number of a key's characters that a key which is alike can lack."""
    return max(size - ceil(size * share - 1e-9), 2) + 1


def alike(a: str, b: str, threshold: float) -> bool:
    """Two spellings of one item: at most two characters apart (from five on), or as similar as the threshold.

    Two names that differ in one whole word name two things (城市公路养护, 农村公路养护; 收运车, 收运服务).
    First it counts, roughly, the characters that only one of them has: for most pairs that is enough.
    """
    if a == b:
        return True
    if max(len(a), len(b)) > LONGEST_KEY:
        return False
    short, long = (a, b) if len(a) <= len(b) else (b, a)
    only_in_short, only_in_long = (_letters(short) & ~_letters(long)).bit_count(), (_letters(long) & ~_letters(short)).bit_count()
    common = min(len(short) - only_in_short, len(long) - only_in_long)
    may_be_close = len(short) >= 5 and len(long) - common <= 2
    may_be_similar = 2 * common >= threshold * (len(a) + len(b))
    if not may_be_close and not may_be_similar:
        return False
    indel, levenshtein, _, _ = _measures()
    if may_be_close and levenshtein(a, b) <= 2 and not _differ_in_one_word(short, long):
        return True
    return may_be_similar and indel(a, b) >= threshold


@cache
def _measures() -> tuple[Callable[[str, str], float], ...]:
    """Of two texts: likeness, edit distance, length of the common beginning and of the common end; the library loads slowly."""
    from rapidfuzz.distance import Indel, Levenshtein, Postfix, Prefix

    return Indel.normalized_similarity, Levenshtein.distance, Prefix.similarity, Postfix.similarity


def _differ_in_one_word(short: str, long: str) -> bool:
    """One has another word of two characters than the other; in front and behind, a word of one or two."""
    _, _, beginning, end = _measures()
    size = len(short)
    front = int(beginning(short, long))
    back = min(int(end(short, long)), size - front)
    word, other = short[front : size - back], long[front : len(long) - back]
    sizes = (2,) if front and back else (1, 2)
    return len(word) in sizes and len(other) in sizes and set(word) != set(other)


@lru_cache(maxsize=8192)
def _letters(key: str) -> int:
    """The characters of a key as bits. Two may share a bit; then a pair that is not alike is measured for nothing."""
    bits = 0
    for character in key:
        bits |= 1 << ord(character) % 251
    return bits


def covers(a: str, b: str) -> bool:
    """One item name contains the other (机耕道, 建设机耕道), or both are the same words in another order."""
    short, long = (a, b) if len(a) <= len(b) else (b, a)
    return len(short) >= _SHORTEST and (
        short in long or (len(a) == len(b) and _letters(a) == _letters(b) and sorted(a) == sorted(b))
    )
