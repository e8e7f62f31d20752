"""A folder with declarations, monitorings and self-evaluations: the chain of every project, every figure recomputed."""

from __future__ import annotations

import random
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import openpyxl
import pytest
from forms import changed as declared
from year_forms import DECLARATION, DECLARED, GOOD, changed, judged

from xlpkg.audit.check import check
from xlpkg.cli import main
from xlpkg.form.numbers import plain
from xlpkg.writing.build import build as build_form
from xlpkg.writing.submission import write_submission as submit_declaration
from xlpkg.year.check import YearReport
from xlpkg.year.form import MONITORING, SELF_EVALUATION, YearForm
from xlpkg.year.page import write_submission
from xlpkg.year.workbook import build

pytestmark = pytest.mark.slow


COUNT = 200


class Sent(NamedTuple):
    """What a project sent in, and what is to be said of it.

    Executed of 140 in July and in the year (None: no form), how many rows are 有可能, the sum of the points, and the printed one.
    """

    project: str
    july: Decimal | None
    year: Decimal | None
    maybe: int
    total: Decimal
    printed: Decimal


def cents(number: Fraction) -> Decimal:
    """Rounded half up to 0.01, without Decimal's own rounding."""
    return Decimal(int(number * 100 + Fraction(1, 2))) / 100


def send(folder: Path, number: int, random_: random.Random) -> Sent:
    """The forms of a project, as workbooks or submissions, some missing, some with a wrong total."""
    project = f"农村公路{number}号"
    declaration = declared(DECLARATION, project=project)
    july = Decimal(random_.randint(8200, 14000)) / 100 if number % 5 else None
    year = Decimal(random_.randint(0, 14000)) / 100 if number % 7 else None
    people, metres, share = random_.randint(3700, 5999), random_.randint(7000, 11999), random_.randint(300, 499)
    scores = {
        1: cents(Fraction(9 * metres, 12000)),
        7: cents(Fraction(8 * share, 500)),
        8: cents(Fraction(8 * people, 6000)),
    }
    execution = cents(10 * Fraction(year or 0) / 140)
    total = Decimal(90 - 25) + sum(scores.values()) + execution
    printed = total + 1 if number % 11 == 0 else total
    maybe = random_.randint(0, 5)
    if number % 13:
        submit_declaration(folder / f"{number}申报.xlsx", check(declaration, DECLARED))
    if july is not None:
        lines = [f"funds.total.executed = {plain(july)}\nfunds.total.forecast = 140"]
        lines += [f"{n} chance = 有可能\n{n} why = 资金到位晚\n{n} causes = 经费" for n in range(1, maybe + 1)]
        _write(folder / f"{number}监控.xlsx", judged(_of(MONITORING, declaration, "\n".join(lines))), number)
    if year is not None:
        grade = next((g for least, g in ((90, "优"), (80, "良"), (60, "中")) if printed >= least), "差")
        actual = {1: f"{metres}米", 7: f"{Decimal(share) / 100}%", 8: f"{people}人"}
        lines = [f"{n} actual = {actual[n]}\n{n} score = {plain(s)}\n{n} why = 雨季较长" for n, s in scores.items()]
        lines += [f"execution_score = {plain(execution)}\ntotal = {plain(printed)}\ngrade = {grade}"]
        lines += [f"funds.total.executed = {plain(year)}"]
        _write(folder / f"{number}自评.xlsx", judged(_of(SELF_EVALUATION, declaration, "\n".join(lines))), number + 1)
    return Sent(project, july, year, maybe, total, printed)


def _of(kind: str, declaration: Any, lines: str) -> YearForm:
    from xlpkg.audit.facts.evidence import Evidence
    from xlpkg.audit.seal import seal

    form = changed(GOOD[kind], lines)
    return msgspec.structs.replace(form, declaration=declaration, seal=seal(Evidence(declaration, DECLARED)))


def _write(path: Path, report: YearReport, number: int) -> None:
    """One file of ten as a workbook, the others as submissions, which are quicker to write."""
    (write_submission if number % 10 else build)(path, report)


