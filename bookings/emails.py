"""What people are told about their places. One function an email; each is a message row before it is sent."""

from datetime import date

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import timezone

from accounts.models import Policy, User
from bookings.models import Booking, TrainingRecord
from courses import calendars
from courses.models import Event, Interest
from notifications.actions import Write, queue

# What a signed link may be used for, and nothing else.
GIVE_BACK = "bookings.give_back"
APPROVE = "bookings.approve"


def confirmed(booking: Booking, *, policy: Policy | None = None, write: Write = queue) -> None:
    """Tell a person that they have a place, with the calendar entry; by the `policy` in force, if it is at hand."""
    notice_days = (policy or Policy.current()).notice_days
    _tell(booking, "confirmed", write=write, calendar="REQUEST", notice_days=notice_days)


def held(booking: Booking, *, write: Write = queue) -> None:
    """Tell a person that a place is held until their organisation approves it."""
    _tell(booking, "held", write=write)


def waiting(booking: Booking, *, position: int, write: Write = queue) -> None:
    """Tell a person that they wait, and at which position."""
    _tell(booking, "waiting", write=write, position=position)


def promoted(booking: Booking, *, write: Write = queue) -> None:
    """Tell a person from the waiting list that they have a place now, with a link to give it back."""
    _tell(booking, "promoted", write=write, calendar="REQUEST", give_back_url=give_back_url(booking))


def cancelled(booking: Booking, *, held: bool) -> None:
    """Tell a person that their booking (`held`: a place) or their wait has ended, cancelling the calendar entry."""
    _tell(booking, "cancelled", calendar="CANCEL" if held else "", held=held)


def declined(booking: Booking) -> None:
    """Tell a person that their organisation did not approve the booking, with the reason."""
    _tell(booking, "declined")


def lapsed(booking: Booking, *, is_open: bool) -> None:
    """Tell a person that nobody approved their booking in time; while booking `is_open` they may ask again."""
    _tell(booking, "lapsed", is_open=is_open)


def handed_over(booking: Booking, *, colleague: User) -> None:
    """Tell a person that a colleague has their place now, cancelling the calendar entry."""
    _tell(booking, "handed_over", calendar="CANCEL", colleague=colleague)


def event_cancelled(booking: Booking, *, held: bool, reason: str) -> None:
    """Tell a person that the event is cancelled, with the next events of the course."""
    instead = Event.objects.upcoming(at=timezone.now()).filter(course=booking.event.course).exclude(pk=booking.event_id)
    _tell(
        booking, "event_cancelled", calendar="CANCEL" if held else "",
        held=held, reason=reason, instead=instead.for_list()[:3],
    )  # fmt: skip


def event_changed(booking: Booking, *, changes: list[str], clash: str = "") -> None:
    """Tell a person what changed about their event, with the updated calendar entry, and with what it clashes now."""
    _tell(booking, "event_changed", calendar="REQUEST", changes=changes, clash=clash)


def joining_instructions(booking: Booking) -> None:
    """Tell a person a week before what to bring and how to get there."""
    _tell(booking, "joining")


def reminder(booking: Booking) -> None:
    """Remind a person two days before."""
    _tell(booking, "reminder", notice_days=Policy.current().notice_days)


def note(booking: Booking, *, subject: str, text: str, token: str, by: User) -> None:
    """Send a person what T&D wrote about the event. Once for each `token`."""
    queue(
        key=f"bookings/note/{token}/{booking.code}",
        template="bookings/note",
        to=booking.person.message_email,
        recipient=booking.person,
        context={**_about(booking), "subject": subject, "text": text, "by": by},
    )


def few_bookings(event: Event) -> None:
    """Tell the Training and Development Service that an event starts soon with few people."""
    queue(
        key=f"bookings/few_bookings/{event.pk}",
        template="bookings/few_bookings",
        to=settings.CONTACT_EMAIL,
        context={
            "event": event,
            "sessions": event.sessions.all(),
            "held": event.held_vcs + event.held_other,
            "admin_url": settings.BASE_URL + reverse("admin:courses_event_change", args=[event.pk]),
        },
    )


