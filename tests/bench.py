"""Benchmarks as ratios, paired in one run: python tests/bench.py. Quotes medians; nothing here is a test with a time limit."""

import itertools
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

SAMPLES = Path(__file__).parent.parent / "workbook" / "samples"
XLPKG = Path(sys.executable).with_name("xlpkg")
PAIRS = 25
WORDS = [
    "农村",
    "公路",
    "危桥",
    "改造",
    "培训",
    "宣传",
    "水利",
    "渠道",
    "学校",
    "食堂",
    "安全",
    "检查",
    "林业",
    "防火",
    "环境",
    "整治",
    "垃圾",
    "清运",
    "文化",
    "演出",
    "图书",
    "设备",
    "维修",
    "照明",
    "供水",
    "管网",
    "排污",
    "社区",
    "电梯",
    "档案",
]


def seconds(command: list[str]) -> float:
    """Wall time of one whole process."""
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
    return time.perf_counter() - start


def paired(name: str, ours: list[str], theirs: list[str]) -> None:
    """Run two commands in turn and print the median of the ratios."""
    seconds(ours), seconds(theirs)
    pairs = [(seconds(ours), seconds(theirs)) for _ in range(PAIRS)]
    ratio = statistics.median(a / b for a, b in pairs)
    a, b = (statistics.median(column) * 1000 for column in zip(*pairs, strict=True))
    print(f"{name}: {ratio:.2f}  ({a:.0f} ms against {b:.0f} ms, median of {PAIRS} pairs)")


def main() -> None:
    """Check of the real form against merely loading it with openpyxl; and in one warm process, rules against reading."""
    with tempfile.TemporaryDirectory() as folder:
        form = Path(folder, "form.xlsx")
        subprocess.run([XLPKG, "convert", SAMPLES / "network_office.json", "-o", form], check=True, stdout=subprocess.DEVNULL)
        load = [sys.executable, "-c", f"import openpyxl; openpyxl.load_workbook({str(form)!r})"]
        paired(
            "xlpkg check FORM --json / openpyxl.load_workbook(FORM), whole processes",
            [str(XLPKG), "check", str(form), "--json"],
            load,
        )
        warm(form)
        growth(form)
        word(Path(folder))
        reading(form)
        many(Path(folder))
        click(form)


def growth(form: Path) -> None:
    """The rules over 500 and over 2,000 distinct rows; n log n would be a factor of 4.9."""
    import msgspec

    from xlpkg.audit.check import check
    from xlpkg.audit.fix import numbered
    from xlpkg.form.declaration import indicator
    from xlpkg.form.target import parse
    from xlpkg.reading.read import read

    source, rnd = read(form), random.Random(1)
    words = tuple(itertools.combinations(WORDS, 3))
    endings = ["数量", "完成率", "时间", "费用"]

    def seconds_for(rows: int) -> float:
        kinds = source.declaration.indicators
        made = [
            indicator(0, i.l1, i.l2, "".join(rnd.choice(words)) + rnd.choice(endings), i.value, i.standard)
            for i in (kinds[n % len(kinds)] for n in range(rows))
        ]
        declaration = msgspec.structs.replace(source.declaration, indicators=numbered(made))
        parse.cache_clear()
        start = time.process_time()
        check(declaration, source.profile)
        return time.process_time() - start

    pairs = [(seconds_for(2000), seconds_for(500)) for _ in range(5)]
    a, b = (statistics.median(column) * 1000 for column in zip(*pairs, strict=True))
    print(
        f"rules over 2,000 rows / over 500 rows: {statistics.median(x / y for x, y in pairs):.1f}  ({a:.0f} ms against {b:.0f} ms)"
    )


CLICK = """
import sys, time
begin = time.process_time()
from xlpkg.live import declared, own_cells, session, attach
ours = 0.0
def timed(function):
    def call(*arguments, **options):
        global ours
        start = time.process_time()
        result = function(*arguments, **options)
        ours += time.process_time() - start
        return result
    return call
from xlpkg.live import open_form
open_form.own_form.form = timed(open_form.own_form.form)
declared.judge = timed(declared.judge)
own_cells.findings.rows, own_cells.marks = timed(own_cells.findings.rows), timed(own_cells.marks)
own_cells.activities.lines = timed(own_cells.activities.lines)
assert session.run("check", sys.argv[1]) == 0
print(ours, time.process_time())
"""


def click(form: Path) -> None:
    """A click on 检查 as a button starts it: processor time of reading, judging and wording, against the whole process."""
    from xlpkg.live.libreoffice.office import Office

    office = Office.start(visible=False)
    try:
        office.open(form)
        runs = []
        for _ in range(PAIRS):
            said = subprocess.run([sys.executable, "-c", CLICK, str(form)], capture_output=True, text=True, check=True).stdout
            runs.append(tuple(map(float, said.split())))
        ours, whole = (statistics.median(column) * 1000 for column in zip(*runs, strict=True))
        print(f"our code / processor time of a click on 检查: {ours / whole:.2f}  ({ours:.0f} ms of {whole:.0f} ms)")
    finally:
        office.quit()


