"""The first days of a new service: what T&D sets up, in order, and what of it is done already."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.urls import reverse

from accounts.models import CPDLead, Organisation, User
from accounts.models.user import SUB_COMMITTEE, TD_SERVICE
from courses.models import Course, Event, Trainer, Venue
from monitoring.models import SetupTick


@dataclass(frozen=True)
class Step:
    """One step. `is_done` asks the data; without it the step is done when somebody ticks it."""

    key: str
    title: str
    why: str
    address: Callable[[], str]
    link: str
    is_done: Callable[[], bool] | None = None


@dataclass(frozen=True)
class Standing:
    """A step and how it stands; `tick` is who ticked it and when, where somebody did."""

    step: Step
    done: bool
    tick: SetupTick | None

    @property
    def address(self) -> str:
        """Where the step is done."""
        return self.step.address()


def _admin(name: str, query: str = "") -> Callable[[], str]:
    return lambda: reverse(f"admin:{name}") + query


STEPS = [
    Step(
        "policy", "Read the settings of policy, and change what is different here",
        "Places kept for the voluntary sector, notice to cancel, when approvals lapse, which month the year starts in.",
        _admin("accounts_policy_changelist"), "Settings of policy",
    ),
    Step(
        "colleagues", "Give your colleagues their roles",
        "They create their own accounts first. Then open each person and choose a role: T&D Service, Trainer or "
        "Sub-committee. Two people in T&D at least, so that nobody is missed on holiday.",
        _admin("accounts_user_changelist"), "People",
        lambda: User.objects.filter(groups__name=TD_SERVICE, is_active=True).count() > 1
        and User.objects.filter(groups__name=SUB_COMMITTEE, is_active=True).exists(),
    ),
    Step(
        "organisations", "Bring in the organisations of the borough",
        "Import them from a spreadsheet: you see what it would do before anything is written. People choose their "
        "organisation from this list when they sign up.",
        _admin("accounts_organisation_import"), "Import organisations",
        lambda: Organisation.objects.filter(is_active=True, confirmed_at__isnull=False).count() >= 10,
    ),
    Step(
        "leads", "Name a CPD lead for each organisation",
        "They book and approve their staff, and are asked what training changed. Open an organisation and add them "
        "at the bottom.",
        _admin("accounts_organisation_changelist"), "Organisations", CPDLead.objects.exists,
    ),
    Step(
        "venues", "Add the venues",
        "With what people need to know to get in: step-free access, hearing loop, buses.",
        _admin("courses_venue_changelist"), "Venues", Venue.objects.filter(is_active=True).exists,
    ),
    Step(
        "trainers", "Add the pool of trainers",
        "Internal trainers with the date of their train-the-trainer programme, the others with their subjects (§5). "
        "Link each to their account, so that they see their registers.",
        _admin("courses_trainer_changelist"), "Trainers",
        lambda: Trainer.objects.filter(Q(person__isnull=False), is_active=True).exists(),
    ),
    Step(
        "courses", "Read through the catalogue",
        "The courses of the strategy are there, with outcomes and what each completes on the pathway. Correct what "
        "has changed, and switch off what you no longer run.",
        _admin("courses_course_changelist"), "Courses", Course.history.filter(history_user__isnull=False).exists,
    ),
    Step(
        "questions", "Read the questionnaires",
        "Before, after, and twelve weeks on. Change the wording now: later a change makes a new version.",
        _admin("evaluations_questionnaire_changelist"), "Questionnaires",
    ),
    Step(
        "event", "Plan your first event and publish it",
        "The programme says what each draft still needs. Nobody is told of anything until you publish.",
        _admin("courses_event_add"), "Start an event",
        lambda: Event.objects.filter(first_published_at__isnull=False).exists(),
    ),
    Step(
        "guides", "Print the guides",
        "One page each for learners, CPD leads and trainers, to send with the first invitation.",
        lambda: reverse("monitoring:help"), "Help and guides",
    ),
]  # fmt: skip
BY_KEY = {step.key: step for step in STEPS}


def standings() -> list[Standing]:
    """Return every step with how it stands; a fixed number of questions to the database."""
    ticks = {tick.step: tick for tick in SetupTick.objects.select_related("ticked_by")}
    return [_standing(step, ticks.get(step.key)) for step in STEPS]


def steps_left() -> int:
    """Return how many steps are left; 0 once a register was closed, for then the service runs."""
    if Event.objects.filter(register_closed_at__isnull=False).exists():
        return 0
    return sum(not standing.done for standing in standings())


def _standing(step: Step, tick: SetupTick | None) -> Standing:
    return Standing(step, bool(tick) or bool(step.is_done and step.is_done()), tick)


def tick(*, key: str, by: User, now: datetime, done: bool = True) -> None:
    """Tick a step, or take the tick back. Safe to repeat."""
    if done:
        SetupTick.objects.get_or_create(step=BY_KEY[key].key, defaults={"ticked_at": now, "ticked_by": by})
    else:
        SetupTick.objects.filter(step=key).delete()
