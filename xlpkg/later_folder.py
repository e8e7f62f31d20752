"""The later forms of a whole folder: for each project one, out of the latest form of it, and a table of what came of every file."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, NamedTuple

from xlpkg.audit.facts.evidence import Evidence
from xlpkg.audit.seal import seal
from xlpkg.files.names import safe_name
from xlpkg.files.write import TargetError
from xlpkg.form.declaration import Declaration
from xlpkg.form.profile import Profile
from xlpkg.form.refusal import RefusalError
from xlpkg.form.text import norm, tidy
from xlpkg.into_folder import Names, files_of, refuse_folder, write_table
from xlpkg.reading.read import read_all
from xlpkg.reading.source import DECLARATION, AnotherFormError, Source
from xlpkg.writing.table_sheet import Column, Columns
from xlpkg.year.form import NAMES, SELF_EVALUATION, Kind, YearForm
from xlpkg.year.jobs import following_form, save, word_for
from xlpkg.year.reading import YearSource, read_years

LIST = "生成清单.xlsx"
"""The table that is written beside the forms."""


class Outcome(NamedTuple):
    """What came of one form of one file, as a line of the table."""

    file: Annotated[str, Column("原文件", 40)]
    unit: Annotated[str, Column("单位", 26)]
    project: Annotated[str, Column("项目", 34)]
    target: Annotated[str, Column("写成", 44)]
    remark: Annotated[str, Column("说明", 60)]


COLUMNS = Columns.of(Outcome)


class _Given(NamedTuple):
    """One form of one file."""

    file: str
    source: Source | YearSource

    @property
    def later(self) -> YearForm | None:
        """The form, if it is a later one."""
        return self.source.form if isinstance(self.source, YearSource) else None

    @property
    def declaration(self) -> Declaration:
        return self.source.form.declaration if isinstance(self.source, YearSource) else self.source.declaration

    @property
    def project(self) -> tuple[str, ...]:
        """What two forms of one project have in common; a form without a project's name has it with none."""
        declared = self.declaration
        named = (norm(declared.unit), norm(declared.project), norm(declared.year))
        return named if named[1] else (self.file, str(id(self.source)))

    @property
    def seal(self) -> str:
        """The 校验码 of what a declaration says now."""
        return "" if isinstance(self.source, YearSource) else seal(Evidence(self.source.declaration, self.source.profile))

    @property
    def is_sealed(self) -> bool:
        """A submission that nobody changed."""
        return isinstance(self.source, Source) and self.source.seal == self.seal

    def outcome(self, target: str = "", remark: str = "") -> Outcome:
        return Outcome(self.file, tidy(self.declaration.unit), tidy(self.declaration.project), target, remark)


def make_into(
    sources: Sequence[Path],
    folder: Path,
    kind: Kind,
    month: int | None = None,
    profile: Profile | None = None,
    style: str = "",
    progress: Callable[[int, int], None] = lambda now, of: None,
) -> list[Outcome]:
    """Write the later form of each project that the files hold, or the files in folders, and the table of every file.

    A project's latest monitoring counts before its declaration. What cannot be used is a line of the table; nothing is written
    over. `progress` gets how many files are read and how many there are. Raises TargetError if the folder cannot be used, OSError.
    """
    refuse_folder(folder)
    files = list(files_of(sources, folder))
    if not files:
        raise TargetError("没有找到可以用的文件（填报表、申报表、监控表）。")
    projects: dict[tuple[str, ...], list[_Given]] = {}
    done: list[Outcome] = []
    for n, (name, path) in enumerate(files, 1):
        try:
            for source in _forms_of(path, profile):
                given = _Given(name, source)
                projects.setdefault(given.project, []).append(given)
        except RefusalError as refusal:
            done.append(Outcome(name, "", "", "", str(refusal)))
        progress(n, len(files))
    folder.mkdir(exist_ok=True)
    names = Names(folder, LIST)
    for forms in projects.values():
        done += _made(forms, kind, month, style, names)
    done.sort(key=lambda line: line.file)
    write_table(folder / LIST, summary(done, kind), COLUMNS, done)
    return done


def summary(lines: Sequence[Outcome], kind: Kind) -> str:
    """What came of all files, in a sentence."""
    made, without = [line for line in lines if line.target], unused(lines)
    what = f"{len({line.file for line in lines})}个文件，生成{NAMES[kind]}{len(made)}份"
    return f"{what}；{len(without)}份没有用上，原因见“{LIST}”。" if without else f"{what}。"


def unused(lines: Sequence[Outcome]) -> list[Outcome]:
    """Those of whose project nothing was made."""
    used = {(line.unit, line.project) for line in lines if line.target}
    return [line for line in lines if (line.unit, line.project) not in used]


def _forms_of(path: Path, profile: Profile | None) -> Iterator[Source | YearSource]:
    """Every declaration and later form of a file. Raises RefusalError."""
    try:
        found: tuple[Source, ...] = read_all(path, profile)
    except AnotherFormError as another:
        if another.kind not in NAMES:
            raise
        found = ()
    yield from (source for source in found if source.kind not in NAMES)
    if not found or any(source.kind in NAMES for source in found):
        yield from read_years(path, profile)


def _made(forms: list[_Given], kind: Kind, month: int | None, style: str, names: Names) -> Iterator[Outcome]:
    """The form that follows those of one project, and a line for each of them."""
    chosen, reason = _latest(forms)
    if chosen is None:
        yield from (given.outcome(remark=reason) for given in forms)
        return
    for given in forms:
        if given is not chosen:
            yield given.outcome(remark=f"与“{chosen.file}”是同一个项目，由那一份生成。")
    try:
        made = following_form(chosen.source, chosen.file, kind, month, style)
    except RefusalError as refusal:
        yield chosen.outcome(remark=str(refusal))
        return
    line = chosen.outcome()
    unit, project = safe_name(line.unit, "没有写单位"), safe_name(line.project, "没有写项目")
    target = names.path(f"{unit}-{project}_{word_for(made.report)}", ".xlsx")
    save(target, made.report)
    yield chosen.outcome(target.name, "".join(made.notices))


def _latest(forms: list[_Given]) -> tuple[_Given | None, str]:
    """The form of a project that counts, or why none does."""
    later = [(form, given) for given in forms if (form := given.later)]
    if any(form.kind == SELF_EVALUATION for form, _ in later):
        return None, "这个项目已有自评表，没有再生成。"
    if later:
        last = max(form.month for form, _ in later)
        return _only([(repr(form), given) for form, given in later if form.month == last], "监控表")
    declared = [given for given in forms if isinstance(given.source, Source) and given.source.kind == DECLARATION]
    if not declared:
        return forms[0], ""  # it is said of it that it is no declaration
    sealed = [given for given in declared if given.is_sealed]
    return _only([(given.seal, given) for given in sealed or declared], "申报表")


def _only(forms: list[tuple[str, _Given]], name: str) -> tuple[_Given | None, str]:
    """One of several forms with the same content; none where they differ."""
    if len({content for content, _ in forms}) > 1:
        files = "、".join(f"“{given.file}”" for _, given in forms)
        return None, f"这个项目有{len(forms)}份内容不同的{name}（{files}），不知道以哪份为准，没有生成。请只留下批复的一份。"
    return forms[0][1], ""
