"""The demo's CPD leads: a charity with 12 volunteers, a school's safeguarding lead, a lead of three academies."""

from datetime import timedelta
from random import Random

from accounts import emails, staffing
from accounts.actions import join_organisation
from accounts.models import CPDLead, Membership, Organisation, User
from accounts.schools import name_safeguarding_lead, note_whole_school_training
from bookings.models import TrainingRecord
from competence.models import CompetenceGroup, TrainingContent
from courses import actions as courses
from courses.models import Course, Event
from notifications.actions import Draft, queue_many

ACADEMIES = ("Lavender Green Academy", "Roehampton Gate Academy", "Putney Bridge Free School")
CHARITY = "Harbour Youth Project"
TRAINED_DAYS_AGO = (100, 670, 800, None)  # in date, runs out soon, run out, never
VOLUNTEERS = [
    "Amara Osei", "Bilal Chowdhury", "Carys Vaughan", "Dev Iyer", "Efua Boateng", "Fergus O'Brien", "Hyacinth Grant",
    "José Fernández", "Leila Yilmaz", "Maya Zając", "Owen Clarke", "Zoë D'Souza",
]  # fmt: skip


def make_teams(random: Random, *, now) -> list[User]:
    """Confirm most of the staff, give the academies their lead and the charity its volunteers; return these."""
    lead, charity_lead = (User.objects.get(email=f"{name}@demo.example") for name in ("lead", "charity"))
    for academy in Organisation.objects.filter(name__in=ACADEMIES):
        CPDLead.objects.get_or_create(organisation=academy, person=lead)
    _confirm_most(random, now=now)
    charity, group = Organisation.objects.get(name=CHARITY), CompetenceGroup.objects.get(number=2)
    _name_safeguarding_leads(now)
    return [
        staffing.register_managed(
            organisation=charity, by=charity_lead, now=now, full_name=name, job_role="Volunteer", group=group
        )
        for name in VOLUNTEERS
    ]


def _confirm_most(random: Random, *, now) -> None:
    """Confirm memberships, as their leads do, and tell their people; some are left for the leads to confirm."""
    confirmed, drafts = [], []
    waiting = Membership.objects.to_confirm().select_related("person", "organisation").order_by("pk")
    for membership in waiting.prefetch_related("organisation__cpd_leads"):
        by = min(membership.organisation.cpd_leads.all(), key=lambda lead: lead.pk, default=None)
        if by and (membership.person.email.split("@")[0].isalpha() or random.random() < 0.9):
            membership.confirmed_at, membership.confirmed_by = now, by
            confirmed.append(membership)
            emails.membership_confirmed(membership, write=lambda **draft: drafts.append(Draft(**draft)))
    Membership.objects.bulk_update(confirmed, ["confirmed_at", "confirmed_by"])
    queue_many(drafts)


TAKEN_ELSEWHERE = [  # title, provider
    ("Safeguarding induction", "Our own organisation"),
    ("Level 2 safeguarding", "Southside College"),
    ("Safeguarding for designated leads", "NSPCC"),
    ("Trust-wide safeguarding day", "Tooting Vale Hospital"),
]


def train_elsewhere(random: Random, everyone: list[User], *, now) -> None:
    """Let most have had some of their pathway elsewhere: a third all of it, a few of them not verified yet."""
    contents, needed = {content.pk: content for content in TrainingContent.objects.all()}, {}
    for group in CompetenceGroup.objects.all():
        needed[group.pk] = list(TrainingContent.objects.needed_by(group.pk, on=now.date()).values_list("pk", flat=True))
    for number, person in enumerate(everyone):
        codes = needed.get(person.group_id, [])
        share = (1, 0.7, 0.4, 0, 1, 0.5)[number % 6]
        some = random.sample(codes, round(share * len(codes)))
        if not some:
            continue
        title, provider = TAKEN_ELSEWHERE[number % len(TAKEN_ELSEWHERE)]
        status = TrainingRecord.Status.TO_VERIFY if number % 11 == 5 else TrainingRecord.Status.COUNTED
        day = (now - timedelta(days=random.randint(40, 500))).date()
        record = TrainingRecord.objects.create(
            person=person, title=title, provider=provider, source=TrainingRecord.Source.ELSEWHERE,
            completed_on=day, status=status, decided_at=now - timedelta(days=30) if number % 11 != 5 else None,
        )  # fmt: skip
        record.contents.set([contents[code] for code in some])


