"""What an auditor names of a row and what nobody would: one row beside a well-written form, and all that is said of that row."""

from __future__ import annotations

import pytest
from forms import GOOD_FORMS, HN2015, MOF2021, findings, of_rows, with_cells, with_row
from msgspec.structs import replace
from test_samples import SAMPLES

from xlpkg.audit import catalogue
from xlpkg.audit.check import check
from xlpkg.audit.digest import digest
from xlpkg.form import profiles
from xlpkg.form.blanks import left_blank
from xlpkg.form.declaration import Declaration

QUANTITY, QUALITY, TIME, COST = "数量指标", "质量指标", "时效指标", "成本指标"
SOCIAL, ECONOMY, LASTING, PEOPLE = "社会效益指标", "经济效益指标", "可持续影响指标", "社会公众或服务对象满意度指标"
OF_THE_GOAL = {"R02", "X02", "X03"}
"""What is said of every new activity of a form whose goals and costs do not speak of it."""

ROWS = """
质量指标 | 补助逾期发放率 | ≥100% | V08
质量指标 | 补助逾期发放率 | ≤5% |
质量指标 | 产品不合格率 | ≥5% | V08
质量指标 | 补贴错发率 | ≥100% | V08
质量指标 | 设备退货率 | ≥3% | V08
质量指标 | 投诉办结率 | ≥100% | V01
质量指标 | 投诉处理率 | ≥95% |
时效指标 | 平均响应时间 | ≥30分钟 | V08
时效指标 | 平均响应时间 | ≤30分钟 |
时效指标 | 响应时间达标率 | ≥95% |
质量指标 | 苗木成活率 | ≥85株 | F06
社会效益指标 | 适龄儿童入学率 | ≥98人 | V10
质量指标 | 林地保存率 | ≥85亩 | V10
质量指标 | 设备使用频率 | ≥2次 | F06
社会效益指标 | 服务水平 | 高 | M02
社会效益指标 | 发病率 | ≤5例/万人 |
时效指标 | 资金拨付逾期率 | ≥100% | V08
质量指标 | 设备合格率 | ≥100% | V01
质量指标 | 设备合格率 | =100% |
社会公众或服务对象满意度指标 | 村民满意度 | ≥100% | V01
社会效益指标 | 居民收入增长率 | ≥105% | V17
数量指标 | 补植面积（亩） | ≥500 | V19
数量指标 | 补植面积 | ≥500 | V05
质量指标 | 苗木成活率(≥**%) | ≥85 | V02 V19
质量指标 | *苗木达标率 | ≥95% | V02
社会公众或服务对象满意度指标 | 游客满意度(≥**%) | ≥95% | V02
社会效益指标 | 带动就业人数 | 不涉及 | C12
社会效益指标 | 本项目不涉及此类效益 | 无 | C12
数量指标 | 培训人数 | ？ | C12
质量指标 | 护栏合格率 | ≥ % | V05
成本指标 | 材料费 | ≥万元 | V05
社会效益指标 | 网络环境 | 长期 | M02
社会效益指标 | 旅游带动 | 经济效益良好 | M02
可持续影响指标 | 赛事影响 | 影响可持续 | M02
社会效益指标 | 平安建设 | 有力保障 | M02
经济效益指标 | 就业岗位 | 增加岗位 | M02
社会效益指标 | 促进区域可持续发展 | 100% | M02
社会效益指标 | 全民健身 | 通过项目实施，有效提高健康水平。 | F11 M02
社会效益指标 | 居住环境 | 良好以上（年度评估） |
社会效益指标 | 水质 | 优于上年 |
质量指标 | 验收结果 | 合格 |
质量指标 | 群体上访事件起数 | =0起 |
经济效益指标 | 运输成本降低率 | ——， | C12
数量指标 | 培训人数 | 无； | C12
数量指标 | 新建凉亭座数 | =0座 | V13
质量指标 | 服务标准 | 认真组织实施各项工作确保如期完成目标任务 | M02
社会效益指标 | 环保意识时限 | 长远 | M02
质量指标 | 支付及时率 | ≥95% | F07
质量指标 | 政策知晓率 | ≥95% | F08
质量指标 | 村民满意度 | ≥95% | F05
质量指标 | 培训场次 | ≥5场 | F06
成本指标 | 成本控制率 | =100% |
成本指标 | 办公费 | 控制在预算以内 | B05
成本指标 | 材料费 | ≤20+5万元 | V20
成本指标 | 材料费 | ≤31000000000000000000000万元 | V20
成本指标 | 材料费 | ≤8 33.3万元 | V20
成本指标 | 材料费 | ≤20.5.1万元 | V20
数量指标 | 补贴数量 | 对场馆补贴5万元 | V04 V10
数量指标 | 补贴数量 | =5万元 | V10
数量指标 | 补贴发放额 | =5万元 |
数量指标 | 绿化费 | =8个 | V10
数量指标 | 培训人数 | ≥5次 | V10
数量指标 | 运维服务次数 | =1年 | V10
数量指标 | 免费开放天数 | ≥300天 |
时效指标 | 完工时间 | 2023年12月31日前 | X04
时效指标 | 完工时间 | 2024年12月31日前 |
时效指标 | 完工时间 | 2024年6月31日前 | X04
时效指标 | 完工时间 | 2024年2月29日前 |
"""


