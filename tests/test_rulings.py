"""The rulings: what an auditor would and would not say of one row, as tables of rows."""

from __future__ import annotations

import re

import pytest
from forms import (
    HN2015,
    changed,
    findings,
    of_rows,
    with_cells,
    with_row,
)

from xlpkg.audit.check import check
from xlpkg.form import profiles

QUANTITY, TIME, COST, SOCIAL = "数量指标", "时效指标", "成本指标", "社会效益指标"


def errors_of(l2: str, name: str, value: str) -> set[str]:
    """The error codes of one row more on the base form (with money enough)."""
    return {
        code for code, number, _ in findings(with_row(changed(HN2015, budget="99999"), l2, name, value), "error") if number == 12
    }


def listed(table: str) -> list[tuple[str, ...]]:
    """Rows of a table `l2 | name | value | codes`; ids are the values."""
    return [tuple(cell.strip() for cell in line.split("|")) for line in table.strip().splitlines()]


RULINGS = listed("""
    数量指标 | 培训 | 支持建设党支部2个。召开行业党委会2次 | V03
    数量指标 | 培训 | 每村1名，共120名 |
    数量指标 | 培训 | 合计180公里，县道30公里，乡道150公里 |
    数量指标 | 培训 | 12次，每次不少于30人 |
    数量指标 | 巡查 | 每季度3次 |
    数量指标 | 培训 | ≥100人且≤200人 |
    数量指标 | 培训 | 3批次 |
    数量指标 | 培训 | ≥1.2万人次 |
    数量指标 | 培训 | 500余户 |
    数量指标 | 培训 | 1000多人 |
    数量指标 | 培训 | 十余次 |
    数量指标 | 培训 | 组织演练十二次 |
    数量指标 | 三俗整治 | 治理三俗 | M03
    数量指标 | 一体化 | 推进一体化 | M03
    数量指标 | 公路 | 四好农村路 | M03
    数量指标 | 筛查 | 两癌 | M03
    数量指标 | 巡检 | 随机 | M01
    数量指标 | 巡检 | 随机抽查12次 |
    数量指标 | 巡检 | ≥**次，培训2次 | V02
    数量指标 | 巡检 | 无 | C12
    数量指标 | 管线 | 600-520米 | V06
    数量指标 | 管线 | 520～600米 |
    数量指标 | 管线 | 520 至 600 米 |
    数量指标 | 管线 | 600-600米 | V06
    时效指标 | 竣工 | 6月30日前支付50%，12月31日前支付100% | V03
    时效指标 | 竣工 | 2024年6月30日、2024年12月31日 | V03
    时效指标 | 竣工 | 2024年3月至2024年11月 |
    时效指标 | 竣工 | 3月底前启动，11月底前完成 |
    时效指标 | 竣工 | 44,561 | V09
    数量指标 | 竣工 | 44,561 | V05
    时效指标 | 竣工 | 较2023年缩短10天 |
    质量指标 | 疫苗接种率 | ≥100百分比 | V01
    质量指标 | 疫苗接种率 | 95%-105% | V01
    质量指标 | 疫苗接种率 | 95%-100% |
    质量指标 | 疫苗接种率 | 299% | V01
    经济效益指标 | 旅游收入增长率 | ≥105% |
    经济效益指标 | 税收 | 较上年提高120% |
    质量指标 | 合格率（%） | ≤90% | V08
    质量指标 | 生活垃圾清运率 | ≤90% | V08
    质量指标 | 管网漏损率 | ≥9% | V08
    社会效益指标 | 安全事故起数 | ≥0起 | V08
    社会效益指标 | 安全事故起数 | =0起 |
    社会效益指标 | 事故处置率 | ≥95% |
    质量指标 | 故障次数 | ≤2次 |
    质量指标 | 群众满意率 | ≥100% | F05 V01
    社会效益指标 | 群众满意度 | 满意 | F05
    社会公众或服务对象满意度指标 | 学生满意度 | 九成以上 |
    社会公众或服务对象满意度指标 | 学生满意度 | 百分之九十 |
    社会公众或服务对象满意度指标 | 学生满意度 | ≥90 | V05
    社会公众或服务对象满意度指标 | 学生满意度 | 随机 | M01
    社会公众或服务对象满意度指标 | 学生满意度 | 视情况 | M01
    社会公众或服务对象满意度指标 | 学生满意度 | 略 | C12
    成本指标 | 印刷费 | 50 | V05
    成本指标 | 印刷费 | 据实列支 | M01
    成本指标 | 印刷费 | 纸张5万元，装订6万元 | V03
    成本指标 | 印刷费 | ≥5万 | V07
    成本指标 | 印刷费 | 12次 | B05
    成本指标 | 人工成本占比 | 三成 |
""")


@pytest.mark.parametrize(("l2", "name", "value", "codes"), RULINGS, ids=lambda text: text or "-")
def test_ruling_on_one_row(l2, name, value, codes):
    assert errors_of(l2, name, value) == set(codes.split())