def missed_key(lead: User, *, day: date) -> str:
    """Return the key of the day's message to a CPD lead about places not used: there is one a day."""
    return f"bookings/missed/{lead.pk}/{day}"


def missed_places(lead: User, bookings: list[Booking], *, day: date) -> None:
    """Tell a CPD lead of the places of their staff that were not used, all in one email."""
    queue(
        key=missed_key(lead, day=day),
        template="bookings/missed",
        to=lead.message_email,
        recipient=lead,
        context={
            "bookings": bookings,
            "team_url": f"{settings.BASE_URL}{reverse('learning:teams')}",
            "notice_days": Policy.current().notice_days,
        },
    )


def approval_requested(booking: Booking, *, write: Write = queue) -> None:
    """Ask each CPD lead of the organisation to approve or decline."""
    _ask_leads(booking, "approval_requested", write=write)


def approval_reminder(booking: Booking) -> None:
    """Remind each CPD lead of a booking that waits for them."""
    _ask_leads(booking, "approval_reminder")


def interest(interest: Interest, *, events: list[Event]) -> None:
    """Tell somebody who would come to a course of its new events. Once for each time that they asked."""
    queue(
        key=f"bookings/interest/{interest.pk}/{interest.registered_at:%Y%m%d%H%M%S}",
        template="bookings/interest",
        to=interest.person.message_email,
        recipient=interest.person,
        context={
            "course": interest.course,
            "course_url": settings.BASE_URL + interest.course.get_absolute_url(),
            "events": [(event, settings.BASE_URL + event.get_absolute_url()) for event in events],
        },
    )


def record_decided(record: TrainingRecord) -> None:
    """Tell a person whether their training elsewhere counts, and if not, why."""
    queue(
        key=f"bookings/record_decided/{record.pk}/{record.decided_at:%Y%m%d%H%M%S}",
        template="bookings/record_decided",
        to=record.person.message_email,
        recipient=record.person,
        context={
            "record": record,
            "counts": record.status == TrainingRecord.Status.COUNTED,
            "training_url": settings.BASE_URL + reverse("learning:my_training"),
        },
    )


def give_back_url(booking: Booking) -> str:
    """Return the link by which whoever got the email, and nobody else, may give the place back."""
    token = signing.dumps(str(booking.code), salt=GIVE_BACK)
    return settings.BASE_URL + reverse("bookings:give_back", args=[token])


def approval_url(booking: Booking, *, lead: User) -> str:
    """Return the link by which this CPD lead may approve or decline the booking without signing in."""
    token = signing.dumps([str(booking.code), lead.pk], salt=APPROVE)
    return settings.BASE_URL + reverse("bookings:approval", args=[token])


def _tell(booking: Booking, name: str, *, write: Write = queue, calendar: str = "", **context) -> None:
    write(
        key=f"bookings/{name}/{booking.code}/{booking.calendar_sequence}",
        template=f"bookings/{name}",
        to=booking.person.message_email,
        recipient=booking.person,
        context={**_about(booking), **context},
        calendar=_invitation(booking, calendar) if calendar else "",
        calendar_method=calendar,
    )


def _ask_leads(booking: Booking, name: str, *, write: Write = queue) -> None:
    for lead in booking.organisation.cpd_leads.filter(is_active=True):
        write(
            key=f"bookings/{name}/{booking.code}/{lead.pk}",
            template=f"bookings/{name}",
            to=lead.message_email,
            recipient=lead,
            context={**_about(booking), "approval_url": approval_url(booking, lead=lead)},
        )


def _about(booking: Booking) -> dict:
    event = booking.event
    return {
        "booking": booking,
        "event": event,
        "sessions": event.sessions.all(),
        "booking_url": settings.BASE_URL + booking.get_absolute_url(),
        "event_url": settings.BASE_URL + event.get_absolute_url(),
        "events_url": settings.BASE_URL + reverse("courses:events"),
    }


def _invitation(booking: Booking, method: str) -> str:
    entries = calendars.event_entries(
        booking.event,
        uid=str(booking.code),
        stamp=timezone.now(),
        sequence=booking.calendar_sequence,
        attendee=booking.person,
        cancelled=method == "CANCEL",
    )
    return calendars.calendar(entries, method=method)
