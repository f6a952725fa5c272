"""An organisation's own data for its HR system, by token: the same as on its CPD leads' pages, and no more."""

from datetime import date
from typing import Annotated
from uuid import UUID

from django.utils import timezone
from ninja import Path, Query, Router, Status
from ninja.errors import HttpError

from accounts.models import Membership
from bookings import actions
from bookings.models import Booking, TrainingRecord
from learning import permissions, teams
from learning.api import schemas
from learning.api.auth import Bearer
from learning.api.pages import Paged, page_of
from wscb_training.wording import local_date

router = Router(tags=["Your organisation"], auth=Bearer())
NOT_LET_IN = dict.fromkeys((401, 422, 429), schemas.Problem)
NOT_FOUND = {**NOT_LET_IN, 404: schemas.Problem}
WRITES = {**NOT_FOUND, **dict.fromkeys((400, 403, 409), schemas.Problem)}
PersonId = Annotated[int, Path(ge=1, le=2**31 - 1)]


class Staff(Paged):
    """Whose."""

    group: int | None = Query(None, ge=1, le=8, description="Of this competence group.")


class Bookings(Paged):
    """Which bookings."""

    person: int | None = Query(None, ge=1, le=2**31 - 1, description="Of this person.")
    since: date | None = Query(None, description="Of events that begin on this day or later.")
    until: date | None = Query(None, description="Of events that begin on this day or before.")


class Records(Paged):
    """Which records."""

    person: int | None = Query(None, ge=1, le=2**31 - 1, description="Of this person.")
    since: date | None = Query(None, description="Completed on this day or later.")


@router.get("/organisation", response={200: schemas.Organisation, **NOT_LET_IN}, summary="The organisation in figures")
def organisation(request):
    """Whose token it is, and how its team stands today."""
    own = request.auth.organisation
    figures = teams.summary(teams.team(own, today=local_date(timezone.now())))
    return {
        "name": own.name, "people": figures.people, "complete": figures.complete, "overdue": figures.overdue,
        "due": figures.due,
    }  # fmt: skip


@router.get("/staff", response={200: schemas.Page[schemas.Person], **NOT_LET_IN}, summary="Staff with their pathways")
def staff(request, asked: Query[Staff]):
    """Everybody who works there now, confirmed by a CPD lead, by name."""
    own, today = request.auth.organisation, local_date(timezone.now())
    memberships = Membership.objects.open().confirmed().filter(organisation=own).select_related("person")
    if asked.group:
        memberships = memberships.filter(person__group=asked.group)
    memberships = memberships.order_by("person__full_name", "person")
    return page_of(
        request, memberships, asked,
        lambda some: [_person(row) for row in teams.rows(some, today=today, organisation=own)],
    )  # fmt: skip


@router.get("/staff/{person}", response={200: schemas.Person, **NOT_FOUND}, summary="One person with their pathway")
def person(request, person: PersonId):
    """Somebody who works there now."""
    membership = permissions.member(request.auth.organisation, person)
    today = local_date(timezone.now())
    [row] = teams.rows([membership], today=today, organisation=request.auth.organisation)
    return _person(row)


@router.get("/bookings", response={200: schemas.Page[schemas.Booking], **NOT_LET_IN}, summary="Bookings")
def bookings(request, asked: Query[Bookings]):
    """The bookings made under the organisation, newest request first; not those made under another one."""
    found = _bookings(request.auth.organisation)
    if asked.person:
        found = found.filter(person=asked.person)
    if asked.since:
        found = found.filter(event__starts_at__date__gte=asked.since)
    if asked.until:
        found = found.filter(event__starts_at__date__lte=asked.until)
    now = timezone.now()
    return page_of(request, found.order_by("-pk"), asked, lambda some: [_booking(booking, now=now) for booking in some])


