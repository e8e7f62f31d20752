"""An xlwings engine for LibreOffice: as much of xlwings.base_classes as the handlers use. Rows and columns count from 1.

Ranges are plain coordinates: LibreOffice is asked only when something is read or written.
"""

import datetime
import functools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

from xlwings import base_classes

from xlpkg.live.libreoffice.bridge import OfficeError, exception
from xlpkg.live.libreoffice.office import Office, running
from xlpkg.live.libreoffice.ranges import Area, Range, area_of
from xlpkg.live.libreoffice.values import ErrorValue, Formats, Formulas, Raw

_POINT = 2540 / 72  # hundredths of a millimetre


class Engine:
    """The engine that xlwings is given."""

    name, type = "libreoffice", "desktop"

    @property
    def apps(self) -> "Apps":
        return APPS

    @staticmethod
    def prepare_xl_data_element(x: Any, options: Any) -> Any:
        return "" if x is None else x

    @staticmethod
    def clean_value_data(data: Any, dates: Any, empty: Any, numbers: Any, errors_as_text: bool) -> list[list[Any]]:
        def clean(value: Raw) -> Any:
            if value is None or value == "":
                return empty
            if isinstance(value, ErrorValue):
                return str(value) if errors_as_text else None
            if isinstance(value, datetime.datetime):
                return dates(year=value.year, month=value.month, day=value.day, hour=value.hour, minute=value.minute,
                             second=value.second, microsecond=value.microsecond, tzinfo=None)  # fmt: skip
            return numbers(value) if numbers and isinstance(value, float) else value

        return [[clean(v) for v in row] for row in data]


class Apps(base_classes.Apps):
    """The LibreOffice processes this program knows: those it started, and those it found."""

    def __init__(self) -> None:
        self.offices: dict[str, Office] = {}

    def find(self) -> None:
        """Attach to every LibreOffice of this user that listens."""
        for pipe in running():
            if pipe not in self.offices:
                try:
                    self.offices[pipe] = Office.attach(pipe)
                except OfficeError:
                    continue

    def adopt(self, office: Office) -> "App":
        self.offices[office.pipe] = office
        return App(office)

    def _alive(self) -> list[Office]:
        self.offices = {pipe: office for pipe, office in self.offices.items() if office.alive}
        return list(self.offices.values())

    def keys(self) -> list[int]:
        return [office.pid for office in self._alive()]

    def __iter__(self) -> Iterator["App"]:
        return iter([App(office) for office in self._alive()])

    def __len__(self) -> int:
        return len(self._alive())

    def __getitem__(self, pid: int) -> "App":
        for office in self._alive():
            if office.pid == pid:
                return App(office)
        raise KeyError(pid)


class App(base_classes.App):
    def __init__(self, office: Office) -> None:
        self.office = office

    engine = property(lambda self: Engine())
    api = property(lambda self: self.office.desktop)
    pid = property(lambda self: self.office.pid)
    path = property(lambda self: "")

    @property
    def books(self) -> "Books":
        return Books(self)

    @property
    def selection(self) -> "Range | None":
        model = self.active_model()
        selected = model and model.CurrentController.getSelection()
        if selected is None or not hasattr(selected, "RangeAddress"):
            return None
        area, book = selected.RangeAddress, Book(model, self)
        top, left = area.StartRow + 1, area.StartColumn + 1
        sheet = Sheet(model.Sheets.getByIndex(area.Sheet), book)
        return Range(sheet, (top, left, area.EndRow - area.StartRow + 1, area.EndColumn - area.StartColumn + 1))

    def activate(self, steal_focus: bool = False) -> None:
        others = {p: o for p, o in APPS.offices.items() if o is not self.office}
        APPS.offices = {self.office.pipe: self.office, **others}

    def active_model(self) -> Any:
        current, open_ones = self.office.desktop.getCurrentComponent(), self.office.documents()
        return current if current in open_ones else next(iter(open_ones), None)

    def _set_status_bar(self, text: str | bool | None) -> None:
        for model in self.office.documents():
            indicator = model.CurrentController and model.CurrentController.StatusIndicator
            if indicator and text:
                indicator.start(str(text), 0)
            elif indicator:
                indicator.end()

    status_bar = property(lambda self: False, _set_status_bar)


class Books(base_classes.Books):
    def __init__(self, app: App) -> None:
        self.app = app

    api = property(lambda self: self.app.api)

    @property
    def active(self) -> "Book":
        return Book(self.app.active_model(), self.app)

    def __iter__(self) -> Iterator["Book"]:
        return iter([Book(model, self.app) for model in self.app.office.documents()])

    def __len__(self) -> int:
        return len(self.app.office.documents())

    def __call__(self, key: int | str) -> "Book":
        books = list(self)
        if isinstance(key, int):
            return books[key - 1]
        for book in books:
            if book.name.lower() == key.lower():
                return book
        raise KeyError(key)

    def open(self, fullname: str, *_: Any, **__: Any) -> "Book":
        return Book(self.app.office.open(Path(fullname)), self.app)


