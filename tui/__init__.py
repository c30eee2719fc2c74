"""Everything that a person sees or types: the browser on the screen and the command line."""

PROGRAM = "paperdeck"
