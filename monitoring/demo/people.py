"""Invented organisations and people of the demo."""

from datetime import datetime, timedelta
from random import Random

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.utils import timezone
from simple_history.utils import bulk_create_with_history

from accounts.actions import join_organisation
from accounts.models import CPDLead, Membership, Organisation, Sector, User
from accounts.models.user import SUB_COMMITTEE, TD_SERVICE, TRAINER
from competence.models import CompetenceGroup
from wscb_training.wording import local_date

DEMO_PASSWORD = "demo-pass-2017"  # noqa: S105 - printed by `make run`, works on demo data alone

Kind = Organisation.Kind
# name, sector, kind, postcode, phase
ORGANISATIONS = [
    ("Falconbrook Rise Primary School", "Maintained school", Kind.MAINTAINED_SCHOOL, "SW11 3LE", "Primary"),
    ("St Columba's Catholic Primary School", "Maintained school", Kind.MAINTAINED_SCHOOL, "SW12 8QZ", "Primary"),
    ("Heathbank Infant School", "Maintained school", Kind.MAINTAINED_SCHOOL, "SW17 7RJ", "Infant"),
    ("Earlsfield Park Primary School", "Maintained school", Kind.MAINTAINED_SCHOOL, "SW18 3QA", "Primary"),
    ("Wandle Meadow School", "Maintained school", Kind.MAINTAINED_SCHOOL, "SW18 4GB", "Special"),
    ("Lavender Green Academy", "Academy or free school", Kind.ACADEMY, "SW11 5NB", "Secondary"),
    ("Roehampton Gate Academy", "Academy or free school", Kind.ACADEMY, "SW15 4LR", "Secondary"),
    ("Putney Bridge Free School", "Academy or free school", Kind.ACADEMY, "SW15 2LA", "Primary"),
    ("Thornleigh House School", "Independent school", Kind.INDEPENDENT_SCHOOL, "SW15 6EH", "Secondary"),
    ("Nightingale Court Preparatory", "Independent school", Kind.INDEPENDENT_SCHOOL, "SW12 8TJ", "Primary"),
    ("Southside Sixth Form College", "Further education college or sixth form", Kind.COLLEGE, "SW18 2PP", "16 plus"),
    ("Little Acorns Nursery", "Early years group setting", Kind.NURSERY, "SW11 6RD", "Nursery"),
    ("Bright Steps Day Nursery", "Early years group setting", Kind.NURSERY, "SW17 8BY", "Nursery"),
    ("Riverbank Pre-school", "Early years group setting", Kind.NURSERY, "SW15 1JW", "Nursery"),
    ("Tooting Vale Hospital", "NHS acute, community or mental health trust", Kind.HEALTH, "SW17 0QT", ""),
    ("Wandle Community Health Services", "NHS acute, community or mental health trust", Kind.HEALTH, "SW18 4NA", ""),
    ("Balham Hill Surgery", "Primary care (GP, dental, pharmacy)", Kind.HEALTH, "SW12 9EA", ""),
    ("Wandle Health Commissioners", "Health commissioner", Kind.HEALTH, "SW18 2PU", ""),
    ("Children's Social Care, Wandsworth", "Local authority children's services", Kind.COUNCIL, "SW18 2PU", ""),
    ("Early Help Service, Wandsworth", "Local authority children's services", Kind.COUNCIL, "SW18 2PU", ""),
    ("Adult Services, Wandsworth", "Local authority adult services", Kind.COUNCIL, "SW18 2PU", ""),
    (
        "Wandsworth Libraries",
        "Local authority other (libraries, leisure, environmental health)",
        Kind.COUNCIL,
        "SW18 1NR",
        "",
    ),
    ("Wandsworth Police, public protection", "Police", Kind.POLICE_JUSTICE, "SW18 2PP", ""),
    ("South West London Probation", "Probation", Kind.POLICE_JUSTICE, "SW19 2RP", ""),
    ("Wandsworth Youth Offending Team", "Youth offending and secure settings", Kind.POLICE_JUSTICE, "SW11 2JU", ""),
    ("Wandle Valley Homes", "Housing", Kind.OTHER, "SW18 4DW", ""),
    ("Harbour Youth Project", "Voluntary and community organisation", Kind.CHARITY, "SW11 2LQ", ""),
    ("Roehampton Family Friends", "Voluntary and community organisation", Kind.CHARITY, "SW15 4HG", ""),
    ("Tooting Refugee Welcome", "Voluntary and community organisation", Kind.CHARITY, "SW17 9NG", ""),
    ("Battersea Bereavement Support", "Voluntary and community organisation", Kind.CHARITY, "SW11 4LD", ""),
    ("All Souls Church Children's Work", "Faith group", Kind.CHARITY, "SW12 0HB", ""),
    ("Balham Mosque Supplementary School", "Faith group", Kind.CHARITY, "SW12 9SG", ""),
    ("Wandsworth Wolves Football Club", "Community sports, arts or youth club", Kind.CHARITY, "SW18 5RQ", ""),
    ("Putney Stage Youth Theatre", "Community sports, arts or youth club", Kind.CHARITY, "SW15 1SN", ""),
    ("Oakfield Fostering", "Private provider (residential, fostering, agency)", Kind.OTHER, "SW18 1GP", ""),
    ("The Board and its members", "Board, elected or lay member", Kind.OTHER, "SW18 2PU", ""),
]
FIRST = [
    "Amara", "Ben", "Chloe", "Dev", "Esther", "Farah", "Grace", "Hamza", "Imogen", "Jerome", "Kezia", "Liam", "Maya",
    "Nadia", "Owen", "Priya", "Quentin", "Rosa", "Samir", "Tamsin", "Uma", "Victor", "Wanjiru", "Xavier", "Yasmin",
    "Zoë", "Aoife", "Bilal", "Carys", "Dominic", "Efua", "Fergus", "Hyacinth", "Iqra", "José", "Leila",
]  # fmt: skip
LAST = [
    "Adeyemi", "Bailey", "Chowdhury", "D'Souza", "Evans", "Fernández", "Grant", "Hussain", "Iyer", "James", "Kaur",
    "Lewis", "Mensah", "Nguyen", "O'Brien", "Patel", "Quinn", "Rahman", "Smith", "Thompson", "Usman", "Vaughan",
    "Williams", "Yilmaz", "Zając", "Boateng", "Clarke", "Osei", "Mbeki", "Sørensen",
]  # fmt: skip
# job role, competence group, by kind of organisation
ROLES = {
    Kind.MAINTAINED_SCHOOL: [
        ("Teacher", 3), ("Teaching assistant", 3), ("Head of year", 6), ("School nurse", 3), ("Site manager", 1),
    ],
    Kind.NURSERY: [("Nursery practitioner", 3), ("Room leader", 3), ("Nursery manager", 6)],
    Kind.HEALTH: [("Health visitor", 3), ("Midwife", 3), ("Paediatrician", 4), ("Receptionist", 1), ("Named nurse", 5)],
    Kind.COUNCIL: [("Social worker", 4), ("Early help worker", 3), ("Team manager", 6), ("Librarian", 1)],
    Kind.POLICE_JUSTICE: [("Police constable", 2), ("Detective sergeant", 4), ("Probation officer", 3)],
    Kind.CHARITY: [("Youth worker", 3), ("Volunteer", 2), ("Project coordinator", 6), ("Coach", 2)],
    Kind.OTHER: [("Housing officer", 2), ("Foster carer", 3), ("Support worker", 3)],
}  # fmt: skip
for _kind in (Kind.ACADEMY, Kind.INDEPENDENT_SCHOOL, Kind.COLLEGE):
    ROLES[_kind] = ROLES[Kind.MAINTAINED_SCHOOL]

