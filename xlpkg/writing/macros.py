"""The VBA project and the ribbon of macro workbooks, made from the sources in macros/. The same bytes every time."""

import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from xlpkg import layout
from xlpkg.form.profiles import data_folder
from xlpkg.writing.book import new_book

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet


class Button(NamedTuple):
    """A button of the form: its caption, the Sub it runs, and the action of `xlpkg.live.actions` that the Sub asks for."""

    caption: str
    macro: str
    action: str


_MACROS = {
    "check": "CheckForm", "fix": "FixForm", "next": "NextCell", "submit": "SubmitForm", "clear": "ClearMarks",
    "import": "ImportForm", "monitor": "MonitorForm", "evaluate": "EvaluateForm",
}  # fmt: skip
BUTTONS = tuple(Button(layout.CAPTIONS[action], macro, action) for action, macro in _MACROS.items())
PICK = Button(layout.PICK_CAPTION, "PickRows", "pick")
"""The button on the sheet 指标库 of a form with a library."""
EVALUATION_BUTTONS = (*BUTTONS[:3], BUTTONS[3]._replace(caption=layout.SEND_CAPTION), BUTTONS[4])
MONITORING_BUTTONS = (*EVALUATION_BUTTONS, *BUTTONS[6:])
"""Those of the later forms: out of a monitoring come the next one and the self-evaluation."""
RECEIVER_BUTTONS = (
    Button("选择文件夹", "ChooseFolder", "choose"),
    Button("汇总", "CollectFolder", "collect"),
    Button("生成退回意见书", "WriteLetters", "letters"),
    Button(layout.CAPTIONS["monitor"], "MonitorFolder", "monitor_folder"),
    Button(layout.CAPTIONS["evaluate"], "EvaluateFolder", "evaluate_folder"),
)
"""The same for the receiver's workbook; its Subs stand in the module Receiver."""
CODE_NAMES = {
    layout.ENTRY: "Entry", layout.RESULTS: "Results", layout.ACTIVITIES: "Activities", layout.SUBMISSION: "Submission",
    layout.INTAKE: "Intake", layout.GUIDE: "Guide", layout.OPTIONS: "Settings",
    layout.SUMS: "Sums",
}  # fmt: skip
"""Sheet of every form and the ASCII name that VBA knows it by."""
LIBRARY_CODE_NAMES = {layout.LIBRARY: "Library", layout.LIBRARY_LISTS: "LibraryLists"}
"""The same for the sheets of a form with a library."""
CHECKED_CODE_NAMES = {layout.SCORING: "Scoring"}
"""The same for the sheets that only a checked copy has."""
RECEIVER_CODE_NAMES = {layout.DESK: "Desk", layout.OPTIONS: "Settings"}
"""The same for the receiver's workbook."""
_ALL_CODE_NAMES = CODE_NAMES | LIBRARY_CODE_NAMES | CHECKED_CODE_NAMES | RECEIVER_CODE_NAMES
SETTINGS = {
    "Python程序": "",
    "启动时": "正在启动检查程序……如果十秒后还没有变化，请看“填报说明”第三部分。",
    "找不到时": "这台电脑没有装好本工具，按钮不能用。请双击安装包里的setup.exe，装好后再点按钮。表格本身可以照常填写。",
}
"""Label and first content of the cells that the launcher reads: E1, E2, E3 of the sheet Settings."""
_SETTINGS_COLUMN = 3
_GAP = 8.0  # between buttons, in pixels
_BOOK = "ThisWorkbook"
_RIBBON = "customUI/customUI14.xml"
_RIBBON_TYPE = "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"
_BOOK_TYPE, _ADDIN_TYPE = b"vnd.ms-excel.sheet.macroEnabled.main", b"vnd.ms-excel.addin.macroEnabled.main"
_EPOCH = (1980, 1, 1, 0, 0, 0)


def add_macros(book: "Workbook", sheets: "dict[str, Worksheet]", code_names: Mapping[str, str] = _ALL_CODE_NAMES) -> None:
    """Give an XlsxWriter workbook the VBA project, and each sheet the code name that its module has."""
    names = [code_names[name] for name in sheets]
    project = BytesIO(vba_project(names))
    book.add_vba_project(project, is_stream=True)  # type: ignore[arg-type]  # XlsxWriter's annotation knows only paths
    book.set_vba_name(_BOOK)
    for code_name, sheet in zip(names, sheets.values(), strict=True):
        sheet.set_vba_name(code_name)


