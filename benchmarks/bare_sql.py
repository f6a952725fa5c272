"""The floor of a booking: a safe one in bare SQL, through the same driver, on the same database."""

import sqlite3

import psycopg2

TABLES = (
    "CREATE TABLE bench_event (id integer PRIMARY KEY, capacity integer, held integer)",
    "CREATE TABLE bench_booking (event_id integer, person_id integer, status text, UNIQUE (event_id, person_id))",
    "INSERT INTO bench_event VALUES (1, 1000000, 0)",
)


class Database:
    """One connection to the site's database, in its driver's own words."""

    def __init__(self, url: str, sqlite_file):
        self.is_postgres = url.startswith("postgres")
        if self.is_postgres:
            self.connection = psycopg2.connect(url)
            self.connection.autocommit = True
        else:
            self.connection = sqlite3.connect(sqlite_file, timeout=30, isolation_level=None)
            self.connection.execute("PRAGMA synchronous=NORMAL")
        self.mark = "%s" if self.is_postgres else "?"

    def run(self, statement: str, *values):
        cursor = self.connection.cursor()
        cursor.execute(statement.replace("?", self.mark), values)
        return cursor

    def make_tables(self) -> None:
        for statement in TABLES:
            self.run(statement)

    def book(self, person_id: int) -> None:
        """Lock the event, look, insert, count, commit."""
        self.run("BEGIN" if self.is_postgres else "BEGIN IMMEDIATE")
        lock = " FOR UPDATE" if self.is_postgres else ""
        capacity, held = self.run(f"SELECT capacity, held FROM bench_event WHERE id = 1{lock}").fetchone()
        assert held < capacity
        self.run("INSERT INTO bench_booking VALUES (1, ?, 'confirmed')", person_id)
        self.run("UPDATE bench_event SET held = held + 1 WHERE id = 1")
        self.run("COMMIT")


def book_bare(person_ids: range, url: str, sqlite_file) -> int:
    """Book each of these people; return how many."""
    database = Database(url, sqlite_file)
    for person_id in person_ids:
        database.book(person_id)
    return len(person_ids)
