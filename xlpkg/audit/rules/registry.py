"""The registry: every rule with its code, name, severity, basis and examples, by subject."""

from collections.abc import Callable, Iterator, Mapping
from typing import Generic, TypeVar

import msgspec

from xlpkg.audit.facts.evidence import Evidence
from xlpkg.audit.facts.finding import Observation

Seen = TypeVar("Seen")
"""What a rule looks at: the evidence of a declaration, the facts of a later form."""
Check = Callable[[Evidence], Iterator[Observation]]
VERSION = "2026.2"
"""Of the rules; printed on a submission, so that one that was checked with older rules is known."""
RETIRED = ("C16", "F17")
"""Codes of rules that are no more; a profile may still name them."""


class Rule(msgspec.Struct, Generic[Seen], frozen=True):
    """A rule over a form of some kind. `violates` and `passes` are the examples that the guide shows; `basis` is the source.

    `failing` and `passing` are examples that run: changes of a form without findings, one a line (see xlpkg/audit/RULES.md);
    `found` says all that is then found: row, if it is one row's, and field, with the code where it is another rule's.
    """

    code: str
    name: str
    severity: str
    check: Callable[[Seen], Iterator[Observation]]
    basis: str
    violates: str
    passes: str
    failing: str = ""
    found: str = ""
    passing: str = ""

    @property
    def condition(self) -> str:
        """The condition in one English sentence: the docstring's first line."""
        return (self.check.__doc__ or "").strip().split("\n")[0]


RULES: dict[str, Rule[Evidence]] = {}


def rule(code: str, name: str, severity: str, **told: str) -> Callable[[Check], Check]:
    """Register a generator as a rule; `told` are the further fields of Rule. Raises ValueError for a code that is taken."""
    return registering(RULES, code, name, severity, told)


def registering(
    rules: dict[str, Rule[Seen]], code: str, name: str, severity: str, told: Mapping[str, str]
) -> Callable[[Callable[[Seen], Iterator[Observation]]], Callable[[Seen], Iterator[Observation]]]:
    """What enters a generator among some rules. Raises ValueError for a code that is taken, TypeError for a field that is none."""

    def register(check: Callable[[Seen], Iterator[Observation]]) -> Callable[[Seen], Iterator[Observation]]:
        if code in rules:
            raise ValueError(f"rule {code} is registered twice")
        rules[code] = Rule(code, name, severity, check, **told)
        return check

    return register


def is_older(version: str) -> bool:
    """The version of the rules, as printed on a submission, comes before ours; False for one that is no version."""
    parts = version.split(".")
    return all(p.isascii() and p.isdigit() and len(p) < 10 for p in parts) and [*map(int, parts)] < [*map(int, VERSION.split("."))]
