"""The real site for browser tests: gunicorn, a worker and beat of their own, on their own database and folder."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

BASE = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent


# Beat keeps in a file when each job last went; this sets it back.
AGE_SCHEDULE = """
import shelve
from datetime import timedelta
from django.conf import settings
with shelve.open(settings.CELERY_BEAT_SCHEDULE_FILENAME) as kept:
    jobs = kept["entries"]
    for job in jobs.values():
        job.last_run_at -= timedelta(days={days})
    kept["entries"] = jobs
"""


TABLES = """
from django.conf import settings
from django.core.management import call_command

class NoMigrations(dict):
    def __contains__(self, app):
        return True

    def __getitem__(self, app):
        return None

settings.MIGRATION_MODULES = NoMigrations()
call_command("migrate", run_syncdb=True, verbosity=0)
"""


class Site:
    """A running copy of the product: its address, its folder, its mail."""

    def __init__(self, folder: Path, environment: dict):
        self.folder, self.environment = folder, environment
        self.url = environment["BASE_URL"]
        self.processes: dict[str, subprocess.Popen] = {}
        self.redis: Redis | None = None

    def manage(self, *arguments: str) -> str:
        """Run a management command against this site; return what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments], cwd=BASE, env=self.environment, capture_output=True, text=True
        )
        assert done.returncode == 0, f"manage.py {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}"
        return done.stdout

    def start(self, name: str, *command: str) -> None:
        """Start one of the site's processes, its output in a file of its folder."""
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [str(BIN / command[0]), *command[1:]], cwd=BASE, env=self.environment, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip

    def start_all(self) -> None:
        """Start web, worker and beat as `make run` does, and wait until the site answers."""
        serve = ("gunicorn", "--config", "python:wscb_training.gunicorn", "wscb_training.wsgi")
        self.start("web", *serve, "--bind", urlsplit(self.url).netloc, "--threads", "4")
        self.start("worker", "celery", "-A", "wscb_training", "worker", "--concurrency", "1", "--loglevel", "WARNING")
        self.start("beat", "celery", "-A", "wscb_training", "beat", "--loglevel", "WARNING")
        wait_for(self._answers, "the site to answer", seconds=120)

    def wake_beat(self, *, days: int) -> None:
        """Stop beat, and start it again as if it had been down for so many days: every job is due at once."""
        beat = self.processes.pop("beat")
        os.killpg(beat.pid, signal.SIGTERM)
        beat.wait(timeout=20)
        self.manage("shell", "-v", "0", "-c", AGE_SCHEDULE.format(days=days))
        self.start("beat", "celery", "-A", "wscb_training", "beat", "--loglevel", "WARNING")

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(self.url, timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False

    def stop_all(self) -> None:
        """Stop every process of the site."""
        for process in self.processes.values():
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
        for process in self.processes.values():
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def mails_to(self, address: str) -> list[str]:
        """Return the emails to an address as they stand in the mail folder, oldest first."""
        files = sorted((self.folder / "mail").iterdir(), key=lambda file: file.stat().st_mtime)
        mails = [mail for file in files for mail in file.read_text().split("-" * 79 + "\n")]
        return [mail for mail in mails if f"To: {address}" in mail]

    def mail_to(self, address: str, *, about: str) -> str:
        """Wait for an email to the address whose text has `about` in it; return the newest such."""
        return wait_for(
            lambda: next((mail for mail in reversed(self.mails_to(address)) if about in mail), None),
            f"an email to {address} about {about}",
        )


def wait_for(probe, what: str, *, seconds: float = 120):
    """Return what `probe` returns as soon as it is true; fail naming `what` after so many seconds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := probe():
            return found
        time.sleep(0.1)
    raise AssertionError(f"Waited {seconds} seconds for {what}.")


@contextmanager
def running_site(folder: Path, *, web: bool = True):
    """Make a site on the kind of database, broker that the suite runs on, with the strategy loaded; stop it after.

    Its tables are made from the models in two seconds, not by the migrations in twenty: `make run` and the Compose
    file's commands go through those in CI. Without `web` it has workers and beat alone, and no static files.
    """
    port = free_port()
    environment = {
        **os.environ,
        "VAR_DIR": str(folder),
        "BASE_URL": f"http://127.0.0.1:{port}",
        "ALLOWED_HOSTS": "127.0.0.1,localhost",  # a browser reads keys (WebAuthn) only where a host has a name
        "EMAIL_URL": "filemail://",
        "HTTPS": "off",
        "MFA_REQUIRED": "off",
        "DEMO": "on",
        "SECRET_KEY": "for-browser-tests-only",
    }
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    with _own_redis(environment, folder) as redis, _own_database(environment, f"wscb_browser_{port}"):
        site = Site(folder, environment)
        site.redis = redis
        site.manage("shell", "-v", "0", "-c", TABLES)
        site.manage("load_strategy")
        if web:
            (folder / "assets").mkdir(exist_ok=True)
            subprocess.run(["cp", "-r", f"{BASE}/var/assets/.", f"{folder}/assets"], check=True)
            site.manage("collectstatic", "--noinput", "--verbosity", "0")
        try:
            yield site
        finally:
            site.stop_all()


@contextmanager
def _own_database(environment: dict, name: str):
    url = environment.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        environment.pop("DATABASE_URL", None)  # embedded: SQLite in the site's own folder
        yield
        return
    server = urlunsplit(urlsplit(url)._replace(path="/postgres"))
    _execute(server, f"CREATE DATABASE {name}")
    environment["DATABASE_URL"] = urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
    try:
        yield
    finally:
        _execute(server, f"DROP DATABASE {name} WITH (FORCE)")


def _execute(server: str, statement: str) -> None:
    import psycopg2

    with closing(psycopg2.connect(server)) as admin:
        admin.autocommit = True
        admin.cursor().execute(statement)


@contextmanager
def _own_redis(environment: dict, folder: Path):
    """A Redis of the site's own where the suite runs on one: no other site's worker may take its tasks."""
    if not environment.get("BROKER_URL", "").startswith("redis"):
        yield None
        return
    redis = Redis(folder)
    environment["BROKER_URL"] = f"redis://127.0.0.1:{redis.port}/0"
    environment["CACHE_URL"] = f"redis://127.0.0.1:{redis.port}/1"
    redis.start()
    try:
        yield redis
    finally:
        redis.kill()


class Redis:
    """A Redis of a site's own, that may be killed."""

    def __init__(self, folder: Path):
        self.folder, self.port = folder, free_port()

    def start(self) -> None:
        """Start it, empty, and wait until it listens."""
        command = ("redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir")
        self.process = subprocess.Popen([*command, str(self.folder)], stdout=subprocess.DEVNULL)
        wait_for(lambda: listens(self.port), "Redis to start")

    def kill(self) -> None:
        """Kill it with -9: what it held is lost."""
        self.process.kill()
        self.process.wait()


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
