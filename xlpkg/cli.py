"""The command line: everything a button does, with the same result. Libraries are imported when a command needs them."""

import argparse
import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from xlpkg import cli_tools, cli_year
from xlpkg.cli_parser import ERRORS_FOUND, OK, UNREADABLE, Command, parser_of
from xlpkg.form.refusal import RefusalError

if TYPE_CHECKING:
    from xlpkg.form.library import Library
    from xlpkg.form.profile import Profile
    from xlpkg.reading.source import Source


class UsageError(RefusalError):
    """Wrong usage; the message is a sentence for the user."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code: 0 no errors, 1 errors found, 2 not readable or wrong usage."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    options = parser_of(_COMMANDS).parse_args(arguments)
    command: Command = cli_year.for_later_forms(options.command)
    try:
        code = command(options)
        if sys.stdout is not None:  # a program without a console has none
            sys.stdout.flush()
        return code
    except BrokenPipeError:  # whoever read our output has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except RefusalError as refusal:
        return _refuse(str(refusal))
    except KeyboardInterrupt:
        return _refuse("已中断，没有写完的文件没有留下。")
    except OSError as error:
        from xlpkg.files.write import in_chinese

        return _refuse(in_chinese(error))


def check(options: argparse.Namespace) -> int:
    """check FILE... [--json] [-o CHECKED.xlsx] [--library LIBRARY]"""
    from xlpkg.files.errors import UnreadableError
    from xlpkg.jobs import check_file
    from xlpkg.reading.read import name_of
    from xlpkg.reading.source import AnotherFormError

    if options.output and len(options.files) != 1:
        raise UsageError("-o 只能和一个文件一起用。")
    worst, profile, asked = OK, _chosen(options), _library(options.library)
    for path in options.files:
        try:
            checked = check_file(path, options.output, profile, asked)
        except AnotherFormError as another:
            worst = max(worst, cli_year.check(path, options, another, profile))
            continue
        except UnreadableError as error:
            worst = max(worst, _refuse(str(error)))
            continue
        for done in checked:
            worst = max(worst, ERRORS_FOUND if done.report.errors or not done.unchanged else OK)
            _print_notices(done.source)
            if options.json:
                from xlpkg.report import as_json

                which = {"part": name_of(done.source)} if len(checked) > 1 else {}
                print(json.dumps(as_json(path, done) | which, ensure_ascii=False))
            else:
                from xlpkg.report import as_text

                if len(checked) > 1:
                    print(f"【{name_of(done.source)}】")
                print(as_text(path, done))
        if options.output and not options.json:
            print(f"已写出检查稿：{options.output}")
    return worst


def new(options: argparse.Namespace) -> int:
    """new [-p PROFILE] -o FORM.xlsx|.xlsm|.xlam, or new --from LAST [--year YEAR] -o FORM"""
    from xlpkg.files.write import refuse_target

    if options.last is not None:
        return _next_year(options)
    if options.year is not None:
        raise UsageError("--year 要和 --from 一起用。")
    if options.receiver:
        from xlpkg.collect.receiver import build_receiver

        refuse_target(options.output, (".xlsm",))
        build_receiver(options.output)
        print(f"已生成汇总台：{options.output}")
        return OK
    refuse_target(options.output, (".xlsx", ".xlsm", ".xlam"))
    if options.output.suffix.lower() == ".xlam":
        from xlpkg.writing.build import build_addin

        build_addin(options.output)
        print(f"已生成加载项：{options.output}")
        return OK
    from xlpkg.form import profiles
    from xlpkg.jobs import new_form

    new_form(options.output, profiles.chosen(options.profile or "hn2015"), _library(options.library))
    print(f"已生成空白表：{options.output}")
    return OK


def _library(name: str | None) -> "Library | None":
    """The library that the user names, the shipped one for a name left out. Raises UnreadableError."""
    if name is None:
        return None
    from xlpkg.reading.library_file import read_library, shipped

    return read_library(Path(name)) if name else shipped()


def library(options: argparse.Namespace) -> int:
    """library DIR|汇总.xlsx -o 指标库.xlsx"""
    from xlpkg.collect.library import build_library
    from xlpkg.files.write import refuse_target
    from xlpkg.writing.library_sheet import save_library

    refuse_target(options.output, (".xlsx",), Path(options.source))
    with _progress() as advance:
        built = build_library(options.source, options.output, _chosen(options), advance)
    save_library(options.output, built.library)
    print(built.summary())
    print(f"已写出：{options.output}。请核对、改写后用 xlpkg new --library {options.output.name} 做成表。")
    return OK


def _next_year(options: argparse.Namespace) -> int:
    """new --from LAST [--year YEAR] -o FORM"""
    from xlpkg.jobs import carry_forward_file

    if options.year is not None and not re.fullmatch(r"20\d\d", options.year):
        raise UsageError(f"年度“{options.year}”应为四位数，例如 --year 2025。")
    year = int(options.year) if options.year else None
    done = carry_forward_file(options.last, options.output, year, _chosen(options))
    _print_notices(done.source)
    for change in done.moved:
        place = f"第{change.row}行" if change.row else done.source.profile.label(change.field)
        print(f"{place}：{change.before} → {change.after}")
    print(f"已生成{done.declaration.year}年的表：{options.output}（原文件没有改动）")
    print("名称、类别、绩效标准和指标值照抄，上年的指标值写在备注；预算金额、资金是上年的数，请逐项核对。")
    return OK


def convert(options: argparse.Namespace) -> int:
    """convert SOURCE -o TARGET [-p PROFILE], or convert SOURCE... | FOLDER -o FOLDER [-p PROFILE]"""
    sources = options.sources
    from xlpkg.jobs import SAVED, convert_file, rows_of

    one_file = options.output.suffix.lower() in SAVED
    if one_file and len(sources) > 1:
        raise UsageError("几个文件要转到一个文件夹，-o 后面请写文件夹的名字。")
    if not one_file and (len(sources) > 1 or sources[0].is_dir() or options.output.is_dir() or not options.output.suffix):
        return _convert_into(options)

    source = convert_file(sources[0], options.output, _chosen(options))
    _print_notices(source)
    print(f"已转换：{options.output}（{rows_of(source)}条指标）")
    return OK


def _convert_into(options: argparse.Namespace) -> int:
    """convert SOURCE... | FOLDER -o FOLDER"""
    from xlpkg.converting import LIST, Converted, convert_into, summary

    def told(line: Converted) -> None:
        what = f"{line.target}（{line.rows}条指标，{line.unsure}处请核对，{line.left}处没有放入）" if line.target else line.remark
        print(f"{line.file}{f'“{line.project}”' if line.project else ''} → {what}")

    lines = convert_into(options.sources, options.output, _chosen(options), told)
    print(summary(lines))
    print(f"已写出：{options.output}，其中“{LIST}”列出每份表的来处和把握。")
    return OK if all(line.target for line in lines) else UNREADABLE


def fix(options: argparse.Namespace) -> int:
    """fix FILE -o OUT [--offered] | --rebuild"""
    from xlpkg.jobs import fix_file, rebuild_file

    if options.rebuild:
        _print_import_report(rebuild_file(options.source, options.output, _chosen(options)))
        print(f"已写出新表：{options.output}（原文件没有改动）")
        return OK
    done = fix_file(options.source, options.output, offered=options.offered, profile=_chosen(options))
    _print_notices(done.source)
    for change in done.changes:
        print(f"{change.place}（{change.rule}）→ {change.to}")
    before, after = done.before, done.after
    print(f"改了{len(done.changes)}处，错误{before.errors}条→{after.errors}条，提醒{before.warnings}条→{after.warnings}条。")
    if done.offers and not options.offered:
        print(f"还有{done.offers}处可以代为修改，同意的话加 --offered。")
    print(f"已写出：{options.output}（原文件没有改动）")
    return OK


def submit(options: argparse.Namespace) -> int:
    """submit FILE -o OUT.xlsx [--pdf] [--docx] [--exchange DIR]"""
    from xlpkg.jobs import submit_file
    from xlpkg.writing.exchange import lines, refuse_exchange, write_exchange

    if options.exchange:
        refuse_exchange(options.exchange)
    chosen = _chosen(options)
    done = submit_file(options.source, options.output, pdf=options.pdf, docx=options.docx, profile=chosen)
    report = done.report
    _print_notices(done.source)
    word = f"草稿（还有{report.errors}条错误，不得报送）" if report.errors else "申报表"
    print(f"已生成{word}：{options.output}　校验码 {report.seal}")
    if options.pdf:
        print(f"已生成PDF：{options.output.with_suffix('.pdf')}")
    if options.docx:
        print(f"已生成Word表格：{options.output.with_suffix('.docx')}")
    if not options.exchange:
        return OK
    misfits = write_exchange(options.exchange, report, options.source.name)
    draft = "（草稿，不要导入系统）" if report.errors else ""
    print("\n".join([f"已写出交换文件：{options.exchange}{draft}", *lines(misfits)]))
    return ERRORS_FOUND if any(m.stops for m in misfits) else OK


def collect(options: argparse.Namespace) -> int:
    """collect DIR [-o OUT.xlsx] [--json] [--csv DIR] [--parquet DIR] [--letters DIR] [--workers N | --dask ADDRESS] …"""
    from xlpkg.collect.consolidate import Order, summary
    from xlpkg.collect.consolidate import collect as gather
    from xlpkg.files.write import refuse_target
    from xlpkg.reading.roster import parse_day

    outputs = (options.output, options.csv, options.parquet, options.letters, options.exchange, options.publish)
    if not any(outputs) and not options.json and not options.archive:
        raise UsageError(
            "要写出什么？请加 -o 汇总.xlsx，或 --json、--csv、--parquet、--letters、--exchange、--publish、--archive。"
        )
    if options.output:
        refuse_target(options.output, (".xlsx",))
    if options.archive:
        refuse_target(options.archive, (".zip",))
    if options.due and not options.roster:
        raise UsageError("--due 要和 --roster 一起用。")
    for folder in filter(None, outputs[1:]):
        if not folder.absolute().parent.is_dir():
            raise UsageError(f"文件夹“{folder.parent}”不存在，请先建好。")
    _apart(options.folder, outputs)
    if options.csv or options.parquet:
        from xlpkg.collect.outputs import refuse_folder

        for folder in filter(None, (options.csv, options.parquet)):
            refuse_folder(folder)
    if options.workers < 1:
        raise UsageError("--workers 后面写进程数，例如 --workers 4。")
    if options.dask == "":
        raise UsageError("--dask 后面写调度器的地址，例如 --dask tcp://10.0.0.1:8786。")
    chosen = _chosen(options)
    order = Order(
        options.folder, *outputs[:4], workers=options.workers, dask=options.dask or "", profile=chosen,
        exchange=options.exchange, publication=options.publish, archive=options.archive, roster=options.roster,
        due=parse_day(options.due, "--due 后面的") if options.due else None, exclusions=tuple(map(tuple, options.exclude)),
    )  # fmt: skip
    with _progress() as advance:
        done = gather(order, advance)
    if options.json:
        from xlpkg.collect.outputs import json_lines

        for line in json_lines(done.collection):
            print(line)
    print(summary(done), file=sys.stderr if options.json else sys.stdout)
    for path in filter(None, (*outputs, options.archive)):
        print(f"已写出：{path}", file=sys.stderr if options.json else sys.stdout)
    return OK if done.collection.clean else ERRORS_FOUND


def _apart(source: str, outputs: Sequence[Path | None]) -> None:
    """Raises UsageError where an output folder is, or holds, what is read or another output."""
    workbook, *folders = (path and path.resolve() for path in outputs)
    for folder in filter(None, folders):
        if "://" not in source and (folder == Path(source).resolve() or folder in Path(source).resolve().parents):
            raise UsageError(f"输出文件夹“{folder.name}”就是收件的文件夹，或在它外面。请换一个文件夹。")
        others = [path for path in (workbook, *folders) if path is not None and path is not folder]
        if any(path == folder or folder in path.parents for path in others):
            raise UsageError(f"几样输出不能放在同一个文件夹“{folder.name}”里，请各写一个文件夹。")


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """A bar on the terminal; nothing where the output goes into a file."""
    from tqdm import tqdm

    form = "读取 {n_fmt}/{total_fmt} |{bar}| {percentage:3.0f}% 已用{elapsed} 还要{remaining}"
    with tqdm(bar_format=form, file=sys.stderr, disable=None, leave=False) as bar:

        def advance(done: int, of: int) -> None:
            bar.total = of
            bar.update(done)

        yield advance


def _chosen(options: argparse.Namespace) -> "Profile | None":
    """The profile that the user names, None if he names none. Raises ProfileError."""
    if options.profile is None:
        return None
    from xlpkg.form import profiles

    return profiles.chosen(options.profile)


def _print_notices(source: "Source") -> None:
    """What the user should know of a file, and how a foreign one was taken in."""
    for notice in source.notices:
        print(f"注意：{notice}", file=sys.stderr)
    _print_import_report(source)


def _print_import_report(source: "Source") -> None:
    """What a foreign file became, and what of it found no place."""
    if source.import_report:
        from xlpkg.writing.import_report import as_text

        print(as_text(source.import_report, source.profile), file=sys.stderr)


def _refuse(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return UNREADABLE


_COMMANDS: dict[str, Command] = {
    "new": new,
    "convert": convert,
    "check": check,
    "fix": fix,
    "submit": submit,
    "monitor": cli_year.monitor,
    "evaluate": cli_year.evaluate,
    "collect": collect,
    "library": library,
    "rules": cli_tools.rules,
    "profile": cli_tools.profile,
    "open": cli_tools.open_window,
    "desk": cli_tools.desk,
    "doctor": cli_tools.doctor,
    "kit": cli_tools.kit,
}


if __name__ == "__main__":
    sys.exit(main())
