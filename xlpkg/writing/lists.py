"""The hidden sheet 选项: the lists behind the drop-downs, the form's profile and version, what the launcher reads."""

from typing import TYPE_CHECKING

import msgspec

from xlpkg.files.a1 import address
from xlpkg.form.profile import Profile
from xlpkg.layout import OPTIONS, PROFILE_LABEL, PROFILE_TEXT_COLUMN, PROFILE_TEXT_LABEL, PROFILE_TEXT_SIZE, TEMPLATE_LABEL
from xlpkg.writing.macros import write_settings
from xlpkg.writing.page_setup import set_width
from xlpkg.writing.style import Formats

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet


class Options(msgspec.Struct, frozen=True):
    """Sources of the drop-downs: ranges on the hidden sheet."""

    l1: str
    l2_heads: str
    l2_first: str
    l2_depth: int
    operators: str
    units: str
    standards: str
    choices: dict[str, str]

    def children(self, l1_cell: str) -> str:
        """The second-level names under the first-level name in a cell: a range found by its heading."""
        place = f"MATCH({l1_cell},{self.l2_heads},0)-1"
        count = f"COUNTA(OFFSET({self.l2_first},1,{place},{self.l2_depth},1))"
        return f"=OFFSET({self.l2_first},1,{place},{count},1)"


def write_options(book: "Workbook", sheet: "Worksheet", profile: Profile) -> Options:
    """The lists, one a column: heads in row 4, the profile's id and version and the launcher's cells above."""
    formats = Formats(book)
    sheet.write_row(0, 0, [PROFILE_LABEL, profile.id])
    sheet.write_row(1, 0, [TEMPLATE_LABEL, profile.template])
    write_settings(sheet, formats["setting"])
    if profile.source:
        chunks = [profile.source[n : n + PROFILE_TEXT_SIZE] for n in range(0, len(profile.source), PROFILE_TEXT_SIZE)]
        for column, text in enumerate((PROFILE_TEXT_LABEL, *chunks), PROFILE_TEXT_COLUMN):
            sheet.write_string(0, column, text, formats["setting"])
    lists: dict[str, list[str]] = {
        "一级指标": [c.name for c in profile.tree],
        "符号": list(profile.operators),
        "单位": list(profile.units),
        **({"绩效标准": [s.name for s in profile.standards]} if profile.standards else {}),
        **{f"可选：{f.label}": list(f.choices) for f in profile.choosers},
        **{c.name: [n.name for n in c.l2] for c in profile.tree},
    }
    ranges: dict[str, str] = {}
    for column, (head, names) in enumerate(lists.items()):
        sheet.write_string(3, column, head, formats["bold"])
        set_width(sheet, column, 18)
        for row, name in enumerate(names, 4):
            sheet.write_string(row, column, name)
        letter = address(0, column)[:-1]
        ranges[head] = f"={OPTIONS}!${letter}$5:${letter}${4 + len(names)}"
    first, last = len(lists) - len(profile.tree), len(lists) - 1
    letters = [address(0, c)[:-1] for c in (first, last)]
    return Options(
        l1=ranges["一级指标"],
        l2_heads=f"{OPTIONS}!${letters[0]}$4:${letters[1]}$4",
        l2_first=f"{OPTIONS}!${letters[0]}$4",
        l2_depth=max(len(c.l2) for c in profile.tree),
        operators=ranges["符号"],
        units=ranges["单位"],
        standards=ranges.get("绩效标准", ""),
        choices={f.key: ranges[f"可选：{f.label}"] for f in profile.choosers},
    )
