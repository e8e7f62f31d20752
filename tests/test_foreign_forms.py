"""Foreign forms become declarations: the real one from Word and text, ten other layouts, damaged and older forms of our own."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import docx
import msgspec
import openpyxl
import pytest
from bad_files import Run
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from forms import GOOD_FORMS, HN2015, changed, of_rows, with_cells, with_row
from hypothesis import example, given, settings
from hypothesis import strategies as st
from layouts import LAYOUTS, LEFT_OVER, Word, funds, wanted

from xlpkg.audit.check import check
from xlpkg.form import profiles
from xlpkg.form.declaration import Declaration, from_json, indicator
from xlpkg.form.import_report import ImportReport
from xlpkg.reading.read import Source, read
from xlpkg.writing.build import build

DATA = Path(__file__).parent / "data"
OFFICE = from_json((DATA / "cases" / "00_network_office.json").read_text(encoding="utf-8"))
LAYOUT = pytest.mark.parametrize("name", LAYOUTS)


def through(name: str, declaration: Declaration, folder: Path, profile: str | None = None) -> Source:
    """What is read from a declaration written in a layout."""
    write, kind = LAYOUTS[name]
    write(declaration, folder / f"表{kind}")
    return read(folder / f"表{kind}", profiles.load(profile) if profile else None)


def import_report(source: Source) -> ImportReport:
    assert source.import_report
    return source.import_report


def left_over(source: Source) -> set[str]:
    return {text for text, _ in import_report(source).unplaced}


# --- the real form --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["txt", "docx"])
def test_the_real_form_is_read_whole(kind: str) -> None:
    source = read(DATA / "seed" / f"form.{kind}")
    assert source.declaration == OFFICE
    assert import_report(source).unplaced == ()
    assert {e.sure for e in import_report(source).entries} == {"高"}
    errors = [f for f in check(source.declaration, source.profile).findings if f.severity == "error"]
    assert len(errors) == 17


def test_command_line_checks_a_word_table(run: Run, tmp_path: Path) -> None:
    code, out, err = run("check", DATA / "seed" / "form.docx", "--json", "-o", tmp_path / "检查稿.xlsx")
    assert (code, json.loads(out)["errors"]) == (1, 17)
    assert "原文件的内容都已放入" in err
    sheet = openpyxl.load_workbook(tmp_path / "检查稿.xlsx")["导入说明"]
    texts = [[c.value for c in row] for row in sheet.iter_rows(min_row=3)]
    assert texts[0] == ["填到哪里", "内容", "来源", "把握", "说明"]
    assert ["第2行", "数量指标／ 网评工作／随机／历史标准".replace("／ ", "／"), "第1张表第10行", "高"] in [t[:4] for t in texts]


@pytest.mark.parametrize("kind", ["xlsx", "xlsm"])
def test_the_account_is_stored_in_the_form(run: Run, tmp_path: Path, kind: str) -> None:
    target = tmp_path / f"表.{kind}"
    code, out, err = run("convert", DATA / "seed" / "form.docx", "-o", target)
    assert (code, out) == (0, f"已转换：{target}（51条指标）\n")
    assert err.startswith("由“form.docx”导入：填入61处；")
    assert openpyxl.load_workbook(target).sheetnames[3:6] == ["申报表", "导入说明", "填报说明"]
    assert read(target).declaration == OFFICE


# --- other layouts --------------------------------------------------------------------------------------------------


@LAYOUT
@pytest.mark.parametrize("declaration", [GOOD_FORMS["hn2015"], GOOD_FORMS["mof2021"]], ids=lambda d: d.profile)
def test_layout_is_understood(name: str, declaration: Declaration, tmp_path: Path) -> None:
    source = through(name, declaration, tmp_path)
    assert source.declaration == wanted(name, declaration)
    left = left_over(source)
    if name == "side by side":  # the indicators of the medium term, word for word
        left -= {f"{i.name}（三年）" for i in declaration.indicators} | {i.l2 for i in declaration.indicators}
        assert left == {"另定"}
    else:
        assert left == (LEFT_OVER.get(name, set()) if source.profile.id != "mof2021-plain" else set())


@LAYOUT
def test_layout_of_the_real_form(name: str, tmp_path: Path) -> None:
    year = "2023" if name != "codes" else "2023年1月1日—2023年12月31日"
    office = changed(OFFICE, period=year, department=OFFICE.department.strip(), central="0", province="0", city="0")
    office = of_rows(office, [msgspec.structs.replace(i, name=i.name.strip()) for i in office.indicators])
    source = through(name, office, tmp_path)
    assert source.declaration == wanted(name, office)


def test_a_form_is_put_into_the_profile_that_is_named(run: Run, tmp_path: Path) -> None:
    run("convert", DATA / "seed" / "form.docx", "-p", "mof2021", "-o", tmp_path / "表.json")
    assert json.loads((tmp_path / "表.json").read_text())["profile"] == "mof2021"


def test_other_names_of_categories_are_told(tmp_path: Path) -> None:
    odd = with_cells(with_cells(HN2015, 4, l2="进度指标"), 9, l2="环境效益指标")
    source = through("tabs", odd, tmp_path)
    assert source.declaration.indicators == HN2015.indicators
    done = {e.field: e.done for e in import_report(source).entries if e.done and e.field.startswith("第")}
    assert done == {"第4行": "“进度指标”归入“时效指标”", "第9行": "“环境效益指标”归入“生态效益指标”"}


def test_explanations_in_the_column_of_standards_become_notes(tmp_path: Path) -> None:
    explained = HN2015
    for i in HN2015.indicators:
        explained = with_cells(explained, i.row, standard=f"按{i.name}历年情况测算")
    rows = through("county", explained, tmp_path).declaration.indicators
    assert {i.standard for i in rows} == {""}
    assert rows[0].note == "依据：按改造农村公路里程历年情况测算"


# --- nothing is lost ------------------------------------------------------------------------------------------------

plain = st.text(st.sampled_from("甲乙丙丁公路桥渠学校培训宣传检查0123456789ABx，。、 "), min_size=1, max_size=14).map(
    lambda t: f"新{t.strip()}"
)
values = st.sampled_from(
    ["≥12公里", "=100%", "≤3.5万元", "2024年11月30日前", "随机", "组织培训2次。发放手册300册", "88", "明显改善", "≥1,160人"]
)


@st.composite
def declarations(draw: st.DrawFn) -> Declaration:
    """Any declaration in the order of the form, whose texts are no labels."""
    base = draw(st.sampled_from([GOOD_FORMS["hn2015"], GOOD_FORMS["mof2021"]]))
    profile = profiles.load(base.profile)
    rows = []
    for l2, l1 in profile.parent.items():
        for _ in range(draw(st.integers(0, 2))):
            standard = draw(st.sampled_from([s.name for s in profile.standards]))
            rows.append(indicator(len(rows) + 1, l1, l2, draw(plain), draw(values), standard))
    if not rows:
        rows = list(base.indicators)
    header = {f: draw(plain) for f in ("unit", "department", "project", "long_goal", "year_goal", "filler")}
    return msgspec.structs.replace(base, indicators=tuple(rows), **header)


@pytest.mark.slow
@LAYOUT
@example(declaration=msgspec.structs.replace(HN2015, indicators=HN2015.indicators[:1]))
@given(declaration=declarations())
@settings(max_examples=25, deadline=None)
def test_every_layout_gives_the_declaration_back(name: str, declaration: Declaration) -> None:
    with tempfile.TemporaryDirectory() as folder:
        want = wanted(name, declaration)
        assert through(name, declaration, Path(folder), want.profile).declaration == want


texts = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn", "Zl", "Zp")), min_size=1, max_size=12)
odd_texts = texts | st.sampled_from(
    ["一级指标", "单位：元", "联系电话", "产出指标", "2024年度绩效目标表", "……", "指标1：", "填表人：李四"]
)


@pytest.mark.slow
@given(
    st.lists(st.tuples(odd_texts, odd_texts, odd_texts), min_size=1, max_size=6), st.sampled_from(["county", "two sheets", "tabs"])
)
@settings(max_examples=100, deadline=None)
def test_whatever_is_written_is_placed_or_listed(rows: list[tuple[str, str, str]], name: str) -> None:
    """Labels within texts may lead the reader astray, but every letter of the source is somewhere in what it makes of it."""
    declaration = HN2015
    for project, item, value in rows:
        declaration = changed(declaration, project=project)
        declaration = with_row(declaration, "社会效益指标", item.replace("\t", ""), value.replace("\t", ""))
    with tempfile.TemporaryDirectory() as folder:
        source = through(name, declaration, Path(folder))
    made = json.dumps(msgspec.to_builtins(source.declaration), ensure_ascii=False)
    made += "".join(text + where for text, where in import_report(source).unplaced) + "".join(
        e.done for e in import_report(source).entries
    )
    for _, item, value in rows:
        for text in (item, value):
            missing = {c for c in text if c.isalnum()} - set(made)
            assert not missing, (text, missing)


# --- what Word holds ------------------------------------------------------------------------------------------------


def word_form(path: Path, edit: Any) -> Source:
    """The county's form with something done to its Word document."""
    LAYOUTS["county"][0](HN2015, path)
    document = docx.Document(str(path))
    edit(document)
    document.save(str(path))
    return read(path)


