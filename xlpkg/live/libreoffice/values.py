"""Cell contents as Excel would give and take them: typing, dates, errors, formulas."""

import datetime
import re
from typing import Any

from xlpkg.live.libreoffice.bridge import constant, uno

Raw = str | float | bool | datetime.datetime | datetime.time | None
ERRORS = {
    32767: "#N/A", 502: "#VALUE!", 503: "#NUM!", 519: "#VALUE!", 521: "#NULL!", 524: "#REF!", 525: "#NAME?", 532: "#DIV/0!",
}  # fmt: skip
_DATE, _TIME, _PERCENT, _TEXT, _LOGICAL = 2, 4, 8, 256, 1024  # com.sun.star.util.NumberFormat
_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d*)?(?:[eE][+-]?\d+)?%?")
_DAY = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?: (\d{1,2}):(\d{2})(?::(\d{2}))?)?")
_EPOCH = datetime.datetime(1899, 12, 30)


class ErrorValue(str):
    """An error value that was read from a cell: "#DIV/0!"."""

    __slots__ = ()


def typed(text: str) -> str | float | bool | datetime.datetime:
    """What Excel makes of a text that is assigned to a cell without a format: a number, a date, a truth value, or the text."""
    bare = text.strip()
    if any(c.isdigit() for c in bare) and _NUMBER.fullmatch(bare):
        number = float(bare.rstrip("%").replace(",", ""))
        return number / 100 if bare.endswith("%") else number
    if match := _DAY.fullmatch(bare):
        try:
            return datetime.datetime(*(int(g) for g in match.groups() if g))  # type: ignore[arg-type]
        except ValueError:
            return text
    return bare.upper() == "TRUE" if bare.upper() in ("TRUE", "FALSE") else text


class Formats:
    """The number formats of a document: what kind of value a format shows, and its code."""

    def __init__(self, model: Any) -> None:
        self._formats = model.NumberFormats
        self._kinds: dict[int, int] = {}
        self._locale = uno().createUnoStruct("com.sun.star.lang.Locale")

    def _kind(self, key: int) -> int:
        if key not in self._kinds:
            self._kinds[key] = self._formats.getByKey(key).Type
        return self._kinds[key]

    def is_text(self, key: int) -> bool:
        return bool(self._kind(key) & _TEXT)

    def shown(self, key: int, number: float) -> Raw:
        """A cell's number as Excel hands it over: a date, a truth value, or the number."""
        kind = self._kind(key)
        if kind & (_DATE | _TIME):
            return _EPOCH + datetime.timedelta(seconds=round(number * 86400))
        return bool(number) if kind & _LOGICAL else number

    def code(self, key: int) -> str:
        """A format's code as Excel writes it."""
        code = str(self._formats.getByKey(key).FormatString)
        return "General" if code in ("General", "Standard") else code

    def key(self, code: str) -> int:
        known = self._formats.queryKey(code, self._locale, False)
        return int(known if known != -1 else self._formats.addNew(code, self._locale))

    def of_kind(self, kind: str) -> int:
        """The standard format of a kind: DATE or LOGICAL."""
        return int(self._formats.getStandardFormat(constant(f"util.NumberFormat.{kind}"), self._locale))


class Formulas:
    """Formulas in Excel's notation put into LibreOffice's."""

    def __init__(self, model: Any) -> None:
        mapper = model.createInstance("com.sun.star.sheet.FormulaOpCodeMapper")
        language, group = constant("sheet.FormulaLanguage.XL_ENGLISH"), constant("sheet.FormulaMapGroup.ALL_EXCEPT_SPECIAL")
        self._excel, self._own = self._parser(model, "XL_A1"), self._parser(model, "UNSPECIFIED")
        entries = uno().Any("[]com.sun.star.sheet.FormulaOpCodeMapEntry", mapper.getAvailableMappings(language, group))
        uno().invoke(self._excel, "setPropertyValue", ("OpCodeMap", entries))

    @staticmethod
    def _parser(model: Any, convention: str) -> Any:
        parser = model.createInstance("com.sun.star.sheet.FormulaParser")
        parser.CompileEnglish, parser.FormulaConvention = True, constant(f"sheet.AddressConvention.{convention}")
        return parser

    def own(self, formula: str, place: Any) -> str:
        """=IF(表!A1,1,2) → =IF($表.A1;1;2), as seen from a cell's address."""
        return "=" + str(self._own.printFormula(self._excel.parseFormula(formula[1:], place), place))
