"""What the columns of later forms are called, ours and those of other published layouts."""

import re
from functools import lru_cache

from xlpkg.form.text import norm

_INDICATORS: dict[str, str] = {
    "l1": r"一级(?:指标)?",
    "l2": r"二级(?:指标)?",
    "name": r"(?:三级(?:指标)?|指标)(?:名称)?|具体指标|指标内容",
    "op": r"指标性质|计算符号|符号",
    "measure": r"度量单位|计量单位|指标单位",
    "adjusted": r"调整后?(?:的?年度)?(?:目标|指标)值",
    "basis": r"(?:调整)?批准文件|调整依据",
    "before": r"上次监控完成值",
    "before_chance": r"上次监控可能性",
    "points": r"(?:指标|考评|标准)?(?:分值|权重)(?:分值|权重|占比)?|标准分",
    "target": r"(?:20\d\d年)?(?:年度|年初|全年|预期|计划|年度绩效|绩效)?(?:设定)?(?:指标|目标)值?(?:值|目标值)?",
    "forecast": r"全年预计完成(?:情况|值|数)?|预计完成(?:情况|值)",
    "done": r"(?:指标)?完成(?:率|程度|进度)",
    "actual": r"(?:全年|年度|年终|当年|截至.*)?(?:实际)?(?:完成|实现)(?:指标)?(?:值|情况|数|程度)?|(?:全年)?实际值|当前完成值|"
              r"[\d—–~～至到-]*\d{1,2}月(?:份|底)?(?:指标)?(?:执行|完成)情况|(?:上?半年度?|当前(?:月)?)?(?:指标)?执行情况",
    "score": r"(?:自评|单项|指标)?得分|自评分(?:数)?",
    "share": r"(?:指标)?权重占比%?|所占权重%?",
    "converted": r"折算(?:后)?得分|折算分(?:值|数)?|加权得分",
    "chance": r".{0,10}可能性.*",
    "chance.确定能": r"确定能(?:完成)?",
    "chance.有可能": r"有可能(?:完成)?",
    "chance.完全不可能": r"(?:完全)?不可能(?:完成)?",
    "cause.经费": r"经费(?:保障)?",
    "cause.制度": r"制度(?:保障)?",
    "cause.人员": r"人员(?:保障)?",
    "cause.硬件": r"硬件(?:条件)?(?:保障)?",
    "cause.其他": r"其他",
    "why": r"(?:未完成|偏差|未达标|未达到|扣分|偏离)?.{0,8}原因.{0,16}|偏差分析.{0,12}",
    "note": r"备注",
    "ref": r"申报行号",
}  # fmt: skip
_MONEY: dict[str, str] = {
    "initial": r"年初预算数?(?:\(.*\))?|年初预算金额",
    "adjusted": r"(?:全年|调整后?|年度|本年)(?:的)?预算数?(?:\(.*\))?|预算数(?:\(.*\))?",
    "forecast": r"全年预计(?:执行|支出)数?",
    "executed": r"(?:全年|年度|预算|[\d—–~～至到-]*\d{1,2}月(?:份|底)?|上半年|实际)?(?:实际)?(?:执行|支出)数?(?:金额)?"
                r"(?:\([ABC]\))?",
    "points": r"分值|权重|标准分",
    "rate": r"(?:预算|资金|[\d—–~～至到-]*\d{1,2}月(?:份|底)?)?(?:执行|支出)(?:率|进度)(?:\(.*\))?%?",
    "score": r"(?:自评)?得分(?:\(.*\))?",
    "reason": r"(?:偏差|未执行|预算变动.*)?原因.{0,8}",
}  # fmt: skip
_BEHIND = re.compile(r"\((?:\d+分|[A-Z]|[A-Z]/[A-Z]|%|\d+%)\)$|[:：]$")
_IN_HEAD = re.compile(r"\([^()]*(?:不可能|选择|单选)[^()]*\)")
WHOLE = "年度资金总额"
TOTAL_SOURCE = re.compile(r"(?:年度|财政)?.{0,6}(?:资金|项目)?总额.*|合计|总计|年度资金|项目资金|总额")
SOURCE = re.compile(r".*(?:资金|拨款|其中|结转|中央|省级|市级|县级|本级|收入|预算金额|总额|合计|债券).*")
RESULT = re.compile(r"(?:年度)?(?:总体)?(?:目标)?(?:全年)?(?:实际)?(?:完成|执行)(?:总体)?情况(?:综述)?")
GOAL = re.compile(r"(?:预期|年初设定|项目年度|年度总体|年初|年度)目标")
TOTAL = re.compile(r"总分|合计|总计|自评总分|自评得分|得分合计|总得分")
SUM_OF_SOURCES = re.compile(r"合计|小计|总额")
END = re.compile(
    r"(?:其他需要说明|评价结论|存在问题|存在的问题|改进措施|偏差大|偏差或|注|备注|填报|填表|说明|项目负责人|财务负责人|单位负责人|"
    r"联系电话|相关建议|审核|自评结论).*"
)
GRADES = ("优", "良", "中", "差")


def plain_head(text: str) -> str:
    """A head without blanks, marks of a column (A), and what explains the choices."""
    bare = _IN_HEAD.sub("", norm(text).replace(" ", "").replace("（", "(").replace("）", ")"))
    return _BEHIND.sub("", bare)


@lru_cache(4096)
def indicator_column(text: str) -> str:
    """The key of a column of the indicators by its head; "" for none."""
    return _key(_INDICATORS, text)


@lru_cache(4096)
def money_column(text: str) -> str:
    """The key of a column of the funds by its head; "" for none."""
    return _key(_MONEY, text)


def month_of(text: str) -> int | None:
    """The last month that the head of the actual values names: 1—7月执行情况, 半年度指标执行情况."""
    if "半年" in text:
        return 6
    months = [int(m) for m in re.findall(r"(\d{1,2})月", norm(text)) if 1 <= int(m) <= 12]
    return months[-1] if months else None


def _key(heads: dict[str, str], text: str) -> str:
    bare = plain_head(text)
    whole = norm(text).replace(" ", "")
    return next((key for key, pattern in heads.items() if re.fullmatch(pattern, bare) or re.fullmatch(pattern, whole)), "")
