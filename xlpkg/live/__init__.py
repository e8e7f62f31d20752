"""Floor 4: what the buttons do in an open workbook, through xlwings."""
