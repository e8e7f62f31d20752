"""The commands about the tool itself: its rules and forms, its windows, this PC, the kits."""

import argparse
import json

from xlpkg.cli_parser import ERRORS_FOUND, OK, UNREADABLE
from xlpkg.form.refusal import RefusalError


def rules(options: argparse.Namespace) -> int:
    """rules [-p PROFILE] [--kind KIND] [--json | --markdown]"""
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
    from xlpkg.reading.source import LATER_NAMES, AnotherFormError

    try:
        if not is_receiver(options.source):
            read(options.source)  # what cannot be read is refused before a window opens
    except AnotherFormError as another:
        if another.kind not in LATER_NAMES:
            raise
    return open_form(options.source)


def desk(options: argparse.Namespace) -> int:
    """desk [FILE] | --install-menu | --remove-menu"""
    from xlpkg.desk import menu, texts

    if options.install_menu or options.remove_menu:
        print(menu.install() if options.install_menu else menu.remove())
        return OK
    try:
        from xlpkg.desk.window import open_window
        from xlpkg.kit.contents import title_here

        open_window(options.file, title_here(), options.profile or "")
    except ImportError:
        raise RefusalError(texts.NO_WINDOW_PARTS) from None
    except RefusalError as refusal:
        from xlpkg.live.say import say

        say(str(refusal))  # started from a menu or a start file, there is no terminal to read it on
        return UNREADABLE
    return OK


def doctor(options: argparse.Namespace) -> int:
    """doctor [-o REPORT.txt]"""
    from xlpkg.doctor import advice, examine, line_text, write_report
    from xlpkg.files.write import refuse_target

    if options.output:
        refuse_target(options.output, (".txt",))
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