def compared(name: str, ours: Callable[[], object], *others: tuple[str, Callable[[], object]], pairs: int = PAIRS) -> None:
    """Call functions in turn in one warm process and print the median ratios of processor time."""
    times: list[list[float]] = [[] for _ in range(len(others) + 1)]
    for _ in range(pairs):
        for column, function in zip(times, (ours, *(f for _, f in others)), strict=True):
            start = time.process_time()
            function()
            column.append(time.process_time() - start)
    mine = statistics.median(times[0]) * 1000
    for (other, _), column in zip(others, times[1:], strict=True):
        ratio = statistics.median(a / b for a, b in zip(times[0], column, strict=True))
        print(f"{name} / {other}: {ratio:.2f}  ({mine:.1f} ms against {statistics.median(column) * 1000:.1f} ms)")


def word(folder: Path) -> None:
    """Taking in a Word table of 100 rows against opening it and touching its cells with python-docx."""
    import docx
    import msgspec
    from forms import HN2015
    from layouts import LAYOUTS

    from xlpkg.audit.fix import numbered
    from xlpkg.reading.read import read

    path = folder / "表.docx"
    rows = numbered([HN2015.indicators[n % len(HN2015.indicators)] for n in range(100)])
    LAYOUTS["county"][0](msgspec.structs.replace(HN2015, indicators=rows), path)

    def touched() -> None:
        for table in docx.Document(str(path)).tables:
            for row in table.rows:
                for cell in row.cells:
                    _ = cell.text

    compared("import of a .docx of 100 rows", lambda: read(path), ("python-docx, opened and touched", touched), pairs=7)


def reading(form: Path) -> None:
    """Reading and checking a form as `collect` does, against what openpyxl and calamine take only to read it."""
    import openpyxl
    import python_calamine

    from xlpkg.collect.examine import examine
    from xlpkg.form.target import parse

    def ours() -> None:
        parse.cache_clear()
        assert examine(form).projects

    def by_openpyxl() -> None:
        for sheet in openpyxl.load_workbook(form):
            for _ in sheet.iter_rows(values_only=True):
                pass

    def by_calamine() -> None:
        book = python_calamine.CalamineWorkbook.from_path(form)
        for name in book.sheet_names:
            book.get_sheet_by_name(name).to_python()

    compared("read and check a form", ours, ("openpyxl's read", by_openpyxl), ("calamine's bare read", by_calamine))


COLLECT = """
import resource, sys, time
from pathlib import Path
from xlpkg.collect.consolidate import Order, collect
start = time.perf_counter()
collect(Order(sys.argv[1], parquet=Path(sys.argv[2]), workers=int(sys.argv[3])), lambda *_: None)
print(time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def many(folder: Path) -> None:
    """Two workers against one; and 3,000 files against 300: time a file, and the most memory."""
    from bureau import fill

    few, lots = folder / "300", folder / "3000"
    fill(few, 300)
    for n in range(10):
        fill(lots / str(n), 300, n, f"{n}县")

    def run(source: Path, workers: int) -> tuple[float, float]:
        out = folder / "out"
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir()
        command = [sys.executable, "-c", COLLECT, str(source), str(out / "pq"), str(workers)]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
        return float(said[0]), float(said[1])

    run(few, 1)
    for source, count, pairs in ((few, 300, 5), (lots, 3000, 3)):
        ratios = [run(source, 1)[0] / run(source, 2)[0] for _ in range(pairs)]
        print(f"{count} files, one worker / two workers: {statistics.median(ratios):.2f}")
    small, large = run(few, 1), run(lots, 1)
    a, b = small[0] / 300 * 1000, large[0] / 3000 * 1000
    print(f"cost of a file, of 3,000 / of 300: {b / a:.2f}  ({b:.1f} ms against {a:.1f} ms)")
    print(f"memory, 3,000 files / 300: {large[1] / small[1]:.2f}  ({large[1]:.0f} MB against {small[1]:.0f} MB)")


def warm(form: Path) -> None:
    """The rules over the real declaration against calamine's bare read of the file, in one process."""
    import python_calamine

    from xlpkg.audit.check import check
    from xlpkg.form.target import parse
    from xlpkg.reading.read import read

    source = read(form)

    def rules() -> None:
        parse.cache_clear()
        check(source.declaration, source.profile)

    def bare() -> None:
        python_calamine.CalamineWorkbook.from_path(form).get_sheet_by_name("填报").to_python()

    ratios = []
    for _ in range(PAIRS):
        start = time.perf_counter()
        rules()
        middle = time.perf_counter()
        bare()
        ratios.append((middle - start, time.perf_counter() - middle))
    a, b = (statistics.median(column) * 1000 for column in zip(*ratios, strict=True))
    print(f"rules over 51 rows / calamine's bare read: {a / b:.2f}  ({a:.1f} ms against {b:.1f} ms)")


if __name__ == "__main__":
    main()
