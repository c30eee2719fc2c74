"""The SQLite record: opening it, sharing it, and what goes wrong with it."""

FILE_NAME = "library.db"
"""What the record is called in its library's folder."""
