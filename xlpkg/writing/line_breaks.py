"""Into how many lines a program breaks a text."""

from collections.abc import Callable

_NOT_FIRST = frozenset("，。、；：？！）》”’%")


def broken_lines(text: str, room: float, width: Callable[[str], float]) -> int:
    """The lines of a text in this room; `width` is that of a character, in the same measure as the room.

    A mark that may not begin a line takes the character before it along.
    """
    return sum(_broken(line, max(room, 2.0), width) for line in text.split("\n"))


def _broken(line: str, room: float, width: Callable[[str], float]) -> int:
    lines, used, before = 1, 0.0, 0.0
    for character in line:
        more = width(character)
        if used + more > room:
            lines += 1
            used = before if character in _NOT_FIRST else 0.0
        used += more
        before = more
    return lines
