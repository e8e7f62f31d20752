"""What reading a file gives: the declaration, and what is known of the file."""

import msgspec

from xlpkg.form.declaration import Declaration
from xlpkg.form.import_report import ImportReport
from xlpkg.form.profile import Profile
from xlpkg.layout import Places


class Source(msgspec.Struct, frozen=True):
    """What was read: the declaration, where its fields stand (None for JSON), the seal printed on a submission ("" if it is gone).

    `notices` is what the user should know of the file; `import_report` says of a foreign one how it was taken in.
    """

    declaration: Declaration
    profile: Profile
    places: Places | None = None
    seal: str | None = None
    notices: tuple[str, ...] = ()
    import_report: ImportReport | None = None
