"""The header fields of a foreign form, made of what its labels say: which label counts, codes and seals, period, year, goals."""

import re
from collections.abc import Sequence

from xlpkg.files.document import Cell, Document, Piece
from xlpkg.form.dates import CHINESE_DIGITS
from xlpkg.form.import_report import Entry
from xlpkg.form.profile import Profile
from xlpkg.form.text import norm
from xlpkg.reading.foreign.facts import TITLE, Fact
from xlpkg.reading.foreign.funds import Funds
from xlpkg.reading.foreign.synonyms import Synonyms, money_unit

_YEAR = re.compile(r"(20\d\d)\s*年?度?")
_CHINESE_YEAR = re.compile("二[〇零○0O][〇零○0O一二三四五六七八九]{2}(?=年)")
_YEARS_APART = re.compile(r"20\d\d年?度?\s*[-—–~～至到]+\s*20\d\d")
_YEAR_ALONE = re.compile(r"\s*[（(]?\s*(20\d\d)\s*年?\s*度?\s*[）)]?\s*")
_YEAR_OF_NAME = re.compile(r"(?<!\d)(20\d\d)年")
_UNIT_OF_MONEY = re.compile(r"\s*[（(]?(?:人民币)?([百千万亿]?元)")
_NUMBERED = re.compile(r"[\d一二三四五六七八九][)）]?\s*[：:]?\s*$")
_A_NAME = re.compile(r"(?!.{0,4}元)\w{4,}")
_PHONE = re.compile(r"(?<![\d-])(?:0\d{2,3}-?\d{7,8}|1\d{10}|\d{7,8})(?![\d-])")
_CODE = re.compile(
    r"^\s*(?:[（(\[【〔]\s*(?!(?:19|20)\d\d\s*[)）\]】〕])([A-Za-z]?\d{2,15}(?:[A-Z]\d{3,15})?)\s*[)）\]】〕]"
    r"|(\d{5,15}(?:[A-Z]\d{3,15})?)\s*[-—_](?=\s*\D)|(\d{5,15}(?:[A-Z]\d{3,15})?)[ \u3000]+(?=\D))\s*"
)
_CODE_BEHIND = re.compile(
    r"(?<=[^\W\d_])(?:[ \u3000]{2,}\d{3,12}|[ \u3000]*[（(\[【](?!(?:19|20)\d\d[)）])\d{3,15}[)）\]】]|\s*[-—_]\d{5,15})$"
)
"""Codes: in brackets, or five digits and more set off; never a year."""
_SEAL = re.compile(r"\s*[（(](?:单位)?(?:公章|盖章|签章|章)[)）]\s*$")
_HOTLINE = re.compile(r"\s*(?:热线|平台|电话|服务|投诉|报警|急救)")
_MEASURE = re.compile(r"\s*(?:亩|公里|米|户|人|个|座|套|辆|台|吨|万|元|株|头|平方|千米|名|所|家|年|%|％)")
_NAMED_BY_CODE = ("unit", "department", "project")
_LONGEST_TITLE = 80
_FILLED_IN_BY = re.compile("填|经办|制表")