def test_tracked_changes_are_read_as_accepted(tmp_path: Path) -> None:
    def edit(document: Any) -> None:
        paragraph = document.tables[0].cell(0, 1).paragraphs[0]
        run = paragraph.runs[0]._r
        deleted, inserted = OxmlElement("w:del"), OxmlElement("w:ins")
        run.addprevious(deleted)
        deleted.append(run)
        run.find(qn("w:t")).tag = qn("w:delText")
        new = docx.oxml.parse_xml(f'<w:r xmlns:w="{run.nsmap["w"]}"><w:t>农村供水</w:t></w:r>')
        inserted.append(new)
        deleted.addnext(inserted)

    source = word_form(tmp_path / "表.docx", edit)
    assert source.declaration == changed(HN2015, project="农村供水")


def test_signs_of_the_symbol_font_are_signs(tmp_path: Path) -> None:
    def edit(document: Any) -> None:
        paragraph = document.tables[0].cell(8, 4).paragraphs[0]
        paragraph.runs[0].text = "12公里"
        sign = OxmlElement("w:sym")
        sign.set(qn("w:font"), "Symbol")
        sign.set(qn("w:char"), "F0B3")
        paragraph.runs[0]._r.insert(0, sign)

    assert word_form(tmp_path / "表.docx", edit).declaration.indicators[0].value == "≥12公里"


