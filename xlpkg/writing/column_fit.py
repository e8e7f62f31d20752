"""Column widths by content: where a little more width saves most height."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from xlpkg.writing.line_breaks import broken_lines

_STEP, _FARTHEST = 2, 12
"""Narrow characters: widths grow by one Chinese character; a column looks so far ahead for a line that it could save."""


def fitted(
    rows: Sequence[Mapping[str, str]],
    merged: Mapping[str, Sequence[tuple[str, int]]],
    least: Mapping[str, float],
    room: float,
    taker: str,
) -> dict[str, float]:
    """Widths of columns, in narrow characters, that together take `room` and make the rows as low as may be.

    `rows` are the texts by column; `merged` the texts of columns whose cells go over several rows, with how many. `least` names the
    columns and how narrow each may be; what is left goes to the column `taker`.
    """
    widths = dict(least)
    left = room - sum(widths.values())
    while left >= _STEP:
        now = _lines(rows, merged, widths)
        best, best_gain = ("", 0.0), 0.0
        for column in widths:
            for more in range(_STEP, int(min(left, _FARTHEST)) + 1, _STEP):
                gain = (now - _lines(rows, merged, {**widths, column: widths[column] + more})) / more
                if gain > best_gain:
                    best, best_gain = (column, more), gain
        if not best_gain:
            break
        widths[best[0]] += best[1]
        left -= best[1]
    widths[taker] += left
    return widths


def _lines(
    rows: Sequence[Mapping[str, str]], merged: Mapping[str, Sequence[tuple[str, int]]], widths: Mapping[str, float]
) -> float:
    """The lines of all rows together; merged cells add what their rows are too low for."""
    total = float(sum(max(lines_in(text, widths[column]) for column, text in row.items()) for row in rows))
    for column, texts in merged.items():
        total += sum(max(0, lines_in(text, widths[column]) - count) for text, count in texts)
    return total


@lru_cache(maxsize=65536)
def lines_in(text: str, width: float) -> int:
    """The lines of a text in a printed cell, whose border and air take a column's width and a half.

    Figures take somewhat more than half a Chinese character where 宋体 is missing.
    """
    return broken_lines(text, width - 1.5, _width)


def _width(character: str) -> float:
    return 2.0 if ord(character) > 0x2E7F or character in "“”" else 1.2
