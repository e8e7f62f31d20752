"""The Windows kit: built on Linux into one zip, set up on a PC without Python, network or administrator by one double click."""
