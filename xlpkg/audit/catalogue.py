"""The table of all rules in RULES.md, made from the registry: `python -m xlpkg.audit.catalogue`."""

from pathlib import Path

from xlpkg.audit.facts.finding import SEVERITIES
from xlpkg.audit.rules import RULES

PAGE = Path(__file__).with_name("RULES.md")
_HEADING = "## All rules"


def page(text: str) -> str:
    """The page with the table of the rules as they are now below its last heading. Raises ValueError if that is missing."""
    if _HEADING not in text:
        raise ValueError(f"{PAGE.name} has no heading “{_HEADING}”")
    return text.partition(_HEADING)[0] + _HEADING + "\n\n" + _table() + "\n"


def _table() -> str:
    rows = ["| code | name | severity | finds | wrong | right | basis |", "|---|---|---|---|---|---|---|"]
    for code, rule in sorted(RULES.items()):
        cells = (code, rule.name, SEVERITIES[rule.severity], rule.condition, rule.violates, rule.passes, rule.basis)
        rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(rows)


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
