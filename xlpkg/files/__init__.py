"""Bytes of any kind: one module a kind of file, guards, number formats, writing whole files, the way to an office program."""
