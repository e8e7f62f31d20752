"""Foreign texts and what Word documents hold beside their tables: each a small form with one peculiarity, and what is read."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml import OxmlElement, parse_xml
from layouts import Word

from xlpkg.files.errors import UnreadableError
from xlpkg.form.declaration import Indicator
from xlpkg.reading.read import read
from xlpkg.reading.source import Source

HEADS = ["一级指标", "二级指标", "三级指标", "指标值", "绩效标准"]
BODY = [
    ["产出指标", "数量指标", "新建分类投放点", "≥120个", "计划标准"],
    ["产出指标", "数量指标", "购置收运车辆", "=8辆", "计划标准"],
    ["产出指标", "质量指标", "验收合格率", "=100%", "行业标准"],
    ["产出指标", "成本指标", "车辆购置单价", "≤18.5万元/辆", "预算支出标准"],
    ["效益指标", "社会效益指标", "居民知晓率", "≥95%", "历史标准"],
    ["效益指标", "生态效益指标", "人居环境", "明显改善", "其他标准"],
]
MERGED = [  # as a browser copies it: a merged cell stands in its first row, below it there is nothing
    "产出指标\t数量指标\t新建分类投放点\t≥120个\t计划标准",
    "购置收运车辆\t=8辆\t计划标准",
    "质量指标\t验收合格率\t=100%\t行业标准",
    "成本指标\t车辆购置单价\t≤18.5万元/辆\t预算支出标准",
    "效益指标\t社会效益指标\t居民知晓率\t≥95%\t历史标准",
    "生态效益指标\t人居环境\t明显改善\t其他标准",
]
TITLE, PROJECT, GOAL = "2024年度项目支出绩效目标申报表", "城区垃圾分类", "目标1：新建投放点120个；\n目标2：购置收运车辆8辆。"
FIRST, SECOND = GOAL.split("\n")
TABBED = ["\t".join(HEADS), *("\t".join(row) for row in BODY)]


def text_form(folder: Path, *lines: str) -> Source:
    """What is read from a text of these lines below the title and the project."""
    (folder / "表.txt").write_text("\n".join([TITLE, *lines]), encoding="utf-8")
    return read(folder / "表.txt")


def word_form(folder: Path, edit: Any = lambda document: None) -> Source:
    """What is read from a Word document with something done to it."""
    word = Word()
    word.line(TITLE)
    word.table([["项目名称", PROJECT, "", "", ""], ["年度目标", GOAL, "", "", ""], HEADS, *BODY])
    edit(word.document)
    word.save(folder / "表.docx")
    return read(folder / "表.docx")


def cells(item: Indicator) -> list[str]:
    return [item.l1, item.l2, item.name, item.value, item.standard]


def rows(source: Source) -> list[list[str]]:
    return [cells(i) for i in source.declaration.indicators]


def left(source: Source) -> tuple[tuple[str, str], ...]:
    assert source.import_report
    return source.import_report.unplaced


def assert_whole(source: Source, *unplaced: tuple[str, str]) -> None:
    """The small form was read as it is, and what is listed beside it is this."""
    header = source.declaration
    assert (header.year, header.project, header.year_goal) == ("2024", PROJECT, GOAL)
    assert rows(source) == BODY
    assert left(source) == unplaced


# --- texts with tabs ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("block", ["", "绩效指标\t"])
def test_rows_of_a_web_page_lack_the_merged_cells(tmp_path: Path, block: str) -> None:
    above = f"项目名称\t{PROJECT}", f"年度目标\t{FIRST}", SECOND, block + "\t".join(HEADS)
    source = text_form(tmp_path, *above, *MERGED, "财政部门审核意见\t同意", "填表人：周晓梅\t联系电话：0734-5223456")
    assert_whole(source, ("财政部门审核意见", f"第{len(above) + len(MERGED) + 2}行第1列"), ("同意", "第12行第2列"))
    assert (source.declaration.filler, source.declaration.phone) == ("周晓梅", "0734-5223456")


def test_rows_whose_merged_cells_are_blank_keep_their_places(tmp_path: Path) -> None:
    rows_below = ["\t\t购置收运车辆\t=8辆", "\t质量指标\t验收合格率\t=100%", "效益指标\t社会效益指标\t居民知晓率\t≥95%"]
    source = text_form(tmp_path, TABBED[0], TABBED[1], *rows_below)
    assert [row[1:4] for row in rows(source)] == [row[1:4] for row in (*BODY[:3], BODY[4])]


def test_a_goal_goes_on_in_lines_without_tabs(tmp_path: Path) -> None:
    source = text_form(tmp_path, f"项目名称\t{PROJECT}", f"年度目标\t{FIRST}", SECOND, "联系电话：5220001", *TABBED, "上一篇：无")
    assert_whole(source, ("上一篇：无", "第13行"))
    assert source.declaration.phone == "5220001"


def test_a_line_that_is_no_sentence_is_no_goal(tmp_path: Path) -> None:
    source = text_form(tmp_path, f"项目名称\t{PROJECT}", f"年度目标\t{FIRST}", "", SECOND, "", "【打印本页】", *TABBED)
    assert_whole(source, ("【打印本页】", "第7行"))


def test_cells_in_quotes_hold_several_lines(tmp_path: Path) -> None:
    quoted = ['项目名称\t"四好"农村路', f'年度目标\t"{FIRST}', '建设""四好""农村路。"\t', *TABBED]
    source = text_form(tmp_path, *quoted, '\t\t"入户宣传，\n两次"\t"≥1,160人"\t"历史标准"', "上一篇：无")
    assert (source.declaration.project, source.declaration.year_goal) == ('"四好"农村路', f'{FIRST}\n建设"四好"农村路。')
    assert rows(source)[-1][2:] == ["入户宣传，\n两次", "≥1,160人", '"历史标准"']
    assert left(source) == (("上一篇：无", "第14行"),)


def test_text_without_heads_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="没有绩效目标申报表"):
        text_form(tmp_path, "项目名称\t甲", "主管部门\t乙", "项目期\t2024年")


# --- texts without tabs ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("blank", [0, 1])
def test_one_cell_a_line(tmp_path: Path, blank: int) -> None:
    above = ["项目名称", PROJECT, "项目类别", "新增", "年度目标", FIRST, SECOND, "绩效指标"]
    foot = ["填表人", "周晓梅", "联系电话", "0734-5223456", "打印本页", "单位负责人签字"]
    lines = [*above, *HEADS, *(text for row in BODY for text in row), *foot]
    source = text_form(tmp_path, *(line for text in lines for line in [""] * blank + [text]))
    numbers = (n * (blank + 1) for n in (len(lines) - 1, 3, 4))
    assert_whole(source, *((t, f"第{n + 1}行") for t, n in zip(("打印本页", "项目类别", "新增"), numbers, strict=True)))
    assert (source.declaration.filler, source.declaration.phone) == ("周晓梅", "0734-5223456")


def test_a_label_among_the_rows_ends_them_only_behind_the_last_category(tmp_path: Path) -> None:
    body = [*BODY[0], "单位：家", "=8家", "计划标准", *BODY[2]]
    source = text_form(tmp_path, *HEADS, *body, "主管部门：城管局")
    assert [row[2:4] for row in rows(source)] == [["新建分类投放点", "≥120个"], ["单位：家", "=8家"], ["验收合格率", "=100%"]]
    assert source.declaration.department == "城管局" and left(source) == ()


def test_tables_in_markdown(tmp_path: Path) -> None:
    lines = [f"**项目名称**：{PROJECT}", f"年度目标：{FIRST}", SECOND, "", "| " + " | ".join(f"**{h}**" for h in HEADS) + " |"]
    lines += ["|:---|---|---|---:|---|", *("| " + " | ".join(row) + " |" for row in BODY), "填表人：周晓梅  电话：5220001"]
    source = text_form(tmp_path, "# 说明", *lines)
    assert_whole(source, ("# 说明", "第2行"))
    assert (source.declaration.filler, source.declaration.phone) == ("周晓梅", "5220001")


@pytest.mark.parametrize("gap", ["  ", "　　", "        "])
def test_columns_apart_by_blanks(tmp_path: Path, gap: str) -> None:
    below = [gap.join(HEADS), *(gap.join(line.split("\t")) for line in MERGED), f"填表人：周晓梅{gap}联系电话：5220001"]
    source = text_form(tmp_path, f"项目名称{gap}{PROJECT}", f"年度目标：{FIRST}", SECOND, *below)
    assert_whole(source)
    assert (source.declaration.filler, source.declaration.phone) == ("周晓梅", "5220001")


# --- Word -----------------------------------------------------------------------------------------------------------

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)


def run(xml: str) -> Any:
    return parse_xml(f"<w:r {NAMESPACES}>{xml}</w:r>")


def put(document: Any, row: int, column: int, *runs: Any) -> None:
    """Runs instead of a cell's text."""
    paragraph = document.tables[0].cell(row, column).paragraphs[0]
    paragraph.clear()
    for element in runs:
        paragraph._p.append(element)


