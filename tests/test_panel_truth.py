"""One truth: after any edits the panel of a form says what the check says of it, or it says what it leaves to the check.

A real LibreOffice, in a Chinese and in an English locale, is given many generated edits in one document a form.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from random import Random

import msgspec
import pytest
from forms import GOOD_FORMS
from office import Document, Office

from xlpkg.audit.check import Report, check
from xlpkg.audit.facts.finding import ERRORS
from xlpkg.files.grid import Grid
from xlpkg.form import profiles
from xlpkg.form.money import in_unit
from xlpkg.form.profile import Profile
from xlpkg.form.text import norm
from xlpkg.layout import ENTRY, STATUS_LINE, Facts, Layout
from xlpkg.reading import own_form
from xlpkg.reading.source import Source
from xlpkg.writing.build import build
from xlpkg.writing.faults import words

pytestmark = pytest.mark.office
ROUNDS, EDITS = 30, 17
"""Comparisons of a form, and the edits before each of them."""
OPENED = 7
"""How often a checked form is opened and edited."""
KINDS = {"cell": 40, "amount": 25, "header": 15, "insert": 4, "delete": 4, "move": 5, "clear": 2, "below": 2, "number": 3}
"""The kinds of edits, and how often each is made."""
AMOUNTS = [
    "20", "≤20", "≤20万元", "20万元", "20万", "20 万元", "200000元", "0.002亿元", "20.5", "1,160", "1，160", "1,16",
    "１６", "≤ 12", ">=3", "20千元", "不超过20万元", "约20", "20-30", "3/4", "20.5.1", "(20)", "5%", "1e2", "-20", "+5",
    ".5", "5.", "1.2.3", "二十", "控制在预算以内", "2024年12月31日", "2024-12-31", "12月31日", "20万元/年", "1 160", "20\n",
    "\u300020\u3000", "20元", "￥20", "0", "007", "99999999999999999", "20万元；30万元", "=20", "abc", "20万元以内",
    "每年20", "0.1", "0.2", "万元20", "20\u200b", "20 ", "—", "无", "", "",
]  # fmt: skip
VALUES = [
    "100", "99", "101", "≥100", "0.9", "12", "2024年11月30日前", "2024年12月31日", "2024-12-31", "2024/12/31",
    "12月31日", "2024.12.31", "2024.12", "45657", "随机", "≥", "/", "——", "略", "明显提高", "3次", "100%", "≥**",
    "6000人，300户", " ", "", "",
]  # fmt: skip
TEXTS = {
    "op": ("≥", "≤", "=", ">", "<", "", "", "约", ">=", " "),
    "measure": ("万元", "元", "次", "%", "％", "", "", "亿元", "万元/公里", "人", "万元 ", " "),
    "name": ("改造费用", "项目总成本", "合计", "人均补助", "节约经费", "每公里造价", "道路 改造", "服务增长率", "利用系数", "", " ",
             "验收合格率", "补助标准"),
    "standard": ("计划标准", "历史标准", "", "/", "自定", " "),
    "note": ("说明", ""),
}  # fmt: skip
FUNDS = [
    "140", "140万元", "1,160", "1，160", "140\n", "\u3000140\u3000", "约140", "≤140", "一百四十", "140（含上年结转20）",
    "人民币140万元", "140千元", "￥140", "1-4", "12.5.1", "2024/1/1", "-5", "+7", "0", "/", "无", "", "1400000元",
    "0.014亿元", "１４０", "20.5", "(20)", "5%", " ",
]  # fmt: skip
HEADS = ("2024", "203", "张三", "/", "", " ", "2024年1月—2024年12月", "云溪县水利局", "改造农村公路12公里，方便群众出行。")


PLAIN_AMOUNT = re.compile(
    r"[≥≤=><]{0,2} ?([0-9]{1,3}(，[0-9]{3})+|[0-9]{1,15})([.][0-9]+)? ?(元|千元|万元|百万元|千万元|亿元|万|亿)"
)
"""What a formula counts: a sign, a figure, a unit of money. The rest is left to the check."""


class Sheet:
    """The entry sheet of an open form, and what a person does to it. Everything is read in one block."""

    def __init__(self, document: Document, profile: Profile) -> None:
        self.document, self.profile, self.layout = document, profile, Layout(profile)
        self.sheet = document.model.Sheets.getByName(ENTRY)
        self.head, self.columns = self.layout.head_row, self.layout.columns
        self.block: tuple[tuple[str | float, ...], ...] = ()

    def calculate(self) -> None:
        self.document.recalculate()
        self.block = self.sheet.getCellRangeByPosition(0, 0, self.columns.check, self.head + 120).getDataArray()

    def type_in(self, row: int, column: int, *texts: str) -> None:
        """Type into a cell, and into those beside it."""
        self.sheet.getCellRangeByPosition(column, row, column + len(texts) - 1, row).setDataArray((texts,))

    def source(self) -> Source:
        """What the sheet says, as it would be read from a file."""
        facts = Facts(self.profile.id, self.profile.template)
        return own_form.form(Grid(ENTRY, "表.xlsx", self.block, {}, {}, lambda first, last: ()), self.head, facts)

    def said(self) -> dict[str, str | float]:
        found = {key: self.block[cell.value[0]][cell.value[1]] for key, cell in self.layout.panel.items()}
        return {**found, "status": self.block[STATUS_LINE[0]][STATUS_LINE[1]]}

    def words(self, rows: list[int]) -> list[tuple[str | float, str | float]]:
        return [(self.block[r][0], self.block[r][self.columns.check]) for r in rows]

    def edit(self, random: Random) -> str:
        """One edit; gives it in words."""
        rows = len(GOOD_FORMS[self.profile.id].indicators) + 3
        n = random.randint(1, rows)
        kind = random.choices(tuple(KINDS), tuple(KINDS.values()))[0]
        row = self.head + n
        if kind == "cell":
            name = random.choice([c for c in self.columns.filled_in if c != "note"])
            text = random.choice(self._choices(name))
            self.type_in(row, self.columns.index(name), text)
            return f"{name} of {n}: {text!r}"
        if kind == "amount":
            cost = random.choice(self.profile.cost_categories)
            texts = {
                "l1": self.profile.parent[cost], "l2": cost + random.choice(("", "", " ")),
                "name": random.choice(TEXTS["name"][:6]), "op": random.choice(("≤", "", "≥")),
                "number": random.choice(AMOUNTS), "measure": random.choice(("万元", "万元", "元", "")),
            }  # fmt: skip
            wanted = [name for name in self.columns.filled_in if name in texts or name == "last_year"]
            self.type_in(row, self.columns.index("l1"), *(texts.get(name, "") for name in wanted))
            return f"cost in {n}: {texts}"
        if kind == "header":
            field = random.choice(list(self.layout.header))
            pool = FUNDS if field in self.profile.money_fields else HEADS
            text = random.choice(pool)
            self.type_in(*self.layout.header[field].value, text)
            return f"{field}: {text!r}"
        if kind == "insert":
            self.sheet.Rows.insertByIndex(row, 1)
            return f"insert at {n}"
        if kind == "delete":
            self.sheet.Rows.removeByIndex(row, 1)
            return f"delete {n}"
        if kind == "move":
            self._move(row, self.head + (random.choice((1, random.randint(1, rows)))))
            return f"move {n}"
        if kind == "clear":
            self.sheet.getCellRangeByPosition(1, row, self.columns.check - 1, row).clearContents(1 + 2 + 4 + 16)
            return f"clear {n}"
        if kind == "below":
            below = self.head + (75 + random.randint(0, 3))
            for name, text in {"l2": self.profile.cost_categories[0], "name": "补充费用", "number": "7", "measure": "万元"}.items():
                self.type_in(below, self.columns.index(name), text)
            return "below the table"
        self.sheet.getCellByPosition(self.columns.index("number"), row).setValue(random.choice((20, 0.5, 1160.25, 100)))
        return f"a number in {n}"

    def _move(self, source: int, target: int) -> None:
        """Cut a row and insert it elsewhere."""
        last = self.columns.number
        self.sheet.Rows.insertByIndex(target, 1)
        source += source >= target
        here = self.sheet.getCellRangeByPosition(0, source, last, source).RangeAddress
        self.sheet.moveRange(self.sheet.getCellByPosition(0, target).CellAddress, here)
        self.sheet.Rows.removeByIndex(source, 1)

    def _choices(self, name: str) -> tuple[str, ...] | list[str]:
        profile = self.profile
        own = {
            "l1": [*profile.l1_names, "", "/", "产出"],
            "l2": [*profile.l2_names, "", "成本", " "],
            "number": VALUES + AMOUNTS[:8],
        }
        if name in own:
            return own[name]
        column = next((c for c in profile.columns if c.key == name), None)
        if column is not None:
            return [*column.choices, ""] if column.choices else ["10", "20%", "5", "", "/", "1,000", "很多", " "]
        return TEXTS[name]


def differences(said: dict[str, str | float], report: Report) -> Iterator[str]:
    """Where the panel says something else than the check, without saying what it leaves out."""
    cost, status = report.cost.summary(), str(said["status"])
    counted = {r.row for r in report.evidence.costs if PLAIN_AMOUNT.fullmatch(norm(r.typed))}
    items, totals = ([r for r in rows if r.row in counted] for rows in (report.cost.items, report.cost.totals))
    total = msgspec.structs.replace(report.cost, items=tuple(items), totals=tuple(totals)).total
    if "太远" in status:
        return  # the panel says that it does not read all rows
    if Decimal(str(said["total"])) != round(Decimal(in_unit(total, report.cost.unit)), 6):
        yield f"total {said['total']}, check {cost['total']}, in plain amounts {total}"
    named = "未计入" in status
    if len(items) + len(totals) < len(report.cost.items) + len(report.cost.totals) and not named:
        yield f"an amount is left out and not named: {status}"
    funds = said["funds"]
    bad = "写的不是数字" in status
    if funds == "—":
        if cost["funds"] is not None and not bad:
            yield f"funds not known, check {cost['funds']}"
    elif (cost["funds"] is None or Decimal(str(funds)) != round(Decimal(cost["funds"]), 6)) and not bad:
        yield f"funds {funds}, check {cost['funds']}"
    if "两数相等" in status and report.cost.difference != 0 and not named:
        yield f"said to be equal: {report.cost.difference}"
    if said["filled"] != f"{report.filled}／{report.needed}":
        yield f"filled {said['filled']}, check {report.filled}／{report.needed}"
    word = re.split("[，；　]", status)[0]
    rows = bool(report.evidence.rows)
    true = {
        "未填写": not rows, "有错误": report.status == ERRORS, "待检查": rows,
        "未填完": any(f.rule.startswith("C") and f.severity == "error" for f in report.findings),
    }  # fmt: skip
    if not true.get(word, False):
        yield f"status {status}, check {report.status}"
    if word in ("有错误", "未填完") and "其余待检查" not in status:
        yield f"status {status} does not say what is left to the check"


def wrong_words(words_said: list[tuple[str | float, str | float]], report: Report) -> Iterator[str]:
    """Rows whose word in 检查 is no error of the check, or whose blank the word does not name; rows without formulas aside."""
    fields = words(report.evidence.profile)
    errors: dict[int, set[str]] = {}
    blanks: set[int] = set()
    for f in report.findings:
        if f.row is not None and f.severity == "error":
            errors.setdefault(f.row, set()).add("value" if f.field in ("value", "number", "measure") else f.field)
            if f.rule in ("C11", "C13", "C17") or (f.rule == "C12" and not f.actual):
                blanks.add(f.row)
    for n, (number, word) in enumerate(words_said, 1):
        if number == word == "":
            continue  # inserted where the program does not fill in formulas: the panel counts it all the same
        if number != n:
            yield f"row {n} is called {number}"
        found = str(word).removeprefix("错：")
        if found != word:
            field = fields[found]
            if ("value" if field == "measure" else field) not in errors.get(n, ()):
                yield f"row {n}: {word}, check {errors.get(n)}"
        elif n in blanks or word not in ("已填", "未复查"):
            yield f"row {n}: {word}, check {errors.get(n)}"


@pytest.fixture
def opened_form(office: Office, tmp_path: Path) -> Callable[[str, bool], Sheet]:
    def open_it(profile_id: str, checked: bool) -> Sheet:
        profile = profiles.load(profile_id)
        path = tmp_path / "form.xlsx"
        declaration = GOOD_FORMS[profile_id]
        build(path, profile, declaration, check(declaration, profile) if checked else None)
        model = office.process.open(path, hidden=True)
        model.enableAutomaticCalculation(False)  # once after some edits
        return Sheet(Document(model), profile)

    return open_it


@pytest.mark.parametrize("profile_id", profiles.shipped())
def test_the_panel_says_what_the_check_says(office: Office, opened_form: Callable[[str, bool], Sheet], profile_id: str) -> None:
    random = Random(profile_id)
    for locale in ("zh-CN", "en-US"):
        office.use_locale(locale)
        sheet = opened_form(profile_id, False)
        for _ in range(ROUNDS // 2):
            edits = [sheet.edit(random) for _ in range(EDITS)]
            sheet.calculate()
            source = sheet.source()
            report = check(source.declaration, sheet.profile)
            rows = [source.places.rows[r.row] for r in report.evidence.rows]
            found = [*differences(sheet.said(), report), *wrong_words(sheet.words(rows), report)]
            assert not found, (locale, found, edits)
        sheet.document.model.close(True)


@pytest.mark.parametrize("profile_id", ["hn2015", "mof2021", "sc2023"])
def test_after_a_check_a_changed_form_says_so(office: Office, opened_form: Callable[[str, bool], Sheet], profile_id: str) -> None:
    """Whatever was edited: where what the 校验码 seals is another, the panel says 有改动."""
    random = Random(f"stale {profile_id}")
    changed = 0
    for n in range(OPENED):
        sheet = opened_form(profile_id, True)
        sheet.calculate()
        before = check(sheet.source().declaration, sheet.profile).seal
        assert "有改动" not in str(sheet.said()["status"])
        edits = [sheet.edit(random) for _ in range(1 + n % 2)]
        sheet.calculate()
        other = check(sheet.source().declaration, sheet.profile).seal != before
        changed += other
        assert not other or "有改动" in str(sheet.said()["status"]), edits
        sheet.document.model.close(True)
    assert changed > OPENED // 3
