"""A foreign document as tables and paragraphs of texts. Each text knows where it stood and which part of it was used."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

USED = "\0"
"""Stands in `Piece.left` for every character that was used."""
_TELLING = "≥≤=><≧≦＞＜＝%％√☑✓×"


class Piece:
    """A text of the source, where it stood, and what is left of it that the declaration did not use.

    `tables` says of a paragraph how many tables stand before it.
    """

    def __init__(self, text: str, where: str, tables: int = 0) -> None:
        self.text, self.where, self.left, self.tables = text, where, text, tables

    def use(self, start: int = 0, end: int | None = None) -> None:
        """Mark this part of the text, or all of it, as used."""
        end = len(self.text) if end is None else end
        self.left = self.left[:start] + USED * (end - start) + self.left[end:]

    @property
    def used(self) -> bool:
        """Nothing is left but blanks."""
        return not self.left.replace(USED, "").strip()


class Cell(Piece):
    """A cell of a table; one that is merged stands in every place that it covers. Rows and columns are 0-based."""

    def __init__(self, text: str, where: str, row: int, column: int, height: int = 1, width: int = 1) -> None:
        super().__init__(text, where)
        self.row, self.column, self.height, self.width = row, column, height, width


class Table:
    """Rows of cells; None where a row has no cell. In the `doubted` rows a cell may stand in another column than it should."""

    def __init__(self, name: str, rows: Sequence[Sequence[Cell | None]], doubted: Iterable[int] = ()) -> None:
        self.name, self.rows, self.doubted = name, [list(row) for row in rows], set(doubted)

    def at(self, row: int, column: int) -> Cell | None:
        """The cell in a place, None outside the table."""
        return self.rows[row][column] if 0 <= row < len(self.rows) and 0 <= column < len(self.rows[row]) else None

    def distinct(self, row: int) -> list[Cell]:
        """The cells of a row from left to right, a merged one once."""
        found: list[Cell] = []
        for cell in self.rows[row]:
            if cell is not None and (not found or found[-1] is not cell):
                found.append(cell)
        return found

    def cells(self) -> Iterator[Cell]:
        """Every cell once, in reading order."""
        seen: set[int] = set()
        for row in self.rows:
            for cell in row:
                if cell is not None and id(cell) not in seen:
                    seen.add(id(cell))
                    yield cell


class Document(msgspec.Struct):
    """A source: its file's name, its tables, and its paragraphs outside of tables, in the order of the source.

    `aside` are texts that are no content but must be listed: comments, footnotes, hidden sheets. `ours` says that it
    is a form of ours, however damaged.
    """

    file: str
    tables: list[Table]
    paragraphs: list[Piece]
    notices: list[str] = []
    ours: bool = False
    aside: list[Piece] = []

    def pieces(self) -> Iterator[Piece]:
        """Every text of the content once."""
        yield from self.paragraphs
        for table in self.tables:
            yield from table.cells()

    def everything(self) -> Iterator[Piece]:
        """Every text of the source once."""
        yield from self.pieces()
        yield from self.aside


def unplaced(pieces: Iterable[Piece]) -> tuple[tuple[str, str], ...]:
    """(text, where) of every text that was not used. Blanks, dashes and dots alone do not count; a sign or a tick does."""
    found = []
    for piece in pieces:
        for part in piece.left.split(USED):
            if any(c.isalnum() or c in _TELLING for c in part):
                found.append((part.strip(" \t\n\u3000:：，,;；"), piece.where))
    return tuple(found)
