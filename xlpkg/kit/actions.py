"""What the start files do with what is dropped on them: the command line's jobs, told in a window."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from xlpkg.desk.outside import show
from xlpkg.form.refusal import RefusalError
from xlpkg.kit.say import choose_file, say, working

if TYPE_CHECKING:
    from xlpkg.beside import Outcome

DONE, FAILED = 0, 2


def _chosen(files: list[str], title: str) -> list[Path]:
    """The files that were dropped, or one that is asked for."""
    found = files or [name for name in (choose_file(title),) if name]
    if not found:
        raise RefusalError("没有选择文件。请把表格拖到这个图标上，或者右键表格→发送到。")
    return [Path(name) for name in found]


def _each(files: list[str], title: str, do: "Callable[[Path], Outcome]") -> int:
    """Do something with each file, say what came of all of them, and offer to open the last that was written."""
    said, written, worst = [], [], DONE
    for path in _chosen(files, title):
        try:
            outcome = do(path)
            said.append(f"“{path.name}”：{outcome.text}")
            written.append(outcome.written)
        except RefusalError as refusal:
            said.append(f"“{path.name}”：{refusal}")
            worst = FAILED
    if written and say("\n".join(said), ("打开", "关闭")) == 0:
        show(written[-1])
    elif not written:
        say("\n".join(said))
    return worst


def _check(files: list[str]) -> int:
    from xlpkg.beside_later import checked_copy

    return _each(files, "选择要检查的表格", checked_copy)


def _fix(files: list[str]) -> int:
    from xlpkg.beside_later import mended_copy

    return _each(files, "选择要修改的表格", mended_copy)


def _submit(files: list[str]) -> int:
    from xlpkg.beside_later import submission

    return _each(files, "选择填好的表格", submission)


def _convert(files: list[str]) -> int:
    from xlpkg.beside import taken_in

    return _each(files, "选择要导入的文件", taken_in)


def _collect(files: list[str]) -> int:
    from xlpkg.collect.consolidate import collect, order_beside, summary

    order = order_beside(Path(files[0] if files else choose_file("选择各单位报表所在的文件夹", folder=True)))
    assert order.workbook
    seen = 0
    with working() as tell:

        def progress(now: int, of: int) -> None:
            nonlocal seen
            seen += now
            tell(f"正在读取……{seen}/{of}")

        done = collect(order, progress)
    if say(f"{summary(done)}\n已写出：{order.workbook.name}，在文件夹旁边。", ("打开", "关闭")) == 0:
        show(order.workbook)
    return DONE


def _doctor(files: list[str]) -> int:
    from xlpkg.doctor import write_report
    from xlpkg.kit.places import places

    report = places().desktop / "绩效目标工具体检报告.txt"
    sentence = write_report(report)
    if say(f"{sentence}\n体检报告已写在桌面：{report.name}，请交给信息员。", ("打开", "关闭")) == 0:
        show(report)
    return DONE


def _desk(files: list[str]) -> int:
    """The window goes on by itself, in a process that has Python's own name."""
    subprocess.Popen([str(Path(sys.executable).with_name("pythonw.exe")), "-m", "xlpkg", "desk", *files[:1]])
    return DONE


ACTIONS: dict[str, Callable[[list[str]], int]] = {
    "check": _check,
    "fix": _fix,
    "submit": _submit,
    "convert": _convert,
    "collect": _collect,
    "doctor": _doctor,
    "desk": _desk,
}
