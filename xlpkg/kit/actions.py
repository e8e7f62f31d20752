"""What the start files do with what is dropped on them: the command line's jobs, told in a window."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from xlpkg.form.refusal import RefusalError
from xlpkg.kit.say import choose_file, say, show, working

DONE, FAILED = 0, 2
_MOST_WORKERS = 4


def _chosen(files: list[str], title: str) -> list[Path]:
    """The files that were dropped, or one that is asked for."""
    found = files or [name for name in (choose_file(title),) if name]
    if not found:
        raise RefusalError("没有选择文件。请把表格拖到这个图标上，或者右键表格→发送到。")
    return [Path(name) for name in found]


def _free(path: Path) -> Path:
    """A name beside the form that no file has: what the user may have gone on with is not overwritten."""
    names = (path, *(path.with_stem(f"{path.stem}{n}") for n in range(2, 1000)))
    return next((name for name in names if not name.exists()), path)


def _each(files: list[str], title: str, do: Callable[[Path], tuple[str, Path | None]]) -> int:
    """Do something with each file, say what came of all of them, and offer to open the last that was written."""
    said, written, worst = [], [], DONE
    for path in _chosen(files, title):
        try:
            sentence, target = do(path)
            said.append(f"“{path.name}”：{sentence}")
            written += [target] if target else []
        except RefusalError as refusal:
            said.append(f"“{path.name}”：{refusal}")
            worst = FAILED
    if written and say("\n".join(said), ("打开", "关闭")) == 0:
        show(written[-1])
    elif not written:
        say("\n".join(said))
    return worst


def _check(files: list[str]) -> int:
    from xlpkg.jobs import check_file

    def do(path: Path) -> tuple[str, Path]:
        target = _free(path.with_name(f"{path.stem}_检查稿.xlsx"))
        (done,) = check_file(path, target)
        report = done.report
        changed = "" if done.unchanged else f"校验码不一致，生成以后被改动过。{''.join(done.differences[:3])}"
        counts = f"错误{report.errors}条，提醒{report.warnings}条，提示{report.infos}条，校验码 {report.seal}。{changed}"
        return f"{counts}\n　　检查稿：{target.name}（在原文件旁边）", target

    return _each(files, "选择要检查的表格", do)


def _fix(files: list[str]) -> int:
    from xlpkg.jobs import fix_file

    def do(path: Path) -> tuple[str, Path]:
        target = _free(path.with_name(f"{path.stem}_修改后.xlsx"))
        done = fix_file(path, target)
        changes = "".join(f"\n　　{change.place} → {change.to}" for change in done.changes)
        counts = f"改了{len(done.changes)}处，错误{done.before.errors}条→{done.after.errors}条。"
        return f"{counts}{changes}\n　　修改后的表：{target.name}（原文件没有改动）", target

    return _each(files, "选择要修改的表格", do)


def _submit(files: list[str]) -> int:
    from xlpkg.jobs import check_file, submission_beside, submit_file

    def do(path: Path) -> tuple[str, Path]:
        target = submission_beside(path, check_file(path)[0].report)
        report = submit_file(path, target).report
        word = f"草稿（还有{report.errors}条错误，不得报送）" if report.errors else "申报表"
        return f"已生成{word}：{target.name}，校验码 {report.seal}", target

    return _each(files, "选择填好的表格", do)


def _convert(files: list[str]) -> int:
    from xlpkg.converting import convert_into, summary
    from xlpkg.jobs import convert_file, rows_of
    from xlpkg.reading.read import read_all

    def do(path: Path) -> tuple[str, Path]:
        if len(read_all(path)) > 1:
            folder = _free(path.with_name(f"{path.stem}_填报表"))
            return f"{summary(convert_into([path], folder))}\n　　在文件夹：{folder.name}", folder
        target = _free(path.with_name(f"{path.stem}_填报表.xlsx"))
        source = convert_file(path, target)
        left = len(source.import_report.unplaced) if source.import_report else 0
        more = f"有{left}处没有放入，见“导入说明”。" if left else ""
        return f"已导入{rows_of(source)}条指标。{more}\n　　填报表：{target.name}", target

    return _each(files, "选择要导入的文件", do)


def _collect(files: list[str]) -> int:
    from xlpkg.collect.consolidate import Order, collect, summary
    from xlpkg.files.write import refuse_open

    folder = Path(files[0] if files else choose_file("选择各单位报表所在的文件夹", folder=True))
    if not folder.name or not folder.is_dir():
        raise RefusalError("请把装有各单位报表的文件夹拖到这个图标上。")
    target = folder.with_name(f"{folder.name}_汇总.xlsx")
    refuse_open(target)
    letters = folder.with_name(f"{folder.name}_退回意见书")
    order = Order(str(folder), workbook=target, letters=letters, workers=min(os.cpu_count() or 1, _MOST_WORKERS))
    seen = 0
    with working() as tell:

        def progress(now: int, of: int) -> None:
            nonlocal seen
            seen += now
            tell(f"正在读取……{seen}/{of}")

        done = collect(order, progress)
    if say(f"{summary(done)}\n已写出：{target.name}，在文件夹旁边。", ("打开", "关闭")) == 0:
        show(target)
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
