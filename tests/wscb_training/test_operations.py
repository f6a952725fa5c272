"""What those who run the site see of it: its lines, its numbers, its faults, and nothing about people."""

import json
import logging

import pytest
from django.test import override_settings
from django.urls import reverse

from notifications.tasks import tick
from wscb_training import errors
from wscb_training.celery import app, name_the_request, take_the_name
from wscb_training.logs import JsonFormatter, PlainFormatter, request_id, without_people

TOKEN = "eyJib29raW5nIjo0MX0:1vQx2B:k3uY8sGmS0b9Qq1Z"


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("Mail to Zoë.O'Brien@school.example came back", "Mail to [email] came back"),
        ("<amara@a.example>, ben@b.example", "<[email]>, [email]"),
        (f"Internal Server Error: /form/{TOKEN}/", "Internal Server Error: /form/[token]/"),
        ("Not Found: /events/E-7KMPQ/book/", "Not Found: /events/E-7KMPQ/book/"),
        ("GET /people/?q=Chloe+O%27Brien failed", "GET /people/?… failed"),
        ("/files/7f3c1f8e-77b1-4c9e-9d42-0a3a5a2f0c11/download", "/files/[token]/download"),
    ],
)
def test_lines_name_no_one(said, written):
    assert without_people(said) == written


def record(message: str, *arguments, **fields) -> logging.LogRecord:
    made = logging.LogRecord("wscb", logging.WARNING, __file__, 1, message, arguments, None)
    made.__dict__.update(fields)
    return made


def test_a_line_for_machines_is_one_object_with_the_request_it_belongs_to():
    token = request_id.set("abc12345")
    line = JsonFormatter().format(record("Sent to %s", "amara@a.example", fields={"status": 200}))
    request_id.reset(token)
    assert "\n" not in line
    found = json.loads(line)
    assert found.pop("time").endswith("+00:00")
    assert found == {
        "level": "WARNING", "logger": "wscb", "request_id": "abc12345", "message": "Sent to [email]", "status": 200,
    }  # fmt: skip


def test_an_exception_is_in_the_line_without_the_address_in_it():
    try:
        raise ValueError("no mail for amara@a.example")
    except ValueError as fault:
        made = record("It failed")
        made.exc_info = (type(fault), fault, fault.__traceback__)
    found = json.loads(JsonFormatter().format(made))
    assert "ValueError: no mail for [email]" in found["exception"]
    assert "[email]" in PlainFormatter("%(message)s [%(request)s]").format(made)


@pytest.mark.django_db
class TestRequests:
    def test_each_has_a_name_that_a_balancer_may_give_and_a_stranger_may_not_misuse(self, client):
        made = client.get(reverse("health_live")).headers["X-Request-ID"]
        assert len(made) == 32
        given = client.get(reverse("health_live"), headers={"X-Request-ID": "balancer-000017"})
        assert given.headers["X-Request-ID"] == "balancer-000017"
        for bad in ("short", "x" * 65, "line\u00e9break-12345", "with space 123"):
            assert client.get(reverse("health_live"), headers={"X-Request-ID": bad}).headers["X-Request-ID"] != bad

    def test_the_line_has_the_route_and_not_the_address(self, client, caplog):
        with caplog.at_level(logging.INFO, "wscb.requests"):
            client.get(reverse("courses:course", args=["chloe-obrien"]), {"q": "Chloe"})
            client.get("/nothing/here/")
            client.get(reverse("health_live"))
        first, second = caplog.records  # what balancers ask every few seconds is not written
        assert first.fields["route"].endswith("<slug:slug>/")
        assert (first.fields["method"], first.fields["status"]) == ("GET", 404)
        assert second.fields["route"] == "none"
        assert "chloe" not in caplog.text.lower()

    def test_its_name_goes_on_to_the_tasks_that_it_starts(self):
        headers, task = {}, tick
        token = request_id.set("abc12345")
        name_the_request(headers)
        request_id.set("")
        task.push_request(id="t1", **headers)
        take_the_name(task)
        assert request_id.get() == "abc12345"
        task.pop_request()
        task.push_request(id="t2")
        take_the_name(task)  # beat's own
        assert request_id.get() == "task-t2"
        task.pop_request()
        request_id.reset(token)


