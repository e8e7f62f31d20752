"""What a person sees of a submission against what would be printed: one alteration, one line that names it."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bad_files import ENTRY_PART, Run, edited, with_part
from forms import HN2015, changed
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.colors import Color
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table
from printed import differences, judged, printed

from xlpkg.audit.rules.registry import VERSION
from xlpkg.files.a1 import address
from xlpkg.jobs import check_file
from xlpkg.writing.submission import lay_out

DOT = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
RICH_IN_WHITE = '<is><r><t>=</t></r><r><rPr><color rgb="FFFFFFFF"/><sz val="10.5"/></rPr><t>3座</t></r></is>'
PANE = '<pane ySplit="3" topLeftCell="A8" state="frozen"/>'
BLACK = Side(style="thin", color="FF000000")
Edit = Callable[[Any], object]


PAGE = lay_out(judged(HN2015))


def at(text: str) -> str:
    """The cell in which the page has a text that begins so."""
    return next(address(b.top, b.left) for b in PAGE.boxes if b.text.startswith(text))


VALUE, NAME, BUDGET, GOAL, LABEL = map(at, ("=3座", "修复危桥数量", "140", "改造农村公路12公里", "本年度绩效目标"))
TITLE, UNIT, OUTPUT, SIGN, STAMP, FACTS = map(at, ("2024年度", "单位：万元", "产出指标", "单位负责人", "（单位盖章", "校验码"))
ROW, GOAL_ROW, LAST = int(VALUE[1:]), int(GOAL[1:]), len(PAGE.heights)
BESIDE, BELOW = f"{address(0, len(PAGE.widths) + 2)[:-1]}{ROW}", f"A{LAST + 8}"
VALUES = VALUE[0]


def looks(cell: str, **styles: object) -> Edit:
    """An edit that gives a cell another font, fill, alignment, border or number format."""

    def edit(sheet: Any) -> None:
        for name, style in styles.items():
            setattr(sheet[cell], name, style)

    return edit


def says(cell: str, value: object) -> Edit:
    return lambda sheet: sheet.__setitem__(cell, value)


def replaces(cell: str, before: str, after: str) -> Edit:
    return lambda sheet: sheet.__setitem__(cell, sheet[cell].value.replace(before, after))


def sets(where: Callable[[Any], object], name: str, value: object) -> Edit:
    return lambda sheet: setattr(where(sheet), name, value)


def _picture(sheet: Any) -> None:
    picture = Path(sheet.parent.folder_of_test, "dot.gif")
    picture.write_bytes(DOT)
    sheet.add_image(Image(picture), GOAL)


def _torn(sheet: Any) -> None:
    area = next(a for a in sheet.merged_cells.ranges if a.coord.startswith(f"{OUTPUT}:"))
    sheet.unmerge_cells(area.coord)
    for row in range(area.min_row, area.max_row + 1):
        sheet.cell(row, area.min_col, "产出指标")


def _stamped(sheet: Any) -> None:
    sheet.HeaderFooter.differentFirst = True
    sheet.firstFooter.center.text = "作废"


def _small_print(sheet: Any) -> None:
    sheet.sheet_properties.pageSetUpPr.fitToPage = False
    sheet.page_setup.scale = 10


def font(**looks: object) -> Font:
    return Font(**{"name": "宋体", "size": 10.5, **looks})


SEEN_BADLY = f"{VALUE}：字和底色几乎一样，看不见。"
# what was done → the edit of the sheet, and (the beginning of) the line that tells it
ALTERATIONS: dict[str, tuple[Edit, str]] = {
    "a hidden row": (sets(lambda s: s.row_dimensions[ROW], "hidden", True), f"第{ROW}行被隐藏"),
    "rows folded away": (lambda s: s.row_dimensions.group(ROW, ROW + 1, hidden=True), f"第{ROW}—{ROW + 1}行被隐藏"),
    "a flattened row": (sets(lambda s: s.row_dimensions[ROW], "height", 1), f"第{ROW}行被隐藏或高度为零"),
    "a low row": (sets(lambda s: s.row_dimensions[GOAL_ROW], "height", 6), f"{LABEL}、{GOAL}：格子太小，看不到文字。"),
    "a hidden column": (sets(lambda s: s.column_dimensions[VALUES], "hidden", True), f"{VALUES}列被隐藏"),
    "a column without width": (sets(lambda s: s.column_dimensions[VALUES], "width", 0.1), f"{VALUES}列被隐藏或宽度为零"),
    "white ink": (looks(VALUE, font=font(color="FFFFFFFF")), SEEN_BADLY),
    "ink in the paper's colour of the theme": (looks(VALUE, font=font(color=Color(theme=0))), SEEN_BADLY),
    "ink in the palette's white": (looks(VALUE, font=font(color=Color(indexed=9))), SEEN_BADLY),
    "black ink made white by a tint": (looks(VALUE, font=font(color=Color(theme=1, tint=0.95))), SEEN_BADLY),
    "pale ink": (looks(VALUE, font=font(color="FFBFBFBF")), SEEN_BADLY),
    "red ink": (looks(VALUE, font=font(color="FFFF0000")), f"{VALUE}：字不是黑色。"),
    "a black fill": (looks(VALUE, fill=PatternFill("solid", fgColor="FF000000")), f"{VALUE}：有底色，打印的是白底。"),
    "a yellow fill": (looks(VALUE, fill=PatternFill("solid", fgColor="FFFFFF00")), f"{VALUE}：有底色，打印的是白底。"),
    "a filled blank": (looks(BELOW, fill=PatternFill("solid", fgColor="FF000000")), f"{BELOW}有底色或斜线"),
    "tiny letters": (looks(VALUE, font=font(size=1)), f"{VALUE}：字号只有1，看不清。"),
    "struck out": (looks(VALUE, font=font(strike=True)), f"{VALUE}：文字带删除线。"),
    "raised letters": (looks(VALUE, font=font(vertAlign="superscript")), f"{VALUE}：有上标或下标"),
    "a font of symbols": (looks(VALUE, font=font(name="Wingdings")), f"{VALUE}：用的是符号字体"),
    "a format of other words": (looks(VALUE, number_format='"≥99座"'), f"{VALUE}：数字格式里有别的文字"),
    "a format for texts": (looks(VALUE, number_format=';;;"≥99座"'), f"{VALUE}：数字格式让它显示成“≥99座”，内容是“=3座”。"),
    "a format with words behind": (looks(VALUE, number_format='@"0"'), f"{VALUE}：数字格式让它显示成“=3座0”"),
    "a format that shows nothing": (looks(VALUE, number_format=";;;"), f"{VALUE}：数字格式让它什么也不显示。"),
    "a format with a colour": (looks(VALUE, number_format="[White]@"), f"{VALUE}：数字格式带颜色"),
    "a number for a text": (says(BUDGET, 140), f"{BUDGET}：是数字或日期，打印的是文字。"),
    "repeated to fill the cell": (looks(VALUE, alignment=Alignment("fill")), f"{VALUE}：文字设成了重复填充"),
    "from right to left": (looks(VALUE, alignment=Alignment(readingOrder=2)), f"{VALUE}：文字设成了从右向左"),
    "turned text": (looks(VALUE, alignment=Alignment(textRotation=90)), f"{VALUE}：文字被转了方向"),
    "pushed out of the cell": (
        looks(VALUE, alignment=Alignment("left", indent=40, wrap_text=True)), f"{VALUE}：格子太小，看不到文字。",
    ),
    "crossed out": (looks(VALUE, border=Border(diagonal=BLACK, diagonalUp=True)), f"{VALUE}：划了斜线"),
    "a text below": (says(BELOW, "另：增加经费100万元"), f"{BELOW}多出文字“另：增加经费100万元”，打印的表上没有。"),
    "a text beside": (says(BESIDE, "改为5座"), f"{BESIDE}多出文字“改为5座”，打印的表上没有。"),
    "another unit": (says(UNIT, "单位：元"), f"{UNIT}应为“单位：万元”，现在是“单位：元”。"),
    "another word at the stamp": (says(STAMP, "（已盖章）"), f"{STAMP}应为“（单位盖章）”，现在是“（已盖章）”。"),
    "a signature": (says(SIGN, "单位负责人签字：张三"), f"{SIGN}应为“单位负责人签字：”，现在是“单位负责人签字：张三”。"),
    "a label taken away": (says(SIGN, None), f"{SIGN}少了“单位负责人签字：”。"),
    "another result of the check": (replaces(FACTS, "无错误", "已通过复核"), f"{FACTS}应为“"),
    "a result that cannot be": (
        replaces(FACTS, "无错误", "可报送（错误3条，提醒0条）"), "检查结果“可报送”和错误3条、提醒0条对不上。",
    ),
    "words behind the 校验码": (replaces(FACTS, "规则版本", "经办：张三　规则版本"), f"{FACTS}应为“"),
    "cells taken apart": (_torn, "与上面的格子原来是合并的，现在拆开了。"),
    "the title's cells taken apart": (
        lambda s: s.unmerge_cells(f"{TITLE}:{address(0, len(PAGE.widths) - 1)}"), f"{TITLE}的合并范围与打印的不同。",
    ),
    "a comment": (sets(lambda s: s[VALUE], "comment", Comment("实际为5座", "甲")), f"{VALUE}有批注，打印的表上没有。"),
    "a picture": (_picture, "表上有图片、图形或文本框，打印的表上没有。"),
    "a link": (sets(lambda s: s[VALUE], "hyperlink", "http://example.com"), f"{VALUE}有超链接"),
    "a conditional format": (
        lambda s: s.conditional_formatting.add(VALUE, CellIsRule("notEqual", ['""'], font=Font(color="FFFFFFFF"))),
        f"{VALUE}有条件格式，打印的表上没有。",
    ),
    "a prompt": (
        lambda s: s.add_data_validation(DataValidation("list", '"甲,乙"', sqref=VALUE, prompt="≥5", showInputMessage=True)),
        "表上有输入提示，打印的表上没有。",
    ),
    "a table's stripes": (lambda s: s.add_table(Table(displayName="T", ref=f"{NAME}:{VALUE}")), "表上有表格样式"),
    "a further sheet": (lambda s: s.parent.create_sheet("说明"), "工作簿里还有“说明”表，报送的文件只有申报表一张。"),
    "a hidden further sheet": (
        lambda s: setattr(s.parent.create_sheet("说明"), "sheet_state", "veryHidden"), "工作簿里还有“说明”表",
    ),
    "a print area": (sets(lambda s: s, "print_area", f"A1:{VALUE}"), "打印区域没有包括"),
    "another header": (sets(lambda s: s.oddHeader.center, "text", "已审核"), "页眉多出“已审核”。"),
    "another footer": (sets(lambda s: s.oddFooter.center, "text", "第&P页"), "页脚应为“"),
    "another footer on the first page": (_stamped, "页脚应为“"),
    "seen from right to left": (sets(lambda s: s.sheet_view, "rightToLeft", True), "表上有从右向左显示的设置"),
    "printed very small": (_small_print, "表上有打印缩放10%"),
}  # fmt: skip


READ_OTHERWISE = ("struck out", "a format with words behind")
"""What changes the content as it is read, so that the 校验码 differs already."""


@pytest.mark.parametrize("what", READ_OTHERWISE)
def test_an_alteration_of_the_content_breaks_the_seal(what: str, tmp_path: Path) -> None:
    (done,) = check_file(
        edited(printed(tmp_path / "表.xlsx"), tmp_path / "改.xlsx", lambda book: ALTERATIONS[what][0](book.active))
    )
    assert (done.unchanged, done.source.seal == done.report.seal) == (False, False)


@pytest.mark.parametrize("what", [what for what in ALTERATIONS if what not in READ_OTHERWISE])
def test_an_alteration_is_named(what: str, tmp_path: Path) -> None:
    edit, line = ALTERATIONS[what]

    def alter(book: Any) -> None:
        book.folder_of_test = tmp_path
        edit(book.active)

    found = differences(edited(printed(tmp_path / "表.xlsx"), tmp_path / "改.xlsx", alter))
    assert [f for f in found if line in f], found
    assert len(found) <= 3, found


def _cell(content: str, kind: str) -> Callable[[str], str]:
    return lambda xml: re.sub(rf'<c r="{VALUE}"( s="\d+")[^>]*>.*?</c>', rf'<c r="{VALUE}"\1 t="{kind}">{content}</c>', xml)


# what openpyxl cannot write → the change of the sheet's XML, and the line
IN_XML: dict[str, tuple[Callable[[str], str], str]] = {
    "a part of a text in white": (_cell(RICH_IN_WHITE, "inlineStr"), SEEN_BADLY),
    "a formula for a text": (_cell('<f>"=3座"</f><v>=3座</v>', "str"), f"{VALUE}：是公式，打印的是文字。"),
    "all rows without height": (
        lambda x: re.sub(r' ht="[^"]*" customHeight="1"', "", x).replace("<sheetFormatPr ", '<sheetFormatPr zeroHeight="1" '),
        "第1—",
    ),
    "a cell over another": (
        lambda x: re.sub('<mergeCells count="[0-9]+">', rf'\g<0><mergeCell ref="{NAME}:{VALUE}"/>', x),
        f"{VALUE}：被合并的单元格盖住，看不到“=3座”。",
    ),
    "a picture in a cell": (lambda x: x.replace(f'<c r="{VALUE}"', f'<c r="{VALUE}" vm="1"'), "表上有格内图片"),
    "a picture behind the sheet": (lambda x: x.replace("</worksheet>", '<picture r:id="rId9"/></worksheet>'), "表上有背景图片"),
    "the first rows out of reach": (
        lambda x: re.sub(r"<sheetView ([^>]*)/>", rf'<sheetView topLeftCell="A5" \1>{PANE}</sheetView>', x),
        "表上有冻结窗格",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", IN_XML)
def test_an_alteration_of_the_xml_is_named(what: str, tmp_path: Path) -> None:
    change, line = IN_XML[what]
    found = differences(with_part(printed(tmp_path / "表.xlsx"), tmp_path / "改.xlsx", ENTRY_PART, change))
    assert [f for f in found if line in f], found


def test_a_sign_that_turns_the_text_round(tmp_path: Path) -> None:
    """The mark falls away when the text is read: the content is the same, what is seen is not."""
    path = edited(printed(tmp_path / "表.xlsx"), tmp_path / "改.xlsx", lambda b: says(BUDGET, "\u202e140")(b.active))
    (done,) = check_file(path)
    assert f"{BUDGET}：文字里有改变方向的符号，看到的次序和内容不同。" in done.differences


def test_the_theme_made_white(tmp_path: Path) -> None:
    """The ink is still "the theme's black", but the theme's black is white."""
    ink = looks(VALUE, font=font(color=Color(theme=1)))
    inked = edited(printed(tmp_path / "表.xlsx"), tmp_path / "1.xlsx", lambda b: ink(b.active))
    assert differences(inked) == []

    def white(xml: str) -> str:
        return xml.replace('lastClr="000000"', 'lastClr="FFFFFF"')

    assert differences(with_part(inked, tmp_path / "2.xlsx", "xl/theme/theme1.xml", white)) == [SEEN_BADLY]


