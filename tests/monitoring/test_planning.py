"""T&D's Today page and the year's programme: everything that waits is there, and nothing that does not."""

from datetime import datetime, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from accounts.models import Organisation
from accounts.models.user import SUB_COMMITTEE, TD_SERVICE, TRAINER
from accounts.rules import year_of
from bookings import actions
from courses.models import Course, Event
from monitoring import programme as planning
from monitoring.privacy.actions import ask_to_be_erased
from monitoring.today import waiting
from notifications.models import Message
from tests.factories import CourseFactory, OrganisationFactory, SubjectFactory, UserFactory, make_event, make_lead
from wscb_training.wording import short_day

LONDON = timezone.get_default_timezone()
NOW = datetime(2026, 11, 23, 8, 30, tzinfo=LONDON)
pytestmark = pytest.mark.django_db


def role(name: str, **fields):
    person = UserFactory(**fields)
    person.groups.add(Group.objects.get_or_create(name=name)[0])
    return person


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def td():
    return role(TD_SERVICE, is_staff=True)


def what_waits() -> dict[str, int]:
    return {each.title: each.count for each in waiting(now=timezone.now())}


class TestToday:
    def test_nothing_waits_on_a_quiet_day(self, client, td):
        make_event(minimum=None)
        client.force_login(td)
        assert "Nothing waits for you" in client.get(reverse("monitoring:today")).text

    def test_opens_with_what_is_held_this_week(self, client, td):
        for hours, title in ((-2, "This morning"), (24 * 6, "In six days"), (24 * 8, "Next week"), (-24, "Yesterday")):
            start = NOW + timedelta(hours=hours)
            make_event(starts_at=start, now=NOW - timedelta(days=9), course=CourseFactory(title=title), minimum=None)
        make_event(days=2, published=False, course=CourseFactory(title="A draft"))
        client.force_login(td)
        page = client.get(reverse("monitoring:today")).text
        week = page[page.index("This week") : page.index("To do")]
        titles = ("This morning", "In six days", "Next week", "Yesterday", "A draft")
        assert [title for title in titles if title in week] == ["This morning", "In six days"]
        assert week.count("<strong>Today</strong>") == 1

    def test_events_that_want_something(self):
        make_event(days=-2, now=NOW)  # over, its register open
        make_event(days=5, minimum=6)
        lacking = make_event(days=20)
        lacking.trainers.clear()
        make_event(days=20, published=False)
        make_event(days=60, published=False, minimum=6)  # far off
        assert what_waits() == {
            "Registers not closed": 1, "Events with few bookings": 1, "Events without a trainer or a place": 1,
            "Drafts that begin within six weeks": 1,
        }  # fmt: skip

    def test_people_and_organisations_that_wait(self):
        OrganisationFactory(confirmed_at=None)
        strict = OrganisationFactory(requires_approval=True)
        make_lead(strict)
        person = UserFactory(organisation=strict)
        actions.book(event=make_event(), person=person, by=person, now=NOW)
        UserFactory(bounced_at=NOW)
        alone = UserFactory()
        actions.add_training(person=alone, by=alone, completed_on=NOW.date(), title="Level 2", provider="College",
                             contents=[], evidence=None)  # fmt: skip
        assert what_waits() == {
            "Organisations to confirm": 1, "Bookings that wait for approval": 1, "Training elsewhere to verify": 1,
            "Addresses whose mail comes back": 1,
        }  # fmt: skip

    def test_requests_to_be_erased_with_the_day_that_the_law_gives(self):
        ask_to_be_erased(person=UserFactory(full_name="Amina Okafor"), now=NOW)
        [each] = waiting(now=NOW)
        assert each.title == "Requests to be erased"
        by = short_day(NOW + relativedelta(months=1))
        assert each.first == [(f"Amina Okafor: answer by {by}", reverse("monitoring:retention"))]

    def test_messages_that_failed(self):
        Message.objects.create(key="k", kind="x", to="a@b.example", subject="S", text="T", html="", status="failed",
                               next_attempt_at=NOW)  # fmt: skip
        assert what_waits() == {"Messages that could not be sent": 1}

    def test_shows_five_and_says_how_many_more(self, client, td):
        for _ in range(7):
            OrganisationFactory(confirmed_at=None)
        [each] = waiting(now=NOW)
        assert (each.count, len(each.first), each.more) == (7, 5, 2)
        client.force_login(td)
        assert client.get(each.all_url, follow=True).status_code in (200, 403)

    def test_td_starts_the_day_with_it(self, client, td):
        answer = client.post(reverse("account_login"), {"login": td.email, "password": "correct-horse"})
        assert answer.url == reverse("monitoring:today")


