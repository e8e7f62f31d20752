"""What counts as blank: nothing, a dash, or a word that says that there is nothing (不涉及, 暂无, 请填写)."""

import re
from functools import lru_cache

from xlpkg.form import words
from xlpkg.form.text import norm

_AROUND = "()[]【】〔〕“”\"'。；，、.;,：: "
_NOTHING_OF_THE_KIND = re.compile(
    "(?:(?:本|该|此)?(?:项目|单位|表|项))?(?:暂|均|并)?(?:不涉及|未涉及|不适用|没有|无)"
    "(?:(?:此|该|这|本|相关|上述)[类项种个]?(?:效益|绩效)?(?:内容|指标|情况|事项|效益|要求)?|[此该这]?[类项种]?(?:指标|内容))?"
)
"""本项目不涉及此类指标, 无此类效益, 暂无相关内容."""
_MARKS = re.compile(r"[/\\\-—–_.·…。\s]*")


_PROMPT = re.compile(
    r"\((?=[^()]*(?:填写|填报|填列|概述|简述|简要|请))[^()]*\)|(?:请|此处|在此)(?:在?此处?)?(?:填写|输入|选择|填报)[^,，。;；]{0,20}"
)
"""What a template says is to be written: （填写单位全称）, 请在此处填写项目名称."""
_TEMPLATE_MARKS = re.compile(r"(?=.*[Xx×*_○〇])(?:20(?=[Xx×*_○〇])|[Xx×*_○〇年月日至到/\-—–~～.·:：\s])+")
_DOTS_BEHIND_NUMBERS = re.compile(r"(?:(?:目标|任务|指标)?\d{1,2}[、.．:：]\s*(?:…+|\.{3,}|·{3,})?\s*(?:…+)?)+")


@lru_cache(maxsize=4096)
def left_blank(text: str) -> bool:
    """Blank, a dash, or an answer that says nothing, in any cell of the form."""
    text = norm(text)
    return bool(_MARKS.fullmatch(text)) or no_answer(text)


def left_as_printed(text: str) -> bool:
    """Blank, or nothing but what a template prints into a field of the header."""
    return left_blank(text) or of_template(text)


def of_template(text: str) -> bool:
    """Nothing but what a template prints into a field of the header: （填写单位全称）, 20XX年XX月, 目标1：……."""
    text = norm(text)
    return any(pattern.fullmatch(text) for pattern in (_PROMPT, _TEMPLATE_MARKS, _DOTS_BEHIND_NUMBERS))


def no_answer(text: str) -> bool:
    """A word that says that there is nothing: 不涉及, N/A, 暂无."""
    bare = norm(text).strip(_AROUND).upper()
    if not bare:
        return False
    return bare in words.of("no_answer") or not bare.strip("?？") or _NOTHING_OF_THE_KIND.fullmatch(bare) is not None
