"""The people of the whole borough: who they are, where they work and since when, who looks after their training."""

from datetime import date, datetime, timedelta
from random import Random

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from accounts.models import CPDLead, Membership, Organisation, Sector, User
from competence.models import CompetenceGroup
from monitoring.demo.borough.organisations import CHILDMINDERS, postcode
from monitoring.demo.people import DEMO_PASSWORD, FIRST, LAST, ROLES
from wscb_training.wording import local_date

Kind = Organisation.Kind
STAFF = {  # the least and the most of each organisation's people who have an account
    Kind.MAINTAINED_SCHOOL: (12, 26), Kind.ACADEMY: (18, 34), Kind.INDEPENDENT_SCHOOL: (8, 18), Kind.COLLEGE: (14, 26),
    Kind.NURSERY: (4, 9), Kind.CHARITY: (3, 9), Kind.HEALTH: (18, 70), Kind.COUNCIL: (20, 60),
    Kind.POLICE_JUSTICE: (15, 40), Kind.OTHER: (6, 16),
}  # fmt: skip
MOVED, UNCONFIRMED, LEFT = 0.03, 0.03, 0.01  # shares: came from another organisation; not confirmed; account closed


def make_people(random: Random, organisations: list[Organisation], *, now: datetime) -> list[User]:
    """Make the staff of the organisations and the childminders; return who may book, in a fixed order."""
    groups = {group.number: group for group in CompetenceGroup.objects.all()}
    password = make_password(DEMO_PASSWORD)
    places = [(at, number == 0) for at in organisations for number in range(random.randint(*STAFF[at.kind]))]
    people = [_person(random, at, number, groups, password, now) for number, (at, _) in enumerate(places)]
    people += _childminders(random, len(people), groups[3], password, now)
    people = User.objects.bulk_create(people)
    EmailAddress.objects.bulk_create(
        EmailAddress(user=person, email=person.email, verified=True, primary=True) for person in people
    )
    leads = [person for person, (_, is_lead) in zip(people, places, strict=False) if is_lead]
    leads += people[len(places) :]  # a childminder looks after their own training
    CPDLead.objects.bulk_create(CPDLead(organisation=person.organisation, person=person) for person in leads)
    _employ(random, people, {person.organisation_id: person for person in leads}, organisations, now)
    left = [person.pk for person in people if person not in leads and random.random() < LEFT]
    User.objects.filter(pk__in=left).update(is_active=False)
    gone = set(left)
    return [person for person in people if person.pk not in gone]


def _person(random: Random, at: Organisation, number: int, groups: dict, password: str, now: datetime) -> User:
    first, last = random.choice(FIRST), random.choice(LAST)
    role, group = random.choice(ROLES[at.kind])
    letters = "".join(letter for letter in f"{first}.{last}".lower() if letter.isascii() and letter not in "' ")
    return User(
        email=f"{letters}.{number}@demo.example", full_name=f"{first} {last}", job_role=role, group=groups[group],
        organisation=at, password=password, wants_alert=random.random() < 0.5,
        date_joined=now - timedelta(days=random.randint(20, 1000)),
    )  # fmt: skip


def _childminders(random: Random, begin: int, group, password: str, now: datetime) -> list[User]:
    sector = Sector.objects.get(name="Childminder")
    names = [f"{random.choice(FIRST)} {random.choice(LAST)}" for _ in range(CHILDMINDERS)]
    own = Organisation.objects.bulk_create(
        Organisation(
            name=f"{name}, childminder",
            sector=sector,
            kind=Kind.CHILDMINDER,
            postcode=postcode(random),
            confirmed_at=now,
        )
        for name in names
    )
    return [
        User(
            email=f"childminder.{begin + number}@demo.example", full_name=name, job_role="Childminder", group=group,
            organisation=at, password=password, date_joined=now - timedelta(days=random.randint(20, 1000)),
        )
        for number, (name, at) in enumerate(zip(names, own, strict=True))
    ]  # fmt: skip


def _employ(random: Random, people: list[User], leads: dict, organisations: list[Organisation], now: datetime) -> None:
    """Write where people work, since when, and for some where they worked before."""
    today, made = local_date(now), []
    for person in people:
        since = local_date(person.date_joined)
        lead = leads[person.organisation_id]
        if random.random() < MOVED and (today - since).days > 200:
            before = random.choice(organisations)
            if before.pk != person.organisation_id:
                moved = since + timedelta(days=(today - since).days // 2)
                made.append(_membership(person, before, since, leads[before.pk], ended_on=moved))
                since = moved
        confirmed = person == lead or random.random() > UNCONFIRMED
        made.append(_membership(person, person.organisation, since, lead if confirmed else None))
    Membership.objects.bulk_create(made)


def _membership(person: User, at: Organisation, since: date, lead: User | None, *, ended_on: date | None = None):
    return Membership(
        person=person, organisation=at, started_on=since, ended_on=ended_on, confirmed_by=lead,
        confirmed_at=person.date_joined + timedelta(hours=8) if lead else None,
    )  # fmt: skip
