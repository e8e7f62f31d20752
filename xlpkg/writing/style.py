"""The look of our own sheets: one palette, one set of formats."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook

FONT = "宋体"
INK, LINE, LABEL, OURS = "#1F2937", "#9CA3AF", "#E8EEF5", "#F3F4F6"
HEAD, RED, RED_INK, AMBER, AMBER_INK, GREEN, GREEN_INK = (
    "#1F4E78", "#FFC7CE", "#9C0006", "#FFEB9C", "#5C4400", "#D9EAD3", "#274E13",
)  # fmt: skip

_BASE = {"font_name": FONT, "font_size": 10, "font_color": INK, "valign": "vcenter"}
_STYLES: dict[str, dict[str, object]] = {
    "title": {"font_size": 16, "bold": True, "align": "center", "font_color": HEAD},
    "table_title": {"font_size": 16, "bold": True, "font_color": HEAD},
    "section": {"font_size": 11, "bold": True, "font_color": HEAD, "bottom": 2, "bottom_color": HEAD},
    "label": {"bg_color": LABEL, "align": "center", "border": 1, "border_color": LINE, "text_wrap": True},
    "input": {"border": 1, "border_color": LINE, "text_wrap": True, "num_format": "@", "align": "left", "indent": 1},
    "input_center": {"border": 1, "border_color": LINE, "text_wrap": True, "num_format": "@", "align": "center"},
    "ours": {"bg_color": OURS, "border": 1, "border_color": LINE, "align": "center", "text_wrap": True},
    "ours_left": {"bg_color": OURS, "border": 1, "border_color": LINE, "align": "left", "indent": 1, "font_color": "#6B7280"},
    "panel_label": {"bg_color": HEAD, "font_color": "#FFFFFF", "align": "center", "border": 1, "border_color": HEAD},
    "panel": {"font_size": 13, "bold": True, "align": "center", "border": 1, "border_color": HEAD},
    "status": {"bold": True, "align": "left", "indent": 1, "border": 1, "border_color": HEAD, "text_wrap": True},
    "hint": {"font_color": "#6B7280", "text_wrap": True},
    "head": {
        "bg_color": HEAD, "font_color": "#FFFFFF", "bold": True, "align": "center", "border": 1, "border_color": LINE,
        "text_wrap": True,
    },
    "cell": {"border": 1, "border_color": LINE, "text_wrap": True, "align": "left"},
    "cell_center": {"border": 1, "border_color": LINE, "text_wrap": True, "align": "center"},
    "open": {"text_wrap": True, "align": "left", "num_format": "@"},
    "open_center": {"text_wrap": True, "align": "center", "num_format": "@"},
    "open_number": {"align": "center"},
    "open_link": {"align": "center", "font_color": "#0563C1", "underline": 1},
    "open_money": {"num_format": "#,##0.00####_)", "align": "right"},
    "open_right": {"align": "right", "num_format": '@" "'},
    "open_percent": {"num_format": "0.0%_)", "align": "right"},
    "money": {"border": 1, "border_color": LINE, "num_format": "#,##0.00####_)", "align": "right"},
    "percent": {"border": 1, "border_color": LINE, "num_format": "0.0%_)", "align": "right"},
    "sum_label": {"border": 1, "border_color": LINE, "bold": True, "bg_color": LABEL, "indent": 1},
    "sum_money": {"border": 1, "border_color": LINE, "bold": True, "num_format": "#,##0.00####_)", "align": "right"},
    "row": {"border": 1, "border_color": LINE, "text_wrap": True, "num_format": "@", "align": "left"},
    "row_center": {"border": 1, "border_color": LINE, "text_wrap": True, "num_format": "@", "align": "center"},
    "again": {"border": 1, "border_color": LINE, "shrink": True, "num_format": "@", "align": "left", "font_color": "#A3AAB5"},
    "row_link": {"border": 1, "border_color": LINE, "shrink": True, "align": "left", "font_color": "#0563C1", "underline": 1},
    "total_money": {
        "border": 1, "border_color": LINE, "bold": True, "bg_color": LABEL, "shrink": True, "align": "right",
        "num_format": '"合计 "#,##0.00####_)',
    },
    "total_count": {
        "border": 1, "border_color": LINE, "bold": True, "bg_color": LABEL, "shrink": True, "align": "center",
        "num_format": '"计 "0',
    },
    "link": {"border": 1, "border_color": LINE, "align": "center", "font_color": "#0563C1", "underline": 1},
    "error": {"border": 1, "border_color": LINE, "align": "center", "bg_color": RED, "font_color": RED_INK, "bold": True},
    "warning": {"border": 1, "border_color": LINE, "align": "center", "bg_color": AMBER, "font_color": AMBER_INK},
    "info": {"border": 1, "border_color": LINE, "align": "center", "bg_color": OURS},
    "total": {"border": 1, "border_color": LINE, "bold": True, "bg_color": LABEL, "text_wrap": True},
    "total_center": {"border": 1, "border_color": LINE, "bold": True, "bg_color": LABEL, "align": "center", "text_wrap": True},
    "open_note": {"border": 1, "border_color": LINE, "align": "left", "font_color": "#6B7280", "text_wrap": True},
    "input_top": {"border": 1, "border_color": LINE, "text_wrap": True, "num_format": "@", "valign": "top", "indent": 1},
    "text": {"text_wrap": True, "valign": "top"},
    "open_text": {"text_wrap": True, "align": "left", "indent": 1, "num_format": "@"},
    "center": {"align": "center"},
    "text_low": {"text_wrap": True, "valign": "bottom"},
    "right_low": {"align": "right", "indent": 1, "valign": "bottom"},
    "bold": {"bold": True},
    "setting": {"num_format": "@"},
    "gap": {"border": 1, "border_color": LINE, "align": "center", "bg_color": AMBER, "font_color": AMBER_INK, "text_wrap": True},
}  # fmt: skip
_INDENT = 3.8
"""Narrow characters that an indent takes: three blanks of the type that widths are counted in."""


def room(style: str, width: float) -> float:
    """What a style leaves of a column's width for text."""
    return width - (_INDENT if "indent" in _STYLES[style] else 0)


class Formats:
    """The named formats of one workbook, each made once."""

    def __init__(self, book: "Workbook") -> None:
        self._book = book
        self._made: dict[str, Format] = {}

    def __getitem__(self, name: str) -> "Format":
        if name not in self._made:
            self._made[name] = self._book.add_format({**_BASE, **_STYLES[name]})
        return self._made[name]

    def conditional(self, background: str, ink: str = INK) -> "Format":
        """A format for a conditional format: fill, ink and the line around our cells."""
        return self._book.add_format({"bg_color": background, "font_color": ink, "border": 1, "border_color": LINE})

    def border(self) -> "Format":
        """A format for a conditional format: only the line around our cells."""
        return self._book.add_format({"border": 1, "border_color": LINE})
