"""Group F, the writing: blanks, signs, marks, spelling, names, phone."""

import re
from collections.abc import Iterator

from xlpkg.audit.facts.advice import measured
from xlpkg.audit.facts.evidence import Evidence, Row
from xlpkg.audit.facts.finding import INFO, MENDED_AT_ONCE, UNTIDY, WARNING, Observation, offered, safe
from xlpkg.audit.facts.spelling import misspelt
from xlpkg.audit.rules.registry import rule
from xlpkg.form.blanks import left_blank
from xlpkg.form.names import has_marks, without_marks
from xlpkg.form.text import norm, tidy
from xlpkg.form.words import SIGNS_BEFORE, alternatives, kind_of_name

_LOOSE_SIGN = "[０-９％﹪＝═﹦＜＞．≧⩾≦⩽﹥﹤]|[><] ?=|= ?[><]"
_SIGN_IN_WORDS = re.compile(alternatives(word for word, sign in SIGNS_BEFORE.items() if sign != "≈"))
_TRAILING = re.compile("[。；，、.;,\\s]+$")
_PARTS = re.compile("[，；、,;]")
_SEVERAL = 3
_VALUE_BEHIND = re.compile(r"(?<!\d)[≥≤=><]?\d+(?:\.\d+)?[%‰]$")  # 达标率100%
_BLANKS = ("有多余的空格或换行", "请去掉多余的空格或换行。")
_PHONE = re.compile(r"1[3-9]\d{9}|0\d{2,3}-?\d{7,8}(?:-\d+)?|\d{7,8}(?:-\d+)?|[48]00-?\d{3}-?\d{4}")
_BETWEEN_PHONES = re.compile("[、，,;；/]|或")


def _texts(evidence: Evidence) -> Iterator[tuple[Row, str, str]]:
    for row in evidence.rows:
        yield row, "name", row.indicator.name
        yield row, "value", row.typed
        yield row, "standard", row.indicator.standard


@rule(
    "F09", "多余空格或换行", INFO, basis="预算绩效系统录入时不允许空格",
    violates="“ 网评工作”", passes="“网评工作”",
    failing="7.name = ␣运输成本降低率", found="7 name",
    passing="7.name = 运输成本降低率",
)  # fmt: skip
def texts_have_no_stray_blanks(evidence: Evidence) -> Iterator[Observation]:
    """A text has blanks at its ends, doubled ones, line breaks or zero-width characters."""
    for row, field, text in _texts(evidence):
        if tidy(text) != text and norm(text):
            fix = safe(row.row, field, tidy(text))
            yield Observation(row.row, field, *_BLANKS, fix=fix, common=UNTIDY, advice=MENDED_AT_ONCE)
    for field in ("unit", "department", "project", "period", "filler", "phone"):
        text = evidence.declaration.header(field)
        if norm(text) and tidy(text) != text:
            fix = safe(None, field, tidy(text))
            yield Observation(None, field, *_BLANKS, fix=fix, common=UNTIDY, advice=MENDED_AT_ONCE)


@rule(
    "F10", "全角或不规范符号", INFO, basis="预算绩效系统只接受规范的计算符号和数字",
    violates="≥１００％、>=90%、不少于12场、控制在5%以内", passes="≥90%",
    failing="7.value = >=5%", found="7 value",
    passing="7.value = >5%",
)  # fmt: skip
def values_use_plain_signs(evidence: Evidence) -> Iterator[Observation]:
    """A value has full-width figures or signs, >= for ≥, or a sign written in words before its one figure."""
    for row in evidence.rows:
        typed, target = row.typed, evidence.profile.read_target(row.typed)
        wanted = norm(typed)
        if wanted == typed or not re.search(_LOOSE_SIGN, typed):
            wanted = ""
        if target.single and target.canonical != target.norm and _SIGN_IN_WORDS.search(typed):
            wanted = target.canonical
        if wanted and wanted != typed and row.stop != "no_figure":
            fix = safe(row.row, "value", wanted)
            what = f"“{tidy(typed)}”的符号写法不规范"
            yield Observation(
                row.row,
                "value",
                what,
                f"请写成“{wanted}”。",
                fix=fix,
                actual=typed,
                expected=wanted,
                common=UNTIDY,
                advice=MENDED_AT_ONCE,
            )


