"""Write the form workbook: blank, filled, or a checked copy; with buttons (.xlsm) or without (.xlsx)."""

from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from xlpkg import layout
from xlpkg.audit.check import Report, check
from xlpkg.files.write import in_place
from xlpkg.form.declaration import Declaration
from xlpkg.form.import_report import ImportReport
from xlpkg.form.library import Library
from xlpkg.form.profile import Profile
from xlpkg.writing import macros
from xlpkg.writing.activities import write_activities
from xlpkg.writing.book import add_sheet_of_formulas, new_book
from xlpkg.writing.entry import write_entry
from xlpkg.writing.findings import write_results
from xlpkg.writing.guide import write_guide
from xlpkg.writing.import_report import write_import_report
from xlpkg.writing.library_lists import LibraryLists, write_lists
from xlpkg.writing.library_sheet import insert_pick_button, write_library
from xlpkg.writing.lists import write_options
from xlpkg.writing.page import draw
from xlpkg.writing.page_setup import set_width
from xlpkg.writing.scoring import write_scoring
from xlpkg.writing.style import Formats
from xlpkg.writing.submission import lay_out

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet


def build(
    target: Path,
    profile: Profile,
    declaration: Declaration | None = None,
    report: Report | None = None,
    import_report: ImportReport | None = None,
    notices: Sequence[str] = (),
    library: Library | None = None,
) -> None:
    """Write a form to `target` (.xlsx, or .xlsm with buttons), whole or not at all.

    With a report the form is a checked copy: results, marks and links, and what else is to be said of the file.
    With an import report it says where its content came from; with a library its indicators can be chosen from lists.
    Raises OSError if it cannot be written.
    """
    declaration = declaration or Declaration(profile.id)
    buttons = target.suffix.lower() == ".xlsm"
    in_place(target, _workbook(profile, declaration, report, import_report, notices, library, buttons=buttons))


def build_addin(target: Path) -> None:
    """Write the add-in (.xlam), whose ribbon tab works on any form that is open. Raises OSError."""
    in_place(target, macros.addin())


def _workbook(
    profile: Profile,
    declaration: Declaration,
    report: Report | None,
    import_report: ImportReport | None,
    notices: Sequence[str],
    library: Library | None,
    *,
    buttons: bool,
) -> bytes:
    data = BytesIO()
    book = new_book(data, profile.name)
    book.set_calc_mode("auto")
    shown = report or check(declaration, profile)
    sheets = {
        name: add_sheet_of_formulas(book, name) if name == layout.SUMS else book.add_worksheet(name)
        for name in _sheet_names(checked=report is not None, library=library is not None)
    }
    if buttons:
        macros.add_macros(book, sheets)
    options = write_options(book, sheets[layout.OPTIONS], profile)
    entry = sheets[layout.ENTRY]
    offered = _offer(book, sheets, profile, library, buttons=buttons) if library is not None else None
    places, sums = write_entry(
        book, entry, profile, declaration, shown, options, checked=report is not None, buttons=buttons, library=offered
    )
    sums.write(sheets[layout.SUMS])
    write_results(book, sheets[layout.RESULTS], report, places, notices)
    write_activities(book, sheets[layout.ACTIVITIES], shown)
    if report:
        write_scoring(book, sheets[layout.SCORING], report)
        draw(book, sheets[layout.SUBMISSION], lay_out(report))
    else:  # a page drawn now would be out of date as soon as a cell is edited
        _note(book, sheets[layout.SUBMISSION], "申报表由“生成申报表”产生：先检查，没有错误后再生成。")
    write_import_report(book, sheets[layout.INTAKE], import_report, profile)
    write_guide(book, sheets[layout.GUIDE], profile)
    for name in (layout.OPTIONS, layout.SUMS, layout.LIBRARY_LISTS, *_empty(declaration, report, import_report)):
        if name in sheets:
            sheets[name].hide()
    entry.activate()
    book.close()
    return macros.with_ribbon(data.getvalue()) if buttons else data.getvalue()


def _offer(book: "Workbook", sheets: "dict[str, Worksheet]", profile: Profile, library: Library, *, buttons: bool) -> LibraryLists:
    """The sheets of a library, cut down to what the form has a place for."""
    fitted = library.fitted(profile)
    write_library(book, sheets[layout.LIBRARY], fitted, to_pick=True)
    if buttons:
        insert_pick_button(sheets[layout.LIBRARY])
    at = layout.Layout(profile)
    return write_lists(sheets[layout.LIBRARY_LISTS], fitted, (at.section_row, at.purpose_column))


def _sheet_names(*, checked: bool, library: bool) -> list[str]:
    """The sheets in their order; a checked copy has the proposal of the points after 事项对照, a library stands before 填报说明."""
    names = list(macros.CODE_NAMES)
    if library:
        guide = names.index(layout.GUIDE)
        names = [*names[:guide], layout.LIBRARY, *names[guide:], layout.LIBRARY_LISTS]
    after = names.index(layout.ACTIVITIES) + 1
    return [*names[:after], *macros.CHECKED_CODE_NAMES, *names[after:]] if checked else names


def _empty(declaration: Declaration, report: Report | None, import_report: ImportReport | None) -> Iterator[str]:
    """The sheets that hold nothing yet: hidden they are not printed. The buttons show them when there is something to see."""
    if report is None:
        yield from (layout.RESULTS, layout.SUBMISSION)
        if all(i.blank for i in declaration.indicators):
            yield layout.ACTIVITIES
    if import_report is None:
        yield layout.INTAKE


def _note(book: "Workbook", sheet: "Worksheet", text: str) -> None:
    """A sheet that holds nothing yet says when it will."""
    set_width(sheet, 0, 80)
    sheet.hide_gridlines(2)
    sheet.write_string(0, 0, text, Formats(book)["hint"])
