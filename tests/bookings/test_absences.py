"""Places not used: told to CPD leads once a day, listed for T&D, charged if T&D wants, waived with a reason."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from accounts.models import Policy
from accounts.models.user import TD_SERVICE
from bookings import actions, rules
from bookings.models import Charge
from notifications.models import Message
from tests.factories import OrganisationFactory, UserFactory, make_event, make_lead

START = datetime(2026, 2, 2, 9, 30, tzinfo=UTC)
EVENING = datetime(2026, 2, 2, 17, 15, tzinfo=UTC)
DAY = timedelta(days=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def td():
    person = UserFactory(full_name="Dominic Clarke")
    person.groups.add(Group.objects.get_or_create(name=TD_SERVICE)[0])
    return person


@pytest.fixture
def lead(school):
    return make_lead(school)


@pytest.fixture
def charging():
    policy = Policy.current()
    policy.charges_on = True
    policy.save()


def absent(school, now, *, hours=3, mark="absent", name="Ben O'Brien"):
    """Return the booking of somebody of the school who did not come to an event on 2 February 2026."""
    event = make_event(now=now, starts_at=START, hours=hours)
    person = UserFactory(full_name=name, organisation=school)
    booking = actions.book(event=event, person=person, by=person, now=now)
    session = event.sessions.get()
    ends = START + timedelta(hours=hours)
    actions.mark_attendance(event=event, marks={(booking.pk, session.pk): mark}, seen={}, by=None, now=ends)
    actions.close_register(event=event, by=None, now=ends)
    return booking


def cancelled_late(school, now):
    event = make_event(now=now, starts_at=START)
    person = UserFactory(full_name="Ann Lee", organisation=school)
    booking = actions.book(event=event, person=person, by=person, now=now)
    return actions.cancel(booking=booking, by=person, now=START - DAY, reason="Court hearing")


class TestTellingLeads:
    def told(self) -> list[Message]:
        return list(Message.objects.filter(kind="bookings/missed").order_by("created_at"))

    def test_one_email_a_day_for_all_of_their_staff(self, school, lead, now):
        absent(school, now)
        cancelled_late(school, now)
        assert [actions.settle_missed_places(now=EVENING) for _ in range(2)] == [2, 0]
        [message] = self.told()
        assert message.to == lead.email and message.subject == "Places not used: 2 places of your staff"
        assert "Cancelled late: Court hearing" in message.text and "Ben O'Brien" in message.text

    def test_a_lead_of_several_organisations_gets_one_for_all(self, school, lead, now):
        other = OrganisationFactory()
        other.leadships.create(person=lead)
        absent(school, now)
        absent(other, now, name="Amina Żuk")
        actions.settle_missed_places(now=EVENING)
        [message] = self.told()
        assert "Ben O'Brien" in message.text and "Amina Żuk" in message.text

    def test_what_comes_up_later_that_day_waits_until_tomorrow_and_is_not_lost(self, school, lead, now):
        cancelled_late(school, now)
        actions.settle_missed_places(now=EVENING)
        absent(school, now)
        assert actions.settle_missed_places(now=EVENING + timedelta(hours=1)) == 0
        assert actions.settle_missed_places(now=EVENING + DAY) == 1
        assert len(self.told()) == 2 and "Ben O'Brien" in self.told()[1].text

    def test_a_worker_that_was_down_tells_later_and_a_correction_before_is_not_told(self, school, lead, now):
        booking = absent(school, now)
        session = booking.event.sessions.get()
        cell = (booking.pk, session.pk)
        actions.mark_attendance(
            event=booking.event, marks={cell: "attended"}, seen={cell: "absent"}, by=None, now=EVENING
        )
        assert actions.settle_missed_places(now=EVENING + 5 * DAY) == 0 and self.told() == []

    def test_nobody_to_tell_is_no_error_and_who_was_there_is_not_told(self, now, school):
        absent(school, now)
        absent(school, now, mark="attended")
        assert actions.settle_missed_places(now=EVENING) == 1 and self.told() == []


class TestCharges:
    @pytest.mark.parametrize(
        ("sessions", "pounds"),
        [
            ([(0, 3)], 40),
            ([(0, 4)], 40),
            ([(0, 7)], 80),
            ([(0, 3), (4, 7)], 80),
            ([(0, 7), (168, 175)], 160),
            ([(0, 3), (168, 171)], 80),
        ],
    )
    def test_by_the_length_of_each_day(self, sessions, pounds):
        times = [(START + timedelta(hours=begin), START + timedelta(hours=end)) for begin, end in sessions]
        assert rules.charge_for(times, half_day=Decimal(40), day=Decimal(80)) == pounds

    def test_none_unless_td_switched_them_on(self, school, now):
        absent(school, now)
        actions.settle_missed_places(now=EVENING)
        assert not Charge.objects.exists()

    def test_once_for_absence_and_late_cancellation(self, school, now, charging):
        absent(school, now, hours=7)
        cancelled_late(school, now)
        for _ in range(2):
            actions.settle_missed_places(now=EVENING)
        assert sorted(Charge.objects.values_list("amount", flat=True)) == [40, 80]

    def test_none_for_a_cancellation_in_time(self, school, now, charging):
        event = make_event(now=now, starts_at=START)
        person = UserFactory(organisation=school)
        booking = actions.book(event=event, person=person, by=person, now=now)
        actions.cancel(booking=booking, by=person, now=START - 10 * DAY)
        actions.settle_missed_places(now=EVENING)
        assert not Charge.objects.exists()

    def test_a_correction_of_the_register_waives_it(self, school, now, charging):
        booking = absent(school, now)
        actions.settle_missed_places(now=EVENING)
        cell = (booking.pk, booking.event.sessions.get().pk)
        actions.mark_attendance(
            event=booking.event, marks={cell: "attended"}, seen={cell: "absent"}, by=None, now=EVENING
        )
        actions.settle_missed_places(now=EVENING + DAY)
        assert Charge.objects.get().in_words == "Waived: They were there after all: the register was corrected."
        actions.mark_attendance(
            event=booking.event, marks={cell: "absent"}, seen={cell: "attended"}, by=None, now=EVENING
        )
        assert actions.settle_missed_places(now=EVENING + 2 * DAY) == 1  # told again, and charged again
        assert Charge.objects.get().in_words == "£40.00"

    def test_td_waives_with_a_reason_once(self, school, now, charging, td):
        absent(school, now)
        actions.settle_missed_places(now=EVENING)
        charge = Charge.objects.get()
        with pytest.raises(actions.Refused, match="Enter why"):
            actions.waive_charge(charge=charge, by=td, now=EVENING, reason=" ")
        actions.waive_charge(charge=charge, by=td, now=EVENING, reason="In hospital")
        with pytest.raises(actions.Refused, match="already waived"):
            actions.waive_charge(charge=charge, by=td, now=EVENING, reason="Again")
        assert Charge.objects.get().history.first().history_user == td


class TestTheList:
    @pytest.fixture
    def two(self, school, now, charging):
        missed = absent(school, now), cancelled_late(school, now)
        actions.settle_missed_places(now=EVENING)
        return missed

    def test_td_alone_sees_it(self, client, two, td, lead):
        names = [("absences",), ("absences_csv",), ("absences_xlsx",), ("absence", two[0].code)]
        for person, status in ((td, 200), (lead, 404), (two[0].person, 404)):
            client.force_login(person)
            for name, *args in names:
                assert client.get(reverse(f"bookings:{name}", args=args)).status_code == status

    @pytest.mark.parametrize(
        ("query", "people"),
        [
            ("", {"Ben O'Brien", "Ann Lee"}),
            ("?kind=late", {"Ann Lee"}),
            ("?kind=absent", {"Ben O'Brien"}),
            ("?q=riverside", {"Ben O'Brien", "Ann Lee"}),
            ("?q=nobody", set()),
            ("?since=2026-02-03", set()),
            ("?since=rubbish&kind=x", {"Ben O'Brien", "Ann Lee"}),
        ],
    )
    def test_filters_work_in_the_page_and_in_its_csv(self, client, two, td, query, people):
        client.force_login(td)
        for name in ("absences", "absences_csv"):
            text = client.get(reverse(f"bookings:{name}") + query).text.replace("&#x27;", "'")
            assert {name for name in ("Ben O'Brien", "Ann Lee") if name in text} == people

    def test_td_notes_the_reason_and_waives_the_charge(self, client, two, td):
        client.force_login(td)
        url = reverse("bookings:absence", args=[two[0].code])
        assert "Enter why the charge is waived" in client.post(url, {"waive": "", "waived_reason": ""}).text
        client.post(url, {"note": "", "reason": "Ill"})
        client.post(url, {"waive": "", "waived_reason": "In hospital"})
        text = client.get(url).text
        assert "Waived: In hospital" in text and ">Ill</textarea>" in text.replace("\n", "")

    @pytest.mark.parametrize("places", [2, 40])
    def test_asks_the_same_few_questions_for_any_number(
        self, client, school, now, td, places, django_assert_num_queries
    ):
        for number in range(places):
            absent(school, now, name=f"Person {number}")
        client.force_login(td)
        client.get(reverse("bookings:absences"))
        # session, person, roles; count and page of places, organisations; the frame: whom they lead
        with django_assert_num_queries(7):
            client.get(reverse("bookings:absences"))
