"""T&D runs the programme from the admin, without a superuser account."""

from datetime import timedelta

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.actions import ensure_roles
from accounts.models import AuditEntry, Sector
from accounts.models.user import TD_SERVICE
from courses.models import Event, Subject
from notifications.models import Message
from tests.factories import (
    CourseFactory,
    OrganisationFactory,
    SectorFactory,
    SubjectFactory,
    TrainerFactory,
    UserFactory,
    VenueFactory,
    make_event,
)
from wscb_training.histories import HistoryAdmin

pytestmark = pytest.mark.django_db
OURS = {"accounts", "bookings", "competence", "courses", "evaluations", "learning", "monitoring", "notifications"}
# The audit is for the superuser: it says what officers looked at, too.
SCREENS = [model for model in admin.site._registry if model._meta.app_label in OURS and model is not AuditEntry]


def test_the_role_can_be_made_twice_and_gives_no_power_over_accounts(officer):
    ensure_roles()
    assert officer.has_perm("courses.change_event")
    assert not officer.has_perm("auth.change_permission") and not officer.has_perm("bookings.delete_booking")


@pytest.mark.parametrize("model", SCREENS, ids=lambda model: model._meta.label)
def test_every_screen_opens(client, officer, model):
    make_event()
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    assert client.get(reverse(f"{name}_changelist"), {"q": "a"}).status_code == 200
    if admin.site._registry[model].has_add_permission(type("Request", (), {"user": officer})()):
        assert client.get(reverse(f"{name}_add")).status_code == 200
    if thing := model._default_manager.first():
        assert client.get(reverse(f"{name}_change", args=[thing.pk])).status_code == 200


def test_every_history_is_the_page_that_people_can_read():
    """The package's own shows times as stored, leaves out what no form edits, and can put old versions back."""
    kept = [each for model, each in admin.site._registry.items() if hasattr(model, "history")]
    assert len(kept) > 20 and [each for each in kept if not isinstance(each, HistoryAdmin)] == []


def test_nobody_raises_rights_or_takes_over_an_account_that_has_them(client, officer):
    """T&D gives the roles of trainer and Sub-committee; whoever may open the admin is out of its reach."""
    page = client.get(reverse("admin:accounts_user_change", args=[UserFactory().pk])).content.decode()
    assert 'name="is_superuser"' not in page and 'name="is_staff"' not in page
    assert TD_SERVICE.replace("&", "&amp;") not in page.partition('name="groups"')[2].partition("</select>")[0]
    for powerful in (UserFactory(is_superuser=True, email="root@riverside.example"), officer):
        address = powerful.email
        client.post(reverse("admin:accounts_user_change", args=[powerful.pk]), {"email": "mine@riverside.example"})
        powerful.refresh_from_db()
        assert powerful.email == address
    assert officer.groups.get().name == TD_SERVICE


class TestPublishing:
    def test_what_is_missing_is_named(self, client, officer):
        event = make_event(published=False, trainers=[], venue=None)
        page = client.get(reverse("admin:courses_event_change", args=[event.pk])).content.decode()
        assert "It still needs a venue, or a joining link for a virtual classroom, a trainer." in page

        answer = client.post(reverse("admin:courses_event_publish", args=[event.pk]), follow=True)

        assert "the event needs a venue" in answer.content.decode()
        event.refresh_from_db()
        assert event.status == "draft"

    def test_a_ready_draft_is_published_with_history(self, client, officer):
        event = make_event(published=False)
        client.post(reverse("admin:courses_event_publish", args=[event.pk]))
        event.refresh_from_db()
        assert event.is_published and event.history.first().history_user == officer

    def test_many_at_once(self, client, officer):
        events = [make_event(published=False) for _ in range(2)]
        events.append(make_event(published=False, trainers=[]))
        chosen = {"action": "publish_selected", "_selected_action": [event.pk for event in events]}
        asked = client.post(reverse("admin:courses_event_changelist"), chosen).text
        assert "Not yet. Before it can be published, the event needs a trainer." in asked and "Ready." in asked
        assert not Event.objects.filter(status="published").exists()
        client.post(reverse("admin:courses_event_changelist"), {**chosen, "apply": "yes"})
        assert Event.objects.filter(status="published").count() == 2