def table(path: Path, sheet: str) -> list[dict[str, Any]]:
    rows = list(openpyxl.load_workbook(path)[sheet].values)
    head = next(n for n, row in enumerate(rows) if "项目" in row)
    return [dict(zip(rows[head], row, strict=True)) for row in rows[head + 1 :] if row[1]]


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Sent], Path, Path]:
    folder = tmp_path_factory.mktemp("in") / "收件"
    folder.mkdir()
    random_ = random.Random(19)
    sent = [send(folder, number, random_) for number in range(1, COUNT + 1)]
    out = folder.parent
    assert (
        main(["collect", str(folder), "-o", str(out / "汇总.xlsx"), "--letters", str(out / "意见"), "--csv", str(out / "csv")]) == 1
    )
    return sent, out / "汇总.xlsx", folder


def test_the_chain_of_every_project(collected: tuple[list[Sent], Path, Path]) -> None:
    sent, path, _ = collected
    rows = {row["项目"]: row for row in table(path, "全年对照")}
    assert set(rows) == {s.project for s in sent}
    for number, s in enumerate(sent, 1):
        row = rows[s.project]
        missing = [
            name for name, gone in (("申报表", number % 13 == 0), ("监控表", s.july is None), ("自评表", s.year is None)) if gone
        ]
        assert (row["缺什么"] or "") == "、".join(missing)
        if s.july is not None:
            assert row["监控执行率"] == pytest.approx(float(s.july / 140), abs=6e-5)
            assert (row["监控到"], row["确定能"], row["有可能"], row["不可能"]) == ("1—7月", 11 - s.maybe, s.maybe, 0)
            assert row["监控错误"] == 0
        if s.year is not None:
            assert row["执行率"] == pytest.approx(float(s.year / 140), abs=6e-5)
            assert Decimal(str(row["重算总分"])) == s.total
            assert Decimal(str(row["自评总分"])) == s.printed
            assert (row["全年预算"], Decimal(str(row["全年执行"]))) == (140, s.year)
            assert row["等级"] == ("优" if s.printed >= 90 else "良" if s.printed >= 80 else "中" if s.printed >= 60 else "差")
            assert row["自评错误"] == (number % 11 == 0)
        assert not row["与申报表对照"]


def test_the_problems_and_the_letters(collected: tuple[list[Sent], Path, Path]) -> None:
    sent, path, _ = collected
    wrong = {s.project for n, s in enumerate(sent, 1) if n % 11 == 0 and s.year is not None}
    assert wrong
    assert {r["项目"] for r in table(path, "问题清单") if r["规则"] == "S15"} == wrong
    letters = [p.name for p in (path.parent / "意见").glob("*绩效自评表*.docx")]
    assert len(letters) == len(wrong)
    assert (path.parent / "csv" / "全年对照.csv").is_file()


def test_a_changed_target_and_a_dropped_row_of_a_submission_are_named(tmp_path: Path) -> None:
    folder = tmp_path / "收件"
    folder.mkdir()
    build_form(folder / "申报.xlsx", DECLARED, DECLARATION)
    form = changed(GOOD[SELF_EVALUATION], "1 target = ≥11公里\ndrop 6")
    write_submission(folder / "自评.xlsx", judged(form))
    write_submission(folder / "监控.xlsx", judged(changed(GOOD[MONITORING], "8 actual = 5800人")))
    main(["collect", str(folder), "-o", str(tmp_path / "汇总.xlsx")])
    found = {
        (r["规则"], r["什么问题"])
        for r in table(tmp_path / "汇总.xlsx", "问题清单")
        if str(r["规则"]) > "S18" and r["规则"][0] == "S"
    }
    assert found == {
        ("S19", "绩效自评表第1行“改造农村公路里程”目标≥11公里，申报≥12公里"),
        ("S20", "绩效自评表缺申报的第6行“修复危桥费用”"),
        ("S22", "绩效自评表第7行“受益村民人数”完成5700人，监控时已有5800人"),
    }
