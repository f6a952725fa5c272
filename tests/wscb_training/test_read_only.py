"""Maintenance: everybody may look, nobody may change anything, and the database itself refuses writes."""

import os
import subprocess
import sys
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import DatabaseError, connection
from django.test import RequestFactory

from tests.browser.site import BASE
from wscb_training.read_only import ReadOnlyMiddleware


@pytest.fixture
def middleware(settings):
    settings.READ_ONLY = True
    return ReadOnlyMiddleware(lambda request: "the page")


def test_pages_are_shown_and_what_is_sent_is_refused_with_reasons(middleware):
    assert middleware(RequestFactory().get("/events/")) == "the page"
    answer = middleware(RequestFactory().post("/events/E-1/book/"))
    assert (answer.status_code, answer["Retry-After"]) == (503, "600")
    assert "not saved" in answer.content.decode()


def test_a_page_that_would_write_on_the_way_says_the_same(middleware):
    refused = DatabaseError("cannot execute UPDATE in a read-only transaction")
    assert middleware.process_exception(RequestFactory().get("/"), refused).status_code == 503
    assert middleware.process_exception(RequestFactory().get("/"), DatabaseError("deadlock")) is None


WRITE = """
from django.db import DatabaseError, connection
from wscb_training.read_only import SAYS_SO
with connection.cursor() as cursor:
    cursor.execute("SELECT 1")
    try:
        cursor.execute("CREATE TABLE should_not_be (id integer)")
    except DatabaseError as error:
        assert any(words in str(error) for words in SAYS_SO), error
        print("refused")
"""


@pytest.mark.django_db
def test_the_database_refuses_to_write(tmp_path):
    environment = {**os.environ, "VAR_DIR": str(tmp_path), "READ_ONLY": "on", "READ_DOTENV": "off"}
    if connection.vendor == "postgresql":  # the one that is there now, which the tests made
        url = urlsplit(environment["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
        environment["DATABASE_URL"] = urlunsplit(url)
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "-v", "0", "-c", WRITE], cwd=BASE, env=environment,
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.stdout.strip() == "refused", done.stderr
