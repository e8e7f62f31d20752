"""The one kind of error that is told to the user as it is."""


class RefusalError(Exception):
    """Something cannot be done; the message is a sentence in Chinese that says what and how to mend it."""
