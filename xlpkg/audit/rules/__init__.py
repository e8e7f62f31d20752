"""The rules, one module a group, and the registry they enter themselves in."""

from xlpkg.audit.rules import (  # noqa: F401 they register
    budget,
    classification,
    completeness,
    consistency,
    general,
    measurability,
    relevance,
    schedule,
    signs,
    units,
    values,
    writing,
)
from xlpkg.audit.rules.registry import RETIRED, RULES, Rule

__all__ = ["RETIRED", "RULES", "Rule"]
