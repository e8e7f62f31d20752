"""From a declaration to a file: the form workbook sheet by sheet, the submission."""
