"""One connection to the database of a stack; it comes back after a restart."""

import time

import psycopg2

from dev import postgres


class Database:
    """Statements of the test's own; each commits at once."""

    def __init__(self, running: postgres.Server, name: str):
        self.running, self.name = running, name
        self._connection = None

    def rows(self, query: str, parameters: list | None = None) -> list[tuple]:
        """Run a statement; ask again while the server is away."""
        deadline = time.monotonic() + 30
        while True:
            try:
                return self._execute(query, parameters)
            except (psycopg2.OperationalError, psycopg2.InterfaceError):
                self.close()
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)

    def value(self, query: str, parameters: list | None = None):
        """The first column of the first row, or None."""
        rows = self.rows(query, parameters)
        return rows[0][0] if rows else None

    def _execute(self, query, parameters):
        if self._connection is None:
            self._connection = psycopg2.connect(
                host=self.running.host,
                port=self.running.port,
                user=self.running.user,
                password=self.running.password,
                dbname=self.name,
            )
            self._connection.autocommit = True
        with self._connection.cursor() as cursor:
            cursor.execute(query, parameters)
            return cursor.fetchall() if cursor.description else []

    def close(self) -> None:
        """Forget the connection."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None
