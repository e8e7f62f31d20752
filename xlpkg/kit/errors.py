"""What is raised where a kit cannot be built, set up or taken away."""

from xlpkg.form.refusal import RefusalError


class KitError(RefusalError):
    """A kit cannot be built, set up or taken away; the message is a sentence for the user."""