@pytest.mark.django_db
class TestMetrics:
    def get(self, client, token: str = ""):
        return client.get(reverse("metrics"), headers={"Authorization": f"Bearer {token}"} if token else {})

    def test_there_is_no_such_page_without_the_setting_or_the_token(self, client):
        assert self.get(client, "anything").status_code == 404
        with override_settings(METRICS_TOKEN="right"):
            assert self.get(client).status_code == 404
            assert self.get(client, "wróng").status_code == 404
            assert self.get(client, "right").status_code == 200

    @override_settings(METRICS_TOKEN="right")
    def test_refused_sign_ins_are_counted_so_that_an_alarm_can_ring(self, client):
        """OWASP ASVS 11.1.8."""

        def refused() -> float:
            line = [each for each in self.get(client, "right").text.splitlines() if 'kind="sign_in_failed"' in each]
            return float(line[0].split()[-1]) if line else 0

        before = refused()
        client.post(reverse("account_login"), {"login": "nobody@wscb.example", "password": "wrong-horse-wrong"})
        assert refused() == before + 1

    @override_settings(METRICS_TOKEN="right")
    def test_requests_by_route_and_what_waits(self, client):
        client.get(reverse("courses:course", args=["chloe-obrien"]))
        text = self.get(client, "right").text
        lines = [line for line in text.splitlines() if line.startswith("wscb_requests_total") and "slug" in line]
        assert [line for line in lines if 'method="GET"' in line and 'status="404"' in line]
        assert "wscb_request_seconds_bucket" in text
        for name in ("messages_unsent", "messages_failed", "beat_seconds", "documents_waiting"):
            assert f"\nwscb_{name} " in text
        assert "chloe" not in text


def test_a_fault_is_told_without_the_person():
    told = errors.without_personal_data(
        {
            "user": {"email": "amara@a.example"},
            "request": {
                "url": f"https://training.example/form/{TOKEN}/?name=Amara", "query_string": "name=Amara",
                "cookies": {"sessionid": "x"}, "data": {"needs": "a chair"}, "env": {"REMOTE_ADDR": "10.0.0.1"},
                "headers": {"Cookie": "sessionid=x", "User-Agent": "Firefox"},
            },
            "exception": {"values": [{"type": "ValueError", "value": "amara@a.example is not here"}]},
            "logentry": {"message": "Failed for amara@a.example", "params": ["amara@a.example"]},
        },
        {},
    )  # fmt: skip
    text = json.dumps(told).lower()
    for word in ("amara", "sessionid", "chair", "10.0.0.1", TOKEN.lower()):
        assert word not in text
    assert told["request"]["headers"] == {"User-Agent": "Firefox"}


def test_without_a_setting_nothing_is_told_to_anybody():
    import sentry_sdk

    errors.report_to("", environment="test")
    assert not sentry_sdk.is_initialized()


class TestQueues:
    @pytest.mark.parametrize(
        ("task", "queue"),
        [
            ("notifications.tasks.deliver_parcel", "messages"),
            ("learning.tasks.make_certificates", "documents"),
            ("monitoring.tasks.make_report", "documents"),
            ("bookings.tasks.release_places", "work"),
        ],
    )
    def test_each_kind_of_work_has_its_own(self, task, queue):
        assert app.amqp.router.route({}, task)["queue"].name == queue

    def test_a_worker_that_is_told_nothing_takes_them_all(self):
        assert set(app.amqp.queues) == {"messages", "work", "documents"}

    def test_no_task_runs_for_ever(self):
        assert app.conf.task_soft_time_limit < app.conf.task_time_limit <= 900
