"""What Excel would refuse or mend in a workbook, and Word in a document, as far as it can be told from the parts.

Excel itself is not at hand: each check is a rule of the format, or a limit of Excel that its documentation names.
`audit` gives one line a fault; no line is no proof.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from lxml import etree
from openpyxl.utils import get_column_letter, range_boundaries

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
ORDER = re.findall(
    r"\w+",
    """
    sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection protectedRanges scenarios autoFilter
    sortState dataConsolidate customSheetViews mergeCells phoneticPr conditionalFormatting dataValidations hyperlinks printOptions
    pageMargins pageSetup headerFooter rowBreaks colBreaks customProperties cellWatches ignoredErrors smartTags drawing
    legacyDrawing legacyDrawingHF picture oleObjects controls webPublishItems tableParts extLst""",
)
"""The elements of a sheet, in the order in which they must stand."""
LATER = set(
    re.findall(
        r"\w+",
        """IFS SWITCH TEXTJOIN CONCAT MAXIFS MINIFS XLOOKUP XMATCH FILTER UNIQUE SORT SORTBY SEQUENCE LET LAMBDA TEXTSPLIT
    TEXTBEFORE TEXTAFTER IFNA NUMBERVALUE UNICHAR UNICODE ISFORMULA FORMULATEXT SHEET SHEETS XOR DAYS ENCODEURL VSTACK HSTACK
    TOCOL TOROW""",
    )
)
"""Functions that came after Excel 2010."""
NUMBER = r"-?\d+(\.\d+)?([eE][-+]?\d+)?"
Area = tuple[int, int, int, int]


class Package:
    """The parts of a file: XML as trees, relationships by the part that they belong to."""

    def __init__(self, data: bytes) -> None:
        with zipfile.ZipFile(BytesIO(data)) as package:
            self.parts = {name: package.read(name) for name in package.namelist()}
        self.broken: list[str] = []
        self.trees: dict[str, Any] = {}
        for name, content in self.parts.items():
            if name.endswith((".xml", ".rels", ".vml")):
                try:
                    self.trees[name] = etree.fromstring(content)
                except etree.XMLSyntaxError as error:
                    self.broken.append(f"{name}: no XML ({error})")
        self.relations = {
            owner(name): {e.get("Id"): e for e in tree} for name, tree in self.trees.items() if name.endswith(".rels")
        }

    def target(self, part: str, identity: str) -> str:
        """The name of the part that a relationship leads to."""
        return joined(part, self.relations[part][identity].get("Target"))

    @property
    def workbook(self) -> Any:
        return self.trees["xl/workbook.xml"]

    def sheets(self) -> Iterator[tuple[str, str, Any]]:
        """Name, part and tree of each sheet."""
        for sheet in self.workbook.find(f"{MAIN}sheets"):
            part = self.target("xl/workbook.xml", sheet.get(f"{ID}id"))
            yield sheet.get("name"), part, self.trees[part]

    def strings(self) -> list[str]:
        tree = self.trees.get("xl/sharedStrings.xml")
        return [] if tree is None else ["".join(t.text or "" for t in e.iter(f"{MAIN}t")) for e in tree]

    def text(self, cell: Any) -> str:
        """What stands in a cell, as a text."""
        value = cell.find(f"{MAIN}v")
        if cell.get("t") == "s":
            strings = self.strings_kept
            return strings[int(value.text)] if int(value.text) < len(strings) else ""
        if cell.get("t") == "inlineStr":
            return "".join(t.text or "" for t in cell.iter(f"{MAIN}t"))
        return (value.text or "") if value is not None else ""

    @property
    def strings_kept(self) -> list[str]:
        if not hasattr(self, "_strings"):
            self._strings = self.strings()
        return self._strings


def owner(relations: str) -> str:
    """The part that a .rels part belongs to; "" is the package."""
    folder, name = posixpath.split(relations)
    return posixpath.join(posixpath.dirname(folder), name.removesuffix(".rels"))


def joined(part: str, target: str) -> str:
    return target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(posixpath.dirname(part), target))


def audit(file: Path | bytes) -> list[str]:
    """One line a fault: of the package, and of a workbook also of its sheets."""
    package = Package(file if isinstance(file, bytes) else file.read_bytes())
    found = package.broken or [line for check in OF_PACKAGES for line in check(package)]
    if found or "xl/workbook.xml" not in package.trees:
        return found
    return [line for check in OF_WORKBOOKS for line in check(package)]


# --- packages -------------------------------------------------------------------------------------------------------


def content_types(package: Package) -> Iterator[str]:
    types = package.trees["[Content_Types].xml"]
    named = {e.get("PartName").lstrip("/") for e in types if e.tag.endswith("Override")}
    kinds = {e.get("Extension").lower() for e in types if e.tag.endswith("Default")}
    for name in package.parts.keys() - named - {"[Content_Types].xml"}:
        kind = name.rpartition(".")[2].lower()
        if kind not in kinds or (kind == "xml" and name.startswith(("xl/", "word/"))):
            yield f"{name}: no content type of its own"
    yield from (f"{name}: content type of a part that is not there" for name in named - package.parts.keys())


def relations_lead_somewhere(package: Package) -> Iterator[str]:
    for part, relations in package.relations.items():
        if part and part not in package.parts:
            yield f"{part}: relationships of a part that is not there"
        tree = package.trees[posixpath.join(posixpath.dirname(part), "_rels", f"{posixpath.basename(part)}.rels")]
        if len(tree) != len(relations):
            yield f"{part}: two relationships of one id"
        for identity, relation in relations.items():
            if relation.get("TargetMode") != "External" and joined(part, relation.get("Target")) not in package.parts:
                yield f"{part}: relationship {identity} leads to {relation.get('Target')}, which is not there"
    for part, tree in package.trees.items():
        if part.endswith(".rels"):
            continue
        for element in tree.iter(etree.Element):
            for key, value in element.attrib.items():
                if key.startswith(ID) and value and value not in package.relations.get(part, {}):
                    yield f"{part}: {value} is no relationship"


# --- workbooks ------------------------------------------------------------------------------------------------------


def styles(package: Package) -> Iterator[str]:
    tree = package.trees["xl/styles.xml"]
    counts = {
        tag: len(found)
        for tag in ("fonts", "fills", "borders", "cellXfs", "dxfs")
        if (found := tree.find(f"{MAIN}{tag}")) is not None
    }
    for tag, count in counts.items():
        if int(tree.find(f"{MAIN}{tag}").get("count", count)) != count:
            yield f"styles: {tag} count"
    for xf in tree.find(f"{MAIN}cellXfs"):
        for tag, key in (("fonts", "fontId"), ("fills", "fillId"), ("borders", "borderId")):
            if int(xf.get(key, 0)) >= counts[tag]:
                yield f"styles: {key} {xf.get(key)}"
    for name, _, sheet in package.sheets():
        for cell in sheet.iter(f"{MAIN}c"):
            if int(cell.get("s", 0)) >= counts["cellXfs"]:
                yield f"{name}!{cell.get('r')}: style {cell.get('s')}"
        for rule in sheet.iter(f"{MAIN}cfRule"):
            if int(rule.get("dxfId", 0)) >= counts.get("dxfs", 0) and rule.get("dxfId"):
                yield f"{name}: format {rule.get('dxfId')} of a conditional format"


def texts(package: Package) -> Iterator[str]:
    strings = package.strings()
    table = package.trees.get("xl/sharedStrings.xml")
    if table is not None and int(table.get("uniqueCount", len(strings))) != len(strings):
        yield "shared strings: uniqueCount"
    for name, _, sheet in package.sheets():
        for cell in sheet.iter(f"{MAIN}c"):
            value = cell.find(f"{MAIN}v")
            if cell.get("t") == "s" and int(value.text) >= len(strings):
                yield f"{name}!{cell.get('r')}: shared string {value.text}"
            if cell.get("t") in (None, "n") and value is not None and not re.fullmatch(NUMBER, value.text or "0"):
                yield f"{name}!{cell.get('r')}: “{value.text}” is no number"
            if len(package.text(cell)) > 32767:
                yield f"{name}!{cell.get('r')}: text too long"


def rows_and_cells_in_order(package: Package) -> Iterator[str]:
    for name, _, sheet in package.sheets():
        tags = [etree.QName(e).localname for e in sheet]
        if [t for t in tags if t not in ORDER] or [ORDER.index(t) for t in tags] != sorted(ORDER.index(t) for t in tags):
            yield f"{name}: order of elements"
        last = 0
        for row in sheet.find(f"{MAIN}sheetData"):
            number = int(row.get("r"))
            if number <= last:
                yield f"{name}: row {number} after {last}"
            if float(row.get("ht", 0)) > 409.5:
                yield f"{name}: height of row {number}"
            last, column = number, 0
            for cell in row:
                left, top, _, _ = range_boundaries(cell.get("r"))
                if top != number or left <= column:
                    yield f"{name}!{cell.get('r')}: out of order"
                column = left


def merges(package: Package) -> Iterator[str]:
    for name, _, sheet in package.sheets():
        areas = [range_boundaries(e.get("ref")) for e in sheet.iter(f"{MAIN}mergeCell")]
        yield from (f"{name}: merged areas overlap in row {one[1]}" for one, _ in overlaps(areas))


def overlaps(areas: list[Area]) -> Iterator[tuple[Area, Area]]:
    for n, one in enumerate(areas):
        for other in areas[:n]:
            if one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]:
                yield one, other


def names(package: Package) -> Iterator[str]:
    sheets = [name for name, _, _ in package.sheets()]
    if len({s.lower() for s in sheets}) != len(sheets):
        yield "two sheets of one name"
    for sheet in sheets:
        if not 0 < len(sheet) <= 31 or re.search(r"[\[\]:*?/\\]|^'|'$", sheet):
            yield f"sheet name “{sheet}”"
    seen = set()
    for e in package.workbook.iter(f"{MAIN}definedName"):
        key = (e.get("name").lower(), e.get("localSheetId"))
        if key in seen:
            yield f"name {key[0]} twice"
        seen.add(key)
        if int(e.get("localSheetId", 0)) >= len(sheets):
            yield f"name {key[0]}: sheet {key[1]}"
        if "#REF" in (e.text or "") or re.fullmatch(r"[A-Za-z]{1,3}\d+|[rRcC]", e.get("name")):
            yield f"name {e.get('name')}: {e.text}"
    for n, (name, _, sheet) in enumerate(package.sheets()):
        if sheet.find(f"{MAIN}autoFilter") is not None and ("_xlnm._filterdatabase", str(n)) not in seen:
            yield f"{name}: filter without its name"


def formulas(package: Package) -> Iterator[str]:
    for where, text in every_formula(package):
        bare = re.sub(r'"[^"]*"', '""', text)
        used = {f.upper() for f in re.findall(r"([A-Za-z_.][A-Za-z_.0-9]*)\(", bare)}
        if later := {f for f in used if f.removeprefix("_XLFN.") in LATER or f.startswith("_XL")}:
            yield f"{where}: {', '.join(sorted(later))}"
        if "#REF" in text or len(text) > 8192 or bare.count("(") != bare.count(")"):
            yield f"{where}: {text[:60]}"
        if any(len(q) > 255 for q in re.findall(r'"((?:[^"]|"")*)"', text)):
            yield f"{where}: a text of more than 255 characters"
        depth = deepest = 0
        for sign in re.findall("[()]", bare):
            depth += 1 if sign == "(" else -1
            deepest = max(deepest, depth)
        if deepest > 64:
            yield f"{where}: {deepest} levels"


def every_formula(package: Package) -> Iterator[tuple[str, str]]:
    for name, _, sheet in package.sheets():
        for cell in sheet.iter(f"{MAIN}c"):
            if (formula := cell.find(f"{MAIN}f")) is not None and formula.text:
                yield f"{name}!{cell.get('r')}", formula.text
        for tag in ("cfRule", "dataValidation"):
            for rule in sheet.iter(f"{MAIN}{tag}"):
                yield from ((f"{name} {tag}", e.text) for e in rule.iter() if "formula" in etree.QName(e).localname and e.text)
    for e in package.workbook.iter(f"{MAIN}definedName"):
        yield f"name {e.get('name')}", e.text or ""


def validations(package: Package) -> Iterator[str]:
    for name, _, sheet in package.sheets():
        found = sheet.find(f"{MAIN}dataValidations")
        if found is None:
            continue
        if int(found.get("count", len(found))) != len(found):
            yield f"{name}: count of validations"
        for rule in found:
            at = f"{name}!{rule.get('sqref')}"
            longest = {"promptTitle": 32, "errorTitle": 32, "prompt": 255, "error": 255}
            yield from (f"{at}: {key} too long" for key, most in longest.items() if len(rule.get(key, "")) > most)
            yield from (f"{at}: list too long" for e in rule if (e.text or "").startswith('"') and len(e.text) > 257)
        areas = [range_boundaries(part) for rule in found for part in rule.get("sqref").split()]
        yield from (f"{name}: validations overlap in row {one[1]}" for one, _ in overlaps(areas))


def tables(package: Package) -> Iterator[str]:
    seen = {e.get("name").lower() for e in package.workbook.iter(f"{MAIN}definedName")}
    for name, part, sheet in package.sheets():
        cells = {cell.get("r"): cell for cell in sheet.iter(f"{MAIN}c")}
        merged = [range_boundaries(e.get("ref")) for e in sheet.iter(f"{MAIN}mergeCell")]
        for e in sheet.iter(f"{MAIN}tablePart"):
            table = package.trees[package.target(part, e.get(f"{ID}id"))]
            called, area = table.get("displayName"), range_boundaries(table.get("ref"))
            columns = [c.get("name") for c in table.find(f"{MAIN}tableColumns")]
            if called.lower() in seen:
                yield f"{name}: table name {called} twice"
            seen.add(called.lower())
            if len(columns) != area[2] - area[0] + 1 or len({c.lower() for c in columns}) != len(columns):
                yield f"{name}: columns of table {called}"
            for n, column in enumerate(columns):
                cell = cells.get(f"{get_column_letter(area[0] + n)}{area[1]}")
                if cell is None or package.text(cell).replace("\n", "_x000a_") != column.replace("\n", "_x000a_"):
                    yield f"{name}: head “{column}” of table {called}"
            if any(len(list(overlaps([area, other]))) for other in merged):
                yield f"{name}: merged cells in table {called}"


def links(package: Package) -> Iterator[str]:
    sheets = {name for name, _, _ in package.sheets()}
    for name, part, sheet in package.sheets():
        found = list(sheet.iter(f"{MAIN}hyperlink"))
        if len(found) > 65530:
            yield f"{name}: too many links"
        for link in found:
            identity, location = link.get(f"{ID}id"), link.get("location", "")
            if not identity and not location:
                yield f"{name}!{link.get('ref')}: link without a target"
            if identity and len(package.relations[part][identity].get("Target")) > 2079:
                yield f"{name}!{link.get('ref')}: address too long"
            inside = location.rpartition("!")[0].strip("'").replace("''", "'")
            if not identity and inside and inside not in sheets:
                yield f"{name}!{link.get('ref')}: link to the sheet {inside}, which is not there"


def page_texts(package: Package) -> Iterator[str]:
    for name, _, sheet in package.sheets():
        for e in sheet.iterfind(f"{MAIN}headerFooter/*"):
            if len(e.text or "") > 255:
                yield f"{name}: {etree.QName(e).localname} too long"


OF_PACKAGES: tuple[Callable[[Package], Iterator[str]], ...] = (content_types, relations_lead_somewhere)
OF_WORKBOOKS: tuple[Callable[[Package], Iterator[str]], ...] = (
    styles, texts, rows_and_cells_in_order, merges, names, formulas, validations, tables, links, page_texts
)  # fmt: skip