@pytest.mark.parametrize("line", ROWS.strip().splitlines())
def test_what_is_said_of_a_row(line: str) -> None:
    l2, name, value, codes = (part.strip() for part in line.split("|"))
    form = with_row(HN2015, l2, name, value)
    said = {code for code, row, _ in findings(form) if row == len(form.indicators)}
    assert said - OF_THE_GOAL == set(codes.split())


@pytest.mark.parametrize(
    "text", ["不涉及此类指标", "（无）", "n/a", "该项目暂不涉及", "无此项内容", "单击或点击此处输入文字。", "……", "待完善"]
)
def test_an_answer_that_says_nothing_is_blank(text: str) -> None:
    assert left_blank(text)


@pytest.mark.parametrize("text", ["无投诉", "无害化处理", "略阳县", "没有发生事故", "0", "无线网络"])
def test_an_answer_that_says_something_is_none(text: str) -> None:
    assert not left_blank(text)


def test_a_gain_is_no_cost_to_society() -> None:
    form = with_row(MOF2021, "社会成本指标", "对文化传承的影响", "长远")
    assert {code for code, row, _ in findings(form) if row == len(form.indicators)} >= {"F19"}


def test_costs_of_which_most_are_prices_are_not_missed_in_the_sum() -> None:
    rows = [i for i in HN2015.indicators if i.l2 != COST]
    priced = with_row(of_rows(HN2015, rows), COST, "打井费", "≤5万元")
    for name, value in (("围墙造价", "≤300元/米"), ("棚圈造价", "≤550元/平方米")):
        priced = with_row(priced, COST, name, value)
    assert "B03" not in {code for code, _, _ in findings(priced)}


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        ("unit", "（填写单位全称）", "C01"), ("department", "××局", "V02"), ("project", "XX县道路工程", "V02"),
        ("period", "XX年XX月-XX年XX月", "C06"), ("period", "20XX年1月—20XX年12月", "V02"),
        ("year_goal", "目标1：……\n目标2：……", "C07"),
        ("year_goal", "（用一句话概述年度目标）", "C07"), ("long_goal", "完成××公里道路改造，受益××人。", "V02"),
        ("project", "填报系统建设", ""), ("project", "7*24小时值守", ""),
    ],
)  # fmt: skip
def test_what_a_template_printed_into_the_header_is_no_answer(field: str, text: str, code: str) -> None:
    found = {(rule, where) for rule, _, where in findings(HN2015.with_header(field, text)) if where == field}
    assert {rule for rule, _ in found} - {"M06", "R04"} == ({code} if code else set())


