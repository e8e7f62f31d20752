"""Forms that are not ours: fields, columns, rows and projects are found by synonyms, with a report of what came from where."""
