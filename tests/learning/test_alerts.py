"""§14: the weekly email of new events. Once a person a week, the gaps of their pathway first, easily stopped."""

import re
from datetime import datetime, timedelta

import pytest
from django.core import mail, signing
from django.urls import reverse
from django.utils import timezone

from accounts.models import Policy, User
from bookings import actions as bookings
from bookings import bookable
from bookings.models import Booking
from competence.models import PathwayTick, PathwayVersion, TrainingContent
from courses.models import Event
from learning import actions, alerts, rules
from learning.models import AlertChoice
from learning.tasks import send_alerts
from notifications.actions import deliver
from notifications.models import Message
from tests.factories import (
    CourseFactory,
    GroupFactory,
    SectorFactory,
    SubjectFactory,
    UserFactory,
    make_event,
)

LONDON = timezone.get_default_timezone()
MONDAY = datetime(2026, 1, 12, 8, 0, tzinfo=LONDON)
BEFORE, DAY, WEEK = MONDAY - timedelta(days=3), timedelta(days=1), timedelta(days=7)
pytestmark = pytest.mark.django_db


@pytest.fixture
def learner():
    return UserFactory(date_joined=MONDAY - 4 * WEEK)


def new_event(at=BEFORE, **fields):
    """Return an event that was published at `at`."""
    return make_event(now=at, days=60, **fields)


def told() -> list[tuple[str, str]]:
    return list(Message.objects.filter(kind="learning/weekly").order_by("pk").values_list("to", "subject"))


class TestWhen:
    @pytest.mark.parametrize(
        ("now", "moment"),
        [
            (MONDAY, MONDAY),
            (MONDAY - timedelta(minutes=1), MONDAY - WEEK),
            (MONDAY + 6 * DAY, MONDAY),
            (datetime(2026, 3, 30, 8, 0, tzinfo=LONDON), datetime(2026, 3, 30, 8, 0, tzinfo=LONDON)),  # summer time
        ],
    )
    def test_the_moment_is_monday_8am_in_london(self, now, moment):
        assert rules.alert_moment(now=now, weekday=0, hour=8) == moment
        assert rules.next_alert_moment(now=now, weekday=0, hour=8) > now

    def test_td_chooses_the_day_and_hour(self, learner):
        Policy.objects.create(pk=1, alert_weekday=3, alert_hour=14)
        new_event()
        thursday = MONDAY + 3 * DAY + timedelta(hours=6)
        runs = [MONDAY, thursday - timedelta(minutes=1), thursday]
        assert [actions.send_alerts(now=now) for now in runs] == [0, 0, 1]

    def test_it_goes_once_a_week_whatever_runs_how_often(self, learner):
        new_event()
        runs = [MONDAY, MONDAY, MONDAY + timedelta(minutes=10), MONDAY + 2 * DAY]
        assert [actions.send_alerts(now=now) for now in runs] == [1, 0, 0, 0]

    def test_missed_on_monday_it_goes_on_tuesday_and_the_next_one_on_monday(self, learner):
        new_event()
        assert actions.send_alerts(now=MONDAY + DAY) == 1
        new_event(at=MONDAY + 2 * DAY)
        assert [actions.send_alerts(now=now) for now in (MONDAY + 2 * DAY, MONDAY + WEEK)] == [0, 1]

    def test_missed_for_longer_it_is_left_to_the_next_week_and_nothing_is_lost(self, learner):
        new_event()
        assert [actions.send_alerts(now=now) for now in (MONDAY + 4 * DAY, MONDAY + WEEK)] == [0, 1]

    def test_when_td_moves_the_day_nobody_gets_two_in_a_week(self, learner):
        policy = Policy.objects.create(pk=1)
        new_event()
        assert actions.send_alerts(now=MONDAY) == 1
        policy.alert_weekday = 3
        policy.save()
        new_event(at=MONDAY + DAY)
        thursday, next_one = MONDAY + 3 * DAY, MONDAY + 10 * DAY
        assert [actions.send_alerts(now=now) for now in (thursday, next_one)] == [0, 1]

    def test_who_registers_after_monday_waits_for_the_next(self):
        UserFactory(date_joined=MONDAY + DAY)
        new_event()
        assert actions.send_alerts(now=MONDAY + 2 * DAY) == 0

    def test_an_event_is_told_of_when_its_booking_opens(self, learner):
        new_event(booking_opens_at=MONDAY + DAY)
        assert [actions.send_alerts(now=now) for now in (MONDAY, MONDAY + WEEK)] == [0, 1]

    def test_an_event_is_told_of_once(self, learner):
        new_event()
        assert [actions.send_alerts(now=MONDAY + week * WEEK) for week in range(3)] == [1, 0, 0]