def ask_for_courses(random: Random, everyone: list[User], *, now) -> None:
    """Let people ask for courses that have no open event."""
    coming = Event.objects.upcoming(at=now).values("course")
    wanted = Course.objects.offered().exclude(pk__in=coming).exclude(delivery=Course.Delivery.ONLINE)
    for number, course in enumerate(wanted.order_by("position", "pk")[:6]):
        for person in random.sample(everyone, 14 - 2 * number):
            courses.register_interest(course=course, person=person, now=now - timedelta(days=random.randint(1, 60)))


def let_some_join(*, now) -> None:
    """Leave each of the demo's leads somebody to confirm and an invitation that is open."""
    for email, newcomer in (("charity", "Farah Quinn"), ("dsl", "Jerome Mensah"), ("lead", "Imogen Patel")):
        lead = User.objects.get(email=f"{email}@demo.example")
        name = newcomer.casefold().replace(" ", ".")
        person = User.objects.create_user(
            f"{name}@demo.example", full_name=newcomer, job_role="Volunteer" if email == "charity" else "Teacher",
            group=CompetenceGroup.objects.get(number=2 if email == "charity" else 3),
        )  # fmt: skip
        person.set_unusable_password()
        person.save()
        join_organisation(person=person, organisation=lead.organisation, by=person, now=now - timedelta(days=2))
        staffing.invite(
            organisation=lead.organisation, addresses=[f"new.colleague.{email}@demo.example"], by=lead,
            now=now - timedelta(days=3),
        )  # fmt: skip


def _name_safeguarding_leads(now) -> None:
    """Name a lead, and mostly a deputy, at two of three schools and settings: trained lately, long ago, or never."""
    dsl = User.objects.get(email="dsl@demo.example")
    schools = Organisation.objects.filter(kind__in=(*Organisation.SCHOOLS, Organisation.Kind.NURSERY)).order_by("pk")
    for number, school in enumerate(schools):
        staff = [dsl] if school == dsl.organisation else []
        staff += list(User.objects.working_for(school).exclude(pk=dsl.pk)[: 2 - len(staff)])
        if number % 3 == 2:
            continue
        for role, person in zip(("lead", "deputy"), staff[: 1 + (number % 4 != 1)], strict=False):
            since = now.date() - timedelta(days=300 + 40 * number)
            name_safeguarding_lead(organisation=school, person=person, role=role, since=since, by=person)
            _train(person, days_ago=TRAINED_DAYS_AGO[(number + (role == "deputy")) % len(TRAINED_DAYS_AGO)], now=now)
        if number % 2 == 0:
            note_whole_school_training(
                organisation=school, trained_on=since, provider="Our own training day, with the borough", by=staff[0],
                now=now,
            )  # fmt: skip


def _train(person: User, *, days_ago: int | None, now) -> None:
    """Give the person Designated Safeguarding Lead training that was taken elsewhere and verified."""
    if days_ago is None:
        return
    course = Course.objects.filter(duty=Course.Duty.SAFEGUARDING_LEAD).order_by("position", "pk").first()
    TrainingRecord.objects.create(
        person=person, course=course, title=course.title, provider="NSPCC", source=TrainingRecord.Source.ELSEWHERE,
        completed_on=now.date() - timedelta(days=days_ago), decided_at=now,
    )  # fmt: skip