class Book(base_classes.Book):
    def __init__(self, model: Any, app: App) -> None:
        self.model, self._app = model, app

    api = property(lambda self: self.model)
    app = property(lambda self: self._app)

    @functools.cached_property
    def formats(self) -> Formats:
        return Formats(self.model)

    @functools.cached_property
    def formulas(self) -> Formulas:
        return Formulas(self.model)

    @property
    def fullname(self) -> str:
        return unquote(urlparse(self.model.URL).path) if self.model.URL else str(self.model.Title)

    @property
    def name(self) -> str:
        return Path(self.fullname).name

    @property
    def sheets(self) -> "Sheets":
        return Sheets(self)

    def activate(self) -> None:
        frame = self.model.CurrentController.Frame
        frame.activate()
        self.app.office.desktop.setActiveFrame(frame)


class Sheets(base_classes.Sheets):
    def __init__(self, book: Book) -> None:
        self.book = book

    api = property(lambda self: self.book.model.Sheets)

    @property
    def active(self) -> "Sheet":
        return Sheet(self.book.model.CurrentController.ActiveSheet, self.book)

    def __call__(self, key: int | str) -> "Sheet":
        if isinstance(key, int):
            return Sheet(self.api.getByIndex(key - 1), self.book)
        if not self.api.hasByName(key):
            raise KeyError(key)
        return Sheet(self.api.getByName(key), self.book)

    def __len__(self) -> int:
        return int(self.api.Count)

    def __iter__(self) -> Iterator["Sheet"]:
        return iter([Sheet(self.api.getByIndex(i), self.book) for i in range(len(self))])

    def __contains__(self, name: str) -> bool:
        return bool(self.api.hasByName(name))


class Sheet(base_classes.Sheet):
    def __init__(self, xl: Any, book: Book) -> None:
        self.xl, self._book = xl, book

    api = property(lambda self: self.xl)
    book = property(lambda self: self._book)
    name = property(lambda self: self.xl.Name)
    index = property(lambda self: self.xl.RangeAddress.Sheet + 1)

    @property
    def visible(self) -> bool:
        return bool(self.xl.IsVisible)

    @visible.setter
    def visible(self, shown: bool) -> None:
        self.xl.IsVisible = shown

    def range(self, first: "Range | Area | tuple[int, int] | str", last: "Range | tuple[int, int] | str | None" = None) -> "Range":
        top, left, height, width = area_of(first)
        if last is None:
            return Range(self, (top, left, height, width))
        bottom, right, more_rows, more_columns = area_of(last)
        return Range(self, (top, left, bottom + more_rows - top, right + more_columns - left))

    @property
    def used_range(self) -> "Range":
        cursor = self.xl.createCursor()
        cursor.gotoEndOfUsedArea(False)
        end = cursor.RangeAddress
        return Range(self, (1, 1, end.EndRow + 1, end.EndColumn + 1))

    def select(self) -> None:
        self.book.model.CurrentController.setActiveSheet(self.xl)


# A UNO exception is a struct that Python cannot hang a traceback on: none leaves the engine.
def _guarded(function: Any) -> Any:
    @functools.wraps(function)
    def call(*arguments: Any, **options: Any) -> Any:
        try:
            return function(*arguments, **options)
        except exception() as error:
            if isinstance(error, exception("lang.DisposedException")) or re.search("bridge.* disposed", error.Message):
                raise OfficeError("LibreOffice或这张表已经关闭。") from None
            raise RefusedError(error.Message) from None

    return call


class RefusedError(Exception):
    """LibreOffice refused a request: the sheet is protected, or a value has a wrong type."""


for _class in (App, Books, Book, Sheets, Sheet, Range):
    for _name, _member in list(vars(_class).items()):
        if isinstance(_member, property):
            setattr(_class, _name, property(*(f and _guarded(f) for f in (_member.fget, _member.fset, _member.fdel))))
        elif callable(_member) and not isinstance(_member, type | staticmethod):
            setattr(_class, _name, _guarded(_member))

APPS = Apps()


def install() -> Apps:
    """Make LibreOffice the active engine of xlwings."""
    import xlwings

    if Engine.name not in xlwings.engines.engines_by_name:
        xlwings.engines.add(xlwings.Engine(impl=Engine()))
    xlwings.engines[Engine.name].activate()
    return APPS
