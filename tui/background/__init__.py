"""Work that may take its time, in threads that touch no widget and tell of it by `tui.facts`."""