# email, name, role, group, organisation, what to try
DEMO_PEOPLE = [
    ("learner@demo.example", "Chloe O'Brien", "Teacher", 3, "Falconbrook Rise Primary School", "learner at a school"),
    ("charity@demo.example", "Samir Adeyemi", "Coordinator", 6, "Harbour Youth Project", "CPD lead of a charity"),
    ("lead@demo.example", "Grace Thompson", "Deputy head", 5, "Lavender Green Academy", "CPD lead of 3 academies"),
    ("dsl@demo.example", "Priya Kaur", "Deputy head", 5, "Falconbrook Rise Primary School", "school's DSL"),
    ("childminder@demo.example", "Rosa Fernández", "Childminder", 3, None, "childminder"),
    ("trainer@demo.example", "Kezia Mensah", "Practice educator", 8, "Children's Social Care, Wandsworth", "trainer"),
    ("td@demo.example", "Dominic Clarke", "Training officer", 8, "Children's Social Care, Wandsworth", "T&D Service"),
    ("board@demo.example", "Hyacinth Lewis", "Lay member", 8, "The Board and its members", "Sub-committee member"),
    ("admin@demo.example", "Ada Admin", "System administrator", 8, "Children's Social Care, Wandsworth", "superuser"),
]  # fmt: skip