def form_of(event, **changes) -> dict:
    """Return what the event's page would post, with some fields changed."""
    sessions = list(event.sessions.all()) if event.pk else []
    data = {
        "course": event.course_id, "kind": event.kind, "venue": event.venue_id or "",
        "trainers": [trainer.pk for trainer in event.trainers.all()] if event.pk else [],
        "capacity": event.capacity, "audience": event.audience, "releases_places": "on", "joining_link": "",
        "sessions-TOTAL_FORMS": len(sessions), "sessions-INITIAL_FORMS": len(sessions), "bookings-TOTAL_FORMS": 0,
        "bookings-INITIAL_FORMS": 0, "vcs_share": "", "double_booking_reason": event.double_booking_reason,
    }  # fmt: skip
    for number, session in enumerate(sessions):
        for end in ("starts_at", "ends_at"):
            moment = timezone.localtime(getattr(session, end))
            data[f"sessions-{number}-{end}_0"], data[f"sessions-{number}-{end}_1"] = moment.date(), moment.time()
        data |= {f"sessions-{number}-id": session.pk, f"sessions-{number}-event": event.pk}
    return {**data, **changes}


class TestChanging:
    def post(self, client, event, **changes):
        return client.post(
            reverse("admin:courses_event_change", args=[event.pk]), form_of(event, **changes), follow=True
        )

    def test_a_capacity_below_the_places_held_is_refused_with_the_number(self, client, officer, book):
        """Places 4."""
        event = make_event(capacity=10)
        for person in UserFactory.create_batch(3):
            book(event, person, at=timezone.now())
        answer = self.post(client, event, capacity=2).content.decode()
        assert "3 people have a place, so the capacity can&#x27;t be less than 3." in answer

        self.post(client, event, capacity=5)
        event.refresh_from_db()
        assert (event.capacity, event.vcs_places, event.held_other) == (5, 1, 3)

    def test_a_new_venue_tells_everyone_confirmed_only_what_changed(self, client, officer, book):
        event, person = make_event(capacity=10), UserFactory()
        booking = book(event, person, at=timezone.now())
        venue = VenueFactory(name="Roehampton Hall", address="27 Danebury Avenue", postcode="SW15 4HD")

        asked = self.post(client, event, venue=venue.pk).text
        assert "Nothing is saved yet" in asked and "1 person will be told" in asked
        assert person.full_name.replace("'", "&#x27;") in asked and "was changed successfully" not in asked
        event.refresh_from_db()
        assert event.venue != venue and not Message.objects.filter(kind="bookings/event_changed").exists()

        answer = self.post(client, event, venue=venue.pk, _confirmed="Save and tell them").text

        assert "1 person told: The place is now: Roehampton Hall" in answer
        message = Message.objects.get(kind="bookings/event_changed")
        assert "The place is now: Roehampton Hall" in message.text and "The event is now" not in message.text
        assert "SEQUENCE:1" in message.calendar
        booking.refresh_from_db()
        assert booking.change_announced_at

    def test_nothing_of_note_changed_and_nobody_is_told(self, client, officer, book):
        event = make_event(capacity=10)
        book(event, UserFactory(), at=timezone.now())
        self.post(client, event, joining_instructions="Bring lunch")
        assert not Message.objects.filter(kind="bookings/event_changed").exists()
        event.refresh_from_db()
        assert (event.joining_instructions, event.held_other) == ("Bring lunch", 1)

    def test_a_published_event_keeps_a_session(self, client, officer):
        """Events 29."""
        event = make_event()
        answer = self.post(client, event, **{"sessions-0-DELETE": "on"})
        assert "A published event needs a session" in answer.content.decode()
        assert event.sessions.count() == 1

    def test_a_double_booked_venue_is_named(self, client, officer):
        venue = VenueFactory(name="Battersea Arts Rooms")
        first = make_event(venue=venue)
        second = make_event(starts_at=first.starts_at + timedelta(hours=1), double_booking_reason="")
        answer = self.post(client, second, venue=venue.pk).text
        assert f"Battersea Arts Rooms is taken by {first}" in answer
        second.refresh_from_db()
        assert second.venue != venue

        self.post(client, second, venue=venue.pk, double_booking_reason="Two rooms")
        second.refresh_from_db()
        assert second.venue == venue and second.history.first().double_booking_reason == "Two rooms"

    def test_the_reason_stands_for_the_clash_it_was_given_for_and_a_new_one_asks_again(self, client, officer):
        trainer = TrainerFactory(name="Ama Mensah")
        first = make_event(trainers=[trainer])
        second = make_event(venue=first.venue, starts_at=first.starts_at, double_booking_reason="Two rooms")
        self.post(client, second, joining_instructions="Bring lunch")  # the same clash as ever
        second.refresh_from_db()
        assert second.joining_instructions == "Bring lunch"

        answer = self.post(client, second, trainers=[trainer.pk]).text
        assert f"Ama Mensah trains at {first}" in answer
        assert "was given for another clash" in answer
        assert trainer not in second.trainers.all()

        self.post(client, second, trainers=[trainer.pk], double_booking_reason="Two rooms, and Ama goes between them")
        assert trainer in second.trainers.all()
        self.post(client, second, trainers=[trainer.pk], joining_instructions="Bring tea",
                  double_booking_reason="Two rooms, and Ama goes between them")  # fmt: skip
        second.refresh_from_db()
        assert second.joining_instructions == "Bring tea"


