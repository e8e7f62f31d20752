"""What is raised where a file cannot be read."""

from xlpkg.form.refusal import RefusalError


class UnreadableError(RefusalError):
    """A file that cannot be read as a declaration; the message is a sentence for the user."""
