"""Bar charts over rows of a table, the first row on top."""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet


class Bars(NamedTuple):
    """What a chart shows: its title, the columns of the names and of the values, the first and the last row (all 0-based)."""

    title: str
    names: int
    values: int
    first: int
    last: int
    colour: str = "#1F4E78"
    labels: str = ""
    """The number format beside the bars; "" for that of the cells."""


def insert_bars(
    book: "Workbook", sheet: "Worksheet", bars: Bars, cell: tuple[int, int], size: tuple[int, int], *, offset: tuple[int, int]
) -> None:
    """Put a chart over cells of the same sheet: its upper left cell, its width and height and its offset in pixels."""
    name, (row, column), (width, height), (x, y) = sheet.name, cell, size, offset
    chart = book.add_chart({"type": "bar"})
    assert chart is not None
    labels = {"value": True, **({"num_format": bars.labels} if bars.labels else {})}
    chart.add_series({
        "name": bars.title, "categories": [name, bars.first, bars.names, bars.last, bars.names],
        "values": [name, bars.first, bars.values, bars.last, bars.values],
        "fill": {"color": bars.colour}, "gap": 40, "data_labels": labels,
    })  # fmt: skip
    chart.set_title({"name": bars.title, "name_font": {"size": 12}})
    chart.set_legend({"none": True})
    chart.set_y_axis({"reverse": True, "num_font": {"size": 9}, "interval_unit": 1})
    chart.set_x_axis({"major_gridlines": {"visible": True, "line": {"color": "#E5E7EB"}}, "num_format": "0", "min": 0})
    chart.set_size({"width": width, "height": height})
    sheet.insert_chart(row, column, chart, {"object_position": 3, "x_offset": x, "y_offset": y})
