"""An event as a calendar entry."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from icalendar import Calendar

from courses import actions
from courses.models import Event
from tests.courses.samples import at, course, event, venue

pytestmark = pytest.mark.django_db
UTC = ZoneInfo("UTC")


def entries(client, of: Event) -> list:
    response = client.get(reverse("courses:event_ics", args=[of.reference]))
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{of.reference}.ics"'
    return Calendar.from_ical(response.content).walk("VEVENT")


def test_an_entry_a_session(client):
    shown = event(course("O’Brien’s “récits”, 日本"), at(12), at(19), venue=venue("Hall; room 1, left"))
    first, second = entries(client, shown)
    assert first["SUMMARY"] == "O’Brien’s “récits”, 日本 (session 1 of 2)"
    assert first["LOCATION"].startswith("Hall; room 1, left, 12 Falcon Road")
    assert (first["DTSTART"].dt, first["STATUS"]) == (at(12), "CONFIRMED")
    assert first["URL"].endswith(shown.get_absolute_url())
    assert first["UID"] != second["UID"]


def test_a_clock_change_between_two_sessions_moves_neither(client):
    """10 o'clock in London is 10:00 UTC on 26 March 2027 and 9:00 UTC on 2 April."""
    first, second = entries(client, event(None, at(26, 3), at(2, 4)))
    assert first["DTSTART"].dt == datetime(2027, 3, 26, 10, tzinfo=UTC)
    assert second["DTSTART"].dt == datetime(2027, 4, 2, 9, tzinfo=UTC)


def test_a_change_keeps_the_uid_and_raises_the_sequence(client):
    shown = event()
    (before,) = entries(client, shown)
    actions.settle(event=shown, by=None)
    (after,) = entries(client, shown)
    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]


def test_a_cancelled_event_is_struck_out(client):
    shown = event()
    Event.objects.filter(pk=shown.pk).update(status=Event.Status.CANCELLED)
    assert entries(client, shown)[0]["STATUS"] == "CANCELLED"


def test_a_virtual_event_does_not_give_its_link_away(client):
    shown = event(joining_link="https://meet.example/secret")
    (entry,) = entries(client, shown)
    assert entry["LOCATION"] == "Online"
    assert b"secret" not in entry.to_ical()


def test_a_draft_is_not_found_even_by_td(client, td):
    draft = event(draft=True)
    client.force_login(td)
    assert client.get(reverse("courses:event_ics", args=[draft.reference])).status_code == 404


@pytest.mark.parametrize("reference", ["E-NONE2", "e-none2", "🙂", "%00", "x" * 500])
def test_no_such_event(client, reference):
    assert client.get(f"/events/{reference}/calendar.ics").status_code == 404
    assert client.get(f"/events/{reference}/").status_code == 404
