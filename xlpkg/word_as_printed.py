"""A submission as a Word document, against what would be printed from its content: every difference in a sentence."""

import re
from collections.abc import Iterator

from xlpkg.audit.check import Report
from xlpkg.files.word_look import WordLook
from xlpkg.form.text import norm
from xlpkg.printed_verdict import PrintedVerdict
from xlpkg.reading.source import Source
from xlpkg.writing.submission import lay_out

_PAGE_NUMBERS = re.compile(r"第\s*\d*\s*页[，,]?\s*共\s*\d*\s*页")


def differences(source: Source, report: Report, look: WordLook) -> Iterator[str]:
    """What a person sees of the document that is not as it would be printed: around the content, and how it looks."""
    yield from (f"Word文档里{what}，打印的表上没有。" for what in look.odd)
    page = lay_out(report)
    printed = PrintedVerdict(source, report, (text for _, _, text in look.texts))
    yield from printed.faults()
    body, columns = look.body, look.columns
    missing = [
        printed.wanted(box.text) for box in page.boxes
        if box.text and not (box.left in columns and page.repeat[1] < box.top <= page.repeat[1] + len(body))
    ]  # fmt: skip
    labels = {norm(box.text) for box in page.boxes if box.left not in columns}  # such a label stands on every page anew
    extra: list[str] = []
    for row, column, text in look.texts:
        if row in body and column in columns:
            continue
        match = next((t for t in missing if norm(t) == norm(text)), None)
        if match is not None:
            missing.remove(match)
        elif not (row in body and norm(text) in labels):
            extra.append(text)
    seen = {norm(text) for row, _, text in look.texts if row in body}
    yield from (f"多出文字“{_short(text)}”，打印的表上没有。" for text in extra)
    yield from (f"少了“{_short(text)}”。" for text in missing if norm(text) not in seen)
    yield from (f"{where}多出文字“{_short(text)}”，打印的表上没有。" for where, text in look.outside)
    for where in ("页眉", "页脚"):
        wanted = printed.said[where]
        found = [text for part, text in look.page if part == where]
        if any(_plain(text) != _plain(wanted) for text in found) or (wanted and not found):
            now = f"现在是“{_short('；'.join(found))}”"
            yield f"{where}应为“{_short(wanted)}”，{now}。" if wanted else f"{where}应是空的，{now}。"


def _plain(text: str) -> str:
    """A header or footer without the page's numbers."""
    return norm(_PAGE_NUMBERS.sub("", text))


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 30 else text[:30] + "……"