@rule(
    "F11", "句末标点", INFO, basis="指标值是数字和单位，不是句子",
    violates="打卡活动6次。", passes="6次",
    failing="7.value = ≥5%。", found="7 value",
    passing="""
    """,
)  # fmt: skip
def values_have_no_full_stop(evidence: Evidence) -> Iterator[Observation]:
    """A value ends with a punctuation mark."""
    for row in evidence.rows:
        typed = row.typed
        shorter = _TRAILING.sub("", typed)
        if _TRAILING.search(typed.strip()) and row.target.kind != "empty" and shorter:
            fix = safe(row.row, "value", shorter)
            yield Observation(
                row.row, "value", "指标值末尾有标点", "请去掉末尾标点。", fix=fix, common=UNTIDY, advice=MENDED_AT_ONCE
            )


@rule(
    "F12", "疑似错字", WARNING, basis="同一张表里名称只差一个字，或叠字",
    violates="网评系统统技术服务", passes="网评系统技术服务",
    failing="10.name = 公路系统统使用年限", found="10 name",
    passing="10.name = 公路系统使用年限",
)  # fmt: skip
def names_look_spelt_right(evidence: Evidence) -> Iterator[Observation]:
    """A name doubles the last character of a common noun, or lacks or has one character against a more frequent name."""
    meant = evidence.once(misspelt)
    for row in evidence.named:
        if name := meant.get(row.row):
            fix = offered(row.row, "name", name)
            what = f"“{row.typed_name}”像是有错字"
            yield Observation(row.row, "name", what, f"请核对，是不是“{name}”？", fix=fix, actual=row.name, expected=name)


@rule(
    "F13", "名称只是工作事项", INFO, basis="财预〔2021〕101号：指标名称易懂、简洁、清晰",
    violates="网络综合治理", passes="网络治理工作调度会召开次数",
    failing="2.name = 修复危桥", found="2 name",
    passing="2.name = 修复危桥座数",
)  # fmt: skip
def name_is_a_measure(evidence: Evidence) -> Iterator[Observation]:
    """A quantity or quality indicator's name does not end as a measure does (数, 次数, 率, 面积, 里程 …)."""
    roles = evidence.profile.roles
    for row in evidence.named:
        if row.category not in (roles.quantity, roles.quality):
            continue
        name = without_marks(row.name) if has_marks(row.name) else row.bare_name
        measure = _VALUE_BEHIND.sub("", name)
        if measure and not kind_of_name(measure) and not evidence.profile.has("measure_name", measure):
            better = measured(evidence, name, row.quantity)
            advice = "审核严的地方要写成可以计量的名称"
            suggestion = f"{advice}，例如“{better}”。" if better else f"{advice}，如“……次数”“……合格率”。"
            yield Observation(
                row.row, "name", "名称只写了做什么，没有写考核什么", suggestion, actual=row.name, expected=better,
                common="名称只写了做什么，没有写考核什么", advice=f"{advice}，如“……次数”“……合格率”。",
            )  # fmt: skip


@rule(
    "F14", "名称过长或含多个事项", WARNING, basis="指标名称一事一条",
    violates="政治反动、“三俗”、谣言、淫秽色情等负面有害信息", passes="负面有害信息处置率",
    failing="10.name = 公路设计、施工、养护使用年限", found="10 name",
    passing="10.name = 公路设计和施工使用年限",
)  # fmt: skip
def name_is_short_and_single(evidence: Evidence) -> Iterator[Observation]:
    """The name has more than max_name characters, or three or more parts between commas."""
    limit = evidence.profile.limits.max_name
    for row in evidence.named:
        name = row.bare_name
        parts = [p for p in _PARTS.split(name) if p]
        if len(name) > limit or len(parts) >= _SEVERAL:
            what = f"名称有{len(name)}个字，太长" if len(name) > limit else f"名称里写了{len(parts)}件事"
            yield Observation(
                row.row, "name", what, f"请一事一条，不超过{limit}个字。", actual=str(len(name)), expected=str(limit),
                common="名称太长，或写了几件事",
            )  # fmt: skip


@rule(
    "F15", "联系电话格式", WARNING, basis="手机11位，固定电话区号加7至8位",
    violates="1380000000（10位）", passes="13800000000",
    failing="phone = 1380000000", found="phone",
    passing="phone = 13800000000、0734-5210001",
)  # fmt: skip
def phone_can_be_dialled(evidence: Evidence) -> Iterator[Observation]:
    """A phone number is neither a mobile number nor an area code with seven or eight digits nor one of the county's short ones."""
    typed = norm(evidence.declaration.phone)
    bare = re.sub("[()\\s]", "", typed.replace("—", "-").replace("–", "-"))
    numbers = [n for n in _BETWEEN_PHONES.split(bare) if n]
    known = evidence.profile.short_numbers
    if any(not _PHONE.fullmatch(n) and n not in known for n in numbers) and not left_blank(typed):
        yield Observation(None, "phone", f"“{typed}”的位数不对", "请核对：手机11位，固定电话写区号。", actual=typed)
