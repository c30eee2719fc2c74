"""The SQLite record: opening it, sharing it, and what goes wrong with it."""