def insert_buttons(
    sheet: "Worksheet",
    row: int,
    buttons: Sequence[Button],
    widths: Sequence[float],
    size: tuple[int, int] = (112, 28),
    module: str = "Buttons",
) -> None:
    """Buttons side by side in a row (0-based) over columns of these widths, in characters; of a size in pixels."""
    left = _GAP
    for caption, macro, _ in buttons:
        at, edge = 0, 0.0
        while at < len(widths) - 1 and edge + (wide := 7 * widths[at] + 5) <= left:
            at, edge = at + 1, edge + wide
        place = {"x_offset": round(left - edge), "y_offset": 3, "width": size[0], "height": size[1], "object_position": 3}
        sheet.insert_button(row, at, {"macro": f"{module}.{macro}", "caption": caption, "description": caption, **place})
        left += size[0] + _GAP


def write_settings(sheet: "Worksheet", text_format: "Format") -> None:
    """The launcher's cells, labels beside them."""
    for row, (label, text) in enumerate(SETTINGS.items()):
        sheet.write_string(row, _SETTINGS_COLUMN, label, text_format)
        sheet.write_string(row, _SETTINGS_COLUMN + 1, text, text_format)


def sources(*, receiver: bool = False) -> dict[str, str]:
    """Module name → source text of macros/, in the order of the project: those of a form, or of the receiver's workbook."""
    folder = data_folder("macros")
    others = ("Buttons", "Ribbon") if receiver else ("Receiver",)
    return {path.stem: path.read_text(encoding="ascii") for path in sorted(folder.glob("*.bas")) if path.stem not in others}


def vba_project(code_names: list[str]) -> bytes:
    """A vbaProject.bin with our modules and one document module for each sheet. Raises OSError: pyOpenVBA works on files."""
    from pyopenvba.excel import ExcelFile

    data = BytesIO()
    book = new_book(data, "")
    book.set_vba_name(_BOOK)
    for name in code_names:
        book.add_worksheet(name).set_vba_name(name)
    book.close()
    with tempfile.TemporaryDirectory() as folder:
        blank, full = Path(folder, "blank.xlsm"), Path(folder, "full.xlsm")
        blank.write_bytes(data.getvalue())
        with ExcelFile(blank) as file:
            project = file.add_vba_project()
            this_book = project.get_module(_BOOK)
            this_book.body = _crlf((data_folder("macros") / "ThisWorkbook.cls").read_text(encoding="ascii"))
            for name, text in sources(receiver=RECEIVER_CODE_NAMES[layout.DESK] in code_names).items():
                project.add_module(name, _crlf(text))
            file.save(full)
        with zipfile.ZipFile(full) as package:
            return package.read("xl/vbaProject.bin")


def with_ribbon(workbook: bytes, submit: str = layout.CAPTIONS["submit"]) -> bytes:
    """A workbook's bytes with the ribbon tab; `submit` is what its button for the submission is called."""
    ribbon = (data_folder("macros") / "customUI14.xml").read_bytes().replace(b"\r\n", b"\n")
    ribbon = ribbon.replace(layout.CAPTIONS["submit"].encode(), submit.encode())
    relation = f'<Relationship Id="rIdRibbon" Type="{_RIBBON_TYPE}" Target="{_RIBBON}"/></Relationships>'
    changes = {"_rels/.rels": (b"</Relationships>", relation.encode())}
    return _repacked(workbook, changes, {_RIBBON: ribbon})


def addin() -> bytes:
    """The add-in (.xlam): no form of its own, the ribbon tab works on the form in front."""
    data = BytesIO()
    book = new_book(data, "绩效目标申报")
    sheet = book.add_worksheet(layout.OPTIONS)
    write_settings(sheet, book.add_format({"num_format": "@"}))
    add_macros(book, {layout.OPTIONS: sheet})
    book.close()
    changes = {"[Content_Types].xml": (_BOOK_TYPE, _ADDIN_TYPE)}
    return _repacked(with_ribbon(data.getvalue()), changes, {})


def _repacked(workbook: bytes, changes: dict[str, tuple[bytes, bytes]], added: dict[str, bytes]) -> bytes:
    """The package with a text of some parts replaced and parts added; all dates the same."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(workbook)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        parts = {name: old.read(name) for name in old.namelist()} | added
        for name, data in parts.items():
            if name in changes:
                assert changes[name][0] in data
                data = data.replace(*changes[name])
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, data)
    return out.getvalue()


def _crlf(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\n", "\r\n")
