"""May this person book, wait, be promoted, cancel? Pure decisions over facts and `now` (§6.9)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from bookings.bank_holidays import is_bank_holiday
from courses.models import Event
from courses.rules import Places
from wscb_training.wording import clock, day, local_date


@dataclass(frozen=True)
class PersonFacts:
    """What the rules ask of a person, for one event."""

    is_active: bool = True
    profile_complete: bool = True
    in_audience: bool = True
    booked_as: str = ""  # the status of their live booking, or ""
    clashes_with: str = ""  # the title of a course whose session is at the same time, or ""
    missing_prerequisites: list[str] = field(default_factory=list)  # titles


def refusal(event: Event, person: PersonFacts, *, now: datetime) -> str | None:
    """Return in one sentence why this person can't book this event at `now`, or None when they may."""
    return event_refusal(event, now=now) or person_refusal(person)


def event_refusal(event: Event, *, now: datetime) -> str | None:
    """Return why nobody can book this event at `now`, or None."""
    if event.status == Event.Status.DRAFT:
        return "This event is not open for booking yet."
    if event.status == Event.Status.CANCELLED:
        return "This event was cancelled."
    if event.starts_at <= now or event.status == Event.Status.COMPLETED:
        return "This event has already started."
    if event.booking_opens_at and now < event.booking_opens_at:
        return f"Booking opens on {day(event.booking_opens_at)} at {clock(event.booking_opens_at)}."
    if now >= event.closes_at:
        return f"Booking closed on {day(event.closes_at)} at {clock(event.closes_at)}."
    return None


def person_refusal(person: PersonFacts) -> str | None:
    """Return why a person can't book an event that others may, or None."""
    problem, detail = person_problem(person)
    return {
        "": None,
        "closed": "This account is closed. Ask the Training and Development Service to open it again.",
        "booked": already_booked(detail),
        "details": "Complete your details first: your name, organisation, job role and competence group.",
        "audience": "This event is for other organisations or sectors than yours.",
        "prerequisites": f"You need to complete {detail} first.",
        "clash": f"You already have a place on {detail} at the same time.",
    }[problem]


def staff_refusal(person: PersonFacts) -> str | None:
    """Return the same as `person_refusal`, worded for the CPD lead who books for the person."""
    problem, detail = person_problem(person)
    booked = {"waiting": "Is already on the waiting list.", "awaiting": "Has already asked for a place."}
    return {
        "": None,
        "closed": "Their account is closed.",
        "booked": booked.get(detail, "Already has a place."),
        "details": "Their details are not complete: name, job role and competence group are needed.",
        "audience": "This event is for other organisations or sectors.",
        "prerequisites": f"Needs to complete {detail} first.",
        "clash": f"Has a place on {detail} at the same time.",
    }[problem]


def person_problem(person: PersonFacts) -> tuple[str, str]:
    """Return what keeps this person from booking, as a word and its detail; ("", "") when nothing does."""
    if not person.is_active:
        return "closed", ""
    if person.booked_as:
        return "booked", person.booked_as
    if not person.profile_complete:
        return "details", ""
    if not person.in_audience:
        return "audience", ""
    if person.missing_prerequisites:
        return "prerequisites", _joined(person.missing_prerequisites)
    if person.clashes_with:
        return "clash", person.clashes_with
    return "", ""


def already_booked(status: str) -> str:
    """Return the kind answer to somebody who books twice."""
    return {
        "waiting": "You are already on the waiting list for this event.",
        "awaiting": "You already asked for a place on this event. It is held until your organisation approves it.",
    }.get(status, "You already have a place on this event.")


def _joined(titles: list[str]) -> str:
    return titles[0] if len(titles) == 1 else f"{', '.join(titles[:-1])} and {titles[-1]}"


