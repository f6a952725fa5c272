"""The demo of the whole borough: lifelike, true to every rule, and every figure on it the count of its rows."""

import csv
from io import StringIO
from random import Random
from uuid import UUID

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Organisation, User
from accounts.models.user import SUB_COMMITTEE
from bookings import invariants
from bookings.models import Booking
from courses.models import Event
from evaluations.models import Evaluation
from monitoring import demo
from monitoring.demo import borough
from monitoring.models import Indicator
from monitoring.reach import ROWS
from monitoring.report import content
from notifications import prepared
from notifications.models import Message
from tests.factories import UserFactory
from tests.monitoring import reached

pytestmark = pytest.mark.django_db


@pytest.fixture
def strategy():
    call_command("load_strategy", stdout=StringIO())


@pytest.mark.thorough
def test_the_whole_borough(client, strategy):
    """One test of many things, for the data takes a while to make."""
    steps = []
    demo.make(say=steps.append, full=True)
    assert len(steps) > 8  # progress is told
    _is_as_large_as_the_borough()
    broken = invariants.broken(now=timezone.now())
    assert not any(broken.values()), broken
    someone = UserFactory()
    someone.groups.add(Group.objects.get(name=SUB_COMMITTEE))
    client.force_login(someone)
    shown = client.get(reverse("monitoring:priorities")).context["overview"]
    figures = [figure for judged in shown.priorities for figure in judged.figures]
    assert len(figures) == Indicator.objects.count()
    assert all(figure.has_data for figure in figures)
    assert sum(figure.tally.part > 0 for figure in figures) > 33  # something to see nearly everywhere
    for figure in figures:
        _is_the_count_of_its_rows_and_of_its_file(client, figure)
    _every_number_of_reach_is_the_count_of_its_rows(client)
    _gaps_add_up_and_the_file_says_the_same(client)
    _the_report_says_what_the_pages_say(figures)


def _is_as_large_as_the_borough():
    of = Organisation.objects.filter
    assert of(kind__in=Organisation.SCHOOLS).count() == 150
    assert of(kind=Organisation.Kind.NURSERY).count() == 120
    assert of(kind=Organisation.Kind.CHARITY).count() >= 80
    assert 5_500 < User.objects.count() < 6_500
    assert 235 < Event.objects.count() < 265
    assert 4_200 < Booking.objects.count() < 4_900
    for kind, least, most in (
        ("pre", 70, 95),
        ("post", 65, 90),
        ("impact_learner", 35, 55),
        ("impact_manager", 25, 45),
    ):
        forms = Evaluation.objects.of_kind(kind)
        rate = 100 * forms.submitted().count() / forms.count()
        assert least < rate < most, (kind, rate)


def _is_the_count_of_its_rows_and_of_its_file(client, figure):
    code, tally = figure.indicator.code, figure.tally
    page = client.get(reverse("monitoring:indicator", args=[code]))
    assert page.context["figure"].tally == tally, code
    file = client.get(reverse("monitoring:indicator_csv", args=[code])).content.decode("utf-8-sig")
    rows = list(csv.DictReader(StringIO(file)))
    assert len(rows) == page.context["page_obj"].paginator.count, code
    if page.context["rows"].weighed:
        assert sum(int(row["Counted"]) for row in rows) == tally.part, code
        assert sum(int(row["Of"]) for row in rows) == tally.whole, code
    elif not page.context["too_few"]:
        assert sum(row["Counted"] == "Yes" for row in rows) == tally.part, code
        assert len(rows) == tally.whole, code


def _every_number_of_reach_is_the_count_of_its_rows(client):
    """Each number of the page that opens rows is their count; each that opens none is nought."""
    page = client.get(reverse("monitoring:reach") + "?again=1")
    found, files = page.context["reach"], {}
    assert reached.without_rows(page.text, found) == [
        f"{line.last:,}" for line in found.breakdown("sector").lines if line.last and not line.last_is_rows
    ]  # an imported baseline has no rows, which the page says
    links = reached.links(page.text)
    assert len(links) > 150
    for address, number in links:
        assert number in reached.opened(address, found), address
        files.setdefault(address.partition("?")[0], (address, number))
    assert len(files) == len(ROWS)
    for path, (address, number) in files.items():  # one file of each kind of rows: the filter is the page's
        file = client.get(address.replace(path, f"{path}rows.csv")).content.decode("utf-8-sig")
        rows = list(csv.DictReader(StringIO(file)))
        assert number in (len(rows), sum(int(row.get("Of", 0)) for row in rows)), address


def _gaps_add_up_and_the_file_says_the_same(client):
    """The page of gaps opens nobody's name; its lines add up to its totals, whichever way they are cut."""
    for way in ("sector", "group", "organisation"):
        total = client.get(reverse("monitoring:gaps"), {"by": way}).context["total"]
        file = client.get(reverse("monitoring:gaps_csv"), {"by": way}).content.decode("utf-8-sig")
        *lines, everybody = csv.DictReader(StringIO(file))
        for heading, number in (
            ("People", total.people), ("Missing in all", total.missing), ("Needed in all", total.needed),
        ):  # fmt: skip
            assert int(everybody[heading]) == number == sum(int(line[heading]) for line in lines), (way, heading)


