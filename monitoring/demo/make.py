"""Makes the demo, and deletes it."""

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from random import Random

from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from bookings import actions as bookings
from bookings.models import TrainingRecord
from competence.models import TrainingContent
from courses import actions as courses
from courses.models import Course, Event
from evaluations import actions as evaluations
from evaluations.models import Evaluation
from monitoring.demo import events, occasions, people, priorities, teams
from notifications.models import Message

SEED = 2017


def exists() -> bool:
    """Whether the demo's people are there."""
    return User.objects.filter(email="learner@demo.example").exists()


@transaction.atomic
def make(*, say: Callable[[str], None]) -> None:
    """Make the demo: the same for the same day. `say` is told how far it is."""
    random, now = Random(SEED), timezone.now()
    say("organisations and people")
    everyone = people.make_people(random, people.make_organisations(), each=3)
    everyone += teams.make_teams(random, now=now)
    say("venues, trainers and events")
    events.make_venues()
    events.make_trainers(random)
    made = events.make_events(random, now=now, past=20, coming=45)
    made.append(events.make_today(now=now))
    say("bookings")
    events.fill(random, made, everyone, now=now)
    say("what the priorities are counted from")
    priorities.make_priorities(random, everyone, now=now)
    say("what the demo people did")
    _own_story(made, now)
    occasions.make_occasions(now=now)
    say("places not used")
    events.note_absences(random, now=now)
    say("what people are asked")
    evaluations.make_due_forms(now=now)
    Evaluation.objects.due(at=now).exclude(respondent_email="").update(issued_at=now)
    # Nobody is told again of certificates that are long there.
    TrainingRecord.objects.update(certificate_told_at=now)
    # Nobody is written to about what never happened: the demo's messages count as sent.
    Message.objects.update(status=Message.Status.SENT, sent_at=now)


def _own_story(made: list[Event], now) -> None:
    """Give the learner a place, a wait and an interest; make an event that was cancelled."""
    learner = User.objects.get(email="learner@demo.example")
    today = next(event for event in made if event.starts_at < now < event.ends_at)
    long_before = today.starts_at - timedelta(days=25)
    bookings.book(event=today, person=learner, by=learner, now=long_before, override_reason="Was on the list by phone.")
    coming = [event for event in made if event.is_published and event.starts_at > now + timedelta(days=9)]
    booked = waiting = 0
    for event in Event.objects.filter(pk__in=[event.pk for event in coming]).order_by("starts_at"):
        full = event.places().left_for_others == 0
        if (full and waiting) or (not full and booked > 1):
            continue
        try:
            booking = bookings.book(event=event, person=learner, by=learner, now=now)
        except bookings.Refused:
            continue
        waiting += booking.is_waiting
        booked += booking.holds_place
    _past_of(learner, now)
    courses.register_interest(course=Course.objects.get(title__startswith="Section 11:"), person=learner, now=now)
    td = User.objects.get(email="td@demo.example")
    bookings.cancel_event(event=coming[-1], by=td, now=now, reason="The trainer is ill.")


def _past_of(learner: User, now) -> None:
    """Give the learner a record: an online course completed, one started, and training elsewhere to verify."""
    online = Course.objects.filter(delivery=Course.Delivery.ONLINE).order_by("position")
    for course in online[:2]:
        bookings.start_online(course=course, person=learner, now=now - timedelta(days=40))
    bookings.import_completions(rows=[(learner, online[0], (now - timedelta(days=39)).date())], by=None)
    bookings.add_training(
        person=learner, by=learner, completed_on=(now - timedelta(days=90)).date(), title="Safeguarding level 2",
        provider="Southside College", contents=TrainingContent.objects.filter(code="C6"), evidence=None,
    )  # fmt: skip


def reset() -> None:
    """Empty the database and load the strategy again. Only ever for the demo: everything that people made is gone."""
    call_command("flush", interactive=False, verbosity=0)
    call_command("load_strategy", stdout=StringIO())
