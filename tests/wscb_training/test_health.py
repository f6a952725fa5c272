"""What balancers, containers and monitoring ask."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from notifications import health
from notifications.models import Message, Tick
from notifications.tasks import tick

pytestmark = pytest.mark.django_db


def test_health_reaches_the_database_and_nothing_else(client, django_assert_num_queries):
    with django_assert_num_queries(1):  # SELECT 1
        answer = client.get("/health")
    assert (answer.status_code, answer.content) == (200, b"ok")


@pytest.mark.parametrize("path", ["/health", "/health/live", "/health/ready"])
def test_health_is_asked_beside_https(client, settings, path):
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/").status_code == 301
    assert client.get(path).status_code in (200, 503)


def test_live_asks_nothing_further(client, django_assert_num_queries):
    """A database that is down must not make a balancer restart every web process."""
    with django_assert_num_queries(0):
        answer = client.get("/health/live")
    assert (answer.status_code, answer.content) == (200, b"ok")


class TestReady:
    @pytest.fixture(autouse=True)
    def _ticked(self):
        tick()

    def ask(self, client) -> tuple[int, dict]:
        answer = client.get("/health/ready")
        assert "no-store" in answer["Cache-Control"]
        return answer.status_code, answer.json()

    def message(self, *, age: timedelta, **fields) -> None:
        now = timezone.now()
        message = Message.objects.create(
            key="k", kind="test", to="pat@riverside.example", subject="Pat O'Neil", text="", html="",
            next_attempt_at=now, **fields,
        )  # fmt: skip
        Message.objects.filter(pk=message.pk).update(created_at=now - age)

    def test_all_is_well(self, client, django_assert_num_queries):
        with django_assert_num_queries(3):  # SELECT 1, the tick, how many are unsent and the oldest
            status, answer = self.ask(client)
        assert (status, answer["ready"]) == (200, True)
        assert set(answer["checks"]) == {"database", "broker", "beat", "messages"}
        assert answer["checks"]["beat"]["seconds_ago"] < 60
        assert answer["checks"]["messages"] == {"ok": True, "waiting": 0, "oldest_unsent_seconds": 0}

    def test_beat_has_stopped(self, client):
        Tick.objects.update(at=timezone.now() - timedelta(seconds=301))
        status, answer = self.ask(client)
        assert (status, answer["ready"]) == (503, False)
        assert [name for name, check in answer["checks"].items() if not check["ok"]] == ["beat"]

    def test_beat_never_started(self, client):
        Tick.objects.all().delete()
        status, answer = self.ask(client)
        assert (status, answer["checks"]["beat"]["seconds_ago"]) == (503, None)

    def test_an_email_is_stuck(self, client):
        self.message(age=timedelta(seconds=3601))
        status, answer = self.ask(client)
        assert (status, answer["checks"]["messages"]["ok"]) == (503, False)
        assert answer["checks"]["messages"]["oldest_unsent_seconds"] in range(3601, 3660)

    def test_an_email_that_waits_for_its_next_try_is_no_fault_yet(self, client):
        self.message(age=timedelta(minutes=59))
        status, answer = self.ask(client)
        assert (status, answer["checks"]["messages"]["waiting"]) == (200, 1)

    def test_an_email_that_was_given_up_is_for_td_to_see(self, client):
        self.message(age=timedelta(days=3), status="failed")
        assert self.ask(client)[0] == 200

    def test_nothing_about_people_is_told(self, client):
        self.message(age=timedelta(days=1))
        assert "pat" not in client.get("/health/ready").content.decode().lower().replace("path", "")

    def test_the_broker_is_down(self, client, monkeypatch):
        monkeypatch.setattr(health, "broker_answers", lambda: False)
        status, answer = self.ask(client)
        assert (status, answer["checks"]["broker"]["ok"]) == (503, False)

    def test_the_database_is_down(self, client, monkeypatch):
        def down():
            raise OperationalError("connection to server at 10.0.0.5 refused for user wscb")

        monkeypatch.setattr(connection, "cursor", down)
        status, answer = self.ask(client)
        assert status == 503
        assert answer["checks"]["database"] == {"ok": False, "problem": "The database does not answer."}
        assert "10.0.0.5" not in str(answer)


def test_a_broker_that_nobody_runs_is_seen_quickly(settings, monkeypatch):
    from celery import Celery

    monkeypatch.setattr(health, "current_app", Celery(broker="redis://127.0.0.1:1/0", set_as_current=False))
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 1}
    begin = timezone.now()
    assert health.broker_answers() is False
    assert timezone.now() - begin < timedelta(seconds=4)


def test_the_broker_under_test_answers():
    assert health.broker_answers() is True
