"""Where files are examined: in this process, in several, or on a Dask cluster; one interface. None of them stops at a bad file."""

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from itertools import islice
from typing import Any, Protocol
from uuid import uuid4

from xlpkg.collect.examine import examine
from xlpkg.collect.find import File, at_hand, digest
from xlpkg.collect.result import Result, encode
from xlpkg.files.write import in_chinese
from xlpkg.form import profiles
from xlpkg.form.profile import Profile
from xlpkg.form.refusal import RefusalError

Batch = list[File]
Examined = tuple[File, str, bytes]
"""A file, the digest of what was read, and its encoded result."""
BATCH = 8
_MOST_PROCESSES = 61 if sys.platform == "win32" else 1000  # what the system can wait for
_AHEAD = 3  # batches under way for each worker


_ADDRESS = re.compile(r"(?:(?:tcp|tls|ws|wss|ucx)://)?[\w.\-\[\]:]+:\d+|inproc://\S+")


class ClusterError(RefusalError):
    """The cluster cannot be used; the message is a sentence for the user."""


class Executor(Protocol):
    """Examines batches of files; results come as they are ready, every file once."""

    def run(self, batches: Iterable[Batch]) -> Iterator[list[Examined]]: ...


def examine_batch(batch: Batch, profile: str = "") -> list[Examined]:
    """The work of one task; picklable, and never raises for a file. `profile` is an id, or the text of one that is not shipped."""
    return [_one(file, profile) for file in batch]


def _said(profile: Profile | None) -> str:
    """A profile as a text that another process understands."""
    return "" if profile is None else profile.source or profile.id


@cache
def _known(profile: str) -> Profile | None:
    if not profile:
        return None
    return profiles.remember(profiles.from_source(profile)) if profile.startswith("{") else profiles.load(profile)


def _one(file: File, profile: str = "") -> Examined:
    try:
        key = digest(file)
    except OSError:
        key = _once()
    try:
        with at_hand(file) as path:
            return file, key, encode(examine(path, _known(profile)))
    except Exception as error:  # each kind of storage has its own
        why = in_chinese(error) if isinstance(error, OSError) and error.errno else f"“{file.base}”打不开：{error}"
        return file, _once(), encode(Result(sentence=why))


def _once() -> str:
    """A key for what holds for this run only: the file may be readable the next time."""
    return f"once-{uuid4()}"


def _fatal(file: File) -> Examined:
    sentence = f"读“{file.base}”时程序被终止（可能内存不足），没有汇总。请把文件交给信息员。"
    return file, _once(), encode(Result(sentence=sentence))


class Serial:
    """In this process."""

    def __init__(self, profile: Profile | None = None) -> None:
        self._profile = _said(profile)

    def run(self, batches: Iterable[Batch]) -> Iterator[list[Examined]]:
        yield from (examine_batch(batch, self._profile) for batch in batches)


class Processes:
    """In several processes of this machine. A file that kills its process is found out and gets a sentence."""

    def __init__(self, workers: int, profile: Profile | None = None) -> None:
        self._workers, self._profile = min(workers, _MOST_PROCESSES), _said(profile)

    def run(self, batches: Iterable[Batch]) -> Iterator[list[Examined]]:
        rest = iter(batches)
        while True:
            lost: list[Batch] = []
            yield from self._until_broken(rest, lost)
            if not lost:
                return
            for batch in lost:
                for file in batch:
                    yield [self._alone(file)]

    def _until_broken(self, batches: Iterator[Batch], lost: list[Batch]) -> Iterator[list[Examined]]:
        """Everything, or, once a process has died, what was done till then; `lost` are the batches that were under way."""
        with ProcessPoolExecutor(self._workers) as pool:
            running: dict[Future[list[Examined]], Batch] = {}
            while True:
                if not lost:
                    for batch in islice(batches, self._workers * _AHEAD - len(running)):
                        try:
                            running[pool.submit(examine_batch, batch, self._profile)] = batch
                        except BrokenProcessPool:
                            lost.append(batch)
                if not running:
                    return
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    batch = running.pop(future)
                    try:
                        yield future.result()
                    except BrokenProcessPool:
                        lost.append(batch)

    def _alone(self, file: File) -> Examined:
        with ProcessPoolExecutor(1) as pool:
            try:
                return pool.submit(_one, file, self._profile).result()
            except BrokenProcessPool:
                return _fatal(file)


class Dask:
    """On a Dask cluster, whose workers have this package and see the same addresses. Raises ClusterError."""

    def __init__(self, address: str, profile: Profile | None = None) -> None:
        self._profile = _said(profile)
        if not _ADDRESS.fullmatch(address):
            raise ClusterError(f"“{address}”不是Dask调度器的地址，应像 tcp://10.0.0.1:8786。")
        try:
            import distributed

            connect: Callable[..., Any] = distributed.Client
        except ImportError:
            raise ClusterError("--dask 需要distributed，这里没有。请安装它，或者用 --workers。") from None
        try:
            self._client = connect(address, timeout=20, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as error:
            raise ClusterError(f"连不上Dask调度器“{address}”：{error}") from None
        self._as_completed: Callable[..., Any] = distributed.as_completed
        self._killed: type[Exception] = distributed.KilledWorker

    def run(self, batches: Iterable[Batch]) -> Iterator[list[Examined]]:
        rest = iter(batches)
        try:
            running: dict[Any, Batch] = {}

            def submit(batch: Batch) -> Any:
                future = self._client.submit(examine_batch, batch, self._profile, pure=False, retries=3)
                running[future] = batch
                return future

            workers = max(len(self._client.scheduler_info(n_workers=-1)["workers"]), 1)
            done = self._as_completed([submit(b) for b in islice(rest, workers * _AHEAD)], loop=self._client.loop)
            for future in done:
                batch = running.pop(future)
                try:
                    yield future.result()
                except self._killed:  # the workers that had it died, one after the other
                    if len(batch) == 1:
                        yield [_fatal(batch[0])]
                    else:
                        done.update([submit([file]) for file in batch])
                done.update([submit(b) for b in islice(rest, 1)])
        finally:
            self._client.close()


def batches_of(files: Iterable[File], size: int = BATCH) -> Iterator[Batch]:
    """The files in batches."""
    rest = iter(files)
    while batch := list(islice(rest, size)):
        yield batch
