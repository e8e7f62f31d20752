"""How a foreign file was taken in, as data: what came from where, how sure that is, and what found no place."""

import msgspec


class Entry(msgspec.Struct, frozen=True):
    """One line of an import report: what was filled with what, where it came from, how sure that is, what was done to it."""

    field: str
    text: str
    where: str
    sure: str = "高"
    done: str = ""


class ImportReport(msgspec.Struct, frozen=True):
    """How a source was taken in: an entry for each field and row, and (text, where) of what found no place.

    `lines` are sentences on the whole: which form was taken, and what that form asks beyond the source.
    """

    file: str
    entries: tuple[Entry, ...]
    unplaced: tuple[tuple[str, str], ...]
    lines: tuple[str, ...] = ()
