"""The money of a foreign form: budget of the form's own level, funds from above, other money; units, sums, and how sure it all is.

Forms name the total, all public money, or each level; our form wants its own level's budget and what comes from each level
above. What is not written is worked out from what is, and said to be unsure; sums that do not fit make everything unsure.
"""

from collections.abc import Iterable
from decimal import Decimal

import msgspec

from xlpkg.form import money
from xlpkg.form.fields import FUNDS
from xlpkg.form.profile import Profile
from xlpkg.form.text import norm
from xlpkg.form.units import MONEY
from xlpkg.reading.foreign.amounts import bare_amount, in_yuan, levels_of, own_unit
from xlpkg.reading.foreign.facts import Fact
from xlpkg.reading.foreign.synonyms import Synonyms, money_unit

_MONEY = "money."
_LARGE_IN_WAN = Decimal(100_000) * 10_000
_GENERAL, _OTHER_PUBLIC = "一般公共预算", ("政府性基金", "国有资本")
_SURE, _FAIRLY, _UNSURE = "高", "中", "低"
_LIKELIEST = ("province", "central", "city")
"""Where upper funds without a level are put for the time being."""


class Amount(msgspec.Struct):
    """Money of one source: the amount in 元 (None if it is no figure), as typed, in which unit and whether that was written."""

    source: str
    yuan: Decimal | None
    text: str
    unit: str
    unit_written: bool
    fact: Fact


class Settled(msgspec.Struct):
    """A money field: its text in the form's unit, where it came from, how sure, and what was done."""

    key: str
    text: str
    where: str
    sure: str
    done: str = ""


