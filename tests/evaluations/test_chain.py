"""§15: who is asked what and when, once each; by email and in the room; and what is done with answers."""

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from accounts.models import Organisation
from accounts.models.user import TD_SERVICE
from bookings import actions as bookings
from evaluations import actions, emails, rules
from evaluations.forms import form_for
from evaluations.models import Answer, Evaluation, Kind, Question, Questionnaire
from evaluations.tasks import run_chain
from notifications.models import Message
from tests.factories import UserFactory, make_event, make_lead

LONDON = timezone.get_default_timezone()
START = datetime(2025, 12, 4, 9, 30, tzinfo=LONDON)  # 12 weeks after is 26 February
END = START + timedelta(hours=3)
LONG_BEFORE, DAY_BEFORE = START - timedelta(days=30), START - timedelta(days=1)
IMPACT = datetime(2026, 2, 26, 8, 0, tzinfo=LONDON)
DAY = timedelta(days=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(school):
    return make_lead(school, email="lead@riverside.example")


@pytest.fixture
def event():
    return make_event(now=LONG_BEFORE, starts_at=START, capacity=9)


def book(event, **fields):
    person = UserFactory(**fields)
    return bookings.book(event=event, person=person, by=person, now=LONG_BEFORE)


def attend(booking, mark="attended", *, now=END, close=True, seen=""):
    event = booking.event
    cell = (booking.pk, event.sessions.get().pk)
    bookings.mark_attendance(event=event, marks={cell: mark}, seen={cell: seen}, by=None, now=now)
    return bookings.close_register(event=event, by=None, now=now) if close else event


def run(now) -> None:
    actions.make_due_forms(now=now)
    actions.invite(now=now)
    actions.remind(now=now)


def kinds() -> list[str]:
    return sorted(Evaluation.objects.open().values_list("kind", flat=True))


def mails(kind: str) -> list[str]:
    return list(Message.objects.filter(kind=f"evaluations/{kind}").order_by("created_at").values_list("to", flat=True))


def typed(form: Evaluation, *, text="I will ask earlier", number="4") -> dict:
    """Return what somebody sends who answers every question."""
    data = {}
    for name, question, _ in form_for(form).parts:
        if question.type in (Question.Type.SCALE, Question.Type.OUTCOMES):
            data[name] = number
        elif question.type in (Question.Type.SHORT, Question.Type.LONG):
            data[name] = text
        else:
            option = question.option_list[0]
            data[name] = [option] if question.type == Question.Type.ANY_OF else option
    return data


def answer(form: Evaluation, *, now, share=False, **fields) -> Evaluation:
    filled = form_for(form, typed(form, **fields))
    assert filled.is_valid(), filled.errors
    return actions.submit(form=form, answers=filled.answers(), share_with_manager=share, now=now)


class TestWhen:
    def test_from_booking_to_the_managers_answer(self, event, school, lead):
        """The whole chain with the clock moved; each form opens at its moment and not before."""
        booking = book(event, organisation=school)
        moments = []
        for now in (DAY_BEFORE - timedelta(minutes=1), DAY_BEFORE):
            run(now)
            moments.append(kinds())
        answer(booking.evaluations.get(kind=Kind.PRE), now=DAY_BEFORE, number="2")
        attend(booking)
        for now in (END - timedelta(minutes=1), END):
            run(now)
            moments.append(kinds())
        answer(booking.evaluations.get(kind=Kind.POST), now=END, text="Talk to the health visitor")
        for now in (IMPACT - timedelta(minutes=1), IMPACT):
            run(now)
            moments.append(kinds())
        assert moments == [[], ["pre"], [], ["post"], [], ["impact_learner", "impact_manager"]]
        learners = booking.evaluations.get(kind=Kind.IMPACT_LEARNER)
        assert any("“Talk to the health visitor”" in field.label for field in form_for(learners).fields.values())
        answer(learners, now=IMPACT, share=True)
        managers = booking.evaluations.get(kind=Kind.IMPACT_MANAGER)
        assert managers.respondent == lead and managers.learners_answers()
        answer(managers, now=IMPACT + DAY)
        assert kinds() == [] and Evaluation.objects.submitted().count() == 4
        confidence = Answer.objects.filter(question__measure=Question.Measure.CONFIDENCE).order_by(
            "evaluation__opens_at"
        )
        assert [each.number for each in confidence] == [2, 4, 4]

    def test_each_is_sent_once_whatever_runs_how_often(self, event, school, lead):
        booking = book(event, organisation=school)
        for now in (DAY_BEFORE, DAY_BEFORE + timedelta(hours=1)):
            run(now)
        attend(booking)
        for now in (END, END + timedelta(hours=1), IMPACT, IMPACT + timedelta(hours=1)):
            run(now)
        person = booking.person.email
        assert [mails(kind) for kind in ("pre", "impact", "manager")] == [[person], [person], [lead.email]]

    def test_a_worker_that_was_down_sends_late_but_no_question_of_before_after_the_start(self, event, school, lead):
        booking = book(event, organisation=school)
        attend(booking)
        run(IMPACT + 5 * DAY)
        assert mails("pre") == [] and mails("impact") == [booking.person.email] and mails("manager") == [lead.email]

    def test_reminders_go_after_7_and_14_days_then_no_more(self, event, school):
        attend(book(event, organisation=school))
        counts = []
        for days in (0, 6, 7, 8, 14, 15, 40):
            run(END + days * DAY)
            counts.append(len(mails("post")))
        assert counts == [1, 1, 2, 2, 3, 3, 3]

    def test_who_answered_is_not_reminded(self, event, school):
        booking = book(event, organisation=school)
        attend(booking)
        run(END)
        answer(booking.evaluations.get(kind=Kind.POST), now=END)
        run(END + 7 * DAY)
        assert len(mails("post")) == 1


class TestWho:
    def test_absent_people_are_asked_nothing_after_and_who_left_early_no_impact(self, event, school, lead):
        absent, early = book(event, organisation=school), book(event, organisation=school)
        attend(absent, "absent", close=False)
        attend(early, "left_early")
        run(END)
        run(IMPACT)
        asked = Evaluation.objects.exclude(kind=Kind.PRE)
        assert [(form.booking, form.kind) for form in asked] == [(early, Kind.POST)]

    def test_marks_made_a_week_later_are_asked_then_once(self, event, school):
        """Events 33."""
        booking = book(event, organisation=school)
        run(END)
        assert mails("post") == []
        attend(booking, now=END + 7 * DAY)
        run(END + 7 * DAY)
        run(END + 7 * DAY)
        assert mails("post") == [booking.person.email]

    def test_a_correction_stops_the_pending_ones_and_another_brings_them_back(self, event, school, lead):
        """Events 34."""
        booking = book(event, organisation=school)
        attend(booking)
        run(IMPACT)
        attend(booking, "absent", now=IMPACT, seen="attended")
        run(IMPACT + DAY)
        assert "impact_learner" not in kinds()
        attend(booking, "attended", now=IMPACT + DAY, seen="absent")
        run(IMPACT + DAY)
        assert "impact_learner" in kinds() and len(mails("impact")) == 1

    def test_a_cancelled_event_and_a_closed_account_are_asked_nothing(self, event, school):
        """Events 28, People 22."""
        booking, other = book(event, organisation=school), book(make_event(now=LONG_BEFORE, starts_at=START))
        run(DAY_BEFORE)
        bookings.cancel_event(event=event, by=None, now=DAY_BEFORE, reason="Snow")
        bookings.close_account(person=other.person, by=None, now=DAY_BEFORE)
        run(DAY_BEFORE + timedelta(hours=1))
        assert kinds() == [] and booking.evaluations.get().withdrawn_at

    def test_one_email_to_a_manager_for_all_their_staff(self, school, lead):
        """Messages 42."""
        for _ in range(3):
            event = make_event(now=LONG_BEFORE, starts_at=START, capacity=20)
            for booking in [book(event, organisation=school) for _ in range(4)]:
                attend(booking, close=False)
            bookings.close_register(event=event, by=None, now=END)
        run(IMPACT)
        assert mails("manager") == [lead.email]
        assert (
            Message.objects.get(kind="evaluations/manager").subject == "12 short forms about the training of your staff"
        )

    def test_the_line_manager_they_named_comes_before_the_lead(self, event, school, lead):
        attend(book(event, organisation=school, manager_email="Boss@riverside.example"))
        run(IMPACT)
        assert mails("manager") == ["boss@riverside.example"]

    def test_a_lead_is_not_asked_about_themselves(self, event, school, lead):
        other = make_lead(school)
        attend(bookings.book(event=event, person=lead, by=lead, now=LONG_BEFORE))
        run(IMPACT)
        assert mails("manager") == [other.email]

    def test_nobody_to_ask_is_td_s_to_name(self, client, event, school):
        booking = book(event, organisation=school)
        attend(booking)
        run(IMPACT)
        form = booking.evaluations.get(kind=Kind.IMPACT_MANAGER)
        assert form.has_nobody_to_ask and mails("manager") == []
        td = UserFactory(is_staff=True)
        td.groups.add(Group.objects.get_or_create(name=TD_SERVICE)[0])
        with pytest.raises(actions.Refused):
            actions.name_respondent(form=form, address=booking.person.email, by=td)
        client.force_login(td)
        client.post(reverse("admin:evaluations_evaluation_name", args=[form.pk]), {"address": "head@riverside.example"})
        run(IMPACT + DAY)
        assert mails("manager") == ["head@riverside.example"]

    def test_a_childminder_has_no_managers_form(self, event, school):
        Organisation.objects.filter(pk=school.pk).update(kind=Organisation.Kind.CHILDMINDER)
        attend(book(event, organisation=Organisation.objects.get(pk=school.pk)))
        run(IMPACT)
        assert kinds() == ["impact_learner"]


class TestAnswering:
    @pytest.fixture
    def form(self, event, school):
        booking = book(event, organisation=school)
        attend(booking)
        actions.make_due_forms(now=END)
        return booking.evaluations.get(kind=Kind.POST)

    @pytest.fixture(autouse=True)
    def clock(self, time_machine):
        time_machine.move_to(END + DAY, tick=False)

    def link(self, form) -> str:
        return emails.answer_url(form).removeprefix("http://localhost:8000")

    def test_the_link_works_without_signing_in_and_opening_it_changes_nothing(self, client, form):
        """Messages 43."""
        page = client.get(self.link(form))
        assert page.status_code == 200 and "Send my answers" in page.text and not Answer.objects.exists()
        assert "Thank you" in client.post(self.link(form), typed(form)).text
        assert "answered these questions already" in client.post(self.link(form), typed(form)).text
        assert Answer.objects.filter(evaluation=form).count() == len(form_for(form).parts)

    @pytest.mark.parametrize(
        ("mark", "close", "sentence"),
        [
            ("attended", False, "when the trainer has closed the register"),
            ("attended", True, "Your certificate is ready"),
            ("left_early", True, "Your answers help the Board"),  # no certificate comes, so none is promised
        ],
    )
    def test_the_thanks_say_where_the_certificate_is(self, client, event, school, mark, close, sentence):
        booking = book(event, organisation=school)
        attend(booking, mark, close=close)
        actions.make_due_forms(now=END)
        form = booking.evaluations.get(kind=Kind.POST)
        assert sentence in client.post(self.link(form), typed(form)).text

    def test_somebody_elses_form_is_not_found(self, client, form):
        client.force_login(UserFactory())
        assert client.get(reverse("evaluations:answer", args=[form.code])).status_code == 404
        assert client.get(reverse("evaluations:by_link", args=["forged"])).status_code == 404
        client.force_login(form.respondent)
        assert client.get(reverse("evaluations:answer", args=[form.code])).status_code == 200

    def test_a_link_is_dead_when_somebody_else_is_asked_instead(self, client, form):
        old = self.link(form)
        Evaluation.objects.filter(pk=form.pk).update(respondent_email="other@riverside.example")
        assert client.get(old).status_code == 404

    def test_a_draft_is_kept_and_shown_again(self, client, form):
        name = next(name for name, question, _ in form_for(form).parts if question.type == Question.Type.LONG)
        client.post(self.link(form), {name: "Half a thought", "later": "yes"})
        assert "Half a thought" in client.get(self.link(form)).text and not Answer.objects.exists()
        client.post(self.link(form), {name: "<b>More</b>", "later": "yes"}, headers={"X-Autosave": "yes"})
        assert "&lt;b&gt;More&lt;/b&gt;" in client.get(self.link(form)).text

    def test_what_is_missing_is_named_and_what_was_typed_stays(self, client, form):
        name = next(name for name, question, _ in form_for(form).parts if question.type == Question.Type.LONG)
        page = client.post(self.link(form), {name: "Kept"}).text
        assert "Choose from 1 to 5" in page and ">Kept</textarea>" in page.replace("\n", "")

    def test_after_eight_weeks_it_is_closed(self, client, form, time_machine):
        time_machine.move_to(END + rules.ANSWERED_WITHIN + DAY, tick=False)
        assert "has run out" in client.get(self.link(form)).text

    def test_what_is_due_lists_mine_alone(self, client, form):
        client.force_login(form.respondent)
        assert form.booking.event.course.title in client.get(reverse("evaluations:due")).text
        client.force_login(UserFactory())
        assert "Nothing to answer" in client.get(reverse("evaluations:due")).text

    def test_the_way_from_the_room_leads_to_my_form(self, client, form):
        url = reverse("evaluations:room", args=[form.booking.event.reference])
        assert client.get(url).status_code == 302 and "login" in client.get(url).url
        client.force_login(form.respondent)
        assert client.get(url).url == reverse("evaluations:answer", args=[form.code])
        client.force_login(UserFactory())
        assert "You have no confirmed place" in client.get(url).text

    def test_a_manager_reads_the_learners_answers_only_if_they_agreed(self, event, school, lead):
        for share in (False, True):
            booking = book(event, organisation=school)
            attend(booking, close=False)
            form = Evaluation(booking=booking, kind=Kind.IMPACT_LEARNER, opens_at=END,
                              questionnaire=Questionnaire.objects.get(kind=Kind.IMPACT_LEARNER))  # fmt: skip
            form.save()
            answer(form, now=END + DAY, share=share)
            manager = Evaluation(
                booking=booking, kind=Kind.IMPACT_MANAGER, opens_at=END, questionnaire=form.questionnaire
            )
            assert bool(manager.learners_answers()) is share


def test_the_task_does_all_of_it(event, school, time_machine):
    booking = book(event, organisation=school)
    time_machine.move_to(DAY_BEFORE, tick=False)
    run_chain()
    run_chain()
    assert mails("pre") == [booking.person.email]


@pytest.mark.parametrize("people", [2, 30])
def test_making_forms_asks_the_same_few_questions_for_any_number(event, school, people, django_assert_num_queries):
    from courses.models import Event

    Event.objects.filter(pk=event.pk).update(capacity=99)
    for _ in range(people):
        book(event, organisation=school)
    with django_assert_num_queries(24):
        actions.make_due_forms(now=DAY_BEFORE)
    assert Evaluation.objects.count() == people


def test_questions_before_the_course_close_when_it_has_begun(client, event, school, time_machine):
    booking = book(event, organisation=school)
    run(DAY_BEFORE)
    link = emails.answer_url(booking.evaluations.get()).removeprefix("http://localhost:8000")
    time_machine.move_to(START + timedelta(minutes=30), tick=False)
    assert "Send my answers" in client.get(link).text
    time_machine.move_to(START + timedelta(minutes=31), tick=False)
    assert "The course has begun" in client.get(link).text
