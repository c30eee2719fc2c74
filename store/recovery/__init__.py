"""Putting another record in the place of a library's: a backup, or what was salvaged of it."""