def gets_place(places: Places, *, is_vcs: bool, list_is_served: bool) -> bool:
    """Return whether a newcomer gets a place at once, or waits (§6.9).

    The caller has served the waiting list just before, so who still waits can't take what is left. After the
    cut-off it is served no more (`list_is_served` false): then nobody passes those who wait, and T&D decides.
    """
    if places.waiting and not list_is_served:
        return False
    return places.left_for(is_vcs=is_vcs) > 0


def share_out(places: Places, sides: Sequence[bool], *, list_is_served: bool) -> list[bool]:
    """Return for several people, booked one after the other, who would get a place now; the others would wait.

    `sides` says of each whether they count for the voluntary sector.
    """
    gets = []
    for is_vcs in sides:
        gets.append(gets_place(places, is_vcs=is_vcs, list_is_served=list_is_served))
        places = replace(
            places,
            held_vcs=places.held_vcs + (gets[-1] and is_vcs),
            held_other=places.held_other + (gets[-1] and not is_vcs),
            waiting=places.waiting + (not gets[-1]),
        )
    return gets


def swap_refusal(
    event: Event, colleague: PersonFacts, *, holds_place: bool, same_organisation: bool, now: datetime
) -> str | None:
    """Return why a colleague can't take over a place at `now`, or None. Possible up to the start (§6.9)."""
    if not holds_place:
        return "There is no place to hand over: this booking has ended, or it waits for one."
    if not event.is_published or event.starts_at <= now:
        return "This event has already started or was cancelled, so the place can't be handed over."
    if not same_organisation:
        return "Only a colleague from the same organisation can take over the place."
    return staff_refusal(colleague)


def may_promote(event: Event, *, now: datetime, cut_off_hours: int) -> bool:
    """Return whether the waiting list is still served at `now`: before the close and the cut-off, not cancelled."""
    last = min(event.closes_at, event.starts_at - timedelta(hours=cut_off_hours))
    return event.is_published and now < last


def cancel_refusal(*, is_live: bool, starts_at: datetime, now: datetime) -> str | None:
    """Return why a booking can't be cancelled at `now`, or None. Cancelling is possible up to the start."""
    if not is_live:
        return "This booking has already ended."
    if now >= starts_at:
        return "This event has already started, so the booking can't be cancelled any more."
    return None


def needs_refusal(*, is_live: bool, starts_at: datetime, now: datetime) -> str | None:
    """Return why what somebody needs can't be changed at `now`, or None: trainers and venue read it up to the start."""
    if not is_live:
        return "This booking has ended, so there is nothing to change."
    if now >= starts_at:
        return "This event has started: tell the trainers what you need."
    return None


def is_late(*, starts_at: datetime, now: datetime, notice_days: int) -> bool:
    """Return whether a cancellation at `now` comes with less than `notice_days` working days' notice.

    Somebody who cancels on the Monday gives three days' notice for the Thursday.
    """
    return local_date(now) > working_days_before(local_date(starts_at), notice_days)


def is_working_day(day_: date) -> bool:
    """Return whether offices are open: a weekday and no bank holiday of England and Wales."""
    return day_.weekday() < 5 and not is_bank_holiday(day_)


def working_days_before(day_: date, number: int) -> date:
    """Return the date `number` working days before `day_`."""
    return _step(day_, number, timedelta(days=-1))


def working_days_after(day_: date, number: int) -> date:
    """Return the date `number` working days after `day_`."""
    return _step(day_, number, timedelta(days=1))


def _step(day_: date, number: int, step: timedelta) -> date:
    while number:
        day_ += step
        number -= is_working_day(day_)
    return day_


def approval_due_at(*, now: datetime, closes_at: datetime, lapse_days: int) -> datetime:
    """Return until when a place is held for approval: the end of the last working day, or the booking close."""
    last = working_days_after(local_date(now), lapse_days)
    end = timezone.make_aware(datetime.combine(last + timedelta(days=1), time.min), timezone.get_default_timezone())
    return min(end, closes_at)


def ended_before_approval(status: str) -> str:
    """Return what a CPD lead is told who comes too late to approve or decline a booking."""
    return {
        "lapsed": "The time to approve this booking has run out, and the place went to the next person.",
        "declined": "This booking was already declined.",
    }.get(status, "This booking was cancelled in the meantime.")


