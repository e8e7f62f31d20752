"""Floor 5: the window beside any office program. No logic of its own: what it does, the command line and the buttons do too."""
