"""What reading a file gives: the declaration, and what is known of the file."""

import msgspec

from xlpkg.form.declaration import Declaration
from xlpkg.form.import_report import ImportReport
from xlpkg.form.profile import Profile
from xlpkg.layout import Places


class Source(msgspec.Struct, frozen=True):
    """What was read of a file.

    `places` say where the fields stand, None for JSON and foreign files. `seal` is what is printed on a submission, "" if it is
    gone, None for other files. `notices` are what the user should know about the file. `import_report` is there for foreign files.
    """

    declaration: Declaration
    profile: Profile
    places: Places | None = None
    seal: str | None = None
    notices: tuple[str, ...] = ()
    import_report: ImportReport | None = None
