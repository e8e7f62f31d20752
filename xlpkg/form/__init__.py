"""Floor 1: the form as data. Knows no spreadsheet and no file format but JSON and TOML."""