def approval_reminder_due(*, requested_at: datetime, now: datetime, days: int) -> bool:
    """Return whether the CPD leads are to be reminded of an approval that has waited `days` working days."""
    return local_date(now) >= working_days_after(local_date(requested_at), days)


def capacity_refusal(*, capacity: int, held: int) -> str | None:
    """Return why a capacity can't be set, or None."""
    if capacity < held:
        people = "1 person has" if held == 1 else f"{held} people have"
        return f"{people} a place, so the capacity can't be less than {held}."
    return None


PRESENT = ("attended", "late")  # values of Attendance.Mark; who left early missed part of the course
CHECK_IN_OPENS, CHECK_IN_CLOSES = timedelta(minutes=-30), timedelta(minutes=30)


def has_completed(*, marks: Collection[str], sessions: int) -> bool:
    """Return whether somebody with these marks completed an event of so many sessions: present at every one."""
    return sessions > 0 and sum(mark in PRESENT for mark in marks) == sessions


def attendance(*, marks: Collection[str], completed: bool, closed: bool) -> str:
    """Return how a confirmed place was used, in words: attended, in part, not at all, or not known yet.

    `closed` says whether the register is closed: until then, who has no mark is not absent.
    """
    if completed or (marks and not closed and all(mark in PRESENT for mark in marks)):
        return "Attended"
    if any(mark != "absent" for mark in marks):
        return "Attended in part"
    return "Did not attend" if marks or closed else "Not marked yet"


def mark_refusal(*, starts_at: datetime, now: datetime) -> str | None:
    """Return why a session can't be marked at `now`, or None: not before it starts, walk-ins and QR apart."""
    return None if now >= starts_at else f"Attendance can be marked from {clock(starts_at)} on {day(starts_at)}."


def close_refusal(event: Event, *, now: datetime) -> str | None:
    """Return why the register can't be closed at `now`, or None: when the last session has ended."""
    if not event.is_published or event.ends_at > now:
        return "The register can be closed when the last session has ended."
    return None


def walk_in_refusal(event: Event, *, now: datetime) -> str | None:
    """Return why nobody can be added to the register on the day at `now`, or None: from half an hour before."""
    if not event.is_published:
        return "People can be added to the register of an event that is published and not closed."
    if now < event.starts_at + CHECK_IN_OPENS:
        return f"People who came without a booking can be added from {clock(event.starts_at + CHECK_IN_OPENS)}."
    return None


def check_in_refusal(*, starts_at: datetime, now: datetime) -> str | None:
    """Return why somebody can't check themselves in at `now`: open half an hour before and after the start."""
    if now < starts_at + CHECK_IN_OPENS:
        return f"Check-in opens at {clock(starts_at + CHECK_IN_OPENS)}."
    if now > starts_at + CHECK_IN_CLOSES:
        return "Check-in has closed. Tell the trainer that you are here."
    return None


HALF_DAY = timedelta(hours=4)


def charge_for(sessions: Sequence[tuple[datetime, datetime]], *, half_day: Decimal, day: Decimal) -> Decimal:
    """Return what a place not used costs in pounds: for each London day of the sessions, half a day or a day (§6.9)."""
    hours: dict[date, timedelta] = {}
    for starts_at, ends_at in sessions:
        on = local_date(starts_at)
        hours[on] = hours.get(on, timedelta()) + (ends_at - starts_at)
    return sum((half_day if length <= HALF_DAY else day for length in hours.values()), Decimal())


MOST_TO_VERIFY = 20  # a person: more is a mistake, or somebody who fills the disk


def adding_refusal(*, waiting: int) -> str | None:
    """Return why a person can't add more training elsewhere while so many wait to be verified, or None (§8)."""
    if waiting >= MOST_TO_VERIFY:
        return f"{waiting} of your trainings wait to be verified. Add more when some are, or take one back first."
    return None