def box(text: str) -> Any:
    """A text box, with its twin for older programs."""
    inside = f"<w:txbxContent><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:txbxContent>"
    return run(
        f'<mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx>{inside}</wps:txbx></w:drawing></mc:Choice>'
        f"<mc:Fallback><w:pict><v:textbox>{inside}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent>"
    )


def test_text_box_in_a_cell(tmp_path: Path) -> None:
    def edit(document: Any) -> None:
        document.tables[0].cell(0, 1).paragraphs[0]._p.append(box("★重点项目"))

    assert_whole(word_form(tmp_path, edit), ("★重点项目", "文本框"))


def test_headers_and_footers_of_all_kinds_of_pages(tmp_path: Path) -> None:
    def edit(document: Any) -> None:
        section = document.sections[0]
        section.different_first_page_header_footer = True
        document.settings.odd_and_even_pages_header_footer = True
        section.first_page_header.paragraphs[0].text = "项目编码：430424"
        section.header.paragraphs[0].text = section.even_page_header.paragraphs[0].text = "填报单位：云溪县环卫中心"
        section.even_page_footer.paragraphs[0].text = "内部资料"
        section.footer.paragraphs[0].text = "第1页 共3页"
        section.first_page_footer.paragraphs[0]._p.append(box("— 1 —"))

    source = word_form(tmp_path, edit)
    assert source.declaration.unit == "云溪县环卫中心"
    assert sorted(left(source)) == [("内部资料", "页脚"), ("项目编码：430424", "页眉")]


