"""The command line: everything a button does, with the same result. Libraries are imported when a command needs them."""

import argparse
import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from xlpkg import __version__
from xlpkg.form.refusal import RefusalError

if TYPE_CHECKING:
    from xlpkg.form.profile import Profile
    from xlpkg.reading.source import Source

OK, ERRORS_FOUND, UNREADABLE = 0, 1, 2


class UsageError(RefusalError):
    """Wrong usage; the message is a sentence for the user."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code: 0 no errors, 1 errors found, 2 not readable or wrong usage."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    options = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = options.command
    try:
        code = command(options)
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
    """check FILE... [--json] [-o CHECKED.xlsx]"""
    from xlpkg.files.errors import UnreadableError
    from xlpkg.jobs import AnotherFormError, check_file
    from xlpkg.reading.read import name_of

    if options.output and len(options.files) != 1:
        raise UsageError("-o 只能和一个文件一起用。")
    worst, profile = OK, _chosen(options)
    for path in options.files:
        try:
            checked = check_file(path, options.output, profile)
        except (UnreadableError, AnotherFormError) as error:
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

    new_form(options.output, profiles.chosen(options.profile or "hn2015"))
    print(f"已生成空白表：{options.output}")
    return OK


def _next_year(options: argparse.Namespace) -> int:
    """new --from LAST [--year YEAR] -o FORM"""
    from xlpkg.jobs import carry_forward_file

    if options.year is not None and not re.fullmatch(r"20\d\d", options.year):
        raise UsageError(f"年度“{options.year}”应为四位数，例如 --year 2025。")
    year = int(options.year) if options.year else None
    done = carry_forward_file(options.last, options.output, year, _chosen(options))
    _print_import_report(done.source)
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
    _print_import_report(done.source)
    for change in done.changes:
        print(f"{change.place}（{change.rule}）→ {change.to}")
    before, after = done.before, done.after
    print(f"改了{len(done.changes)}处，错误{before.errors}条→{after.errors}条，提醒{before.warnings}条→{after.warnings}条。")
    if done.offers and not options.offered:
        print(f"还有{done.offers}处可以代为修改，同意的话加 --offered。")
    print(f"已写出：{options.output}（原文件没有改动）")
    return OK


def submit(options: argparse.Namespace) -> int:
    """submit FILE -o OUT.xlsx [--pdf]"""
    from xlpkg.jobs import submit_file

    report = submit_file(options.source, options.output, pdf=options.pdf, profile=_chosen(options)).report
    word = f"草稿（还有{report.errors}条错误，不得报送）" if report.errors else "申报表"
    print(f"已生成{word}：{options.output}　校验码 {report.seal}")
    if options.pdf:
        print(f"已生成PDF：{options.output.with_suffix('.pdf')}")
    return OK


def collect(options: argparse.Namespace) -> int:
    """collect DIR [-o OUT.xlsx] [--json] [--csv DIR] [--parquet DIR] [--letters DIR] [--workers N | --dask ADDRESS]"""
    from xlpkg.collect.consolidate import Order, summary
    from xlpkg.collect.consolidate import collect as gather
    from xlpkg.files.write import refuse_target

    outputs = (options.output, options.csv, options.parquet, options.letters)
    if not any(outputs) and not options.json:
        raise UsageError("要写出什么？请加 -o 汇总.xlsx，或 --json、--csv、--parquet、--letters。")
    if options.output:
        refuse_target(options.output, (".xlsx",))
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
    order = Order(options.folder, *outputs, workers=options.workers, dask=options.dask or "", profile=chosen)
    with _progress() as advance:
        done = gather(order, advance)
    if options.json:
        from xlpkg.collect.outputs import json_lines

        for line in json_lines(done.collection):
            print(line)
    print(summary(done), file=sys.stderr if options.json else sys.stdout)
    for path in filter(None, outputs):
        print(f"已写出：{path}", file=sys.stderr if options.json else sys.stdout)
    return (
        ERRORS_FOUND if done.collection.statistics.count > done.collection.statistics.passed or done.collection.unreadable else OK
    )


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


def rules(options: argparse.Namespace) -> int:
    """rules [-p PROFILE] [--json | --markdown]"""
    from xlpkg.form import profiles
    from xlpkg.report import rules_as_json, rules_as_markdown, rules_as_text

    form = profiles.chosen(options.profile)
    if options.json:
        print(json.dumps(rules_as_json(form), ensure_ascii=False, indent=1))
    else:
        print(rules_as_markdown(form) if options.markdown else rules_as_text(form))
    return OK


def profile(options: argparse.Namespace) -> int:
    """profile PATH|ID"""
    from xlpkg.audit.check import severities
    from xlpkg.form import profiles
    from xlpkg.profile_table import as_text

    form = profiles.chosen(options.source)
    severities(form)  # an override of a rule that is none is a fault as well
    print(as_text(form))
    return OK


def open_window(options: argparse.Namespace) -> int:
    """open FORM"""
    from xlpkg.collect.receiver import is_receiver
    from xlpkg.live.window import open_form
    from xlpkg.reading.read import read

    if not is_receiver(options.source):
        read(options.source)  # what cannot be read is refused before a window opens
    return open_form(options.source)


def doctor(options: argparse.Namespace) -> int:
    """doctor [-o REPORT.txt]"""
    from xlpkg.doctor import advice, examine, line_text, write_report

    lines = list(examine())
    print("\n".join([*map(line_text, lines), "", f"该怎么办：{advice()}"]))
    if options.output:
        write_report(options.output)
        print(f"已写出体检报告：{options.output}，请交给信息员。")
    return OK if all(good for _, good, _ in lines) else ERRORS_FOUND


def kit(options: argparse.Namespace) -> int:
    """kit -o KIT.zip [--python ZIP]"""
    from xlpkg.kit.build import build_kits

    for made in build_kits(options.output, options.python):
        print(f"已生成：{made.path}（{made.size / 1e6:.0f} MB，{made.about.title}，{made.about.origin}）")
    return OK


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


class _Formatter(argparse.HelpFormatter):
    """The word before the usage in Chinese; argparse asks for none where it only wants a program's name."""

    def add_usage(self, usage: str | None, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)


