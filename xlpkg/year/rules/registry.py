"""The registry: every rule of monitoring (K) and self-evaluation (S) with its name, severity, basis and examples."""

from collections.abc import Callable, Iterator

import msgspec

from xlpkg.audit.facts.finding import Observation
from xlpkg.year.facts import Facts
from xlpkg.year.form import MONITORING, SELF_EVALUATION, Kind

Check = Callable[[Facts], Iterator[Observation]]
VERSION = "2026.1"
"""Of the rules of the later forms as a whole; goes with every seal."""


class YearRule(msgspec.Struct, frozen=True):
    """A rule. `violates` and `passes` are the examples that the guide shows; `basis` is the source.

    `failing` and `passing` are examples that run: changes of a form without findings, one a line (`3 actual = 已开展`,
    `funds.total.executed = 约87`, `drop 3`); `found` says all that is then found: row, if it is one row's, and field, with the
    code where it is another rule's, and the severity where it is not that of the rule.
    """

    code: str
    name: str
    severity: str
    basis: str
    violates: str
    passes: str
    check: Check
    failing: str
    found: str
    passing: str

    @property
    def kind(self) -> Kind:
        return MONITORING if self.code.startswith("K") else SELF_EVALUATION

    @property
    def condition(self) -> str:
        """The condition in one English sentence: the docstring's first line."""
        return (self.check.__doc__ or "").strip().split("\n")[0]


YEAR_RULES: dict[str, YearRule] = {}


def rule(
    code: str,
    name: str,
    severity: str,
    *,
    violates: str,
    passes: str,
    failing: str,
    found: str,
    passing: str,
    basis: str = "财预〔2019〕136号；财预〔2020〕10号",
) -> Callable[[Check], Check]:
    """Register a generator as a rule. Raises ValueError for a code that is taken."""

    def register(check: Check) -> Check:
        if code in YEAR_RULES:
            raise ValueError(f"rule {code} is registered twice")
        YEAR_RULES[code] = YearRule(code, name, severity, basis, violates, passes, check, failing, found, passing)
        return check

    return register
