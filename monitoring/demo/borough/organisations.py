"""Invented schools, settings, charities and services of the whole borough."""

from collections.abc import Iterator
from datetime import datetime
from itertools import count
from random import Random

from accounts.models import Organisation, Sector

Kind = Organisation.Kind
DISTRICTS = {"SW11": 22, "SW12": 11, "SW15": 20, "SW17": 18, "SW18": 20, "SW8": 6, "SW4": 3, "SW16": 4, "SW19": 6}
PLACES = [
    "Alder Green", "Ashvale", "Beechmoor", "Brambleside", "Bridge Lane", "Broadwater Rise", "Cedar Road",
    "Chestnut Hill", "Clockhouse", "Copper Mill", "Crescent Way", "Elmstead", "Fairlight", "Fernhurst", "Gatehouse",
    "Granard Hill", "Greenacre", "Hazelbourne", "Highfield", "Hollybush", "Ivy Lodge", "Juniper Lane", "Kingfisher",
    "Larkspur", "Limeburner", "Linden Park", "Maple Grove", "Meadowbank", "Mill Race", "Northcote Rise", "Oakhill",
    "Orchard Way", "Park Gate", "Plough Lane", "Poplar Row", "Priory Lane", "Quill Street", "Railway Side",
    "Ravensbourne", "Riverside", "Rosehip", "Rowan Tree", "Sable Street", "Silverdale", "Southfield Rise",
    "Spencer Hill", "Summerstown", "Swaffield Rise", "Thessaly", "Trinity Rise", "Upper Heath", "Victoria Park",
    "Walnut Close", "Waterside", "Westbridge", "Willow Bank", "Winstanley Gate", "Wisteria", "Woodfield",
    "Wynter Lane",
]  # fmt: skip
SAINTS = [
    "St Agnes",
    "St Bede",
    "St Cuthbert",
    "St Dunstan",
    "St Edith",
    "St Faith",
    "St Gabriel",
    "St Hilda",
    "St Ives",
]
CAUSES = [
    "Families", "Youth Club", "Young Carers", "Refugee Support", "Advice Centre", "Community Garden", "Arts Project",
    "Befriending", "Play Scheme", "Parents' Network", "Mentoring", "Domestic Abuse Service", "Boxing Club", "Scouts",
    "Music Hub", "Food Bank", "Disability Group", "Toy Library", "Homework Club", "Swimming Club",
]  # fmt: skip
# name, sector, kind, how many of them (where more than one, a place stands before the name)
SERVICES = [
    ("Surgery", "Primary care (GP, dental, pharmacy)", Kind.HEALTH, 14),
    ("Dental Practice", "Primary care (GP, dental, pharmacy)", Kind.HEALTH, 3),
    ("Wandle Mental Health Trust, children's services", "NHS acute, community or mental health trust", Kind.HEALTH, 1),
    ("Wandle Maternity Service", "NHS acute, community or mental health trust", Kind.HEALTH, 1),
    ("Borough School Nursing", "NHS acute, community or mental health trust", Kind.HEALTH, 1),
    ("Borough Health Visiting", "NHS acute, community or mental health trust", Kind.HEALTH, 1),
    ("Children with Disabilities Team", "Local authority children's services", Kind.COUNCIL, 1),
    ("Referral and Assessment Service", "Local authority children's services", Kind.COUNCIL, 1),
    ("Looked After Children Service", "Local authority children's services", Kind.COUNCIL, 1),
    ("Fostering and Adoption Service", "Local authority children's services", Kind.COUNCIL, 1),
    ("Children's Centre", "Local authority children's services", Kind.COUNCIL, 6),
    ("Leisure and Sport Service", "Local authority other (libraries, leisure, environmental health)", Kind.COUNCIL, 1),
    ("Environmental Health", "Local authority other (libraries, leisure, environmental health)", Kind.COUNCIL, 1),
    ("Police, safer neighbourhoods", "Police", Kind.POLICE_JUSTICE, 2),
    ("Police, child abuse investigation", "Police", Kind.POLICE_JUSTICE, 1),
    ("Community Rehabilitation Service", "Probation", Kind.POLICE_JUSTICE, 1),
    ("Housing Association", "Housing", Kind.OTHER, 4),
    ("Children's Home", "Private provider (residential, fostering, agency)", Kind.OTHER, 4),
    ("Nanny Agency", "Private provider (residential, fostering, agency)", Kind.OTHER, 2),
]  # fmt: skip
SCHOOLS, SETTINGS, CHARITIES, CHILDMINDERS = 139, 117, 72, 60  # beside those of the small demo


