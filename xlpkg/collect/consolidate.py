"""The whole job: a folder in; a workbook, tables and letters out. What the command line and the receiver's buttons call."""

import os
from collections.abc import Callable, Iterator
from datetime import date
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from xlpkg.collect.collection import Collection, examine_all
from xlpkg.collect.examine import is_output
from xlpkg.collect.excluded import EXCLUDED, Exclusion, named, split
from xlpkg.collect.executors import Dask, Executor, Processes, Serial
from xlpkg.collect.find import find
from xlpkg.collect.roster import Standing, compare, received, reminders
from xlpkg.files.write import TargetError, refuse_target
from xlpkg.form.profile import Profile
from xlpkg.form.units import MONEY
from xlpkg.reading.roster import Expected
from xlpkg.year.form import MONITORING, SELF_EVALUATION

if TYPE_CHECKING:
    from xlpkg.collect.collection import Store

_MOST_WORKERS = 4


class Order(msgspec.Struct, frozen=True):
    """What is wanted: of each output its path, or None; `profile` is the form that foreign files are read as.

    `roster` is the list of who has to report, `due` the last day for all of its lines that name none. `exclusions` are files that
    do not count.
    """

    folder: str
    workbook: Path | None = None
    csv: Path | None = None
    parquet: Path | None = None
    letters: Path | None = None
    workers: int = 1
    dask: str = ""
    cache: Path | None = None
    profile: Profile | None = None
    exchange: Path | None = None
    publication: Path | None = None
    archive: Path | None = None
    roster: Path | None = None
    due: date | None = None
    exclusions: tuple[Exclusion, ...] = ()

    @property
    def outputs(self) -> list[Path]:
        """Everything that is written."""
        every = (self.workbook, self.parquet, self.csv, self.letters, self.exchange, self.publication, self.archive)
        return [path for path in every if path is not None]

    @property
    def store(self) -> Path:
        """Where results are kept from one run to the next: `cache`, or beside the first output; without one, in memory."""
        if self.cache is not None:
            return self.cache
        first = next(iter(self.outputs), None)
        return first.resolve().with_name(f".{first.resolve().stem}.xlpkg-cache") if first else Path(":memory:")


def order_beside(folder: Path, *, letters: bool = True, profile: Profile | None = None) -> Order:
    """The workbook and the letters beside a folder, with as many processes as this PC bears. Raises RefusalError."""
    if not folder.name or not folder.is_dir():
        raise TargetError("请选择装有各单位报表的文件夹，或者把它拖到“汇总”的图标上。")
    target = folder.with_name(f"{folder.name}_汇总.xlsx")
    refuse_target(target, (".xlsx",))
    return Order(
        str(folder),
        workbook=target,
        letters=folder.with_name(f"{folder.name}_退回意见书") if letters else None,
        workers=min(os.cpu_count() or 1, _MOST_WORKERS),
        profile=profile,
    )


class Done(msgspec.Struct, frozen=True):
    """What came of it; `read` files were opened, the others were known from before. `told` are sentences on further outputs."""

    files: int
    read: int
    letters: int
    collection: Collection
    told: tuple[str, ...] = ()


def collect(order: Order, progress: Callable[[int, int], None]) -> Done:
    """Read, check and tabulate; `progress` is told (done now, all). Raises OSError and RefusalError."""
    _refuse_received(order)
    roster = _roster(order)
    found = find(order.folder, [*order.outputs, *filter(None, [order.roster])])
    files, out, excluded = split(found, order.exclusions)
    store = _store(order)
    read = examine_all(found, store, _executor(order), lambda n: progress(n, len(found)))
    collection = Collection(files, store)
    told: list[str] = []
    if excluded:
        collection.add(EXCLUDED, excluded)
        told.append(f"剔除{len(excluded)}个文件，没有计入。")
    standing = _standing(order, roster, collection, list(named(store.results(out))))
    if standing is not None:
        for table, rows in standing.tables():
            collection.add(table, rows)
        told.append(standing.summary())
    count = _write(order, collection, standing)
    told += _deliver(order, collection)
    return Done(len(found), read, count, collection, tuple(told))


def gathered(order: Order, progress: Callable[[int, int], None]) -> Collection:
    """The results of a folder, with nothing written. Raises RefusalError, OSError."""
    files = find(order.folder, order.outputs)
    store = _store(order)
    examine_all(files, store, _executor(order), lambda n: progress(n, len(files)))
    return Collection(files, store)


