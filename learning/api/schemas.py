"""What the interface says, field by field: the documentation is made from this."""

from datetime import date, datetime
from typing import Generic, Literal, TypeVar

from ninja import Field, Schema

Item = TypeVar("Item")
READABLE = r"^[^\x00]*$"  # PostgreSQL keeps no null characters
NAME = r"^[A-Za-z0-9_-]*$"  # of slugs, references and codes


class Problem(Schema):
    """Why it was not done, in one sentence."""

    detail: str


class Page(Schema, Generic[Item]):
    """One page of a list."""

    count: int = Field(description="How many there are on all pages.")
    next: str | None = Field(description="The address of the next page, or null.")
    items: list[Item]


class Content(Schema):
    """A training content of the pathway (Appendix 4), and the competence groups that need it."""

    code: str
    title: str
    groups: list[int]


class Course(Schema):
    """A course of the programme."""

    slug: str = Field(description="Its name in addresses; it stays.")
    title: str
    url: str
    delivery: str = Field(description="face_to_face, virtual, online or conference.")
    length: str
    summary: str
    outcomes: list[str]
    subjects: list[str]
    completes: list[str] = Field(description="Codes of the training contents that it completes.")
    groups: list[int] = Field(description="Competence groups that it is meant for; empty: everybody.")
    prerequisites: list[str] = Field(description="Slugs of the courses to complete first.")
    refresher_months: int | None = Field(description="How long a completion counts; null: for good.")


class Session(Schema):
    """One sitting of an event."""

    starts_at: datetime
    ends_at: datetime


class Venue(Schema):
    """Where an event is held."""

    name: str
    address: str
    postcode: str
    step_free: bool
    hearing_loop: bool


class Event(Schema):
    """One running of a course, to come."""

    reference: str
    course: str = Field(description="The slug of its course.")
    title: str
    url: str
    sessions: list[Session]
    venue: Venue | None = Field(description="null: it is held online.")
    audience: str = Field(description="all, or sectors: for people of some sectors only.")
    places: int = Field(description="Places left for everybody. Who waits comes first.")
    places_for_voluntary_sector: int = Field(
        description="Places left for people of the voluntary sector, with those kept for them."
    )
    waiting: int
    booking_opens_at: datetime | None
    booking_closes_at: datetime | None


class Standing(Schema):
    """Where one content of somebody's pathway stands today."""

    code: str
    state: Literal["done", "due", "expired", "missing"] = Field(description="due: it runs out within three months.")
    completed_on: date | None
    valid_until: date | None = Field(description="null: for good, or not done.")
    by: str = Field(description="The training that completed it.")


class Organisation(Schema):
    """The organisation that the token is of, in figures."""

    name: str
    people: int
    complete: int = Field(description="People who have all that their group needs.")
    overdue: int = Field(description="People with something missing or expired.")
    due: int = Field(description="People with something that runs out within three months.")


class Person(Schema):
    """Somebody who works for the organisation now, with their pathway."""

    id: int
    name: str
    email: str | None
    job_role: str
    group: int | None = Field(description="Competence group, 1 to 8.")
    works_here_since: date
    needed: int
    done: int
    percent: int
    contents: list[Standing]


class Booking(Schema):
    """A booking made under the organisation."""

    code: str
    person: int = Field(description="The person's id.")
    name: str
    event: str = Field(description="The event's reference.")
    title: str
    starts_at: datetime
    status: Literal["confirmed", "awaiting", "waiting", "cancelled", "declined", "lapsed"]
    position: int | None = Field(description="Place in the waiting list, from 1.")
    requested_at: datetime
    ended_at: datetime | None
    is_late: bool = Field(description="Cancelled with less than the policy's notice.")
    reason: str = Field(description="Why it ended, or why the place was not used.")
    use: str | None = Field(description="How the place was used, in words, once the event has begun.")


class Record(Schema):
    """Something that somebody of the organisation completed, or sent in to be verified."""

    id: int
    person: int = Field(description="The person's id.")
    name: str
    training: str
    course: str | None = Field(description="The slug of the course; null: training taken elsewhere.")
    provider: str
    source: Literal["event", "online", "elsewhere"]
    status: Literal["counted", "to_verify", "refused"]
    completed_on: date
    valid_until: date | None
    contents: list[str] = Field(description="Codes of the contents that it completes.")
    check_code: str


class NewBooking(Schema):
    """Who is to be booked on what."""

    event: str = Field(max_length=20, pattern=NAME, description="The event's reference.")
    person: int = Field(ge=1, le=2**31 - 1, description="The id of somebody of the staff.")


class Cancellation(Schema):
    """Why a place is given up. Do not name a child or a family."""

    reason: str = Field("", max_length=500, pattern=READABLE, description="Needed where the cancellation is late.")
