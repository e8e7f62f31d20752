"""From many files into a folder: which files are read, whether the folder can be used, and the table of what came of each."""

from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from pathlib import Path

from xlpkg.files.kinds import kind_of
from xlpkg.files.names import LONGEST_PATH, fitting_name, free_name
from xlpkg.files.write import TargetError, in_place, refuse_open
from xlpkg.writing.table_sheet import Columns, TableSheet

_ROOM = 40
"""How many characters of a path the names of the files need at least."""


def refuse_folder(folder: Path) -> None:
    """Raises TargetError for a folder into which nothing can be written."""
    if folder.exists() and not folder.is_dir():
        raise TargetError(f"“{folder.name}”是文件，这里要写文件夹。")
    if not folder.exists() and not folder.absolute().parent.is_dir():
        raise TargetError(f"文件夹“{folder.parent}”不存在，请先建好。")
    if len(str(folder.absolute())) > LONGEST_PATH - _ROOM:
        raise TargetError(f"文件夹“{folder.name}”的路径太长，里面的文件Excel打不开，请换一个文件夹。")


def files_of(sources: Iterable[Path], target: Path) -> Iterator[tuple[str, Path]]:
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


class Names:
    """Names for the files of a folder: none that is there already, and none twice."""

    def __init__(self, folder: Path, table: str) -> None:
        self._folder = folder
        self._taken = {path.stem.casefold() for path in folder.iterdir()} | {Path(table).stem.casefold()}

    def path(self, stem: str, suffix: str) -> Path:
        """A path for a file of this name, with a number behind it if it is taken."""
        return self._folder / (free_name(fitting_name(self._folder, stem, suffix), self._taken) + suffix)


def write_table(target: Path, sentence: str, columns: Columns, lines: Sequence[Sequence[str | float]]) -> None:
    """A workbook of one table, whole or not at all; its title is the file's name. Raises OSError."""
    from xlpkg.writing.book import new_book
    from xlpkg.writing.page_setup import set_up_page

    refuse_open(target)
    data = BytesIO()
    book = new_book(data, target.stem)
    sheet = book.add_worksheet(target.stem)
    table = TableSheet(book, sheet, columns, 2, prepared=len(lines))
    table.title(target.stem, sentence)
    table.heads()
    sheet.freeze_panes(3, 0)
    for row, line in enumerate(lines, 3):
        table.line(row, line)
    table.borders(columns.names[0])
    set_up_page(sheet, head=2)
    book.close()
    in_place(target, data.getvalue())
