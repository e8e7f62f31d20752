"""What python-docx puts into a new document and nobody wants there."""

from typing import Any


def without_old_styles(document: Any) -> None:
    """Leave out the copy of the styles for Word 2010 that python-docx brings: it does not agree with the styles themselves."""
    relations = document.part.rels
    for key in [key for key, relation in relations.items() if relation.reltype.endswith("/stylesWithEffects")]:
        relations.pop(key)
