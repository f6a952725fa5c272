"""§15: what the answers say, worked out by hand: rates, change in the same people, themes; nothing of too few."""

from io import BytesIO

import openpyxl
import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from pypdf import PdfReader

from accounts.models.user import SUB_COMMITTEE, TD_SERVICE
from bookings import actions as bookings
from bookings.models import Booking
from evaluations import actions, changes, results, rules
from evaluations.forms import form_for
from evaluations.models import Kind, Question, Theme
from evaluations.words import common_words
from tests.evaluations.test_chain import DAY, DAY_BEFORE, END, IMPACT, LONG_BEFORE, START, attend, run
from tests.factories import CourseFactory, OrganisationFactory, TrainerFactory, UserFactory, make_event, make_lead

pytestmark = pytest.mark.django_db
LATER = IMPACT + 3 * DAY


@pytest.fixture
def school():
    return OrganisationFactory(name="Riverside School")


@pytest.fixture
def lead(school):
    return make_lead(school, email="lead@riverside.example", full_name="Li Wei")


@pytest.fixture
def trainer():
    return TrainerFactory(person=UserFactory())


def role(name: str):
    person = UserFactory()
    person.groups.add(Group.objects.get_or_create(name=name)[0])
    return person


def make_world(school, trainer, *, people: int, course=None):
    """One event from booking to the managers' answers with the clock moved: everybody comes, and rates themselves.

    Before, person n says n mod 3 + 1 throughout; after 4; twelve weeks later 3, but the last person does not answer
    any more; their manager says 5 of the first five.
    """
    course = course or CourseFactory(title="Complex Neglect")
    event = make_event(now=LONG_BEFORE, starts_at=START, capacity=30, course=course, trainers=[trainer])
    made = []
    for number in range(people):
        person = UserFactory(organisation=school, full_name=f"Ada{number} Okafor")
        made.append(bookings.book(event=event, person=person, by=person, now=LONG_BEFORE))
    run(DAY_BEFORE)
    for number, booking in enumerate(made):
        answer(booking, Kind.PRE, number % 3 + 1, now=DAY_BEFORE)
    for booking in made:
        attend(booking, close=False)
    bookings.close_register(event=event, by=None, now=END)
    run(END)
    for booking in made:
        answer(booking, Kind.POST, 4, now=END)
    run(IMPACT)
    for booking in made[:-1]:
        answer(booking, Kind.IMPACT_LEARNER, 3, now=IMPACT)
    for booking in made[:5]:
        answer(booking, Kind.IMPACT_MANAGER, 5, now=IMPACT)
    return event


def answer(booking, kind, number: int, *, now, text="Ada0 and I talk to the health visitor earlier") -> None:
    form = booking.evaluations.get(kind=kind)
    data = {}
    for name, question, _ in form_for(form).parts:
        if question.type in results.SCALES:
            data[name] = str(number)
        elif question.type in results.TEXTS:
            data[name] = text
        else:
            option = question.option_list[0]
            data[name] = [option] if question.type == Question.Type.ANY_OF else option
    filled = form_for(form, data)
    assert filled.is_valid(), filled.errors
    actions.submit(form=form, answers=filled.answers(), share_with_manager=False, now=now)


def read(event, *, threshold=5, by_outcome=True) -> results.Results:
    return results.results(Booking.objects.filter(event=event), threshold=threshold, now=LATER, by_outcome=by_outcome)