def _write(order: Order, collection: Collection, standing: Standing | None) -> int:
    """Tables, workbook and letters; returns how many letters."""
    if order.parquet:
        from xlpkg.collect.outputs import write_parquet

        write_parquet(collection, order.parquet)
    if order.csv:
        from xlpkg.collect.outputs import write_csv

        write_csv(collection, order.csv)
    if order.workbook:
        from xlpkg.collect.workbook import write_workbook

        tables = order.parquet or order.csv
        write_workbook(order.workbook, collection, order.folder, elsewhere=f"文件夹“{tables}”" if tables else "")
    if not order.letters:
        return 0
    from xlpkg.collect.letters import return_letters, write_letters

    letters = return_letters(form for _, form in collection.forms())
    return write_letters(chain(letters, reminders(standing) if standing else ()), order.letters)


def _deliver(order: Order, collection: Collection) -> Iterator[str]:
    """What goes on to others: into a budget system, to the public, into the archive. A sentence on each."""
    if order.exchange:
        from xlpkg.collect.exchange import write_exchange

        files = write_exchange(collection, order.exchange)
        faults = f"，{files.misfits}处系统不收，见“导入前要改”" if files.misfits else ""
        yield f"交换文件{files.projects}个项目{faults}。"
    if order.publication:
        from xlpkg.collect.publish import write_publication

        yield write_publication(collection, order.publication).summary()
    if order.archive:
        from xlpkg.collect.archive import write_archive

        yield f"存档{write_archive(collection, order.archive)}个文件，附哈希清单。"


def _roster(order: Order) -> tuple[Expected, ...]:
    if order.roster is None:
        return ()
    from xlpkg.reading.roster import read_roster

    return read_roster(order.roster)


def _standing(order: Order, roster: tuple[Expected, ...], collection: Collection, excluded: list[str]) -> Standing | None:
    """The roster held against what came; None without one."""
    if order.roster is None:
        return None
    came = [received(*version) for version in collection.first_versions()]
    return compare(roster, came, [file.name for file, _ in collection.unreadable], excluded, order.due)


def _refuse_received(order: Order) -> None:
    """Raises TargetError where the workbook would be written over a file that somebody sent."""
    target = order.workbook
    if target is None or not target.is_file() or "://" in order.folder:
        return
    if Path(order.folder).resolve() in target.resolve().parents and not is_output(target):
        raise TargetError(f"“{target.name}”是收到的文件，不能当作输出，请换一个文件名。")


def _store(order: Order) -> "Store":
    try:
        from xlpkg.collect.cache import Store
    except ImportError:  # a Python without SQLite
        from xlpkg.collect import memory

        return memory.Store(order.store, order.profile)
    return Store(order.store, order.profile)


def _executor(order: Order) -> Executor:
    if order.dask:
        return Dask(order.dask, order.profile)
    return Processes(order.workers, order.profile) if order.workers > 1 else Serial(order.profile)


def summary(done: Done) -> str:
    """What a person reads at the end."""
    s = done.collection.statistics
    funds, cost = (f"{(amount / MONEY['万元']).normalize():,f}" for amount in s.money)
    lines = [
        f"文件{done.files}个：新读{done.read}个，未能读取{len(done.collection.unreadable)}个；项目{s.count}个，"
        f"其中{done.collection.repeated}个有几版，只计最后一版。",
        f"通过{s.passed}个，退回{s.count - s.passed}个；首次通过{s.first_passed}个。错误{s.errors}处，提醒{s.warnings}处。",
        f"资金合计{funds}万元，成本合计{cost}万元。",
    ]
    if s.older_rules:
        lines.append(f"{s.older_rules}份申报表校验码对得上，但是用旧规则检查的，见“问题清单”，以这次检查的结果为准。")
    if done.collection.chains:
        monitored, evaluated = map(done.collection.chains.count, (MONITORING, SELF_EVALUATION))
        lines.insert(1, f"监控表{monitored}份，自评表{evaluated}份，其中退回{done.collection.chains.returned}份，见“全年对照”。")
    lines += done.told
    lines += [f"未能读取：{file.name}　{sentence}" for file, sentence in done.collection.unreadable[:10]]
    if len(done.collection.unreadable) > 10:
        lines.append(f"……其余{len(done.collection.unreadable) - 10}个见“未能读取”。")
    return "\n".join(lines)