class FieldReader:
    """Puts the facts of a document into a form: `values` are texts by field, `entries` say where each came from."""

    def __init__(self, document: Document, facts: Sequence[Fact], profile: Profile, synonyms: Synonyms) -> None:
        self._document, self._facts, self._profile, self._synonyms = document, facts, profile, synonyms
        self._exact = synonyms.exact[profile.id]
        self.values: dict[str, str] = {}
        self.entries: list[Entry] = []
        self._unit_of_document = ""

    def read(self) -> None:
        """Fill `values` and `entries`; what is used is marked in the document."""
        self._money_unit()
        self._further()
        for field in ("unit", "department", "project"):
            self._plain(field)
        self._title()
        self._money()
        self._period()
        self._goals()
        self._filler()
        if "year" not in self.values:
            self._guess_year()
        for fact in self._of("to_sign", "other"):
            if not fact.text.strip(" \u3000_＿"):
                fact.use_label()
        order = {key: n for n, key in enumerate(self._profile.header)}
        self.entries.sort(key=lambda e: order.get(e.field, len(order)))
        self.values = {key: text for key, text in self.values.items() if key in order}

    # --- which label counts -------------------------------------------------------------------------------------------

    def _of(self, *fields: str) -> list[Fact]:
        """The facts of some fields, the best first: filled ones, then those with the better label, then the earlier."""
        found = [f for f in self._facts if f.field in fields]
        return sorted(found, key=lambda f: (not f.text.strip(), f.rank))

    def _sure(self, fact: Fact) -> str:
        return "高" if self._synonyms.bare(fact.label) in self._exact else "中"

    def _enter(self, field: str, text: str, fact: Fact, sure: str, done: str = "") -> None:
        self.values[field] = text
        self.entries.append(Entry(field, text, fact.where, sure, done))

    def _use(self, best: Fact, others: Sequence[Fact]) -> list[Fact]:
        """Mark a label as used, and those that say the same or nothing; gives those that say something else."""
        best.use()
        different = []
        for other in others:
            if not other.text.strip():
                other.use_label()
            elif norm(other.text) == norm(best.text):
                other.use()
            else:
                different.append(other)
        return different

    def _plain(self, field: str) -> None:
        found = self._of(field)
        if field == "unit" and not any(f.text.strip() for f in found):
            found = [f for f in self._of("money_unit") if _A_NAME.match(f.text.strip())] or found  # 单位：云溪县教育局
        if not found:
            return
        best, *others = found
        different = self._use(best, others)
        if not best.text.strip():
            return
        text, done = self._cleaned(field, best)
        sure, notes = self._sure(best), [done] if done else []
        if any(other.rank == best.rank for other in different):
            sure = "低"
            notes.append("表上有两处，取第一处")
        self._enter(field, text, best, sure, "；".join(notes))

    def _cleaned(self, field: str, fact: Fact) -> tuple[str, str]:
        """The text without blanks that the form put around it, and what was taken off; a code beside a name stays unused."""
        start, end = fact.span
        text = fact.text
        done = ""
        if self._document.ours:
            return text.strip() if fact.value is fact.label_piece or not isinstance(fact.value, Cell) else text.strip("\n"), ""
        if field in _NAMED_BY_CODE:
            code = _CODE.match(text)
            rest = text[code.end() :] if code else ""
            bracketed = code is not None and code[1] is not None
            if code and rest.strip() and (bracketed or not (_HOTLINE.match(rest) or _MEASURE.match(rest))):
                self._give_back(fact, start, start + code.end())
                done, text = f"编码“{next(filter(None, code.groups()))}”没有放入", rest.strip()
            elif behind := _CODE_BEHIND.search(text.rstrip()):
                self._give_back(fact, start + behind.start(), end)
                done, text = f"编码“{behind[0].strip()}”没有放入", text[: behind.start()].strip()
        if field in ("unit", "department") and (seal := _SEAL.search(text)):
            text = text[: seal.start()]
        whole = isinstance(fact.value, Cell) and fact.span == (0, len(fact.value.text)) and not done
        return text.strip("_＿").strip("\n" if whole else None), done

    @staticmethod
    def _give_back(fact: Fact, start: int, end: int) -> None:
        """A part of a used text is not in the declaration after all."""
        piece = fact.value
        piece.left = piece.left[:start] + piece.text[start:end] + piece.left[end:]

    # --- the fields ---------------------------------------------------------------------------------------------------

    def _money_unit(self) -> None:
        """The unit of all amounts: 单位：万元, 金额单位：元, or in brackets behind the title."""
        for fact in self._of("money_unit"):
            if named := _UNIT_OF_MONEY.match(fact.text):
                fact.use_label()
                fact.value.use(fact.span[0], fact.span[0] + named.end())
                self._unit_of_document = self._unit_of_document or named[1]
        for piece in self._document.pieces():
            if not self._unit_of_document and TITLE.fullmatch(piece.text.strip()):
                self._unit_of_document = money_unit(piece.text)

    def _further(self) -> None:
        """The further fields of the form, by their labels."""
        for part in self._profile.fields:
            names = {self._synonyms.bare(n) for n in (part.label, *part.aliases)}
            found = [f for f in self._facts if self._synonyms.bare(f.label) in names and not f.field.startswith("money.")]
            if best := next((f for f in found if f.text.strip()), None):
                best.use()
                self._enter(part.key, best.text.strip(), best, self._sure(best))
                self._facts = [f for f in self._facts if f not in found]

    def _money(self) -> None:
        funds = Funds(self._facts, self._profile, self._synonyms, self._unit_of_document, ours=self._document.ours)
        for part in funds.settled:
            self.values[part.key] = part.text
            field = part.key.removeprefix("upper_funds.")
            self.entries.append(Entry(field, part.text, part.where, part.sure, part.done))

    def _period(self) -> None:
        """The period as written, or from 开始日期 and 完成日期."""
        found = [f for f in self._of("period") if f.text.strip()]
        ends = [next((f for f in self._of(key) if f.text.strip()), None) for key in ("period_start", "period_end")]
        dates = [f for f in ends if f is not None]
        if found:
            best, *others = found
            self._use(best, others)
            text = best.text.strip() if not self._document.ours else best.text.strip("\n")
            self._enter("period", text, best, self._sure(best))
        elif dates and "period" in self._profile.header:
            for fact in dates:
                fact.use()
            self._enter("period", "至".join(f.text.strip() for f in dates), dates[0], "中", "由开始和完成日期合成")
        for fact in self._of("period", "period_start", "period_end"):
            if not fact.text.strip():
                fact.use_label()

    def _goals(self) -> None:
        """The goals: one without a term is the year's, unless the year has one of its own."""
        found = {field: self._of(field) for field in ("long_goal", "goal", "year_goal")}
        label = self._synonyms.bare(self._profile.label("long_goal"))
        general = [f for f in found["goal"] if f.text.strip()]
        of_form = [f for f in general if self._document.ours and self._synonyms.bare(f.label) == label]
        year = [f for f in found["year_goal"] if f.text.strip()]
        long = [f for f in found["long_goal"] if f.text.strip()] or of_form
        if general and not of_form:
            if year and not long:
                long = general
            elif not year:
                year = general
        for field, facts in (("long_goal", long), ("year_goal", year)):
            if not facts or field not in self._profile.header:
                continue
            best, *others = facts
            different = self._use(best, others)
            sure = "中" if best.field == "goal" and field == "year_goal" else self._sure(best)
            whole = isinstance(best.value, Cell) and best.span == (0, len(best.value.text))
            text = best.text.strip("\n" if whole else None)
            parts = [f for f in different if _NUMBERED.search(f.label) and _NUMBERED.search(best.label)]
            for part in parts:
                part.use()
            self._enter(field, "\n".join([text, *(p.text.strip() for p in parts)]), best, sure)
        for fact in (f for facts in found.values() for f in facts if not f.text.strip()):
            fact.use_label()

    def _filler(self) -> None:
        """填表人及电话：张三 0734-5210001 are two fields; a telephone alone beside 联系人及电话 is nobody's."""
        phones = self._of("phone")
        written = next((f for f in phones if f.text.strip()), None)
        for fact in self._of("filler"):
            if not fact.text.strip():
                fact.use_label()
                continue
            number = _PHONE.search(fact.text) if written is None else None
            name = fact.text.strip()
            if number:
                name = re.sub(r"[（(]\s*[)）]", "", fact.text.replace(number[0], "")).strip(" \u3000\n,，、/;；:：")
            if not name and not _FILLED_IN_BY.search(fact.label):
                continue
            if "filler" not in self.values and name:
                fact.use()
                self._enter("filler", name, fact, self._sure(fact) if not number else "中", "分出电话" if number else "")
                if number and "phone" in self._profile.header:
                    self._enter("phone", number[0], fact, "中", "由填表人一格分出")
                elif number:
                    at = fact.span[0] + number.start()
                    self._give_back(fact, at, at + len(number[0]))
            elif "filler" in self.values and norm(self.values["filler"]) == norm(fact.text):
                fact.use()
        if written is not None:
            self._use(written, [f for f in phones if f is not written])
            self._enter("phone", written.text.strip(), written, self._sure(written))
        for fact in phones:
            if not fact.text.strip():
                fact.use_label()

    # --- the year -----------------------------------------------------------------------------------------------------

    def _title(self) -> None:
        """The year of a label, of the title, of a line of its own; title and year are used."""
        labelled = [f for f in self._of("year") if _YEAR.search(in_figures(norm(f.text)))]
        if labelled:
            best, *others = labelled
            self._use(best, others)
            found = _YEAR.search(in_figures(norm(best.text)))
            text = found[1] if found and _YEAR_ALONE.fullmatch(in_figures(norm(best.text))) else best.text.strip()
            self._enter("year", text, best, self._sure(best))
        for fact in self._of("year"):
            if not fact.text.strip():
                fact.use_label()
        for piece in self._document.pieces():
            if not piece.used:
                self._title_line(piece)

    def _title_line(self, piece: Piece) -> None:
        for line in re.finditer(r"[^\n]+", piece.text):
            title, alone = TITLE.fullmatch(line[0].strip()), _YEAR_ALONE.fullmatch(in_figures(line[0]))
            if not title and not alone:
                continue
            year = _YEAR.search(in_figures(norm(line[0])))
            if year and "year" not in self.values:
                apart = _YEARS_APART.search(norm(line[0]))
                sure, doubt = ("低", "标题里有几个年份，取第一个") if apart else ("高", "")
                self.values["year"] = year[1]
                self.entries.append(Entry("year", year[1], piece.where, sure, doubt))
            if not year or self.values["year"] == year[1]:
                piece.use(*line.span())

    def _guess_year(self) -> None:
        """The year of a project's name, or of a period that lies in one year."""
        for field, pattern, what in (("project", _YEAR_OF_NAME, "项目名称"), ("period", re.compile(r"(20\d\d)"), "实施期")):
            years = set(pattern.findall(in_figures(norm(self.values.get(field, "")))))
            where = next((e.where for e in self.entries if e.field == field), "")
            if len(years) == 1:
                self.values["year"] = years.pop()
                self.entries.append(Entry("year", self.values["year"], where, "低", f"表上没有写年度，按{what}推断"))
                return


def in_figures(text: str) -> str:
    """Years in Chinese numerals as figures: 二〇二四年 → 2024年."""
    return _CHINESE_YEAR.sub(lambda m: re.sub("[○O]", "0", m[0]).translate(CHINESE_DIGITS), text)


def year_of(document: Document) -> str:
    """The year that a document's title or a line of its own names; "" if there is none."""
    for piece in document.pieces():
        for line in piece.text.split("\n"):
            is_title = len(line) < _LONGEST_TITLE and (TITLE.fullmatch(line.strip()) or _YEAR_ALONE.fullmatch(in_figures(line)))
            if is_title and (year := _YEAR.search(in_figures(norm(line)))):
                return year[1]
    return ""
