"""The texts of a self-evaluation: the goal's result, and what the satisfaction rests on."""

import re
from collections.abc import Iterator

from xlpkg.audit.facts.finding import ERROR, INFO, WARNING, Observation
from xlpkg.form.figures import has_figure
from xlpkg.form.text import chinese_characters, norm
from xlpkg.year.facts import Facts
from xlpkg.year.rules.registry import rule

_PLAIN = re.compile(r"[\s，。；、,.;：:]")
_EVIDENCE = re.compile("样本|问卷|调查|回访|访谈|抽样|测评")
_LEAST_TEXT = 4


@rule(
    "S16",
    "完成情况照抄目标，或没有写清楚",
    WARNING,
    violates="实际完成情况与预期目标一字不差",
    passes="写明完成了多少",
    failing="result = 改造农村公路12公里，修复危桥3座，工程验收全部合格，方便沿线群众出行。",
    found="result",
    passing="result = 改造农村公路12.3公里，修复危桥3座，工程验收全部合格。",
)
def result_is_told(facts: Facts) -> Iterator[Observation]:
    """The goal's result is the goal word for word, or has no figure; an error where it is blank or only an amount."""
    result, goal = norm(facts.form.result), norm(facts.form.declaration.year_goal)
    if not result:
        if facts.form.compared:
            yield Observation(None, "result", "没有填实际完成情况", "请写全年完成了多少、效果怎样。", severity=ERROR)
    elif chinese_characters(result) < _LEAST_TEXT and has_figure(result):
        yield Observation(None, "result", f"只写了“{result}”", "请写清楚全年完成了多少、效果怎样。", actual=result, severity=ERROR)
    elif goal and _PLAIN.sub("", result) == _PLAIN.sub("", goal):
        yield Observation(None, "result", "与预期目标一字不差", "请写实际完成的情况，用完成的数说话。")
    elif not has_figure(result):
        yield Observation(None, "result", "没有写完成的数", "请写清楚全年完成了多少。")


@rule(
    "S18",
    "满意度没有写调查依据",
    INFO,
    violates="满意度95%，没有写怎么调查的",
    passes="发放问卷200份，满意190份",
    failing="11 why =",
    found="11 why",
    passing="11 why = 抽样访谈60户",
    basis="部分省自评指南",
)
def satisfaction_was_asked_for(facts: Facts) -> Iterator[Observation]:
    """A satisfaction has full points and nothing says whom and how many were asked."""
    for row in facts.scored:
        if "满意" not in row.row.l1 + row.row.l2 or row.score is None or row.score != row.points:
            continue
        if not _EVIDENCE.search(row.row.why + row.row.note + row.row.actual):
            yield Observation(row.row.row, "why", "满分，没有写调查的依据", "请写调查方式和份数，例如发放问卷200份。")
