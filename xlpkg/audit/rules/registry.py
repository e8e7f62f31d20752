"""The registry: every rule with its code, name, severity, basis and examples, by subject."""

from collections.abc import Callable, Iterator

import msgspec

from xlpkg.audit.facts.evidence import Evidence
from xlpkg.audit.facts.finding import Observation

Check = Callable[[Evidence], Iterator[Observation]]
VERSION = "2026.2"
"""Of the rules; printed on a submission, so that one that was checked with older rules is known."""
RETIRED = ("C16", "F17")
"""Codes of rules that are no more; a profile may still name them."""
"""Of the rule set as a whole; goes with every seal."""


class Rule(msgspec.Struct, frozen=True):
    """A rule. `violates` and `passes` are the examples that the guide shows; `basis` is the source.

    `failing` and `passing` are examples that run: changes of a form without findings, one a line (see xlpkg/audit/RULES.md);
    `found` says all that is then found: row, if it is one row's, and field, with the code where it is another rule's.
    """

    code: str
    name: str
    severity: str
    basis: str
    violates: str
    passes: str
    check: Check
    failing: str = ""
    found: str = ""
    passing: str = ""

    @property
    def condition(self) -> str:
        """The condition in one English sentence: the docstring's first line."""
        return (self.check.__doc__ or "").strip().split("\n")[0]


RULES: dict[str, Rule] = {}


def rule(
    code: str,
    name: str,
    severity: str,
    *,
    basis: str,
    violates: str,
    passes: str,
    failing: str = "",
    found: str = "",
    passing: str = "",
) -> Callable[[Check], Check]:
    """Register a generator as a rule. Raises ValueError for a code that is taken."""

    def register(check: Check) -> Check:
        if code in RULES:
            raise ValueError(f"rule {code} is registered twice")
        RULES[code] = Rule(code, name, severity, basis, violates, passes, check, failing, found, passing)
        return check

    return register


def is_older(version: str) -> bool:
    """The version of the rules, as printed on a submission, comes before ours; False for one that is no version."""
    parts = version.split(".")
    return all(p.isascii() and p.isdigit() and len(p) < 10 for p in parts) and [*map(int, parts)] < [*map(int, VERSION.split("."))]