class TestFigures:
    def test_one_event_from_booking_to_the_managers_answer(self, school, lead, trainer):
        """Seven people: 1 2 3 1 2 3 1 before, on average 13/7 = 1.86; 4 after: +2.14 in all seven.

        Twelve weeks later the first six say 3: before they said 12/6 = 2.00, so +1.00. The manager says 5 of the first
        five, who had said 9/5 = 1.80: +3.20.
        """
        found = read(make_world(school, trainer, people=7))
        assert [(rate.kind, rate.asked, rate.answered, rate.percent) for rate in found.rates] == [
            ("pre", 7, 7, 100),
            ("post", 7, 7, 100),
            ("impact_learner", 7, 6, 85),
            ("impact_manager", 7, 5, 71),
        ]
        confidence = {change.name: change.pairs for change in found.changes}
        pairs = confidence["Recognise the cumulative effect of neglect"]
        assert [(pair.number, pair.before, pair.then, pair.change) for pair in pairs] == [
            (7, 1.86, 4, 2.14),
            (6, 2, 3, 1),
            (5, 1.8, 5, 3.2),
        ]
        assert confidence["Knowledge of the subject"][0].change == 2.14
        looking_back = confidence[changes.LOOKING_BACK][0]
        assert (looking_back.before, looking_back.then, looking_back.number) == (4, 4, 7)

    def test_outcomes_of_several_courses_are_one_line(self, school, lead, trainer):
        names = [change.name for change in read(make_world(school, trainer, people=5), by_outcome=False).changes]
        assert names == list(changes.MEASURES.values())

    def test_how_answers_spread(self, school, lead, trainer):
        found = read(make_world(school, trainer, people=7))
        before = next(
            spread for spread in found.spreads if spread.question == "How much do you know about this subject?"
        )
        assert (before.counts, before.average) == ([("1", 3), ("2", 2), ("3", 2), ("4", 0), ("5", 0)], 1.86)
        used = next(spread for spread in found.spreads if spread.question == "Have you used what you learned?")
        assert used.counts == [("Yes", 6), ("Not yet", 0), ("No opportunity", 0)]

    def test_of_fewer_than_five_nothing_is_worked_out(self, school, lead, trainer):
        found = read(make_world(school, trainer, people=4))
        assert {pair.change for change in found.changes for pair in change.pairs} == {None}
        assert {spread.counts for spread in found.spreads} == {None}
        assert {comments.texts for comments in found.comments} == {None}
        assert found.rates[0].answered == 4  # how many answered is no secret

    def test_where_there_is_nobody_to_ask_it_leaves_the_rate(self, school, trainer):
        """No CPD lead, no manager: listed, and not in the denominator (indicators.md, boundaries)."""
        event = make_event(now=LONG_BEFORE, starts_at=START, capacity=9, trainers=[trainer])
        person = UserFactory(organisation=school)
        attend(bookings.book(event=event, person=person, by=person, now=LONG_BEFORE))
        run(IMPACT)
        rate = read(event).rates[3]
        assert (rate.asked, rate.answered, rate.nobody, rate.percent) == (0, 0, 1, None)

    def test_no_answers_no_figures(self, trainer):
        found = read(make_event(now=LONG_BEFORE, starts_at=START, trainers=[trainer]))
        assert found.is_empty and found.changes == [] and found.spreads == []

    def test_withdrawn_forms_do_not_count(self, school, lead, trainer):
        event = make_world(school, trainer, people=5)
        last = event.bookings.order_by("pk").last()
        attend(last, mark="absent", seen="attended", close=False, now=IMPACT)
        run(IMPACT + DAY)
        assert [rate.asked for rate in read(event).rates] == [5, 5, 4, 5]


class TestThemes:
    def test_td_tags_what_people_wrote(self, client, school, lead, trainer):
        event = make_world(school, trainer, people=5)
        client.force_login(td := role(TD_SERVICE))
        page = reverse("evaluations:themes")
        shown = client.get(page, {"kind": "post", "word": "visitor"})
        assert shown.context["words"][:2] == [("earlier", 10), ("health", 10)]
        ticked = [answer.pk for answer in shown.context["page_obj"]][:3]
        posted = client.post(f"{page}?kind=post", {"theme": "  Other  agencies ", "answers": ticked}, follow=True)
        assert "3 answers tagged “Other agencies”" in posted.text
        client.post(f"{page}?kind=post", {"theme": "other AGENCIES", "answers": ticked[:1]})
        theme = Theme.objects.get()
        assert (theme.name, theme.tags.count(), theme.tags.first().tagged_by) == ("Other agencies", 3, td)
        themes = [comments.themes for comments in read(event).comments if comments.kind == Kind.POST]
        assert sum(number for each in themes for _, number in each) == 3
        client.post(f"{page}?kind=post", {"theme": "Other agencies", "answers": ticked[:2], "take-off": "1"})
        assert theme.tags.count() == 1

    @pytest.mark.parametrize(
        "data", [{"theme": "", "answers": ["1"]}, {"theme": "X"}, {"theme": "X", "answers": ["9999"]}]
    )
    def test_what_is_missing_is_said(self, client, school, lead, trainer, data):
        make_world(school, trainer, people=1)
        client.force_login(role(TD_SERVICE))
        answered = client.post(reverse("evaluations:themes"), data)
        assert answered.status_code == 200 and "govuk-error-message" in answered.text
        assert not Theme.objects.exists()

    def test_words_that_say_nothing_are_no_suggestion(self):
        assert common_words(["Supervision was better", "supervision!", "I would supervise"]) == [("supervision", 2)]

    def test_a_name_is_left_out(self):
        text = "Ada Okafor helped; I asked Ada again. Mark my words: mark it."
        assert rules.without_names(text, ["Ada Okafor", "Mark Li"]) == (
            "[name] helped; I asked [name] again. [name] my words: mark it."
        )