class TestWhom:
    @pytest.mark.parametrize(
        "fields",
        [
            {"wants_alert": False},
            {"is_active": False},
            {"bounced_at": BEFORE},
            {"full_name": ""},  # details not complete: may book nothing
        ],
    )
    def test_who_does_not_want_it_or_can_not_book_gets_none(self, fields):
        UserFactory(date_joined=BEFORE - WEEK, **fields)
        new_event()
        assert actions.send_alerts(now=MONDAY) == 0

    def test_only_what_they_may_book(self, learner):
        booked, clashing = new_event(), new_event()
        bookings.book(event=booked, person=learner, by=learner, now=BEFORE)
        new_event(audience=Event.Audience.SECTORS, sectors=[SectorFactory(vcs=True)])
        new_event(course=_with_prerequisite())
        assert clashing.starts_at == booked.starts_at
        assert actions.send_alerts(now=MONDAY) == 0

    def test_the_facts_of_many_are_those_of_each(self, learner):
        """One rule, asked for many: `bookable.facts` says what `Booking.objects.facts` says."""
        charity = UserFactory(vcs=True)
        events = [
            new_event(),
            new_event(audience=Event.Audience.SECTORS, sectors=[charity.sector]),
            new_event(audience=Event.Audience.ORGANISATIONS, organisations=[learner.organisation]),
            new_event(course=_with_prerequisite()),
        ]
        bookings.book(event=events[0], person=charity, by=charity, now=BEFORE)
        people = list(User.objects.filter(pk__in=[learner.pk, charity.pk]).select_related("organisation"))
        side = bookable.event_side(events)
        theirs = bookable.people_side(people, events, side)
        for person in people:
            for event in events:
                one = Booking.objects.facts(event=event, person=person)
                assert bookable.facts(event, person, side, theirs) == one

    def test_gaps_come_first_then_the_group_then_the_rest(self, learner):
        content = TrainingContent.objects.create(code="4.1", title="Recognising abuse", short_name="Recognising abuse")
        version = PathwayVersion.objects.create(in_force_from=BEFORE.date())
        PathwayTick.objects.create(version=version, group=learner.group, content=content)
        rest, group, gap = (CourseFactory(title=title) for title in ("Rest", "Group", "Gap"))
        gap.satisfies.add(content)
        group.target_groups.add(learner.group)
        for days, course in enumerate((rest, group, gap)):
            make_event(now=BEFORE, days=40 + days, course=course)
        actions.send_alerts(now=MONDAY)
        text = Message.objects.get().text
        assert text.index("Gap") < text.index("Group") < text.index("Rest")
        assert "Counts towards: Recognising abuse" in text and "FOR YOUR COMPETENCE GROUP" in text

    def test_what_they_chose_limits_it(self, learner):
        wanted = CourseFactory()
        wanted.subjects.add(SubjectFactory())
        virtual = CourseFactory(delivery="virtual")
        virtual.subjects.add(SubjectFactory())
        others = CourseFactory()
        others.subjects.add(SubjectFactory())
        others.target_groups.add(GroupFactory(number=8))
        chosen = {"subjects": [SubjectFactory()], "groups": [learner.group], "deliveries": ["face_to_face"]}
        for days, course in enumerate((wanted, virtual, others, CourseFactory())):
            make_event(now=BEFORE, days=40 + days, course=course)
        actions.choose_alert(person=learner, wants=True, by=learner, **chosen)
        actions.send_alerts(now=MONDAY)
        assert told() == [(learner.email, f"New: {wanted.title}, 18 February 2026")]

    def test_number_of_queries_does_not_grow_with_the_people(self, django_assert_num_queries):
        for _ in range(3):
            new_event()
        for number in (2, 40):
            UserFactory.create_batch(number, date_joined=BEFORE - WEEK)
            AlertChoice.objects.all().delete()
            Message.objects.all().delete()
            with django_assert_num_queries(33):
                actions.send_alerts(now=MONDAY)
        assert len(told()) == 42


