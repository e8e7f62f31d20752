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


@lru_cache(maxsize=4096)
def left_blank(text: str) -> bool:
    """Blank, a dash, or an answer that says nothing, in any cell of the form."""
    text = norm(text)
    return bool(_MARKS.fullmatch(text)) or no_answer(text)


def no_answer(text: str) -> bool:
    """A word that says that there is nothing: 不涉及, N/A, 暂无."""
    bare = norm(text).strip(_AROUND).upper()
    if not bare:
        return False
    return bare in words.of("no_answer") or not bare.strip("?？") or _NOTHING_OF_THE_KIND.fullmatch(bare) is not None
