"""What reading a file gives: the declaration, and what is known of the file."""

import msgspec

from xlpkg.files.look import Look
from xlpkg.files.word_look import WordLook
from xlpkg.form.declaration import Declaration
from xlpkg.form.import_report import ImportReport
from xlpkg.form.library import Library
from xlpkg.form.profile import Profile
from xlpkg.form.refusal import RefusalError
from xlpkg.layout import Places

DECLARATION = "declaration"
"""The kind of form that asks for money: what the rules of declarations judge."""
LATER_NAMES = {"monitoring": "绩效运行监控表", "self_evaluation": "绩效自评表"}
"""The forms that follow a declaration in its year, by kind."""
LATER_FACTS = "申报内容"
"""The hidden sheet of our workbooks of the later forms."""


class AnotherFormError(RefusalError):
    """A form of another kind than a declaration, which is not judged as one; the message is a sentence for the user."""

    def __init__(self, sentence: str, kind: str) -> None:
        super().__init__(sentence)
        self.kind = kind


class Source(msgspec.Struct, frozen=True):
    """What was read of a file.

    `places` say where the fields stand, None for JSON and foreign files. `seal` is what is printed on a submission, "" if it is
    gone, None for other files; `rules` the version of the rules that it was checked with, `look` how its sheet or document looks.
    `notices` are what the user should know about the file. For foreign files there are an `import_report`, `present` (the fields
    and columns that the source has) and `kind`: "declaration", or another kind of form that is not judged as one.
    `library` is the one that a form carries.
    """

    declaration: Declaration
    profile: Profile
    places: Places | None = None
    seal: str | None = None
    notices: tuple[str, ...] = ()
    import_report: ImportReport | None = None
    present: frozenset[str] | None = None
    kind: str = DECLARATION
    rules: str = ""
    look: Look | WordLook | None = None
    library: Library | None = None
