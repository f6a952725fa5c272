"""What people must have been told about their bookings: once, and not never."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Length, Substr

from accounts.models import User
from bookings.models import Booking
from notifications.models import Message
from wscb_training.wording import count, day_and_clock

# The emails that come with each status. A place held after a wait was announced by the wait.
WORD_OF = {
    Booking.Status.CONFIRMED: ("confirmed", "promoted"),
    Booking.Status.AWAITING_APPROVAL: ("held", "waiting"),
    Booking.Status.WAITING: ("waiting",),
    Booking.Status.CANCELLED: ("cancelled", "handed_over", "event_cancelled"),
    Booking.Status.DECLINED: ("declined",),
    Booking.Status.LAPSED: ("lapsed",),
}
# Each of them comes once in the life of a booking; their keys go on with its code.
ONCE = [f"bookings/{name}" for name in sorted({name for names in WORD_OF.values() for name in names})]
CODE_LENGTH = 36
# Older messages may have been deleted when their time was over.
LOOK_BACK = timedelta(days=60)
# No worker holds a message as long as this, and none waits as long beyond its time while one works.
HANGS_AFTER = timedelta(hours=1)


def lost(now: datetime) -> Iterator[str]:
    """Yield the bookings of events to come whose person was never told where they stand, though they have an address.

    Walk-ins are in the room; a booking that somebody else cancelled may end without word (an account is closed).
    """
    since = now - LOOK_BACK
    told = _told(since)
    coming = Booking.objects.filter(event__starts_at__gt=now, is_walk_in=False)
    coming = coming.exclude(person__in=_ever_out_of_reach())
    of_late = Q(status__in=Booking.LIVE, requested_at__gte=since) | Q(ended_at__gte=since)
    by_others = Q(status=Booking.Status.CANCELLED) & (Q(ended_by__isnull=True) | ~Q(ended_by=F("person")))
    rows = coming.filter(of_late).exclude(by_others).order_by("pk")
    for pk, code, status, reference in rows.values_list("pk", "code", "status", "event__reference").iterator():
        if not any((f"bookings/{name}", str(code)) in told for name in WORD_OF[status]):
            yield f"Event {reference}: booking {pk} is {status}, and its person was never told."


def _told(since: datetime) -> set[tuple[str, str]]:
    """Return what was told of which booking: (kind, code)."""
    rows = Message.objects.filter(kind__in=ONCE, created_at__gte=since - timedelta(days=1))
    keys = rows.order_by().values_list("kind", _code())
    return set(keys.iterator())


def _code() -> Substr:
    """The booking's code within a message's key, which begins with its kind and a slash."""
    return Substr("key", Length("kind") + 2, CODE_LENGTH)


def _ever_out_of_reach() -> QuerySet:
    """Return the people who had no address of their own at some time: what came then went elsewhere, or nowhere."""
    nowhere = Q(email__isnull=True) | Q(is_active=False) | Q(bounced_at__isnull=False)
    return User.objects.filter(nowhere | Q(pk__in=User.history.filter(nowhere).values("id"))).values("pk")


def doubled(now: datetime) -> Iterator[str]:
    """Yield the bookings of which somebody was told the same twice, under two keys."""
    rows = Message.objects.filter(kind__in=ONCE).order_by("kind").values("kind", code=_code())
    twice = rows.annotate(number=Count("pk")).filter(number__gt=1)
    for row in twice.iterator():
        pk = Booking.objects.filter(code=row["code"]).values_list("pk", flat=True).first()
        yield f"Booking {pk}: there are {row['number']} messages “{row['kind']}” about it."


def hanging(now: datetime) -> Iterator[str]:
    """Yield the messages that a worker took and never finished, or that no worker takes; failed ones are T&D's to see.

    While no worker runs, or the site is read-only, they wait rightly: this says so once it has been an hour.
    """
    before = now - HANGS_AFTER
    states = (
        (Q(status=Message.Status.SENDING, claimed_at__lt=before), "was taken by a worker that never finished it"),
        (Q(status=Message.Status.WAITING, next_attempt_at__lt=before), "waits for a worker, and none takes it"),
    )
    for state, problem in states:
        number = Message.objects.filter(state).count()
        for message in Message.objects.filter(state).order_by("created_at")[:20]:
            yield f"Message {message.pk} of {day_and_clock(message.created_at)} {problem}."
        if number > 20:
            yield f"… and {count(number - 20, 'more message')} like it."
