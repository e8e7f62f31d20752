"""The registry: every rule of monitoring (K) and self-evaluation (S)."""

from collections.abc import Callable, Iterator

from xlpkg.audit.facts.finding import Observation
from xlpkg.audit.rules.registry import Rule, registering
from xlpkg.year.facts import Facts
from xlpkg.year.form import MONITORING, SELF_EVALUATION, Kind

Check = Callable[[Facts], Iterator[Observation]]
VERSION = "2026.1"
"""Of the rules of the later forms as a whole; goes with every seal."""
YEAR_RULES: dict[str, Rule[Facts]] = {}
"""Their examples are changes of a form without findings: `3 actual = 已开展`, `funds.total.executed = 约87`, `drop 3`.
`found` names the severity as well where it is not that of the rule."""


def rule(
    code: str, name: str, severity: str, *, basis: str = "财预〔2019〕136号；财预〔2020〕10号", **told: str
) -> Callable[[Check], Check]:
    """Register a generator as a rule; `told` are the further fields of Rule. Raises ValueError for a code that is taken."""
    return registering(YEAR_RULES, code, name, severity, {"basis": basis, **told})


def kind_of(code: str) -> Kind:
    """Whose rule a code is."""
    return MONITORING if code.startswith("K") else SELF_EVALUATION