def test_a_new_event_gets_its_reference_quota_and_span(client, officer):
    start = timezone.localtime(timezone.now() + timedelta(days=20)).replace(hour=9, minute=30, second=0, microsecond=0)
    draft = Event(course=CourseFactory(), capacity=25, audience="all")
    data = form_of(
        draft,
        **{
            "trainers": [], "sessions-TOTAL_FORMS": 1, "sessions-0-starts_at_0": start.date(),
            "sessions-0-starts_at_1": "09:30", "sessions-0-ends_at_0": start.date(), "sessions-0-ends_at_1": "12:30",
        },
    )  # fmt: skip
    client.post(reverse("admin:courses_event_add"), data)
    event = Event.objects.get()
    assert event.reference.startswith("E-") and event.created_by == officer
    assert (event.vcs_places, event.starts_at) == (3, start)


class TestBookings:
    def test_cancel_with_a_reason(self, client, officer, book):
        booking = book(make_event(capacity=10), UserFactory(), at=timezone.now())
        client.post(reverse("admin:bookings_booking_cancel", args=[booking.pk]), {"reason": "She rang us"})
        booking.refresh_from_db()
        assert (booking.status, booking.end_reason, booking.ended_by) == ("cancelled", "She rang us", officer)

    def test_move_up(self, client, officer, book):
        event = make_event(capacity=2)
        book(event, UserFactory(), at=timezone.now())
        waiting = book(event, UserFactory(), at=timezone.now())
        url = reverse("admin:bookings_booking_move_up", args=[waiting.pk])
        client.post(url, {"reason": ""})
        waiting.refresh_from_db()
        assert waiting.status == "waiting"
        client.post(url, {"reason": "The judge asked"})
        waiting.refresh_from_db()
        assert (waiting.status, waiting.override_reason) == ("confirmed", "The judge asked")

    def test_add_a_person(self, client, officer):
        event, person = make_event(capacity=10), UserFactory()
        url = reverse("admin:courses_event_add_person", args=[event.pk])
        assert "Reason to go beyond the rules" in client.get(url).content.decode()
        client.post(url, {"person": person.pk})
        assert event.bookings.get().booked_by == officer
        again = client.post(url, {"person": person.pk}).content.decode()
        assert "You already have a place on this event." in again

    def test_cancel_the_event_says_how_many_are_told(self, client, officer, book):
        event, person = make_event(capacity=10), UserFactory(full_name="Amina Żuk")
        book(event, person, at=timezone.now())
        url = reverse("admin:courses_event_cancel", args=[event.pk])
        asked = client.get(url).text
        assert "1 person will be told (1 confirmed)" in asked and str(person) in asked
        client.post(url, {"reason": "Snow"})
        event.refresh_from_db()
        assert event.status == "cancelled" and event.history.first().history_user == officer


@pytest.mark.parametrize("rows", [2, 200])
def test_lists_ask_the_database_the_same_few_questions(client, officer, book, rows, django_assert_num_queries):
    event = make_event(capacity=rows + 10)
    Event.objects.filter(pk=event.pk).update(released_at=timezone.now())
    for person in UserFactory.create_batch(rows, organisation=officer.organisation):
        book(event, person, at=timezone.now())
    # session, person, groups and their permissions (2), count, dates of the hierarchy, rows, choices of the filters
    for model, queries in {"courses_event": 11, "bookings_booking": 11, "accounts_user": 13}.items():
        client.get(reverse(f"admin:{model}_changelist"))
        with django_assert_num_queries(queries):
            client.get(reverse(f"admin:{model}_changelist"))
    change = reverse("admin:courses_event_change", args=[event.pk])
    client.get(change)
    with django_assert_num_queries(14):
        client.get(change)


MANY = {
    "courses_course": CourseFactory,
    "courses_venue": VenueFactory,
    "courses_trainer": TrainerFactory,
    "courses_subject": lambda: SubjectFactory(name=f"Subject {Subject.objects.count()}"),
    "accounts_organisation": OrganisationFactory,
    "accounts_sector": lambda: SectorFactory(name=f"Sector {Sector.objects.count()}"),
}


@pytest.mark.parametrize("model", MANY)
def test_a_list_of_the_catalogue_asks_the_same_for_two_rows_and_two_hundred(client, officer, model):
    """Not a number, which filters and rights make: the same one, however long the list is."""
    asked = []
    for rows in (2, 198):
        for _ in range(rows):
            MANY[model]()
        client.get(reverse(f"admin:{model}_changelist"))  # what is asked once and kept is asked now
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(f"admin:{model}_changelist")).status_code == 200
        asked.append(len(queries))
    assert asked[0] == asked[1]