class _Parser(argparse.ArgumentParser):
    """argparse in Chinese: argparse because it loads in 5 ms where click takes 25 of the whole check's 80."""

    def error(self, message: str) -> NoReturn:
        for pattern, sentence in (
            ("the following arguments are required: (.*)", "缺少{}。"),
            ("unrecognized arguments: (.*)", "不认识的参数：{}。"),
            ("argument (.*?): invalid choice: (.*?) .*", "不认识的命令{1}。"),
            ("argument (.*?): expected .* argument.*", "{}后面缺少内容。"),
            ("argument (.*?): invalid int value: (.*)", "{}后面应写整数，不是{}。"),
            ("argument (.*?): not allowed with argument (.*)", "{}不能和{}一起用。"),
        ):
            if match := re.fullmatch(pattern, message):
                message = sentence.format(*match.groups())
                break
        print(f"{message}用法见 {self.prog} -h", file=sys.stderr)
        sys.exit(UNREADABLE)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        "xlpkg", description="项目支出预算绩效目标申报表：检查、修改、生成申报表。", add_help=False, formatter_class=_Formatter
    )
    _help(parser)
    parser.add_argument("-V", "--version", action="version", version=f"xlpkg {__version__}", help="显示版本")
    commands = parser.add_subparsers(title="命令", metavar="命令", required=True, parser_class=_Parser)

    def command(name: str, run: Callable[[argparse.Namespace], int], text: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=text, description=text, add_help=False, formatter_class=_Formatter)
        _help(sub)
        sub.set_defaults(command=run)
        return sub

    sub = command("new", new, "生成空白表，或由上年的表生成")
    _profile(sub, None)
    _output(sub)
    sub.add_argument("--from", dest="last", type=Path, metavar="上年的表", help="照抄上年的内容，年份顺延")
    sub.add_argument("--receiver", action="store_true", help="财政部门的汇总台（.xlsm，带按钮）")
    sub.add_argument("--year", metavar="年度", help="新表的年度，默认为上年的下一年")
    sub = command("convert", convert, "把Word、Excel、文本或JSON转成申报表或JSON；多个文件、文件夹转到一个文件夹")
    sub.add_argument("sources", type=Path, nargs="+", metavar="文件")
    _profile_of_foreign(sub)
    _output(sub)
    sub = command("check", check, "检查；有错误时退出码为1，读不了为2")
    sub.add_argument("files", type=Path, nargs="+", metavar="文件")
    sub.add_argument("--json", action="store_true", help="每个文件打印一行JSON")
    sub.add_argument("-o", "--output", type=Path, metavar="检查稿.xlsx", help="另写一份带标记和链接的检查稿")
    _profile_of_foreign(sub)
    sub = command("fix", fix, "修改能改的，写成新文件")
    sub.add_argument("source", type=Path, metavar="文件")
    _output(sub)
    sub.add_argument("--offered", action="store_true", help="需要点头的修改也一起改")
    sub.add_argument("--rebuild", action="store_true", help="表格结构被改坏时，把内容转到新表")
    _profile_of_foreign(sub)
    sub = command("submit", submit, "生成申报表")
    sub.add_argument("source", type=Path, metavar="文件")
    _profile_of_foreign(sub)
    _output(sub)
    sub.add_argument("--pdf", action="store_true", help="同时生成PDF（需要LibreOffice）")
    sub = command("collect", collect, "汇总一个文件夹里各单位的表；有退回的或读不了的，退出码为1")
    sub.add_argument("folder", metavar="文件夹", help="文件夹，或fsspec地址（s3://…）")
    sub.add_argument("-o", "--output", type=Path, metavar="汇总.xlsx", help="写汇总工作簿")
    sub.add_argument("--json", action="store_true", help="每个项目打印一行JSON")
    sub.add_argument("--csv", type=Path, metavar="文件夹", help="各表写成CSV")
    sub.add_argument("--parquet", type=Path, metavar="文件夹", help="各表写成Parquet，行数不限")
    sub.add_argument("--letters", type=Path, metavar="文件夹", help="为退回的项目各写一份退回意见书（.docx）")
    _profile_of_foreign(sub)
    many = sub.add_mutually_exclusive_group()
    many.add_argument("--workers", type=int, default=1, metavar="进程数", help="用几个进程读，默认1")
    many.add_argument("--dask", metavar="地址", help="在Dask集群上读，例如 tcp://10.0.0.1:8786")
    sub = command("rules", rules, "列出检查规则")
    _profile(sub)
    form = sub.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="打印为JSON")
    form.add_argument("--markdown", action="store_true", help="打印为Markdown")
    sub = command("profile", profile, "检查一个表式文件（.toml），列出它的表")
    sub.add_argument("source", metavar="表式.toml", help="表式文件，或表式的名字")
    sub = command("open", open_window, "在LibreOffice窗口里打开表格，按钮可用（Linux）")
    sub.add_argument("source", type=Path, metavar="表格.xlsm")
    sub = command("doctor", doctor, "这台电脑能不能用本工具，该怎么办")
    sub.add_argument("-o", "--output", type=Path, metavar="报告.txt", help="另写一份报告，交给信息员")
    sub = command("kit", kit, "生成Windows安装包：填报端，和旁边的审核端（名字加-bureau）")
    _output(sub)
    sub.add_argument("--python", type=Path, metavar="ZIP", help="python.org的python-3.12.x-embed-amd64.zip；没有时是试用版")
    return parser


def _output(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-o", "--output", required=True, type=Path, metavar="输出文件", help="写到这个文件；.xlsm的表带按钮")


def _profile_of_foreign(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-p", "--profile", metavar="表式", help="表式的名字或文件（.toml）：外来文件、JSON按它读，默认按内容判断")


def _profile(parser: argparse.ArgumentParser, default: str | None = "hn2015") -> None:
    parser.add_argument("-p", "--profile", default=default, metavar="表式", help="表式的名字或文件（.toml），默认hn2015")


def _help(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-h", "--help", action="help", help="显示用法")
    parser._positionals.title = "参数"
    parser._optionals.title = "选项"


if __name__ == "__main__":
    sys.exit(main())
