"""Parts of formulas that take a typed text apart: blanks, narrow figures, signs. Excel 2010 functions only."""

_BLANKS = ("CHAR(9)", "CHAR(10)", "CHAR(13)", '"\u00a0"', '"\u3000"')
_NOTHING = ('"\u200b"', '"\ufeff"')
_NARROW = dict(zip("０１２３４５６７８９．，％＋－", "0123456789.,%+-", strict=True))
SIGNS = (*"≥≤><=≧≦＞＜＝", ">=", "<=", "=>", "=<")
"""The signs of comparison as people type them."""
DIGITS = "0123456789.,"
MONEY_OF_HEADER = ("元", "万元", "亿元", "万", "亿")
"""The units that may stand behind an amount in the header."""


def trimmed(cell: str) -> str:
    """The cell as a text without blanks at its ends; line breaks and blanks of any width are blanks."""
    text = f'{cell}&""'
    for blank in _BLANKS:
        text = f'SUBSTITUTE({text},{blank}," ")'
    for nothing in _NOTHING:
        text = f'SUBSTITUTE({text},{nothing},"")'
    return f"TRIM({text})"


def narrowed(text: str) -> str:
    """The text with its full-width figures and marks in the narrow form."""
    for wide, narrow in _NARROW.items():
        text = f'SUBSTITUTE({text},"{wide}","{narrow}")'
    return text


def stripped(text: str, characters: str) -> str:
    """The text without these characters."""
    for character in characters:
        text = f'SUBSTITUTE({text},"{character}","")'
    return text


def without_blanks(text: str) -> str:
    """The text without any blank."""
    return stripped(text, " ")
