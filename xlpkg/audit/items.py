"""Which rows speak of the same activity: by equal or similar item keys. Source: RULES X01 to X03."""

from collections import Counter
from functools import lru_cache

from xlpkg.audit.evidence import Evidence, Row


class Items:
    """The rows of a declaration by activity; cost rows that are totals are no activity."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        profile = evidence.profile
        costs = evidence.under(profile.cost_l2)
        self.costs = tuple(r for r in costs if r.name and not profile.has("total_row", r.name))
        self.quantities = tuple(r for r in evidence.under(profile.roles.quantity) if r.name)

    def namesakes(self, cost: Row) -> tuple[Row, ...]:
        """The quantity rows that carry the very name of a cost row's activity, or a spelling of it."""
        return tuple(o for o in self.quantities if self.alike(o.key, cost.key))

    def quantities_of(self, cost: Row) -> tuple[Row, ...]:
        """The quantity rows of a cost row's activity: those with its very key, else those with a similar one."""
        return self._same(cost, self.quantities)

    def costs_of(self, quantity: Row) -> tuple[Row, ...]:
        """The cost rows of a quantity row's activity."""
        return self._same(quantity, self.costs)

    def _same(self, row: Row, others: tuple[Row, ...]) -> tuple[Row, ...]:
        exact = tuple(o for o in others if o.key == row.key)
        return exact or tuple(o for o in others if self.alike(o.key, row.key) or covers(o.key, row.key))

    def alike(self, a: str, b: str) -> bool:
        """Two spellings of one item: at most two characters apart (from five on), or as similar as similar_names."""
        return alike(a, b, self.evidence.profile.limits.similar_names)


def alike(a: str, b: str, threshold: float) -> bool:
    """See Items.alike; equal keys are alike. A cheap bound on common characters spares the exact measure."""
    if a == b:
        return True
    longest, shortest = max(len(a), len(b)), min(len(a), len(b))
    if 2 * shortest < threshold * (longest + shortest) and not (shortest >= 5 and longest - shortest <= 2):
        return False
    common = (_letters(a) & _letters(b)).total()
    other_word = len(a) == len(b) and (a[:-2] == b[:-2] or a[2:] == b[2:])  # 城市公路养护 is not 农村公路养护
    may_be_close = shortest >= 5 and longest - common <= 2 and not other_word
    if not may_be_close and 2 * common < threshold * (len(a) + len(b)):
        return False
    from rapidfuzz.distance import Indel, Levenshtein

    return (may_be_close and Levenshtein.distance(a, b) <= 2) or Indel.normalized_similarity(a, b) >= threshold


@lru_cache(maxsize=8192)
def _letters(key: str) -> Counter[str]:
    return Counter(key)


def covers(a: str, b: str) -> bool:
    """One item name contains the other (机耕道, 建设机耕道), or both are the same words in another order."""
    short, long = sorted((a, b), key=len)
    return len(short) >= 3 and (short in long or (len(a) == len(b) and sorted(a) == sorted(b)))