def test_header_that_word_does_not_show(tmp_path: Path) -> None:
    def edit(document: Any) -> None:
        document.sections[0].first_page_header.paragraphs[0].text = "填报单位：别的单位"

    source = word_form(tmp_path, edit)
    assert source.declaration.unit == ""
    assert_whole(source, ("填报单位：别的单位", "页眉（不显示）"))


def test_comments_footnotes_and_endnotes(tmp_path: Path) -> None:
    def edit(document: Any) -> None:
        document.add_comment(document.paragraphs[0].runs[0], text="请补充测算依据", author="审核人")

    word_form(tmp_path, edit)
    with zipfile.ZipFile(tmp_path / "表.docx") as package:
        parts = {name: package.read(name) for name in package.namelist()}
    base = "openxmlformats.org/officeDocument/2006/relationships"
    for kind, text in (("footnote", "单价按限额标准测算"), ("endnote", "以批复为准")):
        line = f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"
        note = f'<w:{kind}s {NAMESPACES}><w:{kind} w:id="1"><w:p/></w:{kind}><w:{kind} w:id="2">{line}</w:{kind}></w:{kind}s>'
        parts[f"word/{kind}s.xml"] = note.encode()
        relation = f'<Relationship Id="x{kind}" Type="http://schemas.{base}/{kind}s" Target="{kind}s.xml"/></Relationships>'
        name = "word/_rels/document.xml.rels"
        parts[name] = parts[name].replace(b"</Relationships>", relation.encode())
    with zipfile.ZipFile(tmp_path / "注.docx", "w") as package:
        for name, data in parts.items():
            package.writestr(name, data)
    source = read(tmp_path / "注.docx")
    assert source.declaration.project == PROJECT and rows(source) == BODY
    assert sorted(left(source)) == [("以批复为准", "尾注"), ("单价按限额标准测算", "脚注"), ("请补充测算依据", "批注")]


