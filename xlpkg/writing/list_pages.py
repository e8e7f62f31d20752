"""How a long list is printed: on the paper that takes fewest pages, and without a last page of a few lines."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from xlpkg.writing.page_setup import A3, A4, FOOTER, points, set_up_page

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

_SIDE, _TOP, _BOTTOM = 0.4, 0.5, 0.6  # inches
_SMALLEST = 0.6
"""Our type of 10 points is printed in 6 at least."""
_EASY = 0.64
"""So large a list of one page is still easy to read on A4."""
_FEW, _TIGHTER = 0.3, 0.86
"""A last page that is filled less than this is saved where all pages then have to be printed no smaller than that."""


class Sheet(NamedTuple):
    """A sheet of paper: Excel's number, whether it stands upright, and the points that it has for what is printed."""

    paper: int
    portrait: bool
    width: float
    height: float


def _sheet(paper: int, *, portrait: bool) -> Sheet:
    short, long = (595, 842) if paper == A4 else (842, 1190)
    width, height = (short, long) if portrait else (long, short)
    return Sheet(paper, portrait, width - 144 * _SIDE, height - 72 * (_TOP + _BOTTOM))


_SHEETS = (_sheet(A4, portrait=False), _sheet(A3, portrait=False), _sheet(A3, portrait=True))


class Plan(NamedTuple):
    """The paper, and on how many pages the list has to fit: 0 for as many as it takes."""

    sheet: Sheet
    fitted: int
    pages: int


def plan(heights: Sequence[float], width: float, *, above: float, head: float) -> Plan:
    """How to print rows of these heights, all in points; every page has the head, the first one what stands `above` it as well."""

    def pages(sheet: Sheet, scale: float) -> tuple[int, float]:
        """How many pages, and how much of the last one is used."""
        room, number = sheet.height / scale, 1
        used = above + head
        for height in heights:
            if used + height > room and used > head:
                number, used = number + 1, head
            used += height
        return number, used / room

    small, *large = _SHEETS
    scale = min(1.0, small.width / width)
    if scale >= _EASY and pages(small, scale)[0] == 1:
        return Plan(small, 0, 1)
    readable = [sheet for sheet in large if sheet.width / width >= _SMALLEST] or large[:1]
    sheet = min(readable, key=lambda s: (pages(s, min(1.0, s.width / width))[0], -s.width))
    scale = min(1.0, sheet.width / width)
    number, used = pages(sheet, scale)
    if number > 1 and used < _FEW:
        for step in range(1, 8):
            if pages(sheet, scale * (1 - 0.02 * step))[0] < number and 1 - 0.02 * step >= _TIGHTER:
                return Plan(sheet, number - 1, number - 1)
    return Plan(sheet, 0, number)


def set_up_list(
    sheet: "Worksheet", heights: Sequence[float], widths: Sequence[float], *, above: float, head: int, head_height: float,
    footer: str = FOOTER,
) -> None:  # fmt: skip
    """Print a list of rows of these heights and columns of these widths, the row `head` (0-based) again on every page."""
    chosen = plan(heights, sum(map(points, widths)), above=above, head=head_height)
    set_up_page(sheet, portrait=chosen.sheet.portrait, paper=chosen.sheet.paper, head=head, footer=footer)
    sheet.set_margins(_SIDE, _SIDE, _TOP, _BOTTOM)
    if chosen.fitted:
        sheet.fit_to_pages(1, chosen.fitted)
