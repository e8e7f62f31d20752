"""A submission as a Word document, against what would be printed from its content: every difference in a sentence."""

import re
from collections.abc import Iterator

from xlpkg.audit.check import Report
from xlpkg.audit.rules.registry import VERSION
from xlpkg.files.look import page_text
from xlpkg.files.word_look import WordLook
from xlpkg.form.text import norm
from xlpkg.layout import Places
from xlpkg.printed_facts import agree, is_facts
from xlpkg.reading.source import Source
from xlpkg.writing.submission import lay_out

_PAGE_NUMBERS = re.compile(r"第\s*\d*\s*页[，,]?\s*共\s*\d*\s*页")
_DRAFT = re.compile(r"草\s*稿(\s*（还有\d+条错误，不得报送）)?")


def differences(source: Source, report: Report, look: WordLook, places: Places) -> Iterator[str]:
    """What a person sees of the document that is not as it would be printed: around the content, and how it looks."""
    yield from (f"Word文档里{what}，打印的表上没有。" for what in look.odd)
    page = lay_out(report)
    body, columns = set(places.rows.values()), set(places.columns.values())
    same_rules = source.rules == VERSION and source.seal == report.seal
    missing = [
        box.text for box in page.boxes
        if box.text and not (box.left in columns and page.repeat[1] < box.top <= page.repeat[1] + len(body))
    ]  # fmt: skip
    repeated = {norm(box.text) for box in page.boxes if box.left not in columns}  # a label stands on every page anew
    extra: list[str] = []
    for row, column, text in look.texts:
        if row in body and column in columns:
            continue
        match = next((t for t in missing if _same(text, t, same_rules=same_rules)), None)
        if match is not None:
            missing.remove(match)
        elif not (row in body and norm(text) in repeated):
            extra.append(text)
    yield from (f"多出文字“{_short(text)}”，打印的表上没有。" for text in extra)
    labels = {norm(text) for row, _, text in look.texts if row in body}
    yield from (f"少了“{_short(text)}”。" for text in missing if norm(text) not in labels)
    yield from (f"{where}多出文字“{_short(text)}”，打印的表上没有。" for where, text in look.outside)
    yield from _around_the_page(page.header, page.footer, look, source, report, same_rules=same_rules)


def _same(text: str, printed: str, *, same_rules: bool) -> bool:
    if is_facts(text) and is_facts(printed):
        return agree(text, printed, same_rules=same_rules)
    return norm(text) == norm(printed)


def _around_the_page(
    header: str, footer: str, look: WordLook, source: Source, report: Report, *, same_rules: bool
) -> Iterator[str]:
    for where, code in (("页眉", header), ("页脚", footer)):
        wanted = _plain(page_text(code).replace(report.seal, source.seal or ""), same_rules=same_rules)
        found = [_plain(text, same_rules=same_rules) for part, text in look.page if part == where]
        if any(text != wanted for text in found) or (wanted and not found):
            now = f"现在是“{_short('；'.join(text for part, text in look.page if part == where))}”"
            yield f"{where}应为“{_short(page_text(code))}”，{now}。" if wanted else f"{where}应是空的，{now}。"


def _plain(text: str, *, same_rules: bool) -> str:
    """A header or footer without the page's numbers; whether it is a draft counts only where the rules are the same."""
    text = _PAGE_NUMBERS.sub("", text)
    return norm(text if same_rules else _DRAFT.sub("", text))


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 30 else text[:30] + "……"
