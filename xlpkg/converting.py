"""Many files, or files with many forms, converted into a folder: a form for each project, and a table of what came from where."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Annotated, NamedTuple

from xlpkg.files.names import safe_name
from xlpkg.files.write import TargetError
from xlpkg.form.profile import Profile
from xlpkg.form.refusal import RefusalError
from xlpkg.form.text import norm, tidy
from xlpkg.into_folder import Names, files_of, refuse_folder, write_table
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


def convert_into(
    sources: Iterable[Path], folder: Path, profile: Profile | None = None, progress: Callable[[Converted], None] = lambda line: None
) -> list[Converted]:
    """Write a form for each declaration of the files, or of the files in folders, and the table of them all.

    What cannot be read is a line of the table. Raises TargetError if the folder cannot be used, OSError.
    """
    refuse_folder(folder)
    files = list(files_of(sources, folder))
    if not files:
        raise TargetError("没有找到可以转换的文件（Word、Excel、文本）。")
    folder.mkdir(exist_ok=True)
    names = Names(folder, LIST)
    done: list[Converted] = []
    for name, path in files:
        for line in _convert(name, path, names, profile):
            progress(line)
            done.append(line)
    write_table(folder / LIST, summary(done), COLUMNS, done)
    return done


def _convert(name: str, path: Path, names: Names, profile: Profile | None) -> Iterator[Converted]:
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
        target = names.path("-".join(words), ".xlsx")
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


def summary(lines: list[Converted]) -> str:
    """What came of all files, in a sentence."""
    made, refused = [x for x in lines if x.target], [x for x in lines if not x.target]
    unsure, left = sum(x.unsure for x in made), sum(x.left for x in made)
    what = f"{len({x.file for x in lines})}个文件，转成{len(made)}份表"
    what += f"，其中{unsure}处请核对、{left}处没有放入（见各表的“导入说明”）" if unsure or left else ""
    return f"{what}；{len(refused)}个没有转成。" if refused else f"{what}。"
