"""Benchmarks as ratios, paired in one run: python tests/bench.py. Quotes medians; nothing here is a test with a time limit."""

import itertools
import random
import statistics
import subprocess
import sys
import tempfile
import time
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
        click(form)


def growth(form: Path) -> None:
    """The rules over 500 and over 2,000 distinct rows; n log n would be a factor of 4.9."""
    import msgspec

    from xlpkg.audit.check import check
    from xlpkg.audit.fix import numbered
    from xlpkg.form.declaration import indicator
    from xlpkg.form.target import parse
    from xlpkg.sheets.read import read

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
from xlpkg.live import actions, board, session, attach
ours = 0.0
def timed(function):
    def call(*arguments, **options):
        global ours
        start = time.process_time()
        result = function(*arguments, **options)
        ours += time.process_time() - start
        return result
    return call
from xlpkg.live import door
door.interpret.form = timed(door.interpret.form)
actions.judge = timed(actions.judge)
board.results.lines, board.marks, board.activities.lines = map(timed, (board.results.lines, board.marks, board.activities.lines))
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


def warm(form: Path) -> None:
    """The rules over the real declaration against calamine's bare read of the file, in one process."""
    import python_calamine

    from xlpkg.audit.check import check
    from xlpkg.form.target import parse
    from xlpkg.sheets.read import read

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