def test_pictures_are_told(tmp_path: Path) -> None:
    def edit(document: Any) -> None:
        document.add_paragraph()._p.append(run("<w:drawing><a:blip/></w:drawing>"))

    told = ("文档里有图片，图片里的文字读不出来，请核对。",)
    source = word_form(tmp_path, edit)
    assert_whole(source)
    assert source.notices == told and word_form(tmp_path).notices == ()


def test_form_that_is_a_picture_is_refused(tmp_path: Path) -> None:
    document: Any = docx.Document()
    document.add_paragraph()._p.append(run("<w:object><v:shape><v:imagedata/></v:shape></w:object>"))
    document.save(tmp_path / "表.docx")
    with pytest.raises(UnreadableError, match="没有绩效目标申报表"):
        read(tmp_path / "表.docx")


@pytest.mark.parametrize(
    ("font", "char", "shown"),
    [
        ("Symbol", "00B3", "≥"), ("Symbol", "F0B3", "≥"), ("symbol", "f03d", "="), ("Wingdings", "00FE", "☑"),
        ("Wingdings", "F0A8", "□"), ("Wingdings 2", "0052", "☑"), ("Wingdings 2", "F0A3", "□"), ("宋体", "2265", "≥"),
        ("宋体", "00B3", "³"), ("Symbol", "00AA", "□"),
    ],
)  # fmt: skip
def test_symbols_of_fonts(tmp_path: Path, font: str, char: str, shown: str) -> None:
    sign = f'<w:sym w:font="{font}" w:char="{char}"/>'
    source = word_form(tmp_path, lambda d: put(d, 3, 3, run(sign), run("<w:t>120个</w:t>")))
    assert source.declaration.indicators[0].value == f"{shown}120个"


def test_readings_of_characters_are_no_text(tmp_path: Path) -> None:
    ruby = "<w:ruby><w:rt><w:r><w:t>ren</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>人</w:t></w:r></w:rubyBase></w:ruby>"
    assert_whole(word_form(tmp_path, lambda d: put(d, 8, 2, run(ruby), run("<w:t>居环境</w:t>"))))


def test_hidden_text_is_no_content(tmp_path: Path) -> None:
    def edit(document: Any) -> None:
        hidden = run("<w:rPr><w:vanish/></w:rPr><w:t>去年为80个，</w:t>"), run("<w:rPr><w:vanish/></w:rPr><w:t>勿删</w:t>")
        put(document, 3, 3, *hidden, run('<w:rPr><w:vanish w:val="0"/></w:rPr><w:t>≥120个</w:t>'))
        line = OxmlElement("w:p")
        line.append(run("<w:rPr><w:vanish/></w:rPr><w:t>目标0</w:t>"))
        document.tables[0].cell(1, 1).paragraphs[0]._p.addprevious(line)

    assert_whole(word_form(tmp_path, edit), ("目标0", "隐藏文字"), ("去年为80个，勿删", "隐藏文字"))


def test_document_with_macros(tmp_path: Path) -> None:
    word_form(tmp_path)
    plain, with_macros = "openxmlformats-officedocument.wordprocessingml.document.main", "ms-word.document.macroEnabled.main"
    with zipfile.ZipFile(tmp_path / "表.docx") as package, zipfile.ZipFile(tmp_path / "表.docm", "w") as target:
        for name in package.namelist():
            target.writestr(name, package.read(name).replace(plain.encode(), with_macros.encode()))
    assert_whole(read(tmp_path / "表.docm"))