class Funds:
    """The money fields of a document in a form: `settled` in the order of the form; what they were made of is marked as used."""

    def __init__(
        self, facts: Iterable[Fact], profile: Profile, synonyms: Synonyms, document_unit: str, *, ours: bool = False
    ) -> None:
        self._profile, self._synonyms, self._unit, self._ours = profile, synonyms, document_unit, ours
        self._amounts = [a for f in facts if f.field.startswith(_MONEY) for a in self._read(f)]
        self.settled: list[Settled] = []
        self._doubt = ""
        self._of_nothing = False
        self._settle()

    # --- reading ------------------------------------------------------------------------------------------------------

    def _read(self, fact: Fact) -> list[Amount]:
        """The amounts of a label: one, or one a level where the text names levels."""
        source = fact.field.removeprefix(_MONEY)
        if fact.long_term:
            source = "long"
        unit, written = self._unit_of(fact)
        named = levels_of(fact.text)
        if named and source in ("upper", "fiscal", "total", "own"):
            found = []
            for level in named:
                part = msgspec.structs.replace(fact, text=level.text)
                in_words = written or own_unit(level.text)
                found.append(Amount(level.level, in_yuan(level.text, unit), level.text, unit, in_words, part))
            if source not in ("upper", *(a.source for a in found)) and all(a.yuan is not None for a in found):
                whole = sum((a.yuan for a in found if a.yuan is not None), Decimal(0))
                found.append(Amount(source, whole, fact.text, unit, found[0].unit_written, fact))
            return found
        written = written or own_unit(bare_amount(fact.text))
        return [Amount(source, in_yuan(fact.text, unit), fact.text, unit, written, fact)]

    def _unit_of(self, fact: Fact) -> tuple[str, bool]:
        """The unit of an amount that names none: that of its label, of the texts left and above, of the whole document."""
        for text in (fact.label, *fact.group):
            if unit := money_unit(text):
                return unit, True
            bare = norm(text).replace(" ", "").strip("()")
            if bare in (*MONEY, "千元", "百元"):
                return bare if bare.endswith("元") else f"{bare}元", True
        return (self._unit, True) if self._unit else (self._profile.money_unit, False)

    def _best(self, source: str) -> Amount | None:
        """The amount of a source: one that is written before one left blank, the better label before the other."""
        found = [a for a in self._amounts if a.source == source]
        return min(found, key=lambda a: (not a.text.strip(), a.yuan is None, a.fact.rank), default=None)

    def _differs(self, amount: Amount) -> bool:
        """Another label that is as good says another amount of this source."""
        others = (a for a in self._amounts if a.source == amount.source and a.fact.rank == amount.fact.rank)
        return any(a.yuan is not None and a.yuan != amount.yuan for a in others)

    # --- settling -----------------------------------------------------------------------------------------------------

    def _settle(self) -> None:
        profile = self._profile
        best = {source: self._best(source) for source in ("own", "fiscal", "total", "upper", *FUNDS, "other", "carried")}
        self._upper_of_nothing(best)
        self._check_sums(best)
        if "budget_wan" in profile.header:
            self._budget(best)
        for level in FUNDS:
            if f"upper_funds.{level}" in profile.header and (amount := best[level]):
                guessed = (_FAIRLY, "上级资金合计为0，三级都填0") if self._of_nothing else (_SURE, "")
                self._take(f"upper_funds.{level}", amount, *guessed)
        self._of_no_level(best)
        self._further(best)

    def _upper_of_nothing(self, best: dict[str, Amount | None]) -> None:
        """Upper funds of 0 without levels: 0 of each level."""
        upper = best["upper"]
        if upper is None or upper.yuan != 0 or any(best[level] for level in FUNDS):
            return
        upper.fact.use()
        for level in FUNDS:
            best[level] = msgspec.structs.replace(upper, source=level, text="0")
        self._of_nothing = True

    def _of_no_level(self, best: dict[str, Amount | None]) -> None:
        """Upper funds without a level are not lost: they stand at one, and a person has to say at which."""
        upper = best["upper"]
        levels = [level for level in _LIKELIEST if f"upper_funds.{level}" in self._profile.header]
        if levels and upper and upper.yuan and not any(best[level] for level in FUNDS):
            level = levels[0]
            label = self._profile.label(f"upper_funds.{level}")
            self._take(f"upper_funds.{level}", upper, _UNSURE, f"没有写明是哪一级，先放在“{label}”，请核对")

    def _upper(self, best: dict[str, Amount | None]) -> Decimal | None:
        """All upper funds; None if none is written."""
        levels = [a.yuan for level in FUNDS if (a := best[level]) and a.yuan is not None]
        if levels:
            return sum(levels, Decimal(0))
        return best["upper"].yuan if best["upper"] else None

    def _check_sums(self, best: dict[str, Amount | None]) -> None:
        """Doubt everything if the total is neither the sum of its parts nor that of public and other money."""
        total = _yuan(best["total"])
        if total is None:
            return
        upper, own, fiscal = self._upper(best), _yuan(best["own"]), _yuan(best["fiscal"])
        rest = (_yuan(best["other"]) or Decimal(0)) + (_yuan(best["carried"]) or Decimal(0))
        public = [fiscal] if fiscal is not None else []
        public += [fiscal + (upper or 0)] if fiscal is not None else []
        public += [(own or Decimal(0)) + (upper or 0)] if own is not None or upper is not None else []
        public += [(fiscal or Decimal(0)) + self._other_public()]
        if fiscal is None and own is None and upper is None:
            return
        fits = any(total in (p, p + rest) for p in public)
        if fiscal is None and own is None:
            fits = total >= (upper or 0)
        if not fits:
            self._doubt = "各项资金之和不等于总额，请核对金额和单位"

    def _other_public(self) -> Decimal:
        """Funds of the government and its capital beside the general budget."""
        parts = [a for a in self._amounts if a.source == "part" and any(w in norm(a.fact.label) for w in _OTHER_PUBLIC)]
        return sum((a.yuan for a in parts if a.yuan is not None), Decimal(0))

    def _budget(self, best: dict[str, Amount | None]) -> None:
        """The budget of the form's own level: as written, else what is left of the public money or of the total."""
        own, fiscal, total = best["own"], best["fiscal"], best["total"]
        upper = self._upper(best)
        if own and (own.text.strip() or not (fiscal or total)):
            self._take("budget_wan", own, _SURE)
        elif fiscal and fiscal.text.strip():
            self._from_public(fiscal, total, upper, best)
        elif total:
            self._from_total(total, upper, best)
        elif fiscal:
            self._take("budget_wan", fiscal, _FAIRLY)

    def _from_public(self, fiscal: Amount, total: Amount | None, upper: Decimal | None, best: dict[str, Amount | None]) -> None:
        amount = fiscal.yuan
        rest = (_yuan(best["other"]) or Decimal(0)) + (_yuan(best["carried"]) or Decimal(0))
        if amount is None or not upper:
            if amount is not None and _GENERAL in norm(fiscal.fact.label) and (more := self._other_public()):
                self._computed(fiscal, amount + more, _FAIRLY, "一般公共预算、政府性基金等合计")
                return
            explained = total is not None and amount is not None and total.yuan in (amount, amount + rest)
            self._take("budget_wan", fiscal, _SURE if explained else _FAIRLY)
        elif total is not None and total.yuan == amount + upper + rest:
            self._take("budget_wan", fiscal, _FAIRLY)
        elif upper <= amount:
            sure = _FAIRLY if upper == amount else _UNSURE
            self._computed(fiscal, amount - upper, sure, f"{_shown(fiscal)}减去上级资金")
        else:
            self._take("budget_wan", fiscal, _UNSURE, "上级资金比财政拨款多，请核对")

    def _from_total(self, total: Amount, upper: Decimal | None, best: dict[str, Amount | None]) -> None:
        if total.yuan is None:
            self._take("budget_wan", total, _UNSURE, "表上写的是总额")
            return
        other = _yuan(best["other"]) or Decimal(0)
        left = total.yuan - (upper or 0)
        if other and upper is None and other <= left:
            left -= other
        if left == total.yuan:
            self._take("budget_wan", total, _UNSURE, "表上写的是总额，如含上级资金，请改为本级预算金额")
        elif left >= 0:
            self._computed(total, left, _FAIRLY if left == 0 and upper else _UNSURE, f"{_shown(total)}减去上级资金和其他资金")
        else:
            self._take("budget_wan", total, _UNSURE, "上级资金比总额多，请核对")

    def _further(self, best: dict[str, Amount | None]) -> None:
        """The further rows of money of the form, by their labels or by what they are."""
        for fund in self._profile.funds:
            names = {self._synonyms.bare(n) for n in (fund.label, *fund.aliases)}
            labelled = [a for a in self._amounts if self._synonyms.bare(a.fact.label) in names and a.source != "long"]
            meant = best.get(self._synonyms.money(fund.label)) if not labelled else None
            amount = next((a for a in labelled if a.text.strip()), meant)
            if self._synonyms.money(fund.label) == "other" and self._with_carried(fund.key, amount, best["carried"]):
                continue
            if amount and amount.text.strip():
                self._take(fund.key, amount, _SURE)

    def _with_carried(self, key: str, other: Amount | None, carried: Amount | None) -> bool:
        """Money carried over from last year, of which the form has no row, counts as other money: else the sums do not fit."""
        has_row = any(self._synonyms.money(fund.label) == "carried" for fund in self._profile.funds)
        if has_row or carried is None or not carried.yuan or (other is not None and other.text.strip() and other.yuan is None):
            return False
        whole = carried.yuan + ((other.yuan if other else None) or 0)
        for amount in (other, carried):
            if amount is not None:
                self._use(amount)
        done = f"{_shown(carried)}是上年结转，表式没有这一行，算作其他资金"
        self._enter(key, money.in_unit(whole, self._profile.money_unit), carried, _FAIRLY, [done])
        return True

    # --- taking -------------------------------------------------------------------------------------------------------

    def _take(self, key: str, amount: Amount, sure: str, done: str = "") -> None:
        """An amount as written, in the form's unit."""
        form_unit = self._profile.money_unit
        text = amount.text.strip() if self._ours else bare_amount(amount.text.strip("_＿ "))
        what = [done] if done else []
        if amount.yuan is not None and not self._ours and (amount.unit != form_unit or own_unit(text)):
            converted = money.in_unit(amount.yuan, form_unit)
            if converted != text:
                what.append(f"“{text}{'' if own_unit(text) else amount.unit}”写成{converted}{form_unit}")
                text = converted
        self._use(amount)
        if text:
            self._enter(key, text, amount, sure, what)

    def _computed(self, amount: Amount, yuan: Decimal, sure: str, done: str) -> None:
        """The budget worked out from an amount."""
        self._use(amount)
        self._enter("budget_wan", money.in_unit(yuan, self._profile.money_unit), amount, sure, [done])

    @staticmethod
    def _use(amount: Amount) -> None:
        amount.fact.use()

    def _enter(self, key: str, text: str, amount: Amount, sure: str, done: list[str]) -> None:
        if not self._ours and amount.yuan != 0:
            if amount.yuan is None:
                sure = _UNSURE
            elif not amount.unit_written:
                sure = _UNSURE if amount.yuan >= _LARGE_IN_WAN else min(sure, _FAIRLY, key=(_UNSURE, _FAIRLY, _SURE).index)
                done.append(f"没有写明金额单位，按{amount.unit}读入")
            if self._differs(amount):
                sure = _UNSURE
                done.append("表上有两处，金额不同，请核对")
            if self._doubt:
                sure = _UNSURE
                done.append(self._doubt)
        self.settled.append(Settled(key, text, amount.fact.where, sure, "；".join(done)))


def _yuan(amount: Amount | None) -> Decimal | None:
    return amount.yuan if amount else None


def _shown(amount: Amount) -> str:
    text = bare_amount(amount.text)
    return f"“{text}{'' if own_unit(text) else amount.unit}”"