class TestWhoSees:
    @pytest.fixture
    def event(self, school, lead, trainer):
        return make_world(school, trainer, people=5)

    def get(self, client, person, name="evaluations:event_results", *arguments):
        client.force_login(person)
        return client.get(reverse(name, args=arguments))

    def test_trainers_their_events_leads_their_people_td_and_sub_committee_all(self, client, event, lead, trainer):
        for person in (lead, trainer.person, role(TD_SERVICE), role(SUB_COMMITTEE)):
            answered = self.get(client, person, "evaluations:event_results", event.reference)
            assert answered.status_code == 200 and answered.context["found"].rates[0].answered == 5

    def test_a_lead_of_elsewhere_sees_nothing_of_it(self, client, event):
        other = make_lead(OrganisationFactory())
        assert self.get(client, other, "evaluations:event_results", event.reference).status_code == 404
        client.force_login(other)
        assert client.get(reverse("evaluations:results"), {"year": "all"}).context["asked"].found.is_empty

    @pytest.mark.parametrize("name", ["evaluations:results", "evaluations:results_xlsx", "evaluations:themes"])
    def test_a_learner_sees_none(self, client, name):
        assert self.get(client, UserFactory(), name).status_code == 404

    def test_a_trainer_reads_no_name_and_td_reads_what_was_written(self, client, event, trainer):
        for person, there in ((trainer.person, False), (role(TD_SERVICE), True)):
            page = self.get(client, person, "evaluations:event_results", event.reference).text
            assert ("Ada0 and I talk" in page) is there
            assert ("[name] and I talk" in page) is not there


class TestPages:
    def test_filters_and_comparisons(self, client, school, lead, trainer):
        event = make_world(school, trainer, people=5)
        client.force_login(role(SUB_COMMITTEE))
        page = reverse("evaluations:results")
        query = {"year": "2025", "course": event.course_id, "trainer": trainer.pk, "sector": "Education"}
        shown = client.get(page, query)
        assert shown.context["asked"].title == f"Complex Neglect, {trainer.name}, Education, 2025-26"
        assert shown.context["asked"].found.rates[0].answered == 5
        for by in ("event", "course", "trainer", "sector", "year"):
            ((_, line),) = client.get(page, {**query, "by": by}).context["lines"]
            assert [rate.percent for rate in line.rates] == [100, 100, 80, 100] and line.confidence.change == 2.2
        assert client.get(page, {"year": "2024"}).context["asked"].found.is_empty
        assert client.get(page, {"year": "nonsense", "course": "x", "sector": "x", "by": "x"}).status_code == 200

    def test_the_same_number_of_queries_for_one_event_and_many(
        self, client, school, lead, trainer, django_assert_max_num_queries
    ):
        client.force_login(role(TD_SERVICE))
        page = reverse("evaluations:results")
        counts = []
        for events in (1, 6):
            for _ in range(events):
                make_world(school, trainer, people=1, course=CourseFactory())
            with django_assert_max_num_queries(40) as counted:
                client.get(page, {"year": "all"})
            counts.append(len(counted))
        assert counts[0] == counts[1]

    def test_files(self, client, school, lead, trainer):
        event = make_world(school, trainer, people=5)
        client.force_login(role(TD_SERVICE))
        book = openpyxl.load_workbook(
            BytesIO(client.get(reverse("evaluations:results_xlsx"), {"event": event.reference}).content)
        )
        assert book.sheetnames == ["Response rates", "Change (1 to 5)", "Answers", "Comments", "Themes"]
        assert [cell.value for cell in book["Response rates"][4]] == ["Twelve weeks later: learner", 5, 4, 80, 0]
        csv = client.get(reverse("evaluations:results_csv", args=["change"]), {"year": "all"}).content.decode()
        assert "Confidence to act on a concern,5,1.8,4,2.2" in csv
        assert client.get(reverse("evaluations:results_csv", args=["nothing"])).status_code == 404

    def test_the_summary_on_paper(self, client, school, lead, trainer):
        event = make_world(school, trainer, people=6)
        client.force_login(trainer.person)
        content = client.get(reverse("evaluations:event_summary", args=[event.reference])).content
        document = PdfReader(BytesIO(content))
        text = " ".join(page.extract_text() for page in document.pages)
        assert "Evaluation summary" in text and "+2.00" in text and "Ada0" not in text
        assert document.trailer["/Root"]["/MarkInfo"]["/Marked"]

    def test_before_anybody_answers_the_page_says_when(self, client, trainer):
        event = make_event(now=LONG_BEFORE, starts_at=START, trainers=[trainer])
        person = UserFactory()
        bookings.book(event=event, person=person, by=person, now=LONG_BEFORE)
        client.force_login(trainer.person)
        assert (
            "Nobody has answered yet" in client.get(reverse("evaluations:event_results", args=[event.reference])).text
        )
