"""Where a key stands in a TOML text: the library tells no lines, and a person who mends a file needs one."""

import re
from collections.abc import Iterator

_TABLE = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?")
_KEY = re.compile(r"""\s*([\w.\-]+|"[^"]*"|'[^']*')\s*=""")
_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


def line_of(text: str, place: str) -> int | None:
    """The line (from 1) of a place such as `columns[1].kind`; of the table that it would stand in, if it is not there."""
    wanted = _steps(place)
    best: tuple[int, int] | None = None
    for number, found in _places(text):
        same = _common(found, wanted)
        if same and same == len(found) and (best is None or same > best[0]):
            best = same, number
    return best[1] if best else None


def _places(text: str) -> Iterator[tuple[int, list[str]]]:
    """(line, steps) of every table and key."""
    counts: dict[tuple[str, ...], int] = {}
    here: list[str] = []
    depth = 0
    for number, line in enumerate(text.splitlines(), 1):
        if depth <= 0 and (table := _TABLE.match(line)) and not _KEY.match(line):
            here = []
            steps = [s.strip().strip("\"'") for s in table[2].split(".")]
            for n, step in enumerate(steps):
                here.append(step)
                key = tuple(here)
                if table[1] == "[[" and n == len(steps) - 1:
                    counts[key] = counts.get(key, -1) + 1
                    for below in [k for k in counts if len(k) > len(key) and k[: len(key)] == key]:
                        del counts[below]
                if key in counts:
                    here.append(str(counts[key]))
            yield number, list(here)
        elif depth <= 0 and (found := _KEY.match(line)):
            yield number, [*here, found[1].strip("\"'")]
        bare = re.sub(r'"[^"]*"|#.*', "", line)
        depth += bare.count("[") - bare.count("]") if "=" in bare or depth > 0 else 0


def _steps(place: str) -> list[str]:
    return [a or b for a, b in _STEP.findall(place)]


def _common(found: list[str], wanted: list[str]) -> int:
    """How many steps two places have in common from the beginning."""
    return next((n for n, (a, b) in enumerate(zip(found, wanted, strict=False)) if a != b), min(len(found), len(wanted)))