@pytest.mark.parametrize(
    ("one", "cost"), [("治理完成", "治理总成本"), ("资料加工页数", "资料加工费"), ("街道清扫面积", "街道清扫总费用")]
)
def test_a_total_and_a_count_are_no_other_names_of_an_item(one: str, cost: str) -> None:
    form = with_row(with_row(HN2015, QUANTITY, one, "≥5000个"), COST, cost, "≤5万元")
    assert "X01" not in {code for code, row, _ in findings(form) if row in (len(form.indicators), len(form.indicators) - 1)}


@pytest.mark.parametrize(
    ("period", "wrong"),
    [("2024年1月—2024年13月", True), ("2024年12月—2024年1月", True), ("2024年1月—12月", False), ("2024-01-01至2024-12-31", False)],
)
def test_a_period_of_no_calendar(period: str, wrong: bool) -> None:
    assert ("X04" in {rule for rule, _, where in findings(HN2015.with_header("period", period)) if where == "period"}) == wrong


@pytest.mark.parametrize(("points", "wrong"), [("12.5", False), ("11.25", False), ("12", True)])
def test_points_with_or_without_those_of_the_execution(points: str, wrong: bool) -> None:
    rows = [replace(i, standard="", extra={"weight": points}) for i in MOF2021.indicators]
    form = replace(of_rows(MOF2021, rows), profile="mof2021-plain")
    assert len(rows) == 8 and ("B13" in {code for code, _, _ in findings(form)}) == wrong


@pytest.mark.parametrize("name", ["单台设备补助", "次均费用", "单船补助"])
def test_the_price_of_one_is_no_part_of_the_sum(name: str) -> None:
    before, after = (check(d, profiles.load("hn2015")).cost.total for d in (HN2015, with_row(HN2015, COST, name, "≤14万元")))
    assert before == after


# --- what people read -----------------------------------------------------------------------------------------------


def lines(declaration: Declaration) -> list[tuple[str, str, str]]:
    """(rules, where, what) of each line that people read."""
    told = digest(check(declaration, profiles.load(declaration.profile)).findings)
    return [("、".join(line.rules), line.where, line.what) for line in told]


def test_one_sentence_is_one_line() -> None:
    form = with_cells(with_cells(HN2015, 3, value="≥100%"), 9, value="≥100%")
    form = form.with_header("upper_funds.central", "").with_header("upper_funds.city", "")
    assert lines(form) == [
        ("V01", "第3、9行", "写成了“≥100%”，比率不会超过100%"),
        ("C15", "中央、市级", "没有填写"),
    ]


def test_what_tells_the_same_story_stands_in_one_line() -> None:
    form = with_row(HN2015, QUALITY, "护栏安装满意度", "≥100%")
    assert [line for line in lines(form) if "F05" in line[0]] == [
        ("F05、V01", "第12行“护栏安装满意度”", "这是满意度，却放在“质量指标”下；还写成了“≥100%”"),
    ]


def test_errors_come_first_and_no_finding_is_left_out() -> None:
    form = with_cells(with_cells(HN2015, 1, name=" 改造农村公路里程"), 11, value="≥60%").with_header("unit", "")
    found = check(form, profiles.load("hn2015")).findings
    told = digest(found)
    assert [line.severity for line in told] == ["error", "warning", "info"]
    assert sorted(map(repr, (f for line in told for f in line.findings))) == sorted(map(repr, found))


# --- the page of the rules ------------------------------------------------------------------------------------------


def test_the_page_of_the_rules_is_current() -> None:
    text = catalogue.PAGE.read_text(encoding="utf-8")
    assert catalogue.page(text) == text, "run: make rules"


# --- how much is said -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("sample", "most"), [("00_network_office", 35), ("01_rural_roads", 5)])
def test_a_person_reads_a_page_at_most(sample: str, most: int) -> None:
    assert len(lines(SAMPLES[sample])) <= most


@pytest.mark.parametrize("form", GOOD_FORMS.values(), ids=GOOD_FORMS)
def test_a_well_written_form_is_left_in_peace(form: Declaration) -> None:
    assert lines(form) == []