def make_organisations() -> list[Organisation]:
    """Make the organisations; one asks for approval, one waits for T&D to confirm it. Return those confirmed."""
    sectors = {sector.name: sector for sector in Sector.objects.all()}
    now = timezone.now()
    made = [
        Organisation(
            name=name, sector=sectors[sector], kind=kind, postcode=postcode, phase=phase, confirmed_at=now,
            requires_approval=name == "Lavender Green Academy",
            urn=f"9{number:05}" if kind in Organisation.SCHOOLS else "",
        )
        for number, (name, sector, kind, postcode, phase) in enumerate(ORGANISATIONS, start=1)
    ]  # fmt: skip
    waits = Organisation(
        name="Clapham Chess Juniors", sector=sectors["Community sports, arts or youth club"], kind=Kind.CHARITY,
        postcode="SW11 1TT",
    )  # fmt: skip
    bulk_create_with_history([*made, waits], Organisation)
    return made


def make_people(random: Random, organisations: list[Organisation], *, each: int) -> list[User]:
    """Make `each` people for every organisation, and the demo people who can sign in; return the former."""
    groups = {group.number: group for group in CompetenceGroup.objects.all()}
    now, password, people, leads = timezone.now(), make_password(DEMO_PASSWORD), [], []
    for place, organisation in enumerate(organisations, start=1):
        for number in range(each):
            role, group = random.choice(ROLES[organisation.kind])
            person = User(
                full_name=f"{random.choice(FIRST)} {random.choice(LAST)}", job_role=role, group=groups[group],
                email=f"person{place}-{number}@demo.example", password=password, organisation=organisation,
                manager_email=f"manager{place}@demo.example" if number % 3 == 1 else "",
            )  # fmt: skip
            people.append(person)
            if number == 0:
                leads.append(CPDLead(organisation=organisation, person=person))
    known = _demo_people(groups, password, {organisation.name: organisation for organisation in organisations}, leads)
    _employ([*people, *known.values()], leads, now)
    _own_setting(known["childminder"], now)
    for name, role in (("td", TD_SERVICE), ("trainer", TRAINER), ("board", SUB_COMMITTEE)):
        known[name].groups.add(Group.objects.get(name=role))
    return people


def _demo_people(groups: dict, password: str, by_name: dict[str, Organisation], leads: list[CPDLead]) -> dict:
    """Return the people whom `make run` names, by the first part of their email; some of them lead as well."""
    known = {}
    for email, name, role, group, organisation, _ in DEMO_PEOPLE:
        word = email.partition("@")[0]
        known[word] = User(
            email=email, full_name=name, job_role=role, group=groups[group], organisation=by_name.get(organisation),
            password=password, is_staff=word in ("td", "admin"), is_superuser=word == "admin",
        )  # fmt: skip
        if word in ("charity", "lead", "dsl"):
            leads.append(CPDLead(organisation=by_name[organisation], person=known[word]))
    return known


def _employ(people: list[User], leads: list[CPDLead], now: datetime) -> None:
    """Write people, their addresses, who of them leads, and since when they work where they do: not confirmed yet."""
    for person in people:
        person._history_user = person
    bulk_create_with_history(people, User)
    EmailAddress.objects.bulk_create(
        EmailAddress(user=person, email=person.email, verified=True, primary=True) for person in people
    )
    CPDLead.objects.bulk_create(leads)
    Membership.objects.bulk_create(
        Membership(
            person=person, organisation=person.organisation,
            started_on=local_date(now - timedelta(days=60 + number * 37 % 1500)),
        )
        for number, person in enumerate(people, start=1)
        if person.organisation
    )  # fmt: skip


def _own_setting(person: User, now: datetime) -> None:
    """Make the organisation that a childminder is, and lead themselves."""
    own = Organisation.objects.create(
        name=f"{person}, childminder", sector=Sector.objects.get(name="Childminder"), kind=Kind.CHILDMINDER,
        postcode="SW18 5AA", confirmed_at=now,
    )  # fmt: skip
    CPDLead.objects.create(organisation=own, person=person)
    join_organisation(person=person, organisation=own, by=person, now=now)
