"""What counts as blank: nothing, a dash, or a word that says that there is nothing (不涉及, 暂无, 请填写)."""

import re
from functools import lru_cache

from xlpkg.form import words
from xlpkg.form.text import norm

_AROUND = "()[]【】〔〕“”\"'。；，、.;,：: "
_MARKS = re.compile(r"[/\\\-—–_.·…。\s]*")


@lru_cache(maxsize=4096)
def left_blank(text: str) -> bool:
    """Blank, a dash, or an answer that says nothing, in any cell of the form. Source: RULES, "Non-answers are blank"."""
    text = norm(text)
    return bool(_MARKS.fullmatch(text)) or no_answer(text)


def no_answer(text: str) -> bool:
    """A word that says that there is nothing: 不涉及, N/A, 暂无."""
    bare = norm(text).strip(_AROUND).upper()
    return bare in words.of("no_answer") or (bool(bare) and not bare.strip("?？"))
