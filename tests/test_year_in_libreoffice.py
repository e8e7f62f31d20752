"""Later forms in a real LibreOffice: the live formulas give Python's figures, drop-downs, locked cells, what a save keeps."""

from __future__ import annotations

import random
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from forms import HN2015
from office import Office
from year_forms import DECLARED, GOOD, changed, judged, year_profile

from xlpkg.files.a1 import address
from xlpkg.form.declaration import indicator
from xlpkg.form.numbers import plain
from xlpkg.year import generate
from xlpkg.year.form import MONITORING, SELF_EVALUATION, YearForm
from xlpkg.year.profile import YearProfile
from xlpkg.year.reading import read_year
from xlpkg.year.sheet import Sheet, title_of
from xlpkg.year.workbook import build

pytestmark = pytest.mark.office
_TARGETS = ("≥{}公里", "={}座", ">{}人", "≤{}万元", "<{}天", "{}个", "≥{}%", "={}起")


def generated(random_: random.Random, profile: YearProfile) -> YearForm:
    """A self-evaluation with figures of many sizes, as people type them."""
    rows = []
    for number in range(1, 21):
        target = random_.choice(_TARGETS).format(plain(Decimal(random_.randint(0, 10 ** random_.randint(1, 5))) / 10))
        l1, l2 = random_.choice((("产出指标", "数量指标"), ("效益指标", "社会效益指标")))
        rows.append(indicator(number, l1, l2, f"指标{number}", target))
    declaration = msgspec.structs.replace(HN2015, indicators=tuple(rows))
    form = generate.evaluation(declaration, DECLARED, profile)
    filled = []
    for row in form.rows:
        goal = Decimal("".join(c for c in row.target if c.isdigit() or c == "."))
        actual = (goal * random_.randint(0, 250) / 100).quantize(Decimal("0.01"))
        unit = row.target.lstrip("≥>=≤<0123456789.")
        said = random_.choice(("{}{}", "{}", " {} {}")).format(plain(actual), unit)
        points = plain(Decimal(random_.randint(1, 300)) / 10)
        filled.append(msgspec.structs.replace(row, actual=said, points=points))
    form = msgspec.structs.replace(form, rows=tuple(filled))
    executed = plain(Decimal(random_.randint(0, 16000)) / 100)
    return form.with_header("funds.total.executed", executed)


@pytest.mark.parametrize("way", ["ratio", "excess"])
def test_points_total_and_grade_are_those_of_python(office: Office, tmp_path: Path, way: str) -> None:
    profile = msgspec.structs.replace(year_profile(SELF_EVALUATION), reverse=way)
    random_ = random.Random(f"{way}")
    for n in range(12):
        form = generated(random_, profile)
        report = judged(form, profile)
        sheet = Sheet(report)
        path = tmp_path / f"{n}.xlsx"
        build(path, report)
        with office.open(path) as book:
            book.recalculate()
            name = title_of(SELF_EVALUATION)
            total = Decimal(0)
            for facts in report.facts.rows:
                said = book.value(name, address(*sheet.places[facts.row.row, "score"]))
                assert facts.expected and isinstance(said, float), facts.row
                assert Decimal(str(said)) == facts.expected[0], facts.row
                total += facts.expected[0]
            said = book.value(name, address(*sheet.places[None, "execution_score"]))
            assert report.facts.execution_expected is not None
            assert Decimal(str(said)) == report.facts.execution_expected
            total += report.facts.execution_expected
            assert Decimal(str(book.value(name, address(*sheet.places[None, "total"])))) == total


def test_typing_fills_in_the_figures_and_a_save_keeps_the_form(office: Office, tmp_path: Path) -> None:
    form = GOOD[SELF_EVALUATION]
    blank = generate.evaluation(form.declaration, DECLARED, year_profile(SELF_EVALUATION))
    report = judged(blank)
    sheet, name = Sheet(report), title_of(SELF_EVALUATION)
    build(tmp_path / "blank.xlsx", report)
    with office.open(tmp_path / "blank.xlsx") as book:
        book.type_in(name, sheet.cell(None, "funds.total.executed"), "139")
        book.type_in(name, sheet.cell(None, "result"), form.result)
        for row in form.rows:
            book.type_in(name, sheet.cell(row.row, "actual"), row.actual)
            book.type_in(name, sheet.cell(row.row, "why"), row.why)
        for number, score in ((4, "8"), (9, "7")):
            book.type_in(name, sheet.cell(number, "score"), score)
        assert book.value(name, sheet.cell(8, "score")) == 7.6
        assert book.value(name, sheet.cell(None, "execution_score")) == 9.93
        assert book.value(name, sheet.cell(None, "total")) == 99.53
        assert book.value(name, sheet.cell(None, "grade")) == "优"
        book.type_in(name, sheet.cell(8, "adjusted"), "≥5700人")
        assert book.value(name, sheet.cell(8, "score")) == 8
        book.type_in(name, sheet.cell(8, "adjusted"), "")
        with pytest.raises(PermissionError):
            book.type_in(name, sheet.cell(1, "target"), "≥10公里")
        assert book.evaluate_list(name, sheet.cell(9, "actual")) == [b.name for b in year_profile(SELF_EVALUATION).bands]
        book.save_as(tmp_path / "saved.xlsx")
    source = read_year(tmp_path / "saved.xlsx")
    assert source is not None and source.form == form
    assert judged(source.form).findings == ()


def test_a_monitoring_shows_rates_and_offers_the_three_chances(office: Office, tmp_path: Path) -> None:
    form = changed(GOOD[MONITORING], "2 actual = 2")
    report = judged(form)
    sheet, name = Sheet(report), title_of(MONITORING)
    build(tmp_path / "form.xlsx", report)
    with office.open(tmp_path / "form.xlsx") as book:
        book.recalculate()
        assert book.value(name, sheet.cell(2, "done")) == pytest.approx(2 / 3)
        assert book.value(name, sheet.cell(None, "funds.total.rate")) == pytest.approx(80 / 140)
        assert book.evaluate_list(name, sheet.cell(1, "chance")) == list(year_profile(MONITORING).chances)
        book.save_as(tmp_path / "saved.xlsx")
    source = read_year(tmp_path / "saved.xlsx")
    assert source is not None and source.form == form
