"""The command line for the later forms: monitor and evaluate, and what the other commands do with such a form."""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from xlpkg.cli_parser import ERRORS_FOUND, OK, UNREADABLE, Command
from xlpkg.form.refusal import RefusalError

if TYPE_CHECKING:
    from xlpkg.form.profile import Profile
    from xlpkg.reading.source import AnotherFormError
    from xlpkg.year.form import Kind


def monitor(options: argparse.Namespace) -> int:
    """monitor FILE -o OUT [--month N] [--form ID], or monitor FOLDER -o FOLDER"""
    month = options.month
    if month is not None and not 1 <= month <= 12:
        raise RefusalError("--month 后面写1到12的月份，例如 --month 7。")
    return _make(options, "monitoring", month)


def evaluate(options: argparse.Namespace) -> int:
    """evaluate FILE -o OUT [--form ID], or evaluate FOLDER -o FOLDER"""
    return _make(options, "self_evaluation", None)


def _make(options: argparse.Namespace, kind: "Kind", month: int | None) -> int:
    from xlpkg.year.form import NAMES
    from xlpkg.year.jobs import make

    if options.source.is_dir() or options.output.is_dir() or not options.output.suffix:
        return _make_into(options, kind, month)
    made = make(options.source, options.output, kind, month, _chosen(options), options.form or "")
    _print_notices(made.notices)
    form = made.report.facts.form
    print(f"已生成{NAMES[kind]}：{options.output}（{len(form.rows)}条指标，申报表校验码 {form.seal}）")
    print("目标值和资金是申报时的，白色格由填报人填写；填完后用 xlpkg check 检查，xlpkg submit 生成报送的表。")
    return OK


def _make_into(options: argparse.Namespace, kind: "Kind", month: int | None) -> int:
    """monitor FOLDER -o FOLDER, evaluate FOLDER -o FOLDER"""
    from xlpkg.later_folder import LIST, make_into, summary, unused

    lines = make_into([options.source], options.output, kind, month, _chosen(options), options.form or "")
    for line in lines:
        project = f"“{line.project}”" if line.project else ""
        print(f"{line.file}{project} → {line.target or line.remark}")
    print(summary(lines, kind))
    print(f"已写出：{options.output}，其中“{LIST}”列出每个文件的结果。")
    return UNREADABLE if unused(lines) else OK


def check(path: Path, options: argparse.Namespace, another: "AnotherFormError", declared: "Profile | None") -> int:
    """check, for a file that turned out to be a later form; one that nobody judges or can read gets a sentence."""
    from xlpkg.files.errors import UnreadableError
    from xlpkg.reading.source import AnotherFormError
    from xlpkg.year.form import NAMES
    from xlpkg.year.jobs import check_year, check_years
    from xlpkg.year.report import as_json, as_text

    try:
        if another.kind not in NAMES:
            raise another
        found = (check_year(path, options.output, declared),) if options.output else check_years(path, declared)
    except (UnreadableError, AnotherFormError) as refusal:  # the files behind it are checked all the same
        print(refusal, file=sys.stderr)
        return UNREADABLE
    worst = OK
    for source, report in found:
        _print_notices(source.notices)
        name = source.form.declaration.project if len(found) > 1 else ""
        if options.json:
            print(json.dumps(as_json(path, source, report) | ({"part": name} if name else {}), ensure_ascii=False))
        else:
            print(f"【{name}】\n{as_text(path, source, report)}" if name else as_text(path, source, report))
        changed = source.seal is not None and source.seal != report.seal
        worst = max(worst, ERRORS_FOUND if report.errors or changed else OK)
    if options.output and not options.json:
        print(f"已写出检查稿：{options.output}")
    return worst


def for_later_forms(command: Command) -> Command:
    """The command; where its file turns out to be a later form, or a kind of them is named, what is done with one instead."""

    def run(options: argparse.Namespace) -> int:
        if getattr(options, "kind", None):
            return _rules(options)
        try:
            return command(options)
        except RefusalError as refusal:
            instead = _INSTEAD.get(command.__name__)
            if instead is None or getattr(refusal, "kind", "") not in ("monitoring", "self_evaluation"):
                raise
        return instead(options)

    return run


def _submit(options: argparse.Namespace) -> int:
    """submit, of a later form"""
    from xlpkg.year.form import NAMES
    from xlpkg.year.jobs import submit_year

    if options.docx or options.exchange:
        raise RefusalError("--docx、--exchange 只用于申报表；监控表、自评表请不加这两项再生成。")
    report = submit_year(options.source, options.output, _chosen(options), pdf=options.pdf)
    name = NAMES[report.facts.form.kind]
    word = f"{name}草稿（还有{report.errors}条错误，不得报送）" if report.errors else name
    print(f"已生成{word}：{options.output}　校验码 {report.seal}")
    if options.pdf:
        print(f"已生成PDF：{options.output.with_suffix('.pdf')}")
    return OK


def _fix(options: argparse.Namespace) -> int:
    """fix, of a later form"""
    from xlpkg.year.jobs import mend_year

    done = mend_year(options.source, options.output, _chosen(options), offered=options.offered)
    for place, rule, text in done.changes:
        print(f"{place}（{rule}）→ {text}")
    before, after = done.before, done.after
    print(f"改了{len(done.changes)}处，错误{before.errors}条→{after.errors}条，提醒{before.warnings}条→{after.warnings}条。")
    print(f"已写出：{options.output}（原文件没有改动）")
    return OK


def _convert(options: argparse.Namespace) -> int:
    """convert, of a later form: workbook and JSON into each other"""
    from xlpkg.year.jobs import convert_year

    source = convert_year(options.sources[0], options.output, _chosen(options))
    _print_notices(source.notices)
    print(f"已转换：{options.output}（{len(source.form.rows)}条指标）")
    return OK


def _new(options: argparse.Namespace) -> int:
    """new --from, of a self-evaluation: next year's declaration with what was achieved"""
    from xlpkg.year.forward import next_declaration

    year = int(options.year) if options.year else None
    done = next_declaration(options.last, options.output, year, _chosen(options))
    for sentence in done.lower:
        print(sentence)
    print(f"已生成{done.declaration.year}年的表：{options.output}（原文件没有改动）")
    print("名称、类别、绩效标准和指标值照抄，上年的完成值写在备注，可作历史标准；预算金额、资金是上年的数，请逐项核对。")
    return OK


def _rules(options: argparse.Namespace) -> int:
    """rules --kind monitoring|self_evaluation [--json]"""
    from xlpkg.form import profiles
    from xlpkg.year.profile import following
    from xlpkg.year.report import rules_as_json, rules_as_text

    profile = following(profiles.chosen(options.profile), options.kind)
    print(json.dumps(rules_as_json(profile), ensure_ascii=False, indent=1) if options.json else rules_as_text(profile))
    return OK


_INSTEAD: dict[str, Callable[[argparse.Namespace], int]] = {"submit": _submit, "fix": _fix, "convert": _convert, "new": _new}


def _chosen(options: argparse.Namespace) -> "Profile | None":
    if options.profile is None:
        return None
    from xlpkg.form import profiles

    return profiles.chosen(options.profile)


def _print_notices(notices: tuple[str, ...]) -> None:
    for notice in notices:
        print(f"注意：{notice}", file=sys.stderr)
