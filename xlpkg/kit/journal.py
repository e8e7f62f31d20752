"""What a set-up made outside its own folder, kept so that removing takes away exactly that."""

from pathlib import Path

import msgspec

from xlpkg.files.write import in_place

_FILE = "journal.json"


class Journal(msgspec.Struct):
    """Files and folders that were made, in the order in which they were made."""

    files: list[str] = []
    folders: list[str] = []


def read(home: Path) -> Journal:
    """The journal of a kit's home; an empty one if there is none or it is damaged."""
    try:
        return msgspec.json.decode((home / _FILE).read_bytes(), type=Journal)
    except (OSError, msgspec.DecodeError):
        return Journal()


def write(home: Path, journal: Journal) -> None:
    """Raises OSError."""
    in_place(home / _FILE, msgspec.json.encode(journal))


def note(home: Path, path: Path) -> None:
    """Note a file that is about to be made, and its folder if that has to be made too. Raises OSError."""
    journal = read(home)
    missing = [folder for folder in reversed(path.parents) if not folder.exists()]
    journal.folders += [str(folder) for folder in missing if str(folder) not in journal.folders]
    if str(path) not in journal.files:
        journal.files.append(str(path))
    write(home, journal)
