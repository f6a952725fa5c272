"""What every test runs under: no network but this machine's own, and in CI nothing skipped."""

import ipaddress
import os
import socket

import pytest
from django.db import connection

from tests.factories import make_officer
from wscb_training.celery import app as celery

REQUIRE_ALL = os.environ.get("REQUIRE_ALL") == "1"  # set by .ci/run, for the run on PostgreSQL and Redis
ELSEWHERE = {"postgresql": "sqlite", "sqlite": "postgresql"}


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:  # a name
        return host == "localhost"


@pytest.fixture(scope="session", autouse=True)
def _only_this_machine():
    """Refuse connections to anywhere else, so that no test depends on a network."""
    patch = pytest.MonkeyPatch()
    for name in ("connect", "connect_ex"):
        real = getattr(socket.socket, name)

        def connect(self, address, real=real):
            if self.family != socket.AF_UNIX and not _is_this_machine(address[0]):
                raise OSError(f"Tests have no network; tried {address[0]}")
            return real(self, address)

        patch.setattr(socket.socket, name, connect)
    yield
    patch.undo()


@pytest.fixture(scope="session", autouse=True)
def _own_broker_folder(tmp_path_factory):
    """Hand tasks to a folder of the tests' own, so that a site running beside them never works on them."""
    if celery.conf.broker_url.startswith("filesystem:"):
        folder = str(tmp_path_factory.mktemp("broker"))
        folders = {"data_folder_in": folder, "data_folder_out": folder, "control_folder": folder}
        celery.conf.broker_transport_options = {**celery.conf.broker_transport_options, **folders}


@pytest.fixture(autouse=True)
def _test_settings(settings, tmp_path):
    """Serve static files as they lie, hash passwords quickly, keep uploads and what is cached in the test."""
    settings.CACHES = {"default": {**settings.CACHES["default"], "KEY_PREFIX": tmp_path.name + os.urandom(4).hex()}}
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MFA_REQUIRED = False  # on by itself with PostgreSQL; its own tests switch it on


def pytest_collection_modifyitems(config, items):
    """Leave out what is only about SQLite when on PostgreSQL; skip what needs PostgreSQL when on SQLite.

    Embedded, what takes minutes is left out too, unless its file is named.
    """
    other = ELSEWHERE[connection.vendor]
    if other == "postgresql" and config.args_source == pytest.Config.ArgsSource.TESTPATHS:
        long = [item for item in items if item.get_closest_marker("thorough")]
        items[:] = [item for item in items if item not in long]
        config.hook.pytest_deselected(items=long)
    foreign = [item for item in items if item.get_closest_marker(other)]
    if other == "sqlite":
        items[:] = [item for item in items if item not in foreign]
        config.hook.pytest_deselected(items=foreign)
        return
    for item in foreign:
        item.add_marker(pytest.mark.skip(reason="needs PostgreSQL: make test-all"))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """In CI's run on PostgreSQL and Redis everything must be found: a skip is a failure."""
    outcome = yield
    report = outcome.get_result()
    if REQUIRE_ALL and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"Skipped, but everything must be there in this run: {report.longrepr[-1]}"


@pytest.fixture
def officer(client, db):
    """Somebody of T&D, signed in."""
    officer = make_officer()
    client.force_login(officer)
    return officer
