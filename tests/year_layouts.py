"""Later forms as other offices make them, invented content in the layouts of the catalogue, as Word and as Excel."""

from __future__ import annotations

from pathlib import Path

LEFT, UP = "<", "^"
"""A cell that belongs to the one at its left, or above it."""
Page = tuple[str, str]
"""Title and table, a line a row, cells parted by |."""

MINISTRY: Page = (
    "项目支出绩效自评表（2023年度）",
    """
项目名称|<|农村公路养护|<|<|<|<|<
主管部门|<|云溪县交通运输局|<|实施单位|<|云溪县公路站|<
项目资金（万元）||年初预算数|全年预算数|全年执行数|分值|执行率|得分
^|年度资金总额|80|80|72|10|90%|9
^|其中：当年财政拨款|80|80|72|—|90%|—
^|其他资金|0|0|0|—||—
年度总体目标|预期目标|<|<|实际完成情况|<|<|<
^|养护公路40公里|<|<|养护公路41公里，群众满意|<|<|<
一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分|偏差原因分析及改进措施
产出指标|数量指标|养护公路里程|≥40公里|41公里|20|20|
^|质量指标|养护合格率|100%|98%|20|20|
^|时效指标|完成时间|2023年11月底前|2023年10月|10|10|
效益指标|社会效益指标|受益人口|5000人|4500人|30|27|外出务工多
满意度指标|服务对象满意度指标|群众满意度|≥95%|96%|10|10|
总分|<|<|<|<|100|96|
""",
)
TRANSFER: Page = (
    "绩效目标自评表（2023年度）",
    """
项目名称|<|产业到户补助|<|<|<|<|<
资金情况（万元）||全年预算数（A）|<|全年执行数（B）|分值|执行率（B/A）|得分
^|年度资金总额：|9.5|<|9.5|10|100%|10
^|其中：本年财政拨款|9.5|<|9.5|10|100%|10
年度总体目标|年初设定目标|<|<|年度总体目标完成情况综述|<|<|<
^|补助农户90户|<|<|已补助农户90户，全部到账|<|<|<
一级指标|二级指标|三级指标|分值|年度指标值|全年实际值|得分|未完成原因及拟采取的改进措施
产出指标（50分）|数量指标|★补助户数|30|90户|90户|30|
^|^|其中脱贫户||60户|60户||
^|质量指标|发放准确率|20|100%|100%|20|
效益指标（30分）|社会效益指标|受益人口|30|≥300人|310人|30|
满意度指标（10分）|服务对象满意度指标|农户满意度|10|≥90%|95%|10|
""",
)
SPLIT_VALUE: Page = (
    "部门预算项目支出绩效自评表（2023年度）",
    """
项目名称|<|信息化设备更新|<|<|<|<|<|<|<
预算执行情况（10分）|年度预算数（万元）|年初预算|调整后预算数|预算执行数|预算执行率|权重|得分|原因|<
^|总额|0|3.36|3.36|100.00%|10|10||<
^|其中：财政资金|0|3.36|3.36|100.00%|/|/|/|<
一级指标|二级指标|三级指标|指标性质|指标值|度量单位|完成值|权重|得分|未完成原因分析
产出指标|数量指标|购置电脑|≥|6|台|6|45|45|
^|经济成本指标|成本控制数|≤|3.36|万元|完成|45|45|
合计|<|<|<|<|<|<|100|100|
""",
)
WITHOUT_POINTS: Page = (
    "2023年度水土保持监测项目绩效自评表",
    """
项目名称|<|水土保持监测|<|<|<
预算执行情况（万元）（20分）|<|预算数（A）|执行数（B）|执行率（B/A）|得分（20分×执行率）
年度财政资金总额|<|10|8|80%|20
一级指标|二级指标|三级指标|年初目标值（A）|实际完成值（B）|得分
年度绩效目标1（40分）|质量指标|监测数据合格率|100%|100%|40
年度绩效目标2（40分）|数量指标|监测点位|12个|12个|40
""",
)
MONITORING: Page = (
    "云溪县项目支出绩效运行监控表（2023年度）",
    """
项目名称|<|<|非遗保护|<|<|<|<|<|<|<|<|<
项目资金（万元）||<|年初预算数|<|1-7月执行数|<|执行率|全年预计执行数|<|<|<|<
^|年度资金总额|<|100|<|60|<|60%|100|<|<|<|<
一级指标|二级指标|三级指标|年度指标值|1-7月执行情况|全年预计完成情况|偏差原因分析|<|<|<|<|<|完成目标可能性
^|^|^|^|^|^|经费保障|制度保障|人员保障|硬件条件保障|其他|原因说明|^
产出指标|数量指标|传习活动|≥20场|13场|20场||||||| 确定能
^|^|培训人次|≥200人次|60人次|150人次|√|||||资金到位晚|有可能
效益指标|社会效益指标|参观人次|≥1万人次|7000人次|1万人次|||||||基本能
""",
)
HALF_YEAR: Page = (
    "项目支出绩效监控表（2023年度）",
    """
项目名称|<|申报经费|<|<|<|<
项目资金（万元）|<|年初预算数|1-6月执行数|全年预计执行数|<|<
年度资金总额|<|220|约87|220|<|<
一级指标|二级指标|指标名称|指标值|半年度指标执行情况|完成目标可能性（确定能、有可能、不可能）|备注
产出指标|数量指标|保护项目|≥4个|3个|确定能|
""",
)


def cells(page: Page) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in page[1].strip().splitlines()]


def spans(rows: list[list[str]]) -> list[tuple[int, int, int, int]]:
    """Top, left, bottom and right of every cell over several places."""
    found = []
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            if text in (LEFT, UP):
                continue
            right = c
            while right + 1 < len(row) and row[right + 1] == LEFT:
                right += 1
            bottom = r
            while bottom + 1 < len(rows) and rows[bottom + 1][c] == UP:
                bottom += 1
            if (bottom, right) != (r, c):
                found.append((r, c, bottom, right))
    return found


def as_word(page: Page, path: Path) -> Path:
    import docx

    document = docx.Document()
    document.add_paragraph(page[0])
    rows = cells(page)
    table = document.add_table(len(rows), len(rows[0]))
    for top, left, bottom, right in spans(rows):
        table.cell(top, left).merge(table.cell(bottom, right))
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            if text not in ("", LEFT, UP):
                table.cell(r, c).text = text
    document.save(str(path))
    return path


def as_excel(page: Page, path: Path) -> Path:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    rows = cells(page)
    sheet.cell(1, 1, page[0])
    for r, row in enumerate(rows, 2):
        for c, text in enumerate(row, 1):
            if text not in ("", LEFT, UP):
                sheet.cell(r, c, text)
    sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(rows[0]))
    for top, left, bottom, right in spans(rows):
        sheet.merge_cells(start_row=top + 2, end_row=bottom + 2, start_column=left + 1, end_column=right + 1)
    book.save(path)
    return path
