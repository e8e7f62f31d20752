"""What can be typed after xlpkg, in Chinese: the commands, their arguments and options, and what argparse says of a wrong one."""

import argparse
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NoReturn

from xlpkg import __version__

Command = Callable[[argparse.Namespace], int]
"""What a command does with its options; gives the exit code."""
SHIPPED = ""
"""Stands for the library that is shipped."""
OK, ERRORS_FOUND, UNREADABLE = 0, 1, 2
"""The exit codes."""


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


def parser_of(commands: Mapping[str, Command]) -> argparse.ArgumentParser:
    """The parser of the whole command line; `commands` says by name what each command runs."""
    parser = _Parser(
        "xlpkg", description="项目支出预算绩效目标申报表：检查、修改、生成申报表。", add_help=False, formatter_class=_Formatter
    )
    _help(parser)
    parser.add_argument("-V", "--version", action="version", version=f"xlpkg {__version__}", help="显示版本")
    names = parser.add_subparsers(title="命令", metavar="命令", required=True, parser_class=_Parser)

    def command(name: str, text: str) -> argparse.ArgumentParser:
        sub = names.add_parser(name, help=text, description=text, add_help=False, formatter_class=_Formatter)
        _help(sub)
        sub.set_defaults(command=commands[name])
        return sub

    sub = command("new", "生成空白表，或由上年的表生成")
    _profile(sub, None)
    _output(sub)
    sub.add_argument("--from", dest="last", type=Path, metavar="上年的表", help="照抄上年的内容，年份顺延")
    _library(sub, "带上指标库，三级指标从下拉列表选")
    sub.add_argument("--receiver", action="store_true", help="财政部门的汇总台（.xlsm，带按钮）")
    sub.add_argument("--year", metavar="年度", help="新表的年度，默认为上年的下一年")
    sub = command("convert", "把Word、Excel、文本或JSON转成申报表或JSON；多个文件、文件夹转到一个文件夹")
    sub.add_argument("sources", type=Path, nargs="+", metavar="文件")
    _profile_of_foreign(sub)
    _output(sub)
    sub = command("check", "检查；有错误时退出码为1，读不了为2")
    sub.add_argument("files", type=Path, nargs="+", metavar="文件")
    sub.add_argument("--json", action="store_true", help="每个文件打印一行JSON")
    sub.add_argument("-o", "--output", type=Path, metavar="检查稿.xlsx", help="另写一份带标记和链接的检查稿")
    _library(sub, "再和指标库比：单位、常见数值，并列出可写的同类指标；带指标库的表自己会比")
    _profile_of_foreign(sub)
    sub = command("fix", "修改能改的，写成新文件")
    sub.add_argument("source", type=Path, metavar="文件")
    _output(sub)
    sub.add_argument("--offered", action="store_true", help="需要点头的修改也一起改")
    sub.add_argument("--rebuild", action="store_true", help="表格结构被改坏时，把内容转到新表")
    _profile_of_foreign(sub)
    sub = command("submit", "生成申报表")
    sub.add_argument("source", type=Path, metavar="文件")
    _profile_of_foreign(sub)
    _output(sub)
    sub.add_argument("--pdf", action="store_true", help="同时生成PDF（需要LibreOffice）")
    sub.add_argument("--docx", action="store_true", help="同时生成Word表格，版面和内容相同")
    _exchange(sub)
    sub = command("collect", "汇总一个文件夹里各单位的表；有退回的或读不了的，退出码为1")
    sub.add_argument("folder", metavar="文件夹", help="文件夹，或fsspec地址（s3://…）")
    sub.add_argument("-o", "--output", type=Path, metavar="汇总.xlsx", help="写汇总工作簿")
    sub.add_argument("--json", action="store_true", help="每个项目打印一行JSON")
    sub.add_argument("--csv", type=Path, metavar="文件夹", help="各表写成CSV")
    sub.add_argument("--parquet", type=Path, metavar="文件夹", help="各表写成Parquet，行数不限")
    sub.add_argument(
        "--letters", type=Path, metavar="文件夹", help="为退回的项目各写一份退回意见书，为没有报的单位各写一份催报函（.docx）"
    )
    sub.add_argument(
        "--roster", type=Path, metavar="名单", help="应报名单（单位，可有项目、联系人、电话、截止日期）：列出未报送和迟报的"
    )
    sub.add_argument("--due", metavar="日期", help="截止日期，名单里另写的以名单为准，例如 2026-11-20")
    sub.add_argument(
        "--exclude",
        nargs=2,
        action="append",
        default=[],
        metavar=("文件", "理由"),
        help="这个文件不计入汇总，理由写进“剔除”表；可用多次",
    )
    sub.add_argument("--archive", type=Path, metavar="存档.zip", help="把计入汇总的文件和哈希清单存成一个压缩包")
    sub.add_argument(
        "--publish", type=Path, metavar="文件夹", help="写公开用的文字（.docx，一个部门一份）和表（.xlsx），不含填表人和电话"
    )
    _exchange(sub)
    _profile_of_foreign(sub)
    many = sub.add_mutually_exclusive_group()
    many.add_argument("--workers", type=int, default=1, metavar="进程数", help="用几个进程读，默认1")
    many.add_argument("--dask", metavar="地址", help="在Dask集群上读，例如 tcp://10.0.0.1:8786")
    for name, text in (("monitor", "由申报表生成绩效运行监控表"), ("evaluate", "由申报表或监控表生成绩效自评表")):
        sub = command(name, text)
        what = "申报表、填报表、JSON，或前一张监控表；文件夹的话每个项目一份，-o 后面写文件夹"
        sub.add_argument("source", type=Path, metavar="文件|文件夹", help=what)
        _output(sub)
        _profile_of_foreign(sub)
        sub.add_argument("--form", metavar="版式", help="版式的名字或文件（.toml），默认按申报表的表式")
        if name == "monitor":
            sub.add_argument("--month", type=int, metavar="月", help="监控到几月，默认7")
    sub = command("library", "由已经通过的表做指标库：按资金用途、指标、单位归并，算出同类数值；可以再改")
    sub.add_argument("source", metavar="文件夹|汇总.xlsx", help="各单位的表所在的文件夹，或汇总工作簿")
    _output(sub)
    _profile_of_foreign(sub)
    sub = command("rules", "列出检查规则")
    _profile(sub)
    sub.add_argument("--kind", choices=("monitoring", "self_evaluation"), metavar="种类", help="监控表或自评表的规则")
    form = sub.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="打印为JSON")
    form.add_argument("--markdown", action="store_true", help="打印为Markdown")
    sub = command("profile", "检查一个表式文件（.toml），列出它的表")
    sub.add_argument("source", metavar="表式.toml", help="表式文件，或表式的名字")
    sub = command("open", "在LibreOffice窗口里打开表格，按钮可用（Linux）")
    sub.add_argument("source", type=Path, metavar="表格.xlsm")
    sub = command("desk", "窗口：列出表里的问题，每保存一次更新一次，不挑办公软件")
    sub.add_argument("file", type=Path, nargs="?", metavar="表格", help="打开这张表；文件夹则到汇总")
    _profile_of_foreign(sub)
    menu = sub.add_mutually_exclusive_group()
    menu.add_argument("--install-menu", action="store_true", help="放进Linux桌面的应用菜单")
    menu.add_argument("--remove-menu", action="store_true", help="从应用菜单去掉")
    sub = command("doctor", "这台电脑能不能用本工具，该怎么办")
    sub.add_argument("-o", "--output", type=Path, metavar="报告.txt", help="另写一份报告，交给信息员")
    sub = command("kit", "生成Windows安装包：填报端，和旁边的审核端（名字加-bureau）")
    _output(sub)
    sub.add_argument("--python", type=Path, metavar="ZIP", help="python.org的python-3.12.x-embed-amd64.zip；没有时是试用版")
    return parser


def _output(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-o", "--output", required=True, type=Path, metavar="输出文件", help="写到这个文件；.xlsm的表带按钮")


def _library(parser: argparse.ArgumentParser, text: str) -> None:
    parser.add_argument("--library", nargs="?", const=SHIPPED, metavar="指标库.xlsx", help=f"{text}；不写文件名就用自带的")


def _exchange(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--exchange", type=Path, metavar="文件夹", help="另写预算系统的交换文件（CSV），系统不收的逐条列出")


def _profile_of_foreign(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-p", "--profile", metavar="表式", help="表式的名字或文件（.toml）：外来文件、JSON按它读，默认按内容判断")


def _profile(parser: argparse.ArgumentParser, default: str | None = "hn2015") -> None:
    parser.add_argument("-p", "--profile", default=default, metavar="表式", help="表式的名字或文件（.toml），默认hn2015")


def _help(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-h", "--help", action="help", help="显示用法")
    parser._positionals.title = "参数"
    parser._optionals.title = "选项"
