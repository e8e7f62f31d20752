"""The rules, one module a group, and the registry they enter themselves in."""

from xlpkg.audit.rules import budget, classification, completeness, consistency, measurability, values  # noqa: F401 they register
from xlpkg.audit.rules.registry import RULES, Rule

__all__ = ["RULES", "Rule"]
