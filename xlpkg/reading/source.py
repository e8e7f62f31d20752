"""What reading a file gives: the declaration, and what is known of the file."""

import msgspec

from xlpkg.form.declaration import Declaration
from xlpkg.form.import_report import ImportReport
from xlpkg.form.profile import Profile
from xlpkg.layout import Places


class Source(msgspec.Struct, frozen=True):
    """What was read: the declaration, where its fields stand (None for JSON), the seal printed on a submission ("" if it is gone),
    what the user should know about the file, of a foreign file the import report of how it was taken in, and of a form what stands
    in the cells of sign, number and unit, by row."""

    declaration: Declaration
    profile: Profile
    places: Places | None = None
    seal: str | None = None
    notices: tuple[str, ...] = ()
    import_report: ImportReport | None = None
    parts: dict[int, tuple[str, ...]] = {}
