"""A form that is not shipped, and a well-written declaration in it."""

import json

from xlpkg.form.declaration import from_json

OWN_TOML = """
extends = "mof2015"
id = "county2026"
name = "某县 项目支出绩效目标申报表"
title = "{year}年度项目支出绩效目标申报表（某县）"
money_unit = "元"
without = ["long_goal", "period", "filler", "phone", "upper_funds"]

[required]
leader = "error"
weight = "error"
kind = "error"

[[fields]]
key = "leader"
label = "项目负责人"
aliases = ["项目责任人"]

[[columns]]
key = "weight"
label = "权重"
kind = "number"
total = 90

[[columns]]
key = "formula"
label = "计算方法"
after = "weight"

[[columns]]
key = "kind"
label = "指标性质"
kind = "choice"
choices = ["核心指标", "一般指标"]
after = "formula"

[[funds]]
key = "other"
label = "其他资金"
"""
OWN_ROWS = [
    ("产出指标", "数量指标", "维修渠道长度", "≥12公里", "20", "核心指标"),
    ("产出指标", "质量指标", "工程验收合格率", "=100%", "10", "一般指标"),
    ("产出指标", "时效指标", "维修渠道完工时间", "2026年11月30日前", "10", "一般指标"),
    ("产出指标", "成本指标", "维修渠道费用", "≤1500000元", "10", "核心指标"),
    ("效益指标", "经济效益指标", "灌区亩均增产", "≥50公斤", "10", "一般指标"),
    ("效益指标", "社会效益指标", "受益农户户数", "≥600户", "10", "一般指标"),
    ("效益指标", "生态效益指标", "节水率", "≥8%", "5", "一般指标"),
    ("效益指标", "可持续影响指标", "渠道设计使用年限", "≥15年", "5", "一般指标"),
    ("满意度指标", "服务对象满意度指标", "受益农户满意度", "≥90%", "10", "核心指标"),
]
OWN = from_json(
    json.dumps({
        "profile": "county2026", "unit": "云溪县水利局", "department": "云溪县水利局", "project": "渠道维修", "year": 2026,
        "budget_wan": "1400000", "year_goal": "维修渠道12公里，工程验收全部合格，受益农户600户，灌区增产节水。",
        "extra": {"leader": "张三", "other": "100000"},
        "indicators": [
            {"l1": l1, "l2": l2, "name": name, "value": value, "extra": {"weight": weight, "kind": kind, "formula": "实际/计划"}}
            for l1, l2, name, value, weight, kind in OWN_ROWS
        ],
    })
)  # fmt: skip