# What an auditor would and would not say about cells as people write them; wording of the rules in brackets.
PRACTICE = listed("""
    质量指标 | 不合格率 | ≤5% |
    质量指标 | 不合格率 | ≥5% | V08
    社会效益指标 | 登记失业率 | ≥5% | V08
    社会效益指标 | 零事故率 | ≥99% |
    质量指标 | 系统无故障率 | ≥99% |
    数量指标 | 调查处理交通事故 | ≥200起 |
    数量指标 | 受理投诉量 | ≥20件 |
    社会效益指标 | 减少安全事故起数 | ≥3起 |
    社会效益指标 | 降低管网漏损率 | ≥3% |
    社会效益指标 | 刑事案件发案率 | 较上年下降≥5% |
    社会效益指标 | 刑事案件发案率 | 同比下降5%以上 |
    成本指标 | 预算执行率 | ≤100% |
    成本指标 | 节约成本 | ≥10万元 |
    成本指标 | 设备费 | ≤1.5倍 | B05
    成本指标 | 设备费 | 伍拾万元 |
    时效指标 | 竣工 | ≤2024年12月31日 |
    时效指标 | 竣工 | 2024.12 |
    时效指标 | 竣工 | 2024.01-2024.12 |
    时效指标 | 竣工 | 2024年11月底前完成2023年度决算 |
    时效指标 | 值班 | 24小时×365天 |
    数量指标 | 面积 | 2000M2 |
    数量指标 | 医疗设备 | 16排CT1台 |
    数量指标 | 存储容量 | 10TB |
    数量指标 | 视频监控 | 200万像素摄像头50个 |
    质量指标 | 孕产妇死亡率 | ≤12人/10万人 |
    数量指标 | 补贴人数 | 8000-1.2万人 |
    数量指标 | 电脑 | =12台（型号XXL） |
    数量指标 | 培训 | 2期100人次/期 |
    数量指标 | 慰问 | 无。 | C12
    数量指标 | 慰问 | （无） | C12
    数量指标 | 慰问 | ≥ | C12
    数量指标 | 补贴人数 | ≥×人 | V02
    数量指标 | 补贴人数 | ≥X人 | V02
    成本指标 | 满意度第三方评估费 | ≤5万元 |
    数量指标 | 满意度第三方评估次数 | ≥1次 |
    质量指标 | 全省考核排名 | 前3名 |
    质量指标 | 灌溉水利用系数 | ≥0.55 |
    数量指标 | 培训 | 3期/180人 | V03
    时效指标 | 竣工 | 2024 年 12 月 31 日前 |
    时效指标 | 竣工 | 12 月 31 日前 |
    社会效益指标 | 甲乙类传染病发病率 | ≤230/10万 |
    社会效益指标 | 甲乙类传染病发病率 | ≥230/10万 | V08
    成本指标 | 低保月人均补助水平 | ≥450元/人·月 |
    数量指标 | 参训人次 | ≥1,2000人次 | V03
""")


@pytest.mark.parametrize("value", ["半年内", "一个半月内", "≤2h", "≤15min", "预算年度内", "主汛期前（6月底前）", "2024 年底前"])
def test_time_limits_in_other_words(value: str) -> None:
    assert "M04" not in {code for code, _, _ in findings(with_cells(HN2015, 4, value=value))}


@pytest.mark.parametrize(
    "value", ["不少于4次，每季度1次", "1,200人×2次", "2,400批次，每月200批次", "不超过27万元，每口6万元", "2期，每期100人"]
)
def test_no_fix_leaves_a_figure_out(value: str) -> None:
    mutated = with_cells(HN2015, 6 if "万元" in value else 2, value=value)
    fixes = [f.fix for f in check(mutated, profiles.load("hn2015")).findings if f.fix and f.field == "value"]
    assert [fix.to for fix in fixes if any(figure not in fix.to for figure in re.findall(r"\d+", value.replace(",", "")))] == []


def test_a_share_written_as_a_fraction_is_offered_as_a_percentage() -> None:
    found = [f.fix for f in check(with_cells(HN2015, 11, value="≥0.9"), profiles.load("hn2015")).findings if f.rule == "V05"]
    assert [fix and fix.to for fix in found] == ["≥90%"]


def test_a_unit_price_is_no_part_of_the_costs() -> None:
    priced = with_row(with_cells(HN2015, 5, value="≤100万元"), COST, "公路材料检验成本", "≤550元/批次")
    assert {code for code, _, _ in findings(priced)} == {"B03"}


def test_number_times_price_against_the_total_row() -> None:
    base = of_rows(HN2015, [i for i in HN2015.indicators if i.l2 != COST])
    base = with_row(with_row(base, COST, "受益村民培训总成本", "≤140万元"), COST, "受益村民培训单位成本", "≤900元/人")
    assert "B09" in {code for code, _, _ in findings(with_row(base, QUANTITY, "受益村民培训人数", "≥1200人"))}
    assert "B09" not in {code for code, _, _ in findings(with_row(base, QUANTITY, "受益村民培训人数", "≥1555人"))}


@pytest.mark.parametrize(
    ("name", "value", "codes"),
    [("修复危桥座数", "=3座", {"R06"}), ("修复危桥座数", "≥5座", {"X10"}), ("修复危桥合格率", "≥90%", set())],
)
def test_a_benefit_that_counts_the_output_anew(name: str, value: str, codes: set[str]) -> None:
    assert {c for c, _, _ in findings(with_row(HN2015, SOCIAL, name, value))} & {"X10", "R06"} == codes


@pytest.mark.parametrize(("l2", "name", "value", "codes"), PRACTICE, ids=lambda text: text or "-")
def test_practice_on_one_row(l2, name, value, codes):
    assert errors_of(l2, name, value) == set(codes.split())
