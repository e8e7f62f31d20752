"""The sheet 填报说明: how to fill in the form, every rule with its example, what to do when macros are blocked."""

from typing import TYPE_CHECKING

from xlpkg.audit.check import severities
from xlpkg.audit.facts.finding import SEVERITIES
from xlpkg.audit.rules import RULES
from xlpkg.audit.rules.registry import VERSION
from xlpkg.form.profile import Profile
from xlpkg.form.units import MONEY
from xlpkg.layout import ENTRY
from xlpkg.writing.page_setup import row_height, set_up_page, set_width, text_height
from xlpkg.writing.style import Formats

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

_WIDTHS = (8, 8, 26, 44, 44)
_LAST = len(_WIDTHS) - 1


def write_guide(book: "Workbook", sheet: "Worksheet", profile: Profile) -> None:
    """How to fill in the form, every rule with its example, what to do when macros are blocked, versions."""
    formats = Formats(book)
    for column, width in enumerate(_WIDTHS):
        set_width(sheet, column, width)
    sheet.hide_gridlines(2)
    sheet.merge_range(0, 0, 0, _LAST, "填报说明", formats["title"])
    sheet.set_row(0, 28)
    row = 1
    for title, lines in _guide(profile):
        sheet.merge_range(row, 0, row, _LAST, title, formats["section"])
        sheet.set_row(row, 22)
        row += 1
        for line in lines:
            sheet.merge_range(row, 0, row, _LAST, line, formats["text"])
            sheet.set_row(row, text_height(line, _WIDTHS))
            row += 1
    sheet.merge_range(row, 0, row, _LAST, "六、检查规则", formats["section"])
    sheet.write_row(row + 1, 0, ["规则", "级别", "名称", "不对的例子", "对的例子"], formats["head"])
    row += 2
    for code, severity in severities(profile).items():
        rule = RULES[code]
        sheet.write_string(row, 0, code, formats["cell_center"])
        sheet.write_string(row, 1, SEVERITIES[severity], formats[severity])
        for column, text in enumerate((rule.name, rule.violates, rule.passes), 2):
            sheet.write_string(row, column, text, formats["cell"])
        sheet.set_row(row, row_height(zip((rule.name, rule.violates, rule.passes), _WIDTHS[2:], strict=True)))
        row += 1
    set_up_page(sheet, portrait=True, footer="")


def _guide(profile: Profile) -> list[tuple[str, list[str]]]:
    l1 = "、".join(c.name for c in profile.tree)
    required = "、".join(profile.required_l2)
    return [
        ("一、怎么填", [
            f"1. 在“{ENTRY}”表里填白色格；灰色格和最上面的统计由本表自动计算，不用填。",
            f"2. 先填“基本信息”，金额一律以{profile.money_unit}为单位，只填数字；没有上级资金的填“0”。",
            f"3. “绩效指标”一行写一个指标。一级指标（{l1}）和二级指标从下拉列表选；{required}必须有。",
            "4. 指标值分三格写：符号（≥、≤、=）、数字、单位，例如“≥”“220”“次”。时间写在“指标值”一格，如“2024年12月31日前”。",
            "5. 一格只写一个值；比率最高写“=100%”；成本写上限，用“≤”；不要写“随机”“视情况”“若干”。",
            "6. 成本指标的金额自动相加，与可用资金比较，差额显示在最上面。",
            "7. 行数不够时，在表中间插入行；可以删除、排序、移动行，不要改表头文字。",
        ]),
        ("二、检查和生成", [
            "1. 点“检查”：问题逐条列在“检查结果”表，点“跳转”一列跳到对应的格子；有问题的格子变色，改过的行显示“未复查”。",
            "2. 红色是错误，必须改；黄色是提醒，请核对；提示可以不改，折叠在“检查结果”最下面。点“下一处”逐个跳到有颜色的格子。",
            "3. 点“一键修复”：写法上的问题（全角、空格等）直接改好；“检查结果”里“同意”一列选了√的，再点“一键修复”时也改好。",
            "4. 没有错误后点“生成申报表”，在本表旁边生成申报表文件，打印、签字、盖章，并报送。还有错误时生成的是草稿。",
            "5. “事项对照”按事项列出数量、质量、时效、成本和平均成本，看哪一项缺指标。"
            "审核人要“审核表”的，用命令 xlpkg check 文件名 -o 检查稿.xlsx。",
            "6. 有上年的表、Word表或别处的表：在空白表上点“导入”选择文件，内容自动填好；没有放入的列在“导入说明”，请逐条核对。",
            "7. 点“清除标记”去掉颜色和“检查结果”，填写的内容不变。",
        ]),
        ("三、宏不能用、没有按钮时", [
            "1. 本表不用宏也能填：下拉列表、合计、差额、缺项提示都由公式完成。",
            "2. 从邮件、网络收到的表，宏可能被禁用：先另存到本机文件夹，右键→属性→勾选“解除锁定”，再打开并选择“启用内容”。",
            "3. 单位电脑禁止宏的，请信息员安装加载项xlpkg.xlam，菜单上会多出“绩效目标申报”一栏，对打开的任何申报表都能用。",
            "4. 点了按钮没有反应：请信息员用命令 xlpkg doctor 检查本机是否装好本工具；电脑上有几个Python的，取消隐藏“选项”表，"
            "在E1格填写要用的python.exe的完整路径。",
            "5. 按钮用于Excel，也可用于LibreOffice（命令 xlpkg open 文件名）。用WPS填的，请信息员用命令检查：xlpkg check 文件名，"
            "xlpkg submit 文件名 -o 申报表.xlsx。",
        ]),
        ("四、校验码说明什么", [
            "1. 申报表下面的校验码由表中内容算出。报送后再核对：内容一处也没有改、看到的和内容一样，才是“一致”。",
            "2. 改了内容，隐藏了行列，改了字的颜色、数字格式、金额单位，加了批注、图片、别的表或表外文字，都是“不一致”，"
            "会逐条列出。",
            "3. 用Excel、WPS、LibreOffice打开再保存，校验码不变。生成的申报表不要改；要改，在本表里改好，"
            "重新生成。",
            "4. 校验码不是签名：它不能说明是谁、什么时候做的，换一份内容重新生成，也会有一个对得上的校验码。"
            "以纸上的签字、盖章为准，纸上的校验码应和报送文件的相同。",
        ]),
        ("五、版本", [
            f"表式：{profile.name}（{profile.id}）；表样版本：{profile.template}；规则版本：{VERSION}。金额单位换算：1万元={MONEY['万元']}元。",
        ]),
    ]  # fmt: skip