def _the_report_says_what_the_pages_say(figures):
    """A report of this day has the same figures, and its tables add up to what other pages count in their own way."""
    shown = figures[0].period
    frozen = content.take(shown, progress=lambda done, of: None)
    told = {each["code"]: each for priority in frozen["priorities"] for each in priority["figures"]}
    for figure in figures:
        each = told[figure.indicator.code]
        assert (each["part"], each["whole"], each["value"]) == (figure.tally.part, figure.tally.whole, figure.value)
    parts = {part["name"]: part for chapter in frozen["chapters"].values() for part in chapter}
    for part in parts.values():
        assert part["period"] and part["source"], part["name"]
    delivery = {row[0]: row[1] for row in parts["delivery"]["rows"]}
    headlines = {row[0]: row[1] for row in parts["reached"]["rows"]}
    by_code = {figure.indicator.code: figure.tally for figure in figures}
    attended = delivery["Of these attended in full"] + delivery["Walk-ins who attended in full"]
    assert delivery["Online courses completed"] == by_code["3B"].part
    assert attended + by_code["3B"].part == by_code["8A"].part == headlines["Attendances and online completions"]
    assert delivery["People trained, each counted once"] == headlines["People who took part"]
    for name in ("agencies", "courses"):
        column = parts[name]["headings"].index("Attended")
        assert sum(row[column] for row in parts[name]["rows"]) == attended
    for name in ("reach-sector", "reach-group", "reach-kind", "reach-delivery"):
        assert sum(row[1] for row in parts[name]["rows"]) == by_code["8A"].part


@pytest.mark.thorough
def test_the_small_demo_has_something_of_everything(strategy, monkeypatch, django_capture_on_commit_callbacks):
    """The same twice over, true to every rule, and with all that people meet on the pages."""
    made, asked = [], []
    monkeypatch.setattr(prepared.current_app, "send_task", lambda task, numbers, **options: asked.extend(numbers))
    with time_machine.travel("2026-11-26 10:07", tick=False):
        for _ in range(2):
            with transaction.atomic():
                with django_capture_on_commit_callbacks() as afterwards:
                    demo.make(say=lambda step: None)
                for each in afterwards:
                    if each.__qualname__.startswith("ask_for"):  # a document that a worker is to make
                        each()
                now = timezone.now()
                broken = invariants.broken(now=now)
                assert not any(broken.values()), broken
                _something_of_everything(now)
                made.append(_who_is_where())
                transaction.set_rollback(True)
    assert made[0] == made[1]
    assert asked and all(UUID(number) for number in asked)


def _something_of_everything(now):
    events, bookings = Event.objects, Booking.objects
    coming = events.upcoming(at=now)
    places = [event.places() for event in coming]
    assert events.filter(status="draft").exists() and events.filter(status="cancelled").exists()
    assert sum(each.waiting > 0 and not each.left for each in places) > 3  # full, and people wait
    assert any(each.left_for_vcs_only and not each.left_for_others for each in places)  # kept places alone
    assert coming.filter(booking_opens_at__gt=now).exists() and coming.filter(booking_closes_at__lte=now).exists()
    assert coming.filter(audience="sectors").exists() and coming.filter(audience="organisations").exists()
    assert bookings.to_approve(at=now).exists()  # held until a lead approves
    missed = bookings.missed().filter(status="confirmed")
    assert missed.exclude(absence_reason="").count() > 9 and missed.filter(absence_reason="").exists()
    closed = events.filter(register_closed_at__isnull=False)
    assert closed.exclude(register_closed_by=None).count() > 20
    assert events.filter(
        status="published", ends_at__lt=now, bookings__attendances__isnull=False
    ).exists()  # not closed
    today = events.get(starts_at__lt=now, ends_at__gt=now)
    assert today.sessions.count() == 2 and today.trainers.filter(person__email="trainer@demo.example").exists()
    own = bookings.filter(person__email="learner@demo.example", event__starts_at__gt=now)
    assert {"confirmed", "waiting"} <= {booking.status for booking in own}
    forms = Evaluation.objects
    for kind in ("pre", "post", "impact_learner", "impact_manager"):
        assert forms.of_kind(kind).submitted().exists() and forms.of_kind(kind).open().exists(), kind
    # What everybody booked on is to be seen among what they were sent.
    told = Message.objects.filter(recipient__email__startswith="person", kind="bookings/confirmed")
    assert told.count() > 500 and not told.exclude(status="sent").exists()


def _who_is_where():
    rows = Booking.objects.values_list("event__course__title", "event__starts_at", "person__full_name", "status")
    return list(rows.order_by("pk"))


def test_the_same_for_the_same_seed(strategy):
    made = []
    for _ in range(2):
        found = borough.make_organisations(Random(7), now=timezone.now())
        people = borough.make_people(Random(7), found[:20], now=timezone.now())
        made.append(
            [(at.name, at.postcode, at.kind) for at in found] + [(who.full_name, who.job_role) for who in people]
        )
        User.objects.all().delete()
        Organisation.objects.all().delete()
    assert made[0] == made[1]
