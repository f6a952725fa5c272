"""What people are told about their training record. One function an email."""

from datetime import date

from django.conf import settings
from django.core import signing
from django.urls import reverse

from accounts.models import User
from bookings.models import TrainingRecord
from notifications.actions import Draft, queue


def running_out(record: TrainingRecord, *, notice: str) -> bool:
    """Tell a person that training of theirs runs out soon; return whether this call wrote the message."""
    return queue(
        key=f"learning/running_out/{record.pk}/{notice}",
        template="learning/running_out",
        to=record.person.message_email,
        recipient=record.person,
        context={"record": record, "pathway_url": settings.BASE_URL + reverse("learning:pathway")},
    )


def certificate_ready(record: TrainingRecord) -> None:
    """Tell a person (their coordinator, where they have no email) that the certificate is there. Once a record."""
    person = record.person
    page = reverse("learning:certificate", args=[record.pk])
    if person.is_managed and record.booking.organisation_id:
        page = reverse("learning:team_certificate", args=[record.booking.organisation_id, record.pk])
    queue(
        key=f"learning/certificate/{record.pk}",
        template="learning/certificate",
        to=person.message_email,
        recipient=person,
        context={"record": record, "certificate_url": settings.BASE_URL + page},
    )


STOP = "learning.stop_weekly_email"  # what the signed link of the weekly email may be used for, and nothing else
MOST_EVENTS = 12


def weekly(person: User, picks: list, *, week: date) -> Draft | None:
    """Return the weekly email to a person with these events (`alerts.Pick`), or None where there are none (§14).

    The key names the week by its Monday. It can be stopped with one press, by the link and by the mail program itself.
    """
    if not picks:
        return None
    stop_url = settings.BASE_URL + reverse("learning:stop_weekly_email", args=[signing.dumps(person.pk, salt=STOP)])
    shown = picks[:MOST_EVENTS]
    return Draft(
        key=f"learning/weekly/{person.pk}/{week}",
        template="learning/weekly",
        to=person.message_email,
        recipient=person,
        headers={
            "List-Unsubscribe": f"<{stop_url}>, <mailto:{settings.CONTACT_EMAIL}?subject=Stop%20the%20weekly%20email>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
        context={
            "person": person,
            "number": len(picks),
            "first": picks[0].event,
            "parts": _parts(shown),
            "more": len(picks) - len(shown),
            "events_url": settings.BASE_URL + reverse("courses:events"),
            "choose_url": settings.BASE_URL + reverse("learning:weekly_email"),
            "stop_url": stop_url,
        },
    )


def _parts(picks: list) -> list[tuple[str, list]]:
    """Return the headings of the email, each with its events: what fills a gap, what is for the group, the rest."""
    gaps = [pick for pick in picks if pick.fills]
    group = [pick for pick in picks if not pick.fills and pick.for_group]
    rest = [pick for pick in picks if not pick.fills and not pick.for_group]
    parts = [("For what your pathway still needs", gaps), ("For your competence group", group)]
    return [part for part in (*parts, ("Other new events" if gaps or group else "New events", rest)) if part[1]]