def _with_prerequisite():
    course = CourseFactory()
    course.prerequisites.add(CourseFactory())
    return course


class TestTheEmail:
    @pytest.fixture
    def message(self, learner):
        new_event(course=CourseFactory(title="Complex Neglect"))
        actions.send_alerts(now=MONDAY)
        return Message.objects.get()

    def test_it_can_be_stopped_by_the_mail_program_itself(self, message, client, learner):
        """RFC 8058: a POST to the address in the header, without cookie or token of ours."""
        deliver(message_id=message.pk, now=timezone.now())
        headers = mail.outbox[0].extra_headers
        assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        address = headers["List-Unsubscribe"].split(">")[0].strip("<").partition("/weekly-email")[2]
        answer = client.post(f"/weekly-email{address}", {"List-Unsubscribe": "One-Click"})
        learner.refresh_from_db()
        assert (answer.status_code, learner.wants_alert) == (204, False)
        assert learner.history.first().wants_alert is False

    def test_a_scanner_that_opens_the_link_changes_nothing(self, message, client, learner):
        page = re.search(r"/weekly-email/stop/\S+", message.text)[0]
        assert "Stop the weekly email" in client.get(page).text
        learner.refresh_from_db()
        assert learner.wants_alert
        assert "no weekly email any more" in client.post(page, follow=True).text
        client.post(page, {"resume": "1"})
        learner.refresh_from_db()
        assert learner.wants_alert

    @pytest.mark.parametrize("salt", ["evaluations.answer", "learning.other"])
    def test_a_link_for_something_else_stops_nothing(self, client, learner, salt):
        page = reverse("learning:stop_weekly_email", args=[signing.dumps(learner.pk, salt=salt)])
        assert client.post(page).status_code == 404

    def test_subject_and_text_are_plain(self, message):
        assert message.subject == "New: Complex Neglect, 10 March 2026"
        assert "<" not in message.text and "Tuesday 10 March 2026, 8am" in message.text


class TestPages:
    def test_i_choose_and_see_my_next_email(self, client, learner):
        client.force_login(learner)
        title = new_event(at=timezone.now()).course.title
        subject = SubjectFactory()
        page = client.get(reverse("learning:weekly_email")).text
        assert title in page
        form = {"wants": "yes", "subjects": [subject.pk], "groups": [], "deliveries": ["virtual"]}
        page = client.post(reverse("learning:weekly_email"), form, follow=True).text
        choice = AlertChoice.objects.get(person=learner)
        assert list(choice.subjects.all()) == [subject] and choice.deliveries == ["virtual"]
        assert title not in page

    def test_td_sees_the_next_one_and_as_it_comes_to_a_person(self, admin_client, learner):
        title = new_event(at=timezone.now()).course.title
        page = admin_client.get(reverse("learning:next_alert"), {"email": learner.email}).text
        assert page.count(title) == 2
        assert (
            "Nobody has this email" in admin_client.get(reverse("learning:next_alert"), {"email": "x@y.example"}).text
        )

    def test_nobody_else_sees_it(self, client, learner):
        client.force_login(learner)
        assert client.get(reverse("learning:next_alert")).status_code == 404

    def test_an_erased_person_leaves_no_choice(self, learner, admin_user):
        actions.choose_alert(person=learner, wants=True, subjects=[], groups=[], deliveries=[], by=learner)
        actions.erase_person(person=learner, by=admin_user, now=timezone.now())
        assert not AlertChoice.objects.exists()

    def test_merged_accounts_keep_one_choice(self, learner, admin_user):
        other = UserFactory()
        for person in (learner, other):
            actions.choose_alert(person=person, wants=True, subjects=[], groups=[], deliveries=[], by=person)
        actions.merge_accounts(keep=learner, gone=other, by=admin_user, now=timezone.now())
        assert AlertChoice.objects.get().person == learner


def test_the_task_runs_at_any_time(learner):
    send_alerts()
    send_alerts()
    assert alerts.news(since=timezone.now(), until=timezone.now()).events == []