def test_text_boxes_headers_and_nested_tables_are_listed(tmp_path: Path) -> None:
    def edit(document: Any) -> None:
        document.sections[0].header.paragraphs[0].text = "内部资料"
        document.tables[0].cell(0, 1).add_table(1, 1).cell(0, 0).text = "表中表"
        document.add_paragraph("附件3")

    source = word_form(tmp_path / "表.docx", edit)
    assert source.declaration == HN2015
    assert left_over(source) == {"内部资料", "表中表", "附件3"}


def test_opinion_of_the_finance_bureau_is_listed(tmp_path: Path) -> None:
    word = Word()
    word.line("2024年度项目支出绩效目标申报表")
    word.table([["项目名称", "农村公路"], ["项目负责人", "李四"], ["一级指标", "二级指标"]], [])
    word.table(
        [
            ["一级指标", "二级指标", "三级指标", "指标值"],
            ["产出指标", "数量指标", "里程", "≥12公里"],
            ["财政部门审核意见", "同意", "", ""],
        ]
    )
    word.save(tmp_path / "表.docx")
    source = read(tmp_path / "表.docx")
    assert [i.name for i in source.declaration.indicators] == ["里程"]
    assert {"项目负责人", "李四", "财政部门审核意见", "同意"} <= left_over(source)


# --- what other programs write --------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings_of_texts(tmp_path: Path, encoding: str) -> None:
    LAYOUTS["lines"][0](HN2015, tmp_path / "表.txt")
    text = (tmp_path / "表.txt").read_text(encoding="utf-8")
    (tmp_path / "表.txt").write_bytes(text.encode(encoding))
    assert read(tmp_path / "表.txt").declaration == HN2015


def test_one_figure_for_all_upper_funds(tmp_path: Path) -> None:
    path = tmp_path / "表.docx"
    LAYOUTS["county"][0](HN2015, path)
    document = docx.Document(str(path))
    document.tables[0].cell(3, 1).text = "0"
    document.save(str(path))
    source = read(path)
    assert source.declaration == HN2015 and funds(HN2015) == "中央：0\n省级：0\n市级：0"
    assert {e.sure for e in import_report(source).entries if "上级资金" in e.done} == {"中"}


# --- our own forms, older or damaged --------------------------------------------------------------------------------


def damaged(tmp_path: Path, edit: Any) -> Path:
    path = tmp_path / "坏表.xlsx"
    build(path, profiles.load("hn2015"), HN2015)
    book = openpyxl.load_workbook(path)
    edit(book)
    book.save(path)
    return path


def rename(cell: str, text: str | None) -> Any:
    def edit(book: Any) -> None:
        book["填报"][cell] = text

    return edit


def delete_heads(book: Any) -> None:
    book["填报"].tables.clear()
    book["填报"].delete_rows(17)


def all_at_once(book: Any) -> None:
    book["填报"].title = "Sheet1"
    book["Sheet1"]["B17"], book["Sheet1"]["C17"], book["Sheet1"]["G17"] = "甲", "乙", "丙"
    book["Sheet1"]["A8"] = "项目名称"
    book.remove(book["选项"])