@pytest.mark.parametrize("page", ["today", "programme"])
def test_for_td_alone(client, td, page):
    statuses = []
    for person in (td, role(TRAINER), role(SUB_COMMITTEE), UserFactory()):
        client.force_login(person)
        statuses.append(client.get(reverse(f"monitoring:{page}")).status_code)
    client.logout()
    assert [*statuses, client.get(reverse(f"monitoring:{page}")).status_code] == [200, 404, 404, 404, 302]


class TestTheProgramme:
    @pytest.mark.parametrize(("day", "year"), [("2027-03-31", 2026), ("2027-04-01", 2027)])
    def test_a_year_starts_in_april(self, day, year):
        assert year_of(datetime.fromisoformat(day).date(), starts_month=4) == year

    def test_by_month_with_drafts_and_what_they_need(self, client, td):
        make_event(starts_at=datetime(2027, 1, 11, 9, 30, tzinfo=LONDON), capacity=12)
        make_event(starts_at=datetime(2027, 1, 18, 9, 30, tzinfo=LONDON), published=False, venue=None, trainers=[])
        make_event(starts_at=datetime(2027, 4, 12, 9, 30, tzinfo=LONDON))  # next year's
        client.force_login(td)
        page = client.get(reverse("monitoring:programme")).text
        assert "January 2027: 2 events" in page and "April 2027" not in page and "2 events, 1 draft among them" in page
        assert "Needs a venue, or a joining link for a virtual classroom; a trainer" in page
        assert "April 2027: 1 event" in client.get(reverse("monitoring:programme"), {"year": "2027"}).text

    def test_each_event_says_which_priorities_it_serves(self):
        safety, prevent = (
            SubjectFactory(name=name)
            for name in ("Signs of Safety and Wellbeing", "Workshop to Raise Awareness of Prevent")
        )
        cases = [
            ({"kind": Event.Kind.REVIEW_CONFERENCE}, [], [1]),
            ({}, [safety], [2]),
            ({"hosted_in_community": True, "service_users_in_design": True}, [], [9, 14]),
            ({"audience": Event.Audience.ORGANISATIONS}, [prevent], [5, 13]),
        ]
        for fields, subjects, priorities in cases:
            course = CourseFactory()
            course.subjects.set(subjects)
            assert planning.priorities_of(make_event(course=course, **fields)) == priorities
        dsl = CourseFactory(duty=Course.Duty.SAFEGUARDING_LEAD)
        assert planning.priorities_of(make_event(course=dsl)) == [11]

    def test_filters_by_priority_and_bears_rubbish(self, client, td):
        make_event(hosted_in_community=True)
        make_event()
        client.force_login(td)
        pages = [client.get(reverse("monitoring:programme"), {"priority": p}).text for p in ("9", "", "99", "²")]
        assert ["1 event," in page for page in pages] == [True, False, False, False]
        assert client.get(reverse("monitoring:programme"), {"year": "99999999999"}).status_code == 200

    @pytest.mark.usefixtures("priorities")
    def test_says_what_is_short_of_what_a_priority_asks_for(self, client, td):
        for _ in range(3):  # three conferences are no case audit event
            make_event(kind=Event.Kind.REVIEW_CONFERENCE)
        make_event(hosted_in_community=True)
        make_event(hosted_in_community=True, published=False)
        cancelled = make_event(kind=Event.Kind.CASE_AUDIT)
        actions.cancel_event(event=cancelled, by=td, now=NOW, reason="Snow")
        [month] = planning.programme(2026, now=NOW)
        one, nine = (each for each in planning.served(month.events) if each.number in (1, 9))
        assert (one.firm, one.asked, one.short) == (3, 3, 1)
        assert (nine.firm, nine.drafts, nine.in_drafts, nine.short) == (1, 1, 1, 0)
        client.force_login(td)
        page = client.get(reverse("monitoring:programme")).text
        assert "1 event to plan" in page and "In drafts" in page

    @pytest.mark.parametrize("events", [2, 60])
    def test_asks_the_same_few_questions_for_any_number(self, client, td, events, django_assert_num_queries):
        for number in range(events):
            make_event(days=1 + number % 100, published=bool(number % 2))
        client.force_login(td)
        # session, person, roles; policy (year, months), events, trainers, subjects; targets; undated; the frame: leads
        with django_assert_num_queries(11):
            client.get(reverse("monitoring:programme"))

    @pytest.mark.parametrize("things", [2, 30])
    def test_so_does_today(self, client, td, things, django_assert_num_queries):
        for _ in range(things):
            make_event(days=5, minimum=6)
            Organisation.objects.create(name=f"New {_}", sector=td.organisation.sector)
        client.force_login(td)
        # session, person, roles; the week's sessions, their trainers; policy; a list and a count for 10 kinds, a count
        # for one, reviews, problems; whether the service runs, the steps of setting up; the frame: leads
        with django_assert_num_queries(40):
            client.get(reverse("monitoring:today"))
