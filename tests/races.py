"""What the race tests run in processes of their own, on the database under test."""

import multiprocessing
import sys
import time
import traceback
from datetime import datetime

from django.db import connection, connections

# A forked process would share this one's database connection, and a fresh one takes seconds to load the product. These
# are forked from a server of their own, which has loaded it and has no connection.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.loaded"])


def run_at_once(work, shares: list, *arguments, **options) -> list:
    """Run `work(share, *arguments)` for each share in a process of its own, all from one starting line.

    `work` must stand in a module that imports nothing of Django at its top, as this one.

    Returns what each returned, in the order of `shares`; fails with the traceback of any that raised.
    """
    line, answers = PROCESSES.Barrier(len(shares)), PROCESSES.Queue()
    database = connection.settings_dict["NAME"]
    processes = [
        PROCESSES.Process(target=_child, args=(work, number, share, arguments, options, str(database), line, answers))
        for number, share in enumerate(shares)
    ]
    for process in processes:
        process.start()
    results = dict(answers.get(timeout=120) for _ in processes)
    for process in processes:
        process.join(timeout=30)
    broken = [result for result in results.values() if isinstance(result, _Broken)]
    assert not broken, broken[0].text
    return [results[number] for number in range(len(shares))]


class _Broken:
    def __init__(self, text: str):
        self.text = text


def _child(work, number, share, arguments, options, database, line, answers) -> None:
    try:
        connections.databases["default"]["NAME"] = database
        connection.settings_dict["NAME"] = database
        connection.ensure_connection()
        line.wait(timeout=60)
        answers.put((number, work(share, *arguments, **options)))
    except BaseException:
        answers.put((number, _Broken(traceback.format_exc())))
        sys.exit(1)
    finally:
        connections.close_all()


def book_each(person_ids: list[int], event_id: int, now: datetime) -> list[str]:
    """Book each of these people on the event; return the status each got, or the refusal."""
    from accounts.models import User
    from bookings import actions
    from courses.models import Event

    event, got = Event.objects.get(pk=event_id), []
    for person in User.objects.filter(pk__in=person_ids):
        try:
            got.append(actions.book(event=event, person=person, by=person, now=now).status)
        except actions.Refused as refused:
            got.append(str(refused))
    return got


def book_on_each(event_ids: list[int], person_id: int, now: datetime) -> list[str]:
    """Book one person on each of these events."""
    return [book_each([person_id], event_id, now)[0] for event_id in event_ids]


def cancel_each(codes: list[str], now: datetime) -> list[str]:
    """Cancel each of these bookings."""
    from bookings import actions
    from bookings.models import Booking

    return [
        actions.cancel(booking=booking, by=booking.person, now=now).status
        for booking in Booking.objects.filter(code__in=codes)
    ]


def release(event_id: int, now: datetime) -> int:
    """Release the event's kept places; return how many people got one."""
    from bookings import actions

    return len(actions.release_places(event_id=event_id, now=now))


def deliver_each(ids: list) -> int:
    """Deliver each of these messages; return how many this process sent."""
    from django.utils import timezone

    from notifications import actions

    return sum(actions.deliver(message_id=pk, now=timezone.now()) for pk in ids)


def do(job: tuple, *arguments):
    """Run one of the jobs above by name, for races between different ones: ("cancel_each", codes, now)."""
    name, *rest = job
    return globals()[name](*rest, *arguments)


def book_each_without_lock(person_ids: list[int], event_id: int, now: datetime, *, checks: bool) -> list[str]:
    """As book_each, with the lock and the transaction taken out: what the lock is there to prevent.

    Without `checks`, SQLite is told to ignore check constraints; on PostgreSQL the test drops them.
    """
    from bookings.actions import booking, places
    from courses.models import Event

    def unlocked(event_id):
        event = Event.objects.select_related("course", "venue").get(pk=event_id)
        time.sleep(0.05)  # as long as a slow machine takes between looking and writing
        return event

    booking.lock_event = places.lock_event = unlocked
    places.lock_people = lambda ids: places.User.objects.in_bulk(list(ids))
    from bookings import actions

    actions.book = booking.book.__wrapped__  # the function without @transaction.atomic
    if connection.vendor == "sqlite" and not checks:
        connection.cursor().execute("PRAGMA ignore_check_constraints = ON")
    return book_each_and_note_errors(person_ids, event_id, now, actions.book)


def book_each_and_note_errors(person_ids: list[int], event_id: int, now: datetime, book) -> list[str]:
    """Book each; an error of the database is noted by its name in place of a status."""
    from django.db import Error

    from accounts.models import User
    from courses.models import Event

    event, got = Event.objects.get(pk=event_id), []
    for person in User.objects.filter(pk__in=person_ids):
        try:
            got.append(str(book(event=event, person=person, by=person, now=now).status))
        except Error as error:
            got.append(type(error).__name__)
    return got


def approve_report(person_id: int, report_id: int, now: datetime) -> str:
    """Approve a report; return "approved", or the refusal."""
    from accounts.models import User
    from monitoring.actions import Refused
    from monitoring.models import Report
    from monitoring.report import actions

    try:
        by = User.objects.get(pk=person_id)
        actions.approve(report=Report.objects.get(pk=report_id), by=by, now=now)
    except Refused as refused:
        return str(refused)
    return "approved"


def add_trainings(titles: list[str], person_id: int) -> list[str]:
    """Write down each of these trainings of a person; return for each "added", or the refusal."""
    from datetime import date

    from accounts.models import User
    from bookings import actions

    person, got = User.objects.get(pk=person_id), []
    for title in titles:
        try:
            actions.add_training(
                person=person, by=person, completed_on=date(2017, 9, 1), evidence="evidence/1.pdf", title=title
            )
        except actions.Refused as refused:
            got.append(str(refused))
        else:
            got.append("added")
    return got
