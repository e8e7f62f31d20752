"""Declarations of budget performance targets: filled in, checked, mended and sent upward from one Excel workbook."""

__version__ = "0.1.0"
