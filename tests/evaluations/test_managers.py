"""§15: who is asked about somebody's practice, who when there is nobody, and thirty staff on one page."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import CPDLead
from bookings import actions as bookings
from evaluations import actions, emails
from evaluations.models import Evaluation, Kind
from notifications.models import Message
from tests.evaluations.test_chain import (
    DAY,
    END,
    IMPACT,
    LONG_BEFORE,
    START,
    attend,
    book,
    mails,
    run,
    typed,
)  # fmt: skip
from tests.factories import OrganisationFactory, UserFactory, make_event, make_lead, make_officer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(IMPACT + DAY, tick=False)


@pytest.fixture
def school():
    return OrganisationFactory(name="Riverside School")


@pytest.fixture
def event():
    return make_event(now=LONG_BEFORE, starts_at=START, capacity=40)


@pytest.fixture
def td():
    return make_officer()


def path(url: str) -> str:
    return url.removeprefix("http://localhost:8000")


def managers(booking) -> Evaluation:
    return booking.evaluations.get(kind=Kind.IMPACT_MANAGER)


def taught(event, number: int, school, **fields) -> list:
    made = [book(event, organisation=school, **fields) for _ in range(number)]
    for booking in made:
        attend(booking, close=False)
    bookings.close_register(event=event, by=None, now=END)
    return made


class TestThirtyStaff:
    """Messages 42."""

    def test_one_email_one_page_and_from_each_form_to_the_next(self, client, event, school):
        lead = make_lead(school, email="lead@riverside.example")
        taught(event, 30, school)
        run(IMPACT)
        run(IMPACT + DAY)
        assert mails("manager") == [lead.email]
        message = Message.objects.get(kind="evaluations/manager")
        assert message.subject == "30 short forms about the training of your staff"
        page_url = path(emails.respondent_url(lead.email))
        assert page_url.rpartition("/")[0].split("/")[2] == "for" and "/feedback/for/" in message.text
        assert client.get(page_url).text.count("/feedback/link/") == 30
        form = Evaluation.objects.filter(kind=Kind.IMPACT_MANAGER).order_by("booking__person__full_name").first()
        thanks = client.post(path(emails.answer_url(form)), typed(form)).text
        assert "29 more forms to answer" in thanks and "/feedback/for/" in thanks
        assert "1 of 30" in client.get(page_url).text

    def test_the_reminder_counts_what_is_left(self, client, event, school):
        make_lead(school, email="lead@riverside.example")
        taught(event, 3, school)
        run(IMPACT)
        form = Evaluation.objects.filter(kind=Kind.IMPACT_MANAGER).first()
        client.post(path(emails.answer_url(form)), typed(form))
        run(IMPACT + 7 * DAY)
        subjects = Message.objects.filter(kind="evaluations/manager").values_list("subject", flat=True)
        assert "Reminder: 2 short forms about the training of your staff" in subjects

    @pytest.mark.parametrize("number", [2, 20])
    def test_the_page_asks_the_database_the_same_for_any_number(
        self, client, event, school, number, django_assert_num_queries
    ):
        make_lead(school, email="lead@riverside.example")
        taught(event, number, school)
        run(IMPACT)
        with django_assert_num_queries(2):  # the forms with all that is shown of them; how many are answered
            client.get(path(emails.respondent_url("lead@riverside.example")))


class TestSomebodyElse:
    def test_who_can_not_answer_says_so_and_the_lead_is_asked(self, client, event, school):
        lead = make_lead(school, email="lead@riverside.example")
        [booking] = taught(event, 1, school, manager_email="old.boss@riverside.example")
        run(IMPACT)
        link = path(emails.answer_url(managers(booking)))
        assert "I can't answer for this person" in client.get(link).text.replace("&#x27;", "'")
        assert "ask somebody else" in client.post(link, {"decline": "yes"}).text
        assert client.get(link).status_code == 404
        run(IMPACT + DAY)
        assert managers(booking).respondent == lead
        assert sorted(mails("manager")) == [lead.email, "old.boss@riverside.example"]

    def test_when_the_last_one_can_not_answer_it_is_td_s(self, event, school):
        make_lead(school, email="lead@riverside.example")
        [booking] = taught(event, 1, school)
        run(IMPACT)
        actions.decline(form=managers(booking), now=IMPACT)
        run(IMPACT + DAY)
        assert Evaluation.objects.nobody_to_ask(at=IMPACT + DAY).get().declined_by == "lead@riverside.example"

    def test_a_lead_who_is_appointed_later_is_asked(self, event, school):
        [booking] = taught(event, 1, school)
        run(IMPACT)
        assert managers(booking).has_nobody_to_ask
        lead = make_lead(school)
        run(IMPACT + 3 * DAY)
        assert mails("manager") == [lead.email] and managers(booking).issued_at == IMPACT + 3 * DAY

    def test_a_manager_who_left_is_replaced_and_gets_no_reminder(self, event, school):
        first, second = make_lead(school, email="first@riverside.example"), make_lead(school)
        [booking] = taught(event, 1, school)
        run(IMPACT)
        bookings.close_account(person=first, by=None, now=IMPACT + DAY)
        run(IMPACT + 2 * DAY)
        run(IMPACT + 7 * DAY)
        assert managers(booking).respondent == second
        assert sorted(mails("manager")) == sorted(["first@riverside.example", second.email])

    def test_a_named_manager_whose_mail_comes_back_is_passed_over(self, event, school):
        lead = make_lead(school)
        UserFactory(email="boss@riverside.example", bounced_at=timezone.now())
        taught(event, 1, school, manager_email="boss@riverside.example")
        run(IMPACT)
        assert mails("manager") == [lead.email]


class TestNobody:
    def test_td_names_one_of_those_proposed_for_all_of_a_school(self, client, event, school, td):
        made = taught(event, 3, school)
        UserFactory(organisation=school, manager_email="Head@riverside.example")
        run(IMPACT)
        client.force_login(td)
        page = client.get(reverse("evaluations:nobody")).text
        assert "Riverside School" in page and "line manager of 1 of their people" in page
        key = str(school.pk)
        sent = {
            "place": key,
            f"{key}-asked": [managers(booking).pk for booking in made],
            f"{key}-who": "head@riverside.example",
        }
        answer = client.post(reverse("evaluations:nobody"), sent, follow=True)
        assert "is asked about 3 people" in answer.text and "Everybody has somebody" in answer.text
        run(IMPACT + DAY)
        assert mails("manager") == ["head@riverside.example"]

    @pytest.mark.parametrize(
        ("sent", "sentence"),
        [
            ({}, "Choose who can answer"),
            ({"who": "other"}, "Enter the email address of who can answer"),
            ({"who": "other", "address": "no address"}, "Enter an address like"),
        ],
    )
    def test_what_is_missing_is_said(self, client, event, school, td, sent, sentence):
        [booking] = taught(event, 1, school)
        run(IMPACT)
        client.force_login(td)
        key = str(school.pk)
        data = {
            "place": key,
            f"{key}-asked": [managers(booking).pk],
            **{f"{key}-{name}": value for name, value in sent.items()},
        }
        assert sentence in client.post(reverse("evaluations:nobody"), data).text

    def test_whom_td_took_out_stays_out_when_something_is_missing(self, client, event, school, td):
        made = taught(event, 2, school)
        run(IMPACT)
        client.force_login(td)
        asked, key = managers(made[0]).pk, str(school.pk)
        page = client.post(reverse("evaluations:nobody"), {"place": key, f"{key}-asked": [asked]}).text
        assert f'id="form-{asked}" checked>' in page and f'id="form-{managers(made[1]).pk}">' in page

    def test_a_lead_alone_in_their_school_is_not_proposed_for_themselves(self, client, event, school, td):
        person = UserFactory(organisation=school, email="alone@riverside.example")
        CPDLead.objects.create(organisation=school, person=person)
        booking = bookings.book(event=event, person=person, by=person, now=LONG_BEFORE)
        attend(booking)
        run(IMPACT)
        client.force_login(td)
        assert "alone@riverside.example" not in client.get(reverse("evaluations:nobody")).text

    @pytest.mark.parametrize("schools", [2, 9])
    def test_the_list_asks_the_database_the_same_for_any_number(
        self, client, event, td, schools, django_assert_max_num_queries
    ):
        for number in range(schools):
            for _ in range(2):
                attend(book(event, organisation=OrganisationFactory(name=f"School {number}")), close=False)
        bookings.close_register(event=event, by=None, now=END)
        run(IMPACT)
        client.force_login(td)
        with django_assert_max_num_queries(11):
            assert client.get(reverse("evaluations:nobody")).status_code == 200

    def test_nobody_but_td_sees_it(self, client):
        client.force_login(UserFactory())
        assert client.get(reverse("evaluations:nobody")).status_code == 404


def test_a_form_named_late_can_still_be_answered(client, event, school, td, time_machine):
    """T&D finds somebody ten weeks late: the eight weeks to answer begin with the email."""
    [booking] = taught(event, 1, school)
    run(IMPACT)
    late = IMPACT + 70 * DAY
    actions.name_respondent(form=managers(booking), address="head@riverside.example", by=td)
    run(late)
    time_machine.move_to(late + DAY, tick=False)
    form = managers(booking)
    assert "Thank you" in client.post(path(emails.answer_url(form)), typed(form)).text


def test_the_outcomes_asked_stay_those_of_the_first_form(event, school):
    """§15: the same words in all four, though T&D rewords the course meanwhile."""
    make_lead(school)
    booking = book(event, organisation=school)
    run(START - DAY)
    attend(booking)
    course = event.course
    course.outcomes = "Something else"
    course.save()
    run(END)
    run(IMPACT)
    words = [form.outcomes for form in booking.evaluations.all()]
    assert len(words) == 4 and {tuple(each) for each in words} == {
        ("Recognise the cumulative effect of neglect", "Evidence neglect")
    }