@router.post("/bookings", response={201: schemas.Booking, **WRITES}, summary="Book somebody on an event")
def book(request, new: schemas.NewBooking):
    """Book one of the staff, under the same rules as on the page: who gets no place joins the waiting list.

    They are told by email. A booking by the organisation's system is approved by that.
    """
    token, now = _who_may_book(request), timezone.now()
    event = permissions.bookable_event(new.event)
    member = permissions.member(token.organisation, new.person)
    [outcome] = actions.book_many(
        event=event, people=[member.person], organisation=token.organisation, by=token.made_by, now=now,
        places_expected=0,
    )  # fmt: skip
    if outcome.refusal:
        raise HttpError(409, outcome.refusal)
    return Status(201, _booking(_bookings(token.organisation).get(pk=outcome.booking.pk), now=now))


@router.post("/bookings/{code}/cancel", response={200: schemas.Booking, **WRITES}, summary="Cancel a booking")
def cancel(request, code: UUID, given: schemas.Cancellation):
    """Cancel a booking, or leave the waiting list, under the same rules as on the page; the person is told."""
    token, now = _who_may_book(request), timezone.now()
    booking, reason = permissions.staff_booking(token.organisation, code), given.reason.strip()
    if booking.would_be_late(now=now) and not reason:
        raise HttpError(422, "This cancellation is late: give the reason.")
    actions.cancel(booking=booking, by=token.made_by, now=now, reason=reason)
    return _booking(_bookings(token.organisation).get(pk=booking.pk), now=now)


@router.get("/records", response={200: schemas.Page[schemas.Record], **NOT_LET_IN}, summary="Training records")
def records(request, asked: Query[Records]):
    """What those who work there now completed, newest first: events, online learning and training elsewhere."""
    found = TrainingRecord.objects.of_team(request.auth.organisation)
    found = found.exclude(status=TrainingRecord.Status.WITHDRAWN).for_page().select_related("person")
    if asked.person:
        found = found.filter(person=asked.person)
    if asked.since:
        found = found.filter(completed_on__gte=asked.since)
    return page_of(request, found, asked, lambda some: [_record(record) for record in some])


def _who_may_book(request):
    if not request.auth.may_book:
        raise HttpError(403, "This token may only read. A CPD lead can make one that may book.")
    return request.auth


def _bookings(organisation):
    found = Booking.objects.filter(organisation=organisation).for_page().with_position()
    return found.select_related("record").prefetch_related("attendances")


def _person(row: teams.Row) -> dict:
    person = row.person
    return {
        "id": person.pk,
        "name": person.full_name,
        "email": person.email,
        "job_role": person.job_role,
        "group": person.group_id,
        "works_here_since": row.membership.started_on,
        "needed": row.required,
        "done": row.done,
        "percent": row.percent,
        "contents": [
            {
                "code": cell.content.pk, "state": cell.state, "completed_on": cell.completed_on,
                "valid_until": cell.valid_until, "by": cell.by,
            }
            for cell in row.cells
            if cell.needed
        ],
    }  # fmt: skip


def _booking(booking: Booking, *, now) -> dict:
    event = booking.event
    return {
        "code": str(booking.code),
        "person": booking.person_id,
        "name": booking.person.full_name,
        "event": event.reference,
        "title": event.course.title,
        "starts_at": event.starts_at,
        "status": booking.status,
        "position": booking.ahead + 1 if booking.is_waiting else None,
        "requested_at": booking.requested_at,
        "ended_at": booking.ended_at,
        "is_late": booking.is_late,
        "reason": booking.absence_reason or booking.end_reason,
        "use": booking.use_in_words if event.starts_at <= now else None,
    }


def _record(record: TrainingRecord) -> dict:
    own = [content.pk for content in record.contents.all()]
    return {
        "id": record.pk,
        "person": record.person_id,
        "name": record.person.full_name,
        "training": record.name,
        "course": record.course.slug if record.course else None,
        "provider": record.provider,
        "source": record.source,
        "status": record.status,
        "completed_on": record.completed_on,
        "valid_until": record.valid_until,
        "contents": sorted(
            {*own, *(content.pk for content in record.course.satisfies.all())} if record.course else own
        ),
        "check_code": record.check_code,
    }
