"""Floor 3: the workbook. Builds, reads and lays out files; turns rows and fields into cells."""
