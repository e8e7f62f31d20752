"""A word list of a form (a pattern) as plain words, which a spreadsheet can look for: it knows no patterns."""

import re
from collections.abc import Iterator

_MOST = 400
_TOKEN = re.compile(r"\(\?:|\(\?.|\(|\)\?|\)|\||\[[^\]^\\-]*\]\??|[^\\.*+{}()\[\]|?]\??|.", re.DOTALL)


class _NotPlainError(Exception):
    """The pattern has a part that is no list of words."""


def plain_words(pattern: str) -> tuple[list[str], bool]:
    """The words that a pattern finds, ^ and $ standing in them for a text's ends, and whether these are all of them."""
    words: list[str] = []
    complete = True
    for part in _parts(pattern):
        try:
            found = _expanded(list(_TOKEN.findall(part)))
        except _NotPlainError:
            complete = False
        else:
            words += found
    return list(dict.fromkeys(w for w in words if w)), complete


def _parts(pattern: str) -> Iterator[str]:
    """The alternatives of a pattern; those within brackets stay together."""
    depth = start = 0
    for at, character in enumerate(pattern):
        depth += (character in "([") - (character in ")]")
        if character == "|" and depth == 0:
            yield pattern[start:at]
            start = at + 1
    yield pattern[start:]


def _expanded(tokens: list[str]) -> list[str]:
    """Every text that a sequence of tokens stands for. Takes the tokens up to the closing bracket away."""
    finished: list[str] = []
    found = [""]
    while tokens and tokens[0] not in (")", ")?"):
        token = tokens.pop(0)
        if token == "|":
            finished, found = finished + found, [""]
            continue
        if token in ("(", "(?:"):
            choices = _expanded(tokens)
            if not tokens:
                raise _NotPlainError
            choices = ["", *choices] if tokens.pop(0) == ")?" else choices
        elif token.startswith("[") and len(token) > 1:
            choices = ([""] if token.endswith("?") else []) + list(token.rstrip("?")[1:-1])
        elif token.rstrip("?") and token[0] not in "\\.*+{}()[]":
            choices = ["", token[0]] if token.endswith("?") else [token]
        else:
            raise _NotPlainError
        found = [a + b for a in found for b in choices]
        if len(found) + len(finished) > _MOST:
            raise _NotPlainError
    return finished + found
