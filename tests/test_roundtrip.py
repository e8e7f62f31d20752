"""Nothing is lost on the way: declaration, form, JSON and submission give each other back; the 校验码 sees what counts."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import openpyxl
import pytest
from forms import CELLS, GOOD_FORMS, HN2015, MOF2015, MOF2021, changed, with_cells
from hypothesis import HealthCheck, Phase, assume, example, given, settings
from hypothesis import strategies as st

from xlpkg.audit.check import Report, check
from xlpkg.form import profiles
from xlpkg.form.declaration import Declaration, UpperFunds, from_json, indicator, to_json
from xlpkg.form.fields import STANDARD_FIELDS as HEADER
from xlpkg.reading.read import Source, read
from xlpkg.writing.build import build
from xlpkg.writing.submission import write_submission

pytestmark = pytest.mark.slow

PROFILES = tuple(GOOD_FORMS)
FORMS = settings(
    max_examples=25,
    phases=(Phase.explicit, Phase.generate),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=True,
)
TEXTS = settings(max_examples=150, deadline=None, derandomize=True)

ODD_TEXTS = (
    "", " ", "　", " 前后有空格 ", "中 文　空格", "１２３ＡＢＣ％", "1,160", "1，160万元", "2024年12月31日前",
    "2024-12-31", "12月底",
    "430423199001011234", "98.50", "0", "-0", "第一行\n第二行", "回车\r\n换行\r", "\t制表", "=100%",
    "＝１００％", "=1+1", "@甲", "+86", "-1", "👍🏽🇨🇳",
    "𠮷", "“引号”'\"", "<b>&amp;</b>", "]]>", "_x000D_", "_x0041_", "—", "/", "无", "0.1", "1E5", "≥90%",
    "≥ 90 ％", "不少于12场", "12", "十二次",
    "90%以上", "≤250万", "250万元", "2000-3000人", "≥10 且 ≤20人", "1次，2个", "随机", "若干", "TRUE", "#N/A",
    "#REF!", "\u200b零宽\ufeff",
    "校验码：0000-0000-0000", "表样版本：mof2021 1999.1", "指标值及单位", "e\u0301é", "①②③…", "'0123", "很" * 3000,
)  # fmt: skip
LABELS = {"一级指标", "二级指标", "三级指标"}

characters = st.characters(exclude_categories=("Cs", "Cc", "Cn"), include_characters="\n\t")
texts = st.sampled_from(ODD_TEXTS) | st.text(characters, max_size=20)
phrases = texts | st.lists(st.sampled_from(ODD_TEXTS[:-1]), min_size=2, max_size=3).map("".join)


def categories(profile: str) -> st.SearchStrategy[tuple[str, str]]:
    """First and second level: mostly those of the form, sometimes another or none."""
    pairs = [(l1, l2) for l2, l1 in profiles.load(profile).parent.items()]
    return st.sampled_from(pairs) | st.tuples(st.sampled_from([*(p[0] for p in pairs), "", "别的"]), texts)


@st.composite
def declarations(draw: st.DrawFn) -> Declaration:
    """Any declaration whose rows have content, as somebody could type it into a form."""
    profile = profiles.load(draw(st.sampled_from(PROFILES)))
    rows = []
    for l1, l2 in draw(st.lists(categories(profile.id), max_size=6)):
        standard = draw(texts) if "standard" in profile.user_columns else ""
        extra = {c.key: draw(texts) for c in profile.columns}
        row = indicator(len(rows) + 1, l1, l2, draw(phrases), draw(phrases), standard, draw(texts), extra)
        rows += [] if row.blank else [row]
    declaration = Declaration(profile.id, indicators=tuple(rows))
    for field in profile.header:
        if text := draw(texts if profile.kind_of(field) == "money" else phrases):
            declaration = declaration.with_header(field, text)
    return declaration


@contextmanager
def a_path(name: str = "form.xlsx") -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder, name)


def judged(declaration: Declaration) -> Report:
    return check(declaration, profiles.load(declaration.profile))


def seal(declaration: Declaration) -> str:
    return judged(declaration).seal


def through_form(declaration: Declaration, resave: Callable[[Path], None] = lambda path: None) -> Source:
    """What is read from a form built of the declaration."""
    with a_path() as path:
        build(path, profiles.load(declaration.profile), declaration)
        resave(path)
        return read(path)


def through_submission(declaration: Declaration, resave: Callable[[Path], None] = lambda path: None) -> Source:
    """What is read from the submission file of the declaration."""
    with a_path() as path:
        write_submission(path, judged(declaration))
        resave(path)
        return read(path)


def with_openpyxl(path: Path) -> None:
    """Open and save, as a program would that does not know all of the file."""
    book = openpyxl.load_workbook(path)
    book.save(path)


# --- there and back -------------------------------------------------------------------------------------------------


@TEXTS
@given(declarations())
def test_json_gives_the_declaration_back(declaration: Declaration) -> None:
    assert from_json(to_json(declaration)) == declaration


@FORMS
@given(declarations())
@example(msgspec.structs.replace(HN2015, project="\r\n回车\r"))
def test_form_gives_the_declaration_back(declaration: Declaration) -> None:
    assert through_form(declaration).declaration == declaration


@pytest.mark.parametrize("text", [t for t in ODD_TEXTS if t != "—"], ids=lambda t: ascii(t)[:30])
def test_every_field_of_a_form_keeps_an_odd_text(text: str) -> None:
    funds = UpperFunds(text, text, text)
    header = {k: text for k in HEADER if "." not in k and k != "budget_wan"}
    row = indicator(1, text, text, f"名{text}", text, text, text)
    declaration = Declaration("hn2015", budget=text, upper_funds=funds, indicators=(row,), **header)
    assert through_form(declaration).declaration == declaration


def test_category_typed_as_a_dash_is_kept() -> None:
    """In a submission a dash stands for a blank category; in a form it is what somebody typed."""
    declaration = with_cells(HN2015, 1, l1="—", l2="—")
    assert through_form(declaration).declaration == declaration


@pytest.mark.parametrize("field", ["name", "value", "standard"])
def test_row_with_one_filled_cell_is_kept(field: str) -> None:
    cells = dict.fromkeys(CELLS, "") | {field: "12"}
    declaration = with_cells(HN2015, 1, **cells)
    assert through_form(declaration).declaration == declaration


def test_blank_rows_are_counted_in_json_and_not_in_a_workbook() -> None:
    rows = (indicator(1, "产出指标", "数量指标", "", ""), *(msgspec.structs.replace(i, row=i.row + 1) for i in HN2015.indicators))
    declaration = msgspec.structs.replace(HN2015, indicators=rows)
    assert [i.row for i in from_json(to_json(declaration)).indicators][:2] == [1, 2]
    assert through_form(declaration).declaration.indicators == HN2015.indicators


@FORMS
@given(declarations())
def test_findings_are_those_of_the_declaration_itself(declaration: Declaration) -> None:
    source = through_form(declaration)
    assert judged(source.declaration).findings == judged(declaration).findings


# --- the seal -------------------------------------------------------------------------------------------------------


@FORMS
@given(declarations())
@example(HN2015)
@example(MOF2015)
@example(MOF2021)
def test_submission_read_back_has_the_seal_it_prints(declaration: Declaration) -> None:
    source = through_submission(declaration)
    assert source.seal == seal(declaration) == seal(source.declaration)


@pytest.mark.parametrize("text", ODD_TEXTS, ids=lambda t: ascii(t)[:30])
def test_submission_keeps_its_seal_with_an_odd_text_in_every_field(text: str) -> None:
    declaration = HN2015
    for field in (*HEADER, *CELLS):
        declaration = typed(declaration, field, text)
    source = through_submission(declaration)
    assert source.seal == seal(declaration) == seal(source.declaration)


@pytest.mark.parametrize("text", ["合格率 （％）", "换行 ＝１００％", "投资 １２０万元", "联系 ＱＱ"])
@pytest.mark.parametrize("field", ["project", "year_goal", "phone", "name"])
def test_submission_keeps_its_seal_with_a_blank_before_a_full_width_sign(field: str, text: str) -> None:
    declaration = typed(HN2015, field, text)
    source = through_submission(declaration)
    assert source.seal == seal(declaration) == seal(source.declaration)


@pytest.mark.parametrize(
    "header",
    [{"filler": "张敏 联系电话：0734-5210001", "phone": ""}, {"central": "50 省级：30"}, {"unit": "填报单位：云溪县水利局"},
     {"year": "2024年度"}, {"year_goal": "填表人：张敏 联系电话：1"}],
    ids=lambda h: next(iter(h)),
)  # fmt: skip
def test_submission_keeps_its_seal_when_a_text_has_a_label_in_it(header: dict[str, str]) -> None:
    declaration = changed(HN2015, **header)
    source = through_submission(declaration)
    assert source.seal == seal(declaration) == seal(source.declaration)


@pytest.mark.parametrize("declaration", list(GOOD_FORMS.values()), ids=PROFILES)
def test_saving_with_openpyxl_changes_neither_content_nor_seal(declaration: Declaration) -> None:
    assert through_form(declaration, with_openpyxl).declaration == declaration
    source = through_submission(declaration, with_openpyxl)
    assert source.seal == seal(source.declaration) == seal(declaration)


@settings(FORMS, max_examples=12)
@given(declarations())
def test_saving_with_openpyxl_keeps_every_text_in_our_cells(declaration: Declaration) -> None:
    assume("_x" not in to_json(declaration))  # openpyxl takes a typed "_x0041_" for the letter A
    assert seal(through_form(declaration, with_openpyxl).declaration) == seal(declaration)


def typed(declaration: Declaration, field: str, text: str) -> Declaration:
    """The declaration with another text in a header field or in a cell of its first row."""
    if field in CELLS:
        return with_cells(declaration, 1, **{field: text})
    return changed(declaration, **{"budget" if field == "budget_wan" else field.removeprefix("upper_funds."): text})


@pytest.mark.parametrize("field", [*HEADER, *CELLS])
def test_any_cell_that_counts_changes_the_seal(field: str) -> None:
    assert seal(typed(HN2015, field, "改过")) != seal(HN2015)


@pytest.mark.parametrize("field", [*HEADER, *CELLS])
def test_emptying_a_cell_that_counts_changes_the_seal(field: str) -> None:
    filled = typed(HN2015, field, "2024")
    assert seal(typed(filled, field, "")) != seal(filled)


@pytest.mark.parametrize("row", [i.row for i in HN2015.indicators])
@pytest.mark.parametrize("field", CELLS)
def test_every_row_counts(row: int, field: str) -> None:
    assert seal(with_cells(HN2015, row, **{field: "改过"})) != seal(HN2015)


def test_a_row_more_or_less_or_elsewhere_in_its_category_changes_the_seal() -> None:
    first, second, *rest = HN2015.indicators
    others = [(first, *rest), (second, first, *rest), (first, second, *rest, first)]
    seals = {seal(msgspec.structs.replace(HN2015, indicators=rows)) for rows in others}
    assert len(seals | {seal(HN2015)}) == 4


def test_notes_and_the_order_of_categories_do_not_count() -> None:
    noted = [msgspec.structs.replace(i, note="备注") for i in reversed(HN2015.indicators)]
    rows = sorted(noted, key=lambda i: i.row if i.l2 in ("数量指标", "成本指标") else 0)
    assert seal(msgspec.structs.replace(HN2015, indicators=tuple(rows))) == seal(HN2015)


@pytest.mark.parametrize(
    ("field", "one", "other"),
    [
        ("value", "≥90%", "≥９０％"), ("value", "≥90%", " ≥ 90 % "), ("value", "≤250万", "≤250万元"),
        ("value", "1,160人", "1160人"),
        ("value", "≥12场", "不少于12场"), ("value", "≥98.50%", "≥98.5%"), ("value", ">=5个", "≥5个"),
        ("name", "改造公路", "　改造 公路\n"), ("name", "ＡＢ（一）", "AB(一)"), ("l2", "数量指标", " 数量指标　"),
        ("standard", "历史标准", "历史"), ("budget_wan", "1160", "1,160.00"), ("budget_wan", "140", "140万元"),
        ("budget_wan", "140", "1400000元"), ("upper_funds.city", "", "/"), ("year", "2024", "2024年度"),
        ("year", "2024", "２０２４"),
        ("phone", "0734-5210001", "０７３４－５２１０００１"), ("year_goal", "第一\n第二", "第一 第二"),
        ("unit", "云溪县", "云溪县\u200b"),
    ],
)  # fmt: skip
def test_writing_that_means_the_same_keeps_the_seal(field: str, one: str, other: str) -> None:
    assert seal(typed(HN2015, field, one)) == seal(typed(HN2015, field, other))


def submission_cells() -> list[tuple[str, str]]:
    """Address and text of every cell of a submission that holds what was declared."""
    with a_path() as path:
        write_submission(path, judged(HN2015))
        cells: Any = [c for row in openpyxl.load_workbook(path).active.iter_rows() for c in row if c.value]
    given_texts = {i.name for i in HN2015.indicators} | {i.value for i in HN2015.indicators} | {i.l2 for i in HN2015.indicators}
    given_texts |= {HN2015.project, HN2015.budget, HN2015.period, HN2015.long_goal, HN2015.year_goal}
    return [(c.coordinate, c.value) for c in cells if c.value in given_texts]


@pytest.mark.parametrize(("cell", "text"), submission_cells())
def test_tampering_with_a_submission_breaks_its_seal(cell: str, text: str) -> None:
    def tamper(path: Path) -> None:
        book = openpyxl.load_workbook(path)
        book.active[cell] = f"{text}改"
        book.active[cell].data_type = "s"
        book.save(path)

    source = through_submission(HN2015, tamper)
    assert source.seal == seal(HN2015) != seal(source.declaration)
