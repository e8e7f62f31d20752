"""Write the form workbook: blank, filled, or a checked copy with marks, links and 事项对照."""

from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import xlsxwriter

from xlpkg.audit.check import Report, check
from xlpkg.form.declaration import Declaration
from xlpkg.form.profile import Profile
from xlpkg.sheets import layout
from xlpkg.sheets.entry import write_entry
from xlpkg.sheets.files import in_place
from xlpkg.sheets.page import draw
from xlpkg.sheets.panels import write_activities, write_guide, write_note, write_options, write_results
from xlpkg.sheets.submission import lay_out

_CREATED = datetime(2026, 1, 1)


def build(target: Path, profile: Profile, declaration: Declaration | None = None, report: Report | None = None) -> None:
    """Write a form to `target` (.xlsx), whole or not at all.

    With a report the form is a checked copy: results, marks and links. Raises OSError if it cannot be written.
    """
    declaration = declaration or Declaration(profile.id)
    in_place(target, _workbook(profile, declaration, report))


def _workbook(profile: Profile, declaration: Declaration, report: Report | None) -> bytes:
    data = BytesIO()
    as_typed = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(data, {**as_typed, "in_memory": True})
    book.set_properties({"author": "", "title": profile.name, "created": _CREATED})
    book.set_calc_mode("auto")
    shown = report or check(declaration, profile)
    sheets: dict[str, Any] = {
        name: book.add_worksheet(name)
        for name in (layout.ENTRY, layout.RESULTS, layout.ACTIVITIES, layout.SUBMISSION, layout.GUIDE, layout.OPTIONS)
    }
    options = write_options(book, sheets[layout.OPTIONS], profile)
    places = write_entry(book, sheets[layout.ENTRY], profile, declaration, shown, options, checked=report is not None)
    write_results(book, sheets[layout.RESULTS], report, places)
    write_activities(book, sheets[layout.ACTIVITIES], shown)
    if report:
        draw(book, sheets[layout.SUBMISSION], lay_out(report))
    else:  # a page drawn now would be out of date as soon as a cell is edited
        write_note(book, sheets[layout.SUBMISSION], "申报表由“生成申报表”产生：先检查，没有错误后再生成。")
    write_guide(book, sheets[layout.GUIDE], profile)
    sheets[layout.OPTIONS].hide()
    sheets[layout.ENTRY].activate()
    book.close()
    return data.getvalue()
