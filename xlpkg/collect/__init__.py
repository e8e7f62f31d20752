"""Floor 4: the receiving side. Hundreds of declarations become one workbook, tables and return letters."""
