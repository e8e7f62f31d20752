"""LibreOffice Calc as a spreadsheet program that xlwings can drive: over UNO, in a process of its own."""
