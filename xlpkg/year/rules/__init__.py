"""The rules of the later forms, one module a subject, and the registry they enter themselves in."""

from xlpkg.year.rules import achieved, against_declaration, funds, progress, scores, texts  # noqa: F401 they register
from xlpkg.year.rules.registry import YEAR_RULES, kind_of

__all__ = ["YEAR_RULES", "kind_of"]
