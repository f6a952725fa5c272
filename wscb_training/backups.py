"""One file that holds all of the site: its database and its uploads. Made while the site runs, put back in one go.

PostgreSQL is dumped and counted in one snapshot; SQLite is copied by its own means. The manifest says how many rows
each table has, and a restore counts them again before it is believed.
"""

import json
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from contextlib import closing
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection, connections

MANIFEST, DATABASE, MEDIA = "manifest.json", "database", "media"
FRESH_SCHEMA = "SET lock_timeout = '30s';\nDROP SCHEMA public CASCADE;\nCREATE SCHEMA public;\n"


class CannotRestore(Exception):
    """The backup was not put back; the sentence says why."""


def back_up(path: Path, *, now: datetime) -> dict:
    """Write the backup to `path`, readable by its owner alone, and return its manifest. Safe while the site runs.

    The database comes first: an upload that it names is there when the uploads are read, a later one does no harm.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        dump = Path(folder) / DATABASE
        rows = _dump_postgresql(dump) if connection.vendor == "postgresql" else _dump_sqlite(dump)
        manifest = {"made_at": now.isoformat(), "vendor": connection.vendor, "rows": rows}
        (Path(folder) / MANIFEST).write_text(json.dumps(manifest, indent=1))
        part = Path(folder) / "part"
        with tarfile.open(part, "w:gz") as tar:
            for name in (MANIFEST, DATABASE):
                tar.add(Path(folder) / name, name)
            if settings.MEDIA_ROOT.exists():
                tar.add(settings.MEDIA_ROOT, MEDIA)
        part.chmod(0o600)
        part.replace(path)
    return manifest


def restore(path: Path, *, replace: bool) -> dict:
    """Put the backup back and return its manifest. Web, workers and beat must be stopped, or read-only.

    The database changes in one transaction or not at all. Raises CannotRestore when the backup is of another kind of
    database, damaged, or somebody is in the database already and `replace` was not said.
    """
    with tempfile.TemporaryDirectory() as folder:
        manifest = _unpack(path, Path(folder))
        if manifest["vendor"] != connection.vendor:
            raise CannotRestore(f"This backup is of {manifest['vendor']}; the site runs on {connection.vendor}.")
        if not replace and _somebody_is_here():
            raise CannotRestore("There are people in this database. Say --replace to put the backup in their place.")
        connections.close_all()
        dump = Path(folder) / DATABASE
        _load_postgresql(dump) if connection.vendor == "postgresql" else _load_sqlite(dump)
        connections.close_all()
        _put_media(Path(folder) / MEDIA)
    if (rows := _count_rows()) != manifest["rows"]:
        said = manifest["rows"]
        wrong = sorted(table for table in rows.keys() | said.keys() if rows.get(table) != said.get(table))
        raise CannotRestore(f"Put back, but the rows of {', '.join(wrong)} are not as many as the backup says.")
    return manifest


def _unpack(path: Path, folder: Path) -> dict:
    try:
        with tarfile.open(path) as tar:
            tar.extractall(folder, filter="data")
        return json.loads((folder / MANIFEST).read_text())
    except (OSError, EOFError, tarfile.TarError, ValueError) as error:
        raise CannotRestore(f"{path} is no backup of this site, or is damaged: {error}") from error


def _somebody_is_here() -> bool:
    with connection.cursor() as cursor:
        if "accounts_user" not in connection.introspection.table_names(cursor):
            return False
        cursor.execute("SELECT 1 FROM accounts_user LIMIT 1")
        return cursor.fetchone() is not None


def _count_rows(on=connection) -> dict[str, int]:
    """Return how many rows each table has; names come from the database itself."""
    with on.cursor() as cursor:
        counts = {}
        for table in sorted(on.introspection.table_names(cursor)):
            cursor.execute(f"SELECT count(*) FROM {on.ops.quote_name(table)}")  # noqa: S608
            counts[table] = cursor.fetchone()[0]
        return counts


def _put_media(media: Path) -> None:
    """Put the uploads in place of those that are there; the folder itself stays, for it may be mounted."""
    settings.MEDIA_ROOT.mkdir(parents=True, exist_ok=True)
    for old in settings.MEDIA_ROOT.iterdir():
        shutil.rmtree(old) if old.is_dir() else old.unlink()
    for new in media.iterdir() if media.exists() else []:
        shutil.move(new, settings.MEDIA_ROOT / new.name)


def _dump_postgresql(dump: Path) -> dict[str, int]:
    """Dump and count in one snapshot, on a connection of its own."""
    with closing(connection.copy()) as own:
        own.ensure_connection()
        own.set_autocommit(False)
        with own.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            snapshot = cursor.fetchone()[0]
        rows = _count_rows(own)
        _run(["pg_dump", "--format=custom", "--no-owner", "--no-privileges", "--schema=public",
              f"--snapshot={snapshot}", f"--file={dump}", _site(dump.parent)])  # fmt: skip
        own.rollback()
    return rows


def _load_postgresql(dump: Path) -> None:
    """Replace all that is in the schema, in one transaction."""
    fresh, script = dump.with_name("fresh.sql"), dump.with_name("script.sql")
    fresh.write_text(FRESH_SCHEMA)
    _run(["pg_restore", "--no-owner", "--no-privileges", f"--file={script}", str(dump)])
    made = "CREATE SCHEMA public;"
    script.write_text(script.read_text().replace(f"\n{made}\n", "\n"))
    _run(["psql", "--quiet", "--no-psqlrc", "--single-transaction", "--set=ON_ERROR_STOP=1", "--output=/dev/null",
          f"--file={fresh}", f"--file={script}", _site(dump.parent)])  # fmt: skip


def _site(folder: Path) -> str:
    """Return the words by which PostgreSQL's programs reach the site's database; its password is in a file beside."""
    of, passwords = connection.settings_dict, folder / "passwords"
    passwords.touch(mode=0o600)
    passwords.write_text("*:*:*:*:" + of["PASSWORD"].replace("\\", "\\\\").replace(":", "\\:"))
    parts = {"host": of["HOST"], "port": of["PORT"], "user": of["USER"], "dbname": of["NAME"], "passfile": passwords,
             "sslmode": of["OPTIONS"].get("sslmode")}  # fmt: skip
    return "--dbname=" + " ".join(f"{name}='{value}'" for name, value in parts.items() if value)


def _run(command: list[str]) -> None:
    """Run one of PostgreSQL's own programs."""
    try:
        done = subprocess.run(command, capture_output=True, text=True)  # noqa: S603 - our own words and settings
    except FileNotFoundError:
        raise CannotRestore(f"{command[0]} is not installed: it is in the package postgresql-client.") from None
    if done.returncode:
        raise CannotRestore(f"{command[0]} failed: {done.stderr.strip()[-500:]}")


def _dump_sqlite(dump: Path) -> dict[str, int]:
    with closing(sqlite3.connect(dump)) as copy, closing(_sqlite()) as source:
        source.backup(copy)
        names = copy.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name != 'sqlite_sequence'")
        tables = sorted(name for (name,) in names)
        return {table: copy.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0] for table in tables}  # noqa: S608


def _load_sqlite(dump: Path) -> None:
    """Look that the copy is whole before the live one is touched, then replace it in one transaction."""
    try:
        with closing(sqlite3.connect(dump)) as copy, closing(_sqlite()) as target:
            if (found := copy.execute("PRAGMA integrity_check").fetchone()[0]) != "ok":
                raise CannotRestore(f"The database in the backup is damaged: {found}")
            copy.backup(target)
    except sqlite3.DatabaseError as error:
        raise CannotRestore(f"The database in the backup can't be read: {error}") from error


def _sqlite() -> sqlite3.Connection:
    return sqlite3.connect(str(connection.settings_dict["NAME"]), timeout=30)