@pytest.mark.parametrize("text", [HN2015.year_goal * 3, HN2015.year_goal * 12])
def test_a_goal_that_is_cut_off(tmp_path: Path, text: str) -> None:
    def lower(book: Any) -> None:
        book.active.row_dimensions[GOAL_ROW].height /= 2

    whole = printed(tmp_path / "表.xlsx", changed(HN2015, year_goal=text))
    assert differences(edited(whole, tmp_path / "改.xlsx", lower)) == [f"{GOAL}：格子太小，文字显示不全。"]


def test_a_text_in_one_line(tmp_path: Path) -> None:
    """Without line breaks only the beginning of a goal is seen."""
    whole = printed(tmp_path / "表.xlsx", changed(HN2015, year_goal=HN2015.year_goal * 3))
    line = looks(GOAL, alignment=Alignment(wrap_text=False))
    assert differences(edited(whole, tmp_path / "改.xlsx", lambda b: line(b.active))) == [f"{GOAL}：格子太小，文字显示不全。"]


def test_a_draft_without_its_word(tmp_path: Path) -> None:
    draft = printed(tmp_path / "表.xlsx", changed(HN2015, budget="1"))
    assert differences(draft) == []
    altered = edited(draft, tmp_path / "改.xlsx", lambda b: setattr(b.active.oddHeader.center, "text", None))
    assert differences(altered) == ["页眉应为“草 稿（还有1条错误，不得报送）”，现在是“”。"]


