"""How well foreign forms come in: python tests/intake_table.py FOLDER.

FOLDER holds `truth/NAME.json`, the declarations that should come out, and beside it folders of any name (docx, xlsx,
tab …) with the forms as files called NAME and a suffix. Prints a line a file and a sum for each folder: rows and header
fields that come out right, and what was called sure and is wrong, which is the worst fault.
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from xlpkg.form import money, profiles
from xlpkg.form.declaration import Declaration, from_json
from xlpkg.form.fields import STANDARD_FIELDS
from xlpkg.form.refusal import RefusalError
from xlpkg.form.text import norm
from xlpkg.reading.read import read
from xlpkg.reading.source import Source


@dataclass
class Count:
    """Right and all, of rows and of header fields; `sure` are the wrong ones that were called sure."""

    rows: int = 0
    of_rows: int = 0
    fields: int = 0
    of_fields: int = 0
    sure: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def add(self, other: Count) -> None:
        self.rows, self.of_rows = self.rows + other.rows, self.of_rows + other.of_rows
        self.fields, self.of_fields = self.fields + other.fields, self.of_fields + other.of_fields
        self.sure += other.sure
        self.wrong += other.wrong

    def __str__(self) -> str:
        rows, fields = (
            f"{a}/{b} {100 * a / max(b, 1):.0f}%" for a, b in ((self.rows, self.of_rows), (self.fields, self.of_fields))
        )
        return f"rows {rows:>14}  fields {fields:>14}  sure and wrong {len(self.sure)}"


def _rows(declaration: Declaration) -> list[tuple[str, ...]]:
    """The rows as they are compared: categories, name, value in normal form."""
    profile = profiles.load(declaration.profile)
    rows = []
    for i in declaration.indicators:
        value = profile.read_target(i.value).canonical
        rows.append((profile.l1(i.l1), profile.l2(i.l2), norm(i.name), norm(value)))
    return rows


def _amount(text: str, unit: str) -> str:
    amount = money.parse(text, unit)
    return norm(text) if amount is None else f"{amount.normalize():f}"


def _header(declaration: Declaration) -> dict[str, str]:
    unit = profiles.load(declaration.profile).money_unit
    found = {}
    for key, kind in STANDARD_FIELDS.items():
        text = declaration.header(key)
        found[key] = _amount(text, unit) if kind == "money" and text else "".join(norm(text).split())
    return found


def compare(source: Source, truth: Declaration) -> Count:
    """What of a source is right. Blank fields of the truth do not count, unless something stands in them."""
    count = Count()
    report = source.import_report
    sure = {e.field: e.sure for e in report.entries} if report else {}
    wanted, found = _rows(truth), _rows(source.declaration)
    right = Counter(wanted) & Counter(found)
    count.rows, count.of_rows = right.total(), len(wanted)
    left = Counter(right)
    for n, row in enumerate(found, 1):
        if left[row] > 0:
            left[row] -= 1
            continue
        line = f"第{n}行 {'／'.join(row)}"
        (count.sure if sure.get(f"第{n}行") == "高" else count.wrong).append(line)
    missing = Counter(wanted) - Counter(found)
    count.wrong += [f"missing {'／'.join(row)}" for row in missing.elements()]
    said, should = _header(source.declaration), _header(truth)
    for key, text in should.items():
        if not text and not said[key]:
            continue
        if not text and key.startswith("upper_funds") and said[key] == "0":
            continue
        count.of_fields += 1
        if said[key] == text:
            count.fields += 1
            continue
        line = f"{key}: {said[key]!r} for {text!r}"
        name = key.rpartition(".")[2]
        (count.sure if said[key] and sure.get(name) == "高" else count.wrong).append(line)
    return count


def measure(folder: Path, *, details: bool = False) -> dict[str, Count]:
    """The count of each folder of files; prints a line a file."""
    truths = {p.stem: from_json(p.read_text(encoding="utf-8")) for p in sorted((folder / "truth").glob("*.json"))}
    sums: dict[str, Count] = {}
    for kind in sorted(p for p in folder.iterdir() if p.is_dir() and p.name not in ("truth", "src")):
        total = sums[kind.name] = Count()
        for path in sorted(kind.iterdir()):
            truth = truths.get(path.stem)
            if truth is None:
                continue
            try:
                count = compare(read(path), truth)
                note = ""
            except RefusalError as refusal:
                count = Count(of_rows=len(truth.indicators), of_fields=sum(bool(t) for t in _header(truth).values()))
                note = f"  refused: {refusal}"
            total.add(count)
            print(f"{kind.name:5} {path.stem:32} {count}{note}")
            if details:
                for mark, lines in (("!!", count.sure), ("  ", count.wrong)):
                    for line in lines:
                        print(f"        {mark} {line[:150]}")
    for name, count in sums.items():
        print(f"{name:5} {'all':32} {count}")
    return sums


if __name__ == "__main__":
    measure(Path(sys.argv[1]), details="-v" in sys.argv)