@pytest.mark.parametrize(
    "edit",
    [rename("B17", "别的"), rename("E17", "别的"), rename("H17", None), rename("A7", "年度"), delete_heads, all_at_once,
     lambda book: book["选项"].__setitem__("A1", None), lambda book: book.remove(book["选项"])],
    ids=["l1 renamed", "sign renamed", "standard without head", "year renamed", "heads deleted", "all", "options", "no options"],
)  # fmt: skip
def test_damaged_form_is_rebuilt_with_its_content(run: Run, tmp_path: Path, edit: Any) -> None:
    path = damaged(tmp_path, edit)
    code, out, _ = run("fix", path, "--rebuild", "-o", tmp_path / "新表.xlsx")
    assert (code, out) == (0, f"已写出新表：{tmp_path / '新表.xlsx'}（原文件没有改动）\n")
    assert read(tmp_path / "新表.xlsx").declaration == HN2015
    left = openpyxl.load_workbook(tmp_path / "新表.xlsx")["导入说明"]
    listed = {row[1].value for row in left.iter_rows(min_row=4) if row[0].value == "没有放入"}
    assert listed <= {"别的", "甲", "乙", "丙"}


def test_older_template_is_read_and_told(run: Run, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(DATA / "forms" / "2026.1.xlsx")
    book["填报"]["C8"] = "农村公路"
    book.save(tmp_path / "旧表.xlsx")
    _, _, err = run("convert", tmp_path / "旧表.xlsx", "-o", tmp_path / "新表.xlsx")
    assert "表样版本（2026.1）较旧，已按新表样（2026.2）读取" in err
    assert read(tmp_path / "新表.xlsx").declaration.project == "农村公路"


def test_older_labels_are_those_of_the_profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A template in which the column 单位 was 计量单位, and 填表人 was 经办人."""
    ours = profiles.load("hn2015")
    then = {"measure": "计量单位", "filler": "经办人"}
    older = msgspec.structs.replace(ours, template="2025.3", labels=msgspec.structs.replace(ours.labels, **then))
    build(tmp_path / "旧表.xlsx", older, HN2015)
    now = msgspec.structs.replace(ours, older={"2025.3": then})
    monkeypatch.setattr(profiles, "load", lambda _: now)
    source = read(tmp_path / "旧表.xlsx")
    assert source.declaration == HN2015 and "2025.3" in source.notices[0]


# --- last year's form -----------------------------------------------------------------------------------------------


def test_last_years_form_becomes_this_years(run: Run, tmp_path: Path) -> None:
    build(tmp_path / "上年.xlsx", profiles.load("hn2015"), HN2015)
    code, out, _ = run("new", "--from", tmp_path / "上年.xlsx", "--year", "2025", "-o", tmp_path / "今年.xlsx")
    new = read(tmp_path / "今年.xlsx").declaration
    assert code == 0 and "第4行：2024年11月30日前 → 2025年11月30日前" in out
    assert (new.year, new.period) == ("2025", "2025年1月—2025年12月")
    assert [(i.l1, i.l2, i.name, i.standard) for i in new.indicators] == [
        (i.l1, i.l2, i.name, i.standard) for i in HN2015.indicators
    ]
    assert [i.note for i in new.indicators] == [f"上年（2024年）：{i.value}" for i in HN2015.indicators]
    assert new.indicators[3].value == "2025年11月30日前" and new.indicators[0].value == "≥12公里"


def test_years_that_are_none_stay(run: Run, tmp_path: Path) -> None:
    running = changed(HN2015, period="2023年1月—2025年12月", long_goal="到2025年底全部改造完成，方便沿线群众出行。",
                      year_goal="按财预〔2021〕101号改造公路2024米，2024年底前完工，二〇二四年验收。")  # fmt: skip
    build(tmp_path / "上年.xlsx", profiles.load("hn2015"), running)
    run("new", "--from", tmp_path / "上年.xlsx", "-o", tmp_path / "今年.json")
    new = from_json((tmp_path / "今年.json").read_text(encoding="utf-8"))
    assert (new.year, new.period, new.long_goal) == ("2025", running.period, running.long_goal)
    assert new.year_goal == "按财预〔2021〕101号改造公路2024米，2025年底前完工，二〇二五年验收。"


def test_year_without_a_source_is_refused(run: Run, tmp_path: Path) -> None:
    assert run("new", "--year", "2025", "-o", tmp_path / "表.xlsx") == (2, "", "--year 要和 --from 一起用。\n")
    answer = run("new", "--from", DATA / "seed" / "form.docx", "--year", "25", "-o", tmp_path / "表.xlsx")
    assert answer == (2, "", "年度“25”应为四位数，例如 --year 2025。\n")
