"""People, organisations and events to test with. Events come from the real actions, so their counts are right."""

from datetime import date, datetime, timedelta

import factory
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.utils import timezone

from accounts.actions import ensure_roles
from accounts.models import CPDLead, Organisation, Sector, User
from accounts.models.user import TD_SERVICE
from competence.models import CompetenceGroup
from courses import actions
from courses.models import Course, Event, Subject, Trainer, Venue


class SectorFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Sector
        django_get_or_create = ("name",)

    name = "Maintained school"
    reporting_sector = "Education"

    class Params:
        vcs = factory.Trait(
            name="Voluntary and community organisation", reporting_sector="Voluntary and community", counts_as_vcs=True
        )


class OrganisationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Organisation

    name = factory.Sequence(lambda n: f"Riverside School {n}")
    sector = factory.SubFactory(SectorFactory)
    kind = Organisation.Kind.MAINTAINED_SCHOOL
    postcode = "SW18 2PU"
    confirmed_at = factory.LazyFunction(timezone.now)

    class Params:
        vcs = factory.Trait(
            name=factory.Sequence(lambda n: f"Harbour Project {n}"),
            sector=factory.SubFactory(SectorFactory, vcs=True),
            kind=Organisation.Kind.CHARITY,
        )


class GroupFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CompetenceGroup
        django_get_or_create = ("number",)

    number = 3
    short_name = "Works predominantly with children"
    description = "Members of the workforce who work predominantly with children."
    example_roles = "teachers\nmidwives"


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person{n}@riverside.example")
    full_name = factory.Sequence(lambda n: f"Pat O'Neil {n}")
    job_role = "Teacher"
    organisation = factory.SubFactory(OrganisationFactory)
    group = factory.SubFactory(GroupFactory)

    class Params:
        vcs = factory.Trait(organisation=factory.SubFactory(OrganisationFactory, vcs=True))
        newcomer = factory.Trait(full_name="", job_role="", organisation=None, group=None)

    @classmethod
    def _create(cls, model, *args, password="correct-horse", **fields):
        person = model.objects.create_user(*args, password=password, **fields)
        if person.email:
            EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
        return person


class CourseFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Course

    title = factory.Sequence(lambda n: f"Complex Neglect {n}")
    slug = factory.Sequence(lambda n: f"complex-neglect-{n}")
    summary = "Working with neglect that has gone on for long."
    outcomes = "Recognise the cumulative effect of neglect\nEvidence neglect"


class SubjectFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Subject
        django_get_or_create = ("name",)

    name = "Complex Neglect"
    category = Subject.Category.SPECIALIST


class VenueFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Venue

    name = factory.Sequence(lambda n: f"Battersea Hall {n}")
    address = "12 Falcon Road"
    postcode = "SW11 2PG"
    capacity = 60


class TrainerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Trainer

    name = factory.Sequence(lambda n: f"Ama Mensah {n}")
    kind = Trainer.Kind.INTERNAL  # with the programme: may train everything
    train_the_trainer_on = date(2016, 5, 12)


def number_from(first: int) -> None:
    """Let the names that the factories number begin at `first`: for a site in which another process made some."""
    for made in list(globals().values()):
        if isinstance(made, type) and issubclass(made, factory.Factory) and not made._meta.abstract:
            made.reset_sequence(first, force=True)


def make_event(
    *,
    starts_at: datetime | None = None,
    days: int = 30,
    hours: int = 3,
    sessions: list[tuple[datetime, datetime]] | None = None,
    published: bool = True,
    now: datetime | None = None,
    **fields,
) -> Event:
    """Return an event, published unless told otherwise, with one session `days` after `now`."""
    now = now or timezone.now()
    if sessions is None:
        starts_at = starts_at or now + timedelta(days=days)
        sessions = [(starts_at, starts_at + timedelta(hours=hours))]
    fields.setdefault("venue", VenueFactory())
    fields.setdefault("trainers", [TrainerFactory()])
    fields.setdefault("double_booking_reason", "Two rooms")
    course = fields.pop("course", None) or CourseFactory()
    event = actions.create_event(course=course, by=None, sessions=sessions, **fields)
    return (
        actions.publish(event=event, by=None, now=min(now, event.starts_at - timedelta(days=1))) if published else event
    )


def make_lead(organisation: Organisation, **fields) -> User:
    """Return somebody who works for the organisation and is a CPD lead of it."""
    person = UserFactory(organisation=organisation, **fields)
    CPDLead.objects.create(organisation=organisation, person=person)
    return person


def make_officer(**fields) -> User:
    """Return somebody of T&D: staff of the admin in its role, no superuser."""
    ensure_roles()
    officer = UserFactory(**{"full_name": "Dominic Clarke", "is_staff": True, **fields})
    officer.groups.add(Group.objects.get(name=TD_SERVICE))
    return officer