def make_organisations(random: Random, *, now: datetime) -> list[Organisation]:
    """Make the organisations of the whole borough beside those that are there; childminders come with their person."""
    sectors = {sector.name: sector for sector in Sector.objects.all()}
    urns, made = count(200_001), []
    for name, sector, kind, phase in [*_schools(random), *_settings(random), *_charities(random), *_services(random)]:
        is_school = kind in (*Organisation.SCHOOLS, Kind.NURSERY)
        made.append(
            Organisation(
                name=name, sector=sectors[sector], kind=kind, phase=phase, postcode=postcode(random), confirmed_at=now,
                urn=str(next(urns)) if is_school else "", requires_approval=random.random() < 0.04,
            )
        )  # fmt: skip
    return Organisation.objects.bulk_create(made)


def postcode(random: Random) -> str:
    """Return a postcode as such are in the borough, more in its larger districts."""
    [outward] = random.choices(list(DISTRICTS), weights=list(DISTRICTS.values()))
    return f"{outward} {random.randint(1, 9)}{''.join(random.choices('ABDEFGHJLNPQRSTUWXYZ', k=2))}"


def _schools(random: Random) -> Iterator[tuple]:
    names = _names(random, ["Primary School", "Infant School", "Junior School", "School", "Nursery School"])
    saints = [f"{saint}'s {of}" for saint in SAINTS for of in ("Catholic Primary School", "Church of England School")]
    for number in range(SCHOOLS):
        if number < 70:
            name = saints[number] if number < len(saints) else next(names)
            phase = "Primary" if "School" in name else "Nursery"
            yield name, "Maintained school", Kind.MAINTAINED_SCHOOL, phase
        elif number < 100:
            yield next(names).replace("School", "Academy"), "Academy or free school", Kind.ACADEMY, "Secondary"
        elif number < 132:
            yield f"{next(names)} (independent)", "Independent school", Kind.INDEPENDENT_SCHOOL, "Primary"
        else:
            name = f"{next(names).rsplit(' ', 1)[0]} College"
            yield name, "Further education college or sixth form", Kind.COLLEGE, "16 plus"


def _settings(random: Random) -> Iterator[tuple]:
    names = _names(random, ["Day Nursery", "Pre-school", "Montessori Nursery", "Playgroup", "Nursery and Crèche"])
    for _ in range(SETTINGS):
        yield next(names), "Early years group setting", Kind.NURSERY, "Nursery"


def _charities(random: Random) -> Iterator[tuple]:
    names = _names(random, CAUSES)
    for number in range(CHARITIES):
        name = next(names)
        if number % 6 == 4:
            yield f"{name} of the parish", "Faith group", Kind.CHARITY, ""
        elif name.endswith("Club"):
            yield name, "Community sports, arts or youth club", Kind.CHARITY, ""
        else:
            yield name, "Voluntary and community organisation", Kind.CHARITY, ""


def _services(random: Random) -> Iterator[tuple]:
    for name, sector, kind, number in SERVICES:
        places = random.sample(PLACES, number)
        for place in places:
            yield (name if number == 1 else f"{place} {name}"), sector, kind, ""


def _names(random: Random, ends: list[str]) -> Iterator[str]:
    """Yield names that differ: each place with each ending, in a shuffled order."""
    names = [f"{place} {end}" for place in PLACES for end in ends]
    random.shuffle(names)
    return iter(names)
