"""Damaged files of every kind that we read: each ends in a report or a refusal, soon and in little memory.

    python tests/fuzz.py [--count 20000] [--first 0] [--workers 2] [--kind NAME] [--keep FOLDER]

An input is named by its kind and its number and is the same every time. A process of its own reads it; what kills it is found out.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import resource
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter
from collections.abc import Iterable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

from damage import damaged
from good_files import GOOD_FILES, samples

SECONDS, MEGABYTES = 10.0, 500
"""What no input under 5 MB may exceed; seconds of the processor, as the machine may have other work."""
_ADDRESSES = 2 << 30  # what a process may ask for; the library itself takes a quarter of it
_FRESH = multiprocessing.get_context("spawn")  # its processes begin with nothing of ours: no memory in use, no coverage
READ, REFUSED = "read", "refused"


class Input(NamedTuple):
    """A file to be judged; `number` chooses what is done with it besides checking."""

    name: str
    suffix: str
    data: bytes
    number: int = 0


class Outcome(NamedTuple):
    """What became of an input: read, refused, or what went wrong; seconds, and the memory that it took."""

    input: Input
    what: str
    seconds: float = 0.0
    megabytes: float = 0.0

    @property
    def fault(self) -> str:
        """Why this outcome must not be; "" for a good one."""
        if self.what not in (READ, REFUSED):
            return self.what
        if self.seconds > SECONDS:
            return f"took {self.seconds:.1f} s"
        return f"took {self.megabytes:.0f} MB" if self.megabytes > MEGABYTES else ""


def damaged_input(kind: str, number: int, good: bytes) -> Input:
    """The damaged copy of a kind's good file that has this number."""
    suffix = GOOD_FILES[kind][0]
    return Input(kind, suffix, damaged(good, suffix, random.Random(f"{kind} {number}")), number)


def judge(path: Path, number: int) -> str:
    """Read and check a file as the commands do; every few files it is also mended, converted, rebuilt or collected."""
    from xlpkg.collect.examine import examine
    from xlpkg.form.refusal import RefusalError
    from xlpkg.jobs import check_file, convert_file, fix_file, rebuild_file
    from xlpkg.report import as_json, as_text

    try:
        for done in check_file(path):
            as_json(path, done)
            as_text(path, done)
        match number % 8:
            case 1:
                convert_file(path, path.with_name("out.xlsx"))
            case 2:
                fix_file(path, path.with_name("out.json"), offered=True)
            case 3:
                check_file(path, path.with_name("out.xlsx"))
            case 4:
                sentence = examine(path).sentence
                assert "程序出错" not in sentence, sentence
        outcome = READ
    except RefusalError as refusal:
        assert str(refusal).endswith(("。", "？")), str(refusal)
        outcome = REFUSED
    if number % 8 == 5:
        try:
            rebuild_file(path, path.with_name("out.json"))
        except RefusalError:
            outcome = REFUSED
    return outcome


def _child(inputs: Connection) -> None:
    """Judges one input after the other, until told to stop."""
    resource.setrlimit(resource.RLIMIT_AS, (_ADDRESSES, _ADDRESSES))
    with tempfile.TemporaryDirectory() as folder:
        said = Path(folder, "said")
        handle = os.open(said, os.O_CREAT | os.O_RDWR | os.O_APPEND)
        os.dup2(handle, 2)
        while (given := inputs.recv()) is not None:
            path = Path(folder, f"表{given.suffix}")
            path.write_bytes(given.data)
            before, start = _memory(reset=True), time.process_time()
            try:
                what = judge(path, given.number)
            except BaseException as error:  # a panic of Rust is one
                last = traceback.extract_tb(error.__traceback__)
                own = [f for f in last if "/xlpkg/" in f.filename]
                where = " < ".join(f"{Path(f.filename).name}:{f.lineno}" for f in (last[-1], *reversed(own[-2:])))
                what = f"{type(error).__name__}: {str(error)[:120]} at {where}"
            seconds, megabytes = time.process_time() - start, max(_memory() - before, 0)
            if said.stat().st_size and what in (READ, REFUSED):
                what = f"said on the terminal: {said.read_text(errors='replace')[:200]}"
            os.ftruncate(handle, 0)
            inputs.send((what, seconds, megabytes))


