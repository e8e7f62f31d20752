"""Foreign forms taken in: Word tables, other offices' workbooks, texts copied from somewhere, damaged forms of our own."""
