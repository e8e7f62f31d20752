"""The printed submission: pages are full, the foot stands together, and nothing is wider than the page."""

from __future__ import annotations

import subprocess
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from forms import GOOD_FORMS, of_rows
from office import Office, png_pages
from open_forms import REAL, SAMPLES

from xlpkg.audit.check import check
from xlpkg.form import profiles
from xlpkg.form.declaration import Declaration, from_json
from xlpkg.writing.column_fit import lines_in
from xlpkg.writing.page import Page
from xlpkg.writing.submission import lay_out, write_submission

PAGE = 765
"""Points that our page has; A4 with these margins has 770."""
MANY = of_rows(REAL, (REAL.indicators * 3)[:120])


def page_of(declaration: Declaration) -> Page:
    return lay_out(check(declaration, profiles.load(declaration.profile)))


def heights(page: Page) -> list[float]:
    """How much of each page is used, the repeated heads included."""
    bounds = [0, *page.breaks, len(page.heights)]
    head = sum(page.heights[page.repeat[0] : page.repeat[1] + 1])
    return [sum(page.heights[a:b]) + (head if a else 0) for a, b in pairwise(bounds)]


@pytest.mark.parametrize("rows", [*range(1, 51), *range(60, 121, 10)])
def test_every_page_but_the_last_is_full_and_the_foot_is_not_alone(rows: int) -> None:
    page = page_of(of_rows(MANY, MANY.indicators[:rows]))
    used = heights(page)
    assert max(used) <= PAGE and all(u >= 0.9 * PAGE for u in used[:-1])
    foot = next(b.top for b in page.boxes if b.text.startswith("填表人"))
    assert all(b < foot for b in page.breaks)


@pytest.mark.parametrize("profile_id", profiles.shipped())
def test_a_usual_form_is_one_page(profile_id: str) -> None:
    page = page_of(GOOD_FORMS[profile_id])
    assert len(heights(page)) == 1 and sum(page.widths) == pytest.approx(99)


@pytest.mark.parametrize("name", ["network_office", "network_office_corrected", "rural_roads"])
def test_no_label_ends_with_a_bracket_alone(name: str) -> None:
    page = page_of(from_json((SAMPLES / f"{name}.json").read_text(encoding="utf-8")))
    label = next(box for box in page.boxes if box.text == "该项目支出上级资金（分级填报）")
    assert lines_in(label.text, sum(page.widths[label.left : label.right + 1])) == 2


def test_the_real_form_is_two_pages_and_120_rows_are_four() -> None:
    assert (len(heights(page_of(REAL))), len(heights(page_of(MANY)))) == (2, 4)


def test_long_texts_are_not_cut() -> None:
    """A row is as high as its longest cell, a category's rows together as high as its name."""
    long = msgspec.structs.replace(REAL.indicators[0], name="组织开展全县网络安全宣传教育培训活动参与人数" * 3, number="完成" * 40)
    page = page_of(of_rows(REAL, [long, *REAL.indicators[1:]]))
    row = next(b for b in page.boxes if b.text == long.name)
    assert page.heights[row.top] > 60
    for box in page.boxes:
        if box.bottom > box.top:
            assert sum(page.heights[box.top : box.bottom + 1]) >= 15 * len(box.text) * 2 / sum(
                page.widths[box.left : box.right + 1]
            )


@pytest.mark.office
@pytest.mark.parametrize("declaration", [REAL, MANY], ids=["real", "120 rows"])
def test_libreoffice_prints_the_pages_as_they_were_laid_out(office: Office, tmp_path: Path, declaration: Declaration) -> None:
    report = check(declaration, profiles.load(declaration.profile))
    write_submission(tmp_path / "sub.xlsx", report)
    with office.open(tmp_path / "sub.xlsx") as document:
        document.pdf(tmp_path / "sub.pdf")
    printed = png_pages(tmp_path / "sub.pdf", tmp_path / "png")
    assert len(printed) == len(heights(lay_out(report)))
    for picture in printed[:-1]:
        gray = subprocess.run(
            ["convert", str(picture), "-threshold", "95%", "-depth", "8", "gray:-"], capture_output=True, check=True
        ).stdout
        size = subprocess.run(["identify", "-format", "%w", str(picture)], capture_output=True, text=True, check=True).stdout
        width = int(size)
        rows = [n for n in range(len(gray) // width) if gray[n * width : (n + 1) * width].count(0) > 400]  # lines of the table
        inside = 936 - 2 * 40  # the page without its margins of half an inch
        assert rows[-1] - 40 > 0.9 * inside
        left = min(line.index(0) for n in rows[:1] for line in [gray[n * width : (n + 1) * width]])
        assert left < 60, "the table is as wide as the page"