def _memory(*, reset: bool = False) -> float:
    """The most memory that this process has had in use since the last reset, in MB."""
    if reset:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


class Reader:
    """A process that judges inputs; a new one takes its place when it has died or does not come to an end."""

    def __init__(self) -> None:
        self._start()

    def _start(self) -> None:
        self._ours, theirs = _FRESH.Pipe()
        self._process = _FRESH.Process(target=_child, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()

    def judge(self, given: Input) -> Outcome:
        self._ours.send(given)
        try:
            if self._ours.poll(6 * SECONDS):
                return Outcome(given, *self._ours.recv())
            what = f"took more than {6 * SECONDS:.0f} s"
        except EOFError:
            what = "the process died"
        self._process.kill()
        self._process.join()
        self._start()
        return Outcome(given, what)

    def stop(self) -> None:
        self._ours.send(None)
        self._process.join()


def run(inputs: Iterable[Input], workers: int = 1) -> Iterator[Outcome]:
    """Judge the inputs; the outcomes come as they are ready."""
    waiting, lock, done = iter(inputs), threading.Lock(), threading.Semaphore(0)
    outcomes: list[Outcome | None] = []

    def work() -> None:
        reader = Reader()
        while True:
            with lock:
                given = next(waiting, None)
            outcomes.append(reader.judge(given) if given else None)
            done.release()
            if given is None:
                reader.stop()
                return

    for _ in range(workers):
        threading.Thread(target=work, daemon=True).start()
    left, at = workers, 0
    while left:
        done.acquire()
        outcome, at = outcomes[at], at + 1
        if outcome is None:
            left -= 1
        else:
            yield outcome


def good_files(kinds: Iterable[str] = tuple(GOOD_FILES)) -> dict[str, bytes]:
    """A good file for each kind."""
    with tempfile.TemporaryDirectory() as folder:
        return {kind: path.read_bytes() for kind, path in samples(Path(folder), tuple(kinds)).items()}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=20000, help="inputs over all kinds")
    parser.add_argument("--first", type=int, default=0, help="number of the first input of each kind")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--kind", choices=GOOD_FILES, action="append")
    parser.add_argument("--keep", type=Path, help="where inputs that fail are written")
    options = parser.parse_args()
    kinds = tuple(options.kind or GOOD_FILES)
    good = good_files(kinds)
    each = -(-options.count // len(kinds))
    inputs = (damaged_input(kind, n, good[kind]) for n in range(options.first, options.first + each) for kind in kinds)
    found: dict[str, list[Outcome]] = {kind: [] for kind in kinds}
    faults: Counter[str] = Counter()
    start = time.perf_counter()
    for outcome in run(inputs, options.workers):
        given = outcome.input
        found[given.name].append(Outcome(given._replace(data=b""), *outcome[1:]))
        if outcome.fault:
            faults[outcome.fault] += 1
            if faults[outcome.fault] == 1:
                print(f"{given.name} {given.number}: {outcome.fault}", flush=True)
                if options.keep:
                    (options.keep / f"{given.name} {given.number}{given.suffix}").write_bytes(given.data)
    print(f"\n{'kind':18}{'inputs':>8}{'read':>8}{'refused':>9}{'faults':>8}{'slowest':>10}{'memory':>9}")
    for kind, outcomes in found.items():
        counts = Counter(o.what for o in outcomes)
        slowest, largest = max(o.seconds for o in outcomes), max(o.megabytes for o in outcomes)
        bad = sum(bool(o.fault) for o in outcomes)
        print(f"{kind:18}{len(outcomes):8}{counts[READ]:8}{counts[REFUSED]:9}{bad:8}{slowest:8.2f} s{largest:6.0f} MB")
    print(f"{sum(map(len, found.values()))} inputs in {time.perf_counter() - start:.0f} s, {sum(faults.values())} faults")
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
