"""Cells by name: "F31" and (30, 5), and letters of columns."""

import re

Cell = tuple[int, int]
"""Row and column, 0-based."""


def address(row: int, column: int) -> str:
    """A cell's name from 0-based row and column: (30, 5) → "F31"."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


def cell_of(name: str) -> Cell:
    """Row and column of a cell's name: "F31" → (30, 5)."""
    match = re.fullmatch("([A-Z]+)([0-9]+)", name)
    assert match
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]) - 1, column - 1