def test_a_draft_made_to_look_final(tmp_path: Path) -> None:
    """Header, footer and result agree with one another, but not with the content."""

    def final(book: Any) -> None:
        sheet = book.active
        sheet.oddHeader.center.text = None
        sheet.oddFooter.center.text = sheet.oddFooter.center.text.replace("　草稿", "")
        facts = next(c for row in sheet.iter_rows() for c in row if str(c.value).startswith("校验码"))
        facts.value = re.sub("检查结果：.*?）", "检查结果：无错误", facts.value)

    draft = printed(tmp_path / "表.xlsx", changed(HN2015, budget="1"))
    assert differences(edited(draft, tmp_path / "改.xlsx", final)) == ["检查结果写着没有错误，按内容检查有1条错误。"]


def test_what_the_command_says(tmp_path: Path, run: Run) -> None:
    altered = edited(printed(tmp_path / "表.xlsx"), tmp_path / "改.xlsx", lambda b: says(UNIT, "单位：元")(b.active))
    code, out, _ = run("check", altered)
    assert code == 1
    seal = judged(HN2015).seal
    assert f"不一致：校验码（{seal}）对得上，但看到的与按内容打印的有1处不同，生成以后表面被改过。\n" in out
    assert f"\n  不一致 {UNIT}应为“单位：万元”，现在是“单位：元”。" in out


def test_results_of_other_rules_are_not_held_against_it(tmp_path: Path, run: Run) -> None:
    """The counts that older rules printed stay as they are; that the rules are older is said."""

    def older(book: Any) -> None:
        replaces(FACTS, f"规则版本：{VERSION}", "规则版本：2024.1")(book.active)
        replaces(FACTS, "可报送（错误0条，提醒0条", "有提醒（错误0条，提醒7条")(book.active)

    path = edited(printed(tmp_path / "表.xlsx"), tmp_path / "旧.xlsx", older)
    assert differences(path) == []
    code, out, _ = run("check", path)
    assert code == 0
    assert f"这份表是用旧规则（2024.1）检查的，现在的规则是{VERSION}，以这次的检查结果为准。" in out
