"""Many files, or files with many forms, converted into a folder: a form for each project, and a table of what came from where."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Annotated, NamedTuple

from xlpkg.files.kinds import kind_of
from xlpkg.files.names import LONGEST_PATH, fitting_name, free_name, safe_name
from xlpkg.files.write import TargetError
from xlpkg.form.profile import Profile
from xlpkg.form.refusal import RefusalError
from xlpkg.form.text import norm, tidy
from xlpkg.jobs import rows_of, save
from xlpkg.reading.read import holds_anything, read_all
from xlpkg.reading.source import Source
from xlpkg.writing.table_sheet import Column, Columns

LIST = "转换清单.xlsx"
"""The table that is written beside the forms."""


class Converted(NamedTuple):
    """One form of one file, or a file that could not be read, as a line of the table."""

    file: Annotated[str, Column("原文件", 34)]
    project: Annotated[str, Column("项目", 34)]
    target: Annotated[str, Column("写成", 34)]
    form: Annotated[str, Column("表式", 30)]
    rows: Annotated[int, Column("指标", 7, "open_center")]
    sure: Annotated[int, Column("把握高", 8, "open_center")]
    unsure: Annotated[int, Column("请核对", 8, "open_center")]
    left: Annotated[int, Column("没有放入", 9, "open_center")]
    remark: Annotated[str, Column("说明", 60)]


COLUMNS = Columns.of(Converted)
_ROOM = 40
"""How many characters of a path the names of the forms need at least."""


def convert_into(
    sources: Iterable[Path], folder: Path, profile: Profile | None = None, progress: Callable[[Converted], None] = lambda line: None
) -> list[Converted]:
    """Write a form for each declaration of the files, or of the files in folders, and the table of them all.

    What cannot be read is a line of the table. Raises TargetError if the folder cannot be used, OSError.
    """
    if folder.exists() and not folder.is_dir():
        raise TargetError(f"“{folder.name}”是文件，这里要写文件夹。")
    if not folder.exists() and not folder.absolute().parent.is_dir():
        raise TargetError(f"文件夹“{folder.parent}”不存在，请先建好。")
    if len(str(folder.absolute())) > LONGEST_PATH - _ROOM:
        raise TargetError(f"文件夹“{folder.name}”的路径太长，里面的文件Excel打不开，请换一个文件夹。")
    files = list(_files(sources, folder))
    if not files:
        raise TargetError("没有找到可以转换的文件（Word、Excel、文本）。")
    folder.mkdir(exist_ok=True)
    taken = {path.stem.casefold() for path in folder.iterdir()} | {Path(LIST).stem.casefold()}
    done: list[Converted] = []
    for name, path in files:
        for line in _convert(name, path, folder, profile, taken):
            progress(line)
            done.append(line)
    _write_list(folder / LIST, done)
    return done


def _files(sources: Iterable[Path], target: Path) -> Iterator[tuple[str, Path]]:
    """(name, path) of every file that somebody reads; a folder's files by path, without hidden ones and the target folder."""
    for source in sources:
        if not source.is_dir():
            yield source.name, source
            continue
        for path in sorted(source.rglob("*")):
            name = path.relative_to(source)
            hidden = any(part.startswith((".", "~$")) for part in name.parts)
            kind = kind_of(path)
            if path.is_file() and not hidden and kind and kind.reader and target.resolve() not in path.resolve().parents:
                yield name.as_posix(), path


def _convert(name: str, path: Path, folder: Path, profile: Profile | None, taken: set[str]) -> Iterator[Converted]:
    try:
        found = read_all(path, profile)
    except RefusalError as refusal:
        yield Converted(name, "", "", "", 0, 0, 0, 0, str(refusal))
        return
    for source in found:
        if not holds_anything(source):
            yield Converted(name, "", "", source.profile.name, 0, 0, 0, 0, "空白表，没有转换。")
            continue
        project = tidy(source.declaration.project)
        words = [safe_name(path.stem)] if len(found) == 1 else [safe_name(path.stem), safe_name(project, "没有写项目名称")]
        target = folder / (free_name(fitting_name(folder, "-".join(words), ".xlsx"), taken) + ".xlsx")
        save(target, source.profile, source.declaration, source.import_report)
        yield _line(name, project, target, source)


def _line(name: str, project: str, target: Path, source: Source) -> Converted:
    report = source.import_report
    sure = sum(e.sure == "高" for e in report.entries) if report else rows_of(source)
    unsure = len(report.entries) - sure if report else 0
    left = len(report.unplaced) if report else 0
    remarks = [*source.notices, *(report.lines if report else ())]
    if not norm(project):
        remarks.insert(0, "没有写项目名称。")
    return Converted(name, project, target.name, source.profile.name, rows_of(source), sure, unsure, left, "".join(remarks))


def _write_list(target: Path, lines: list[Converted]) -> None:
    from io import BytesIO

    from xlpkg.files.write import in_place, refuse_open
    from xlpkg.writing.book import new_book
    from xlpkg.writing.page_setup import set_up_page
    from xlpkg.writing.table_sheet import TableSheet

    refuse_open(target)
    data = BytesIO()
    book = new_book(data, "转换清单")
    sheet = book.add_worksheet("转换清单")
    table = TableSheet(book, sheet, COLUMNS, 2, prepared=len(lines))
    table.title("转换清单", summary(lines))
    table.heads()
    sheet.freeze_panes(3, 0)
    for row, line in enumerate(lines, 3):
        table.line(row, line)
    table.borders("file")
    set_up_page(sheet, head=2)
    book.close()
    in_place(target, data.getvalue())


def summary(lines: list[Converted]) -> str:
    """What came of all files, in a sentence."""
    made, refused = [x for x in lines if x.target], [x for x in lines if not x.target]
    unsure, left = sum(x.unsure for x in made), sum(x.left for x in made)
    what = f"{len({x.file for x in lines})}个文件，转成{len(made)}份表"
    what += f"，其中{unsure}处请核对、{left}处没有放入（见各表的“导入说明”）" if unsure or left else ""
    return f"{what}；{len(refused)}个没有转成。" if refused else f"{what}。"
