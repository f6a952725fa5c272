"""Makes the demo, and deletes it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from io import StringIO
from random import Random

from django.core.management import call_command
from django.db import transaction
from django.db.models import F, OuterRef, Subquery
from django.utils import timezone

from accounts.models import Policy, User
from bookings import actions as bookings
from bookings.models import TrainingRecord
from competence.models import TrainingContent
from courses import actions as courses
from courses.models import Course, Event
from evaluations import actions as evaluations
from evaluations.models import Evaluation
from monitoring.demo import answers, borough, events, needs, occasions, people, priorities, reports, teams
from monitoring.rules import period
from notifications.models import Message

SEED = 2017


def exists() -> bool:
    """Whether the demo's people are there."""
    return User.objects.filter(email="learner@demo.example").exists()


@transaction.atomic
def make(*, say: Callable[[str], None], full: bool = False) -> None:
    """Make the demo: the same for the same day. `say` is told how far it is; `full` makes the whole borough (§6)."""
    random, now = Random(SEED), timezone.now()
    say("organisations and people")
    everyone = people.make_people(random, people.make_organisations(), each=3)
    everyone += teams.make_teams(random, now=now)
    theirs = _borough(everyone, now=now, say=say) if full else []
    say("venues, trainers and events")
    events.make_venues()
    events.make_trainers(random)
    made = events.make_events(random, now=now, past=20, coming=45)
    made.append(events.make_today(now=now))
    say("bookings")
    events.fill(random, made, everyone + theirs, now=now)
    say("what the priorities are counted from")
    priorities.make_priorities(random, everyone, now=now, full=full)
    if full:
        _two_years(now=now, say=say)
    say("questionnaires and answers")
    answers.make_answers(random, now=now)
    say("yearly returns, reviews, what service users expect")
    needs.make_needs(Random(SEED), now=now)
    say("what the demo people did")
    teams.train_elsewhere(random, everyone, now=now)
    teams.ask_for_courses(random, everyone, now=now)
    teams.let_some_join(now=now)
    _own_story(made, now)
    occasions.make_occasions(now=now)
    say("places not used")
    events.note_absences(random, now=now)
    say("what people are asked")
    evaluations.make_due_forms(now=now)
    # They were asked when their forms opened, and reminded since.
    asked = Evaluation.objects.due(at=now).filter(issued_at=None).exclude(respondent_email="")
    asked.update(issued_at=F("opens_at"))
    answers.remind(now=now)
    say("reports to the Sub-committee")
    reports.make_reports(now=now)
    _let_nobody_be_told(now=now)


def _let_nobody_be_told(*, now: datetime) -> None:
    """Let all messages have gone, and records stand since their registers were closed: it never happened."""
    bookings.lapse_due_approvals(now=now)  # or the first beat would, and tell people of events long past
    bookings.remind_due_approvals(now=now)
    # Records follow when the register is closed; nobody is told again of certificates that are long there.
    closed = Event.objects.filter(bookings=OuterRef("booking")).values("register_closed_at")[:1]
    TrainingRecord.objects.exclude(booking=None).update(recorded_at=Subquery(closed))
    TrainingRecord.objects.update(certificate_told_at=now)
    Message.objects.update(status=Message.Status.SENT, sent_at=now)


SOME = 400  # of the borough's people, those who book what is to come


def _borough(known: list[User], *, now: datetime, say: Callable[[str], None]) -> list[User]:
    """Make the organisations and people of the whole borough; return some of them, who book what is to come."""
    random = Random(SEED + 1)
    say("the whole borough: schools, settings, charities, services")
    organisations = borough.make_organisations(random, now=now)
    say("the whole borough: people")
    people = borough.make_people(random, organisations, now=now)
    borough.make_school_duties(random, organisations, people, now=now)
    return random.sample(people, SOME)


def _two_years(*, now: datetime, say: Callable[[str], None]) -> None:
    """Make what happened in the borough in this programme year and the last."""
    random = Random(SEED + 2)
    this = period(year=None, as_at=None, now=now, starts_month=Policy.current().year_starts_month)
    people = list(User.objects.filter(is_active=True, organisation__isnull=False).exclude(email=None)
                  .select_related("organisation__sector", "group").order_by("pk"))  # fmt: skip
    say("the whole borough: two years of events")
    borough.make_past_events(random, people, this, now=now)
    say("the whole borough: online learning")
    borough.make_online(random, people, this)


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
