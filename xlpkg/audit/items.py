"""Which rows speak of the same activity: by equal or similar item keys. Source: RULES X01 to X03."""

from collections.abc import Iterable
from functools import lru_cache

from xlpkg.audit.evidence import Evidence, Row


class Items:
    """The rows of a declaration by activity; cost rows that are totals, unit costs or savings are no activity."""

    def __init__(self, evidence: Evidence) -> None:
        profile = evidence.profile
        self._threshold = profile.limits.similar_names
        self._found: dict[tuple[int, bool], tuple[Row, ...]] = {}
        costs = evidence.under(profile.cost_l2)
        self.costs = tuple(r for r in costs if r.name and not profile.has("total_row", r.name) and not evidence.is_no_part(r))
        self.quantities = tuple(r for r in evidence.under(profile.roles.quantity) if r.name)

    def namesakes(self, cost: Row) -> tuple[Row, ...]:
        """The quantity rows that carry the very name of a cost row's activity, or a spelling of it."""
        return tuple(o for o in self.quantities if alike(o.key, cost.key, self._threshold))

    def quantities_of(self, cost: Row) -> tuple[Row, ...]:
        """The quantity rows of a cost row's activity: those with its very key, else those with a similar one."""
        return self._same(cost, self.quantities)

    def costs_of(self, quantity: Row) -> tuple[Row, ...]:
        """The cost rows of a quantity row's activity."""
        return self._same(quantity, self.costs)

    def _same(self, row: Row, others: tuple[Row, ...]) -> tuple[Row, ...]:
        place = row.row, others is self.costs
        if place not in self._found:
            exact = tuple(o for o in others if o.key == row.key)
            near = () if exact else tuple(o for o in others if alike(o.key, row.key, self._threshold) or covers(o.key, row.key))
            self._found[place] = exact or near
        return self._found[place]


@lru_cache(maxsize=2)
def items_of(evidence: Evidence) -> Items:
    """The items of a declaration, found once for all rules."""
    return Items(evidence)


def neighbours(keys: Iterable[str], threshold: float) -> dict[str, list[str]]:
    """For each key the other keys that are alike but not equal; each pair is compared once."""
    ordered = sorted(set(keys), key=lambda key: (len(key), key))
    found: dict[str, list[str]] = {key: [] for key in ordered}
    for i, short in enumerate(ordered):
        for long in ordered[i + 1 :]:
            if 2 * len(short) < threshold * (len(short) + len(long)) and not (len(short) >= 5 and len(long) - len(short) <= 2):
                break  # all that follow are longer still
            if alike(short, long, threshold):
                found[short].append(long)
                found[long].append(short)
    return found


def alike(a: str, b: str, threshold: float) -> bool:
    """Two spellings of one item: at most two characters apart (from five on), or as similar as the threshold.

    Two names of equal length of which only the first or last word of two characters differs name two things (城市公路养护,
    农村公路养护). A cheap bound on characters that only one of them has spares the exact measure.
    """
    if a == b:
        return True
    short, long = (a, b) if len(a) <= len(b) else (b, a)
    only_in_short, only_in_long = (_letters(short) & ~_letters(long)).bit_count(), (_letters(long) & ~_letters(short)).bit_count()
    common = min(len(short) - only_in_short, len(long) - only_in_long)
    may_be_close = len(short) >= 5 and len(long) - common <= 2
    may_be_similar = 2 * common >= threshold * (len(a) + len(b))
    if not may_be_close and not may_be_similar:
        return False
    from rapidfuzz.distance import Indel, Levenshtein

    other_word = len(a) == len(b) and (a[:-2] == b[:-2] or a[2:] == b[2:])
    if may_be_close and not other_word and Levenshtein.distance(a, b) <= 2:
        return True
    return may_be_similar and Indel.normalized_similarity(a, b) >= threshold


@lru_cache(maxsize=8192)
def _letters(key: str) -> int:
    """The characters of a key as bits; two may share a bit, which only makes the bound laxer."""
    bits = 0
    for character in key:
        bits |= 1 << ord(character) % 251
    return bits


def covers(a: str, b: str) -> bool:
    """One item name contains the other (机耕道, 建设机耕道), or both are the same words in another order."""
    short, long = (a, b) if len(a) <= len(b) else (b, a)
    return len(short) >= 3 and (short in long or (len(a) == len(b) and _letters(a) == _letters(b) and sorted(a) == sorted(b)))
