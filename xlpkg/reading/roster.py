"""A list of who has to report: a table with a column 单位, and if it likes 项目, 联系人, 电话, 截止日期. Any kind of file."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import msgspec

from xlpkg.files.document import Table
from xlpkg.files.errors import UnreadableError
from xlpkg.files.kinds import TEXT_TABLE, kind_of
from xlpkg.form.text import comparable, norm, tidy

_HEADS = {
    "unit": ("单位", "单位名称", "填报单位", "预算单位", "报送单位", "项目单位", "申报单位", "实施单位"),
    "project": ("项目", "项目名称", "项目支出名称"),
    "contact": ("联系人", "填报人", "经办人", "联系人姓名"),
    "phone": ("电话", "联系电话", "手机", "联系方式", "手机号"),
    "due": ("截止日期", "截止时间", "报送截止", "报送截止日期", "报送期限", "应报日期"),
}
_BY_HEAD = {comparable(head): key for key, heads in _HEADS.items() for head in heads}
_DAY = re.compile(r"(20\d\d)[-./年](\d{1,2})[-./月](\d{1,2})日?(?: .*)?")
_DEEPEST_HEAD = 20
_SUM = ("合计", "总计", "小计")


class Expected(msgspec.Struct, frozen=True):
    """A line of the list: who has to report what, whom to call, and until when; texts as they stand there."""

    unit: str
    project: str = ""
    contact: str = ""
    phone: str = ""
    due: date | None = None


def read_roster(path: Path) -> tuple[Expected, ...]:
    """The lines of the first table with a column of units. Raises UnreadableError with a sentence."""
    for table in _tables(path):
        for row in range(min(len(table), _DEEPEST_HEAD)):
            heads: dict[str, int] = {}
            for n, text in enumerate(table[row]):
                if key := _BY_HEAD.get(comparable(text)):
                    heads.setdefault(key, n)
            if "unit" in heads:
                found = tuple(dict.fromkeys(_lines(path, table, row, heads)))
                if found:
                    return found
    raise UnreadableError(f"“{path.name}”里没有名单：找不到“单位”一列，或下面没有写一个单位。")


def _lines(path: Path, table: Sequence[Sequence[str]], head: int, heads: dict[str, int]) -> Iterator[Expected]:
    for number, line in enumerate(table[head + 1 :], head + 2):
        texts = {key: tidy(line[n]) if n < len(line) else "" for key, n in heads.items()}
        if texts["unit"] and texts["unit"] not in _SUM:
            said = texts.pop("due", "")
            yield Expected(**texts, due=parse_day(said, f"“{path.name}”第{number}行的截止日期") if said else None)


def parse_day(text: str, where: str) -> date:
    """A day. Raises UnreadableError with a sentence that says where the text stands."""
    match = _DAY.fullmatch(norm(text))
    try:
        return date(*(int(part) for part in match.groups())) if match else date.fromisoformat(norm(text))
    except ValueError:
        raise UnreadableError(f"{where}“{text}”不是日期，请写成2026-11-20这样。") from None


def _tables(path: Path) -> Iterator[list[list[str]]]:
    """Every table of the file as texts; a merged cell counts for each row that it covers."""
    if kind_of(path) is TEXT_TABLE:
        import csv

        from xlpkg.files.text import read_text

        yield [list(row) for row in csv.reader(read_text(path).splitlines())]
        return
    from xlpkg.reading.foreign.importer import document_of
    from xlpkg.reading.foreign.synonyms import known_synonyms

    yield from (_texts(table) for table in document_of(path, known_synonyms()).tables)


def _texts(table: Table) -> list[list[str]]:
    return [[cell.text if cell is not None else "" for cell in row] for row in table.rows]
