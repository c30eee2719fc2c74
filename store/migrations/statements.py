"""Running the statements of a step."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3


def run(connection: sqlite3.Connection, statements: str) -> None:
    """Run statements that two semicolons part, inside the transaction that is open."""
    # Not by `executescript`, which would commit what came before.
    for statement in statements.split(";;"):
        connection.execute(statement)
