"""Quality assurance (§6.6, §6.15): what is due for review and why, reviews, observations, own courses."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from competence.models import TrainingContent
from courses.models import Course, Event, Subject
from monitoring.models import (
    Consultation,
    Learning,
    QualityReview,
    SingleAgencyTraining,
    TrainingComment,
)
from monitoring.quality import actions, due, rules
from monitoring.quality.rules import State
from monitoring.today import waiting
from notifications.models import Message
from tests import teams
from tests.monitoring.roles import LEAD, MONITORING, of_role, opened
from tests.teams import NOW, TODAY

pytestmark = pytest.mark.django_db
ALL = list(due.CHECKS)


@pytest.fixture
def now(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def school():
    return teams.organisation()


@pytest.fixture
def course():
    return teams.course("Complex Neglect")


def reviewed(course, day=TODAY, **fields):
    fields = {"checks": ALL, "found_current": True, "reviewer": "Kezia", "by": None, **fields}
    return actions.record_review(course=course, reviewed_on=day, **fields)


def learned(subject: str, day: date, *courses) -> Learning:
    made, _ = Subject.objects.get_or_create(name=subject, defaults={"category": "general"})
    for course in courses:
        course.subjects.add(made)
    found = Learning.objects.create(kind="scr", title="Child F", dated=day)
    found.subjects.add(made)
    return found


def state(course) -> State:
    [found] = [each.state for each in due.standings(today=TODAY) if each.course == course]
    return found


class TestState:
    """One course, one review: what each day and finding makes of it."""

    @pytest.mark.parametrize(
        ("facts", "expected"),
        [
            ({"reviewed_on": None}, State.NEVER),
            ({}, State.REVIEWED),
            ({"reviewed_on": date(2025, 11, 24)}, State.SOON),
            ({"reviewed_on": date(2025, 11, 23)}, State.OVERDUE),
            ({"reviewed_on": date(2026, 1, 22)}, State.SOON),
            ({"reviewed_on": date(2026, 1, 23)}, State.REVIEWED),
            ({"learned_on": date(2026, 10, 2)}, State.LEARNING),
            ({"learned_on": date(2026, 10, 1)}, State.REVIEWED),
            ({"is_complete": False}, State.INCOMPLETE),
            ({"found_current": False}, State.NOT_CURRENT),
        ],
    )
    def test_the_most_urgent_reason_is_said(self, facts, expected):
        standing = {"reviewed_on": date(2026, 10, 1), "is_complete": True, "found_current": True, "learned_on": None}
        assert rules.state(**{**standing, **facts}, today=TODAY) == expected

    def test_all_statements_met_or_not(self):
        assert rules.verdict([]) is None
        assert rules.verdict(["met", "met"]) is True
        assert rules.verdict(["met", "partly"]) is False


class TestDue:
    def test_new_learning_marks_the_courses_of_its_subjects_until_they_are_reviewed_again(self, course):
        other = teams.course("Gangs")
        for each in (course, other):
            reviewed(each, TODAY - timedelta(days=30))
        learned("Neglect", TODAY - timedelta(days=3), course)
        assert (state(course), state(other)) == (State.LEARNING, State.REVIEWED)
        reviewed(course)
        assert state(course) == State.REVIEWED

    def test_learning_dated_tomorrow_marks_nothing_yet(self, course):
        reviewed(course)
        learned("Neglect", TODAY + timedelta(days=1), course)
        assert state(course) == State.REVIEWED

    def test_the_observation_of_one_event_is_no_review_of_the_course(self, course, agreed):
        event = teams.event(course)
        actions.record_review(by=None, event=event, reviewed_on=TODAY, reviewer="Kezia")
        assert state(course) == State.NEVER
        [found] = due.standings(today=TODAY)
        assert found.course.last_observed == TODAY

    def test_a_complete_review_dates_the_materials_and_an_older_one_does_not(self, course):
        reviewed(course, TODAY - timedelta(days=3), checks=ALL[:3])
        reviewed(course, TODAY - timedelta(days=2), found_current=False)
        assert Course.objects.get().materials_reviewed_on is None
        reviewed(course, TODAY - timedelta(days=1))
        reviewed(course, TODAY - timedelta(days=9))
        assert Course.objects.get().materials_reviewed_on == TODAY - timedelta(days=1)

    def test_the_most_urgent_stands_first_and_on_the_today_page(self, now, course):
        reviewed(teams.course("Gangs"))
        reviewed(teams.course("Attachment"), TODAY - timedelta(days=500))
        assert [each.state for each in due.standings(today=TODAY)] == [State.NEVER, State.OVERDUE, State.REVIEWED]
        [found] = [each for each in waiting(now=NOW) if each.title == "Courses to be reviewed"]
        assert (found.count, found.first[0][0]) == (1, "Attachment: review overdue")

    @pytest.mark.parametrize("number", [1, 30])
    def test_one_query(self, number, django_assert_num_queries):
        for each in range(number):
            made = teams.course()
            reviewed(made)
            learned(f"Subject {each}", TODAY, made)
        with django_assert_num_queries(1):
            due.standings(today=TODAY)

    def test_single_agency_courses_of_the_year_without_a_review(self, school):
        own = [SingleAgencyTraining.objects.create(organisation=school, title=str(days), held_on=TODAY
               - timedelta(days=days)) for days in (5, 6, 400)]  # fmt: skip
        actions.record_review(by=None, single_agency=own[0], reviewed_on=TODAY, reviewer="Kezia")
        assert list(due.own_to_review(today=TODAY)) == [own[1]]


class TestPages:
    def pages(self, course, school):
        own = SingleAgencyTraining.objects.create(organisation=school, title="Induction", held_on=TODAY)
        event = teams.event(course)
        Event.objects.update(starts_at=NOW - timedelta(days=2))
        return [
            "/quality/", "/quality/reviews.xlsx", f"/quality/courses/{course.slug}/",
            f"/quality/courses/{course.slug}/review/", f"/quality/events/{event.reference}/observe/",
            "/single-agency-training/", "/single-agency-training.xlsx", f"/single-agency-training/{own.pk}/",
            f"/single-agency-training/{own.pk}/review/", "/service-users/", "/service-users.xlsx",
        ]  # fmt: skip

    def test_td_and_the_sub_committee_see_them_and_for_others_they_do_not_exist(self, client, now, course, school):
        pages = self.pages(course, school)
        for role, status in MONITORING.items():
            assert {page: opened(client, role, school, page) for page in pages} == dict.fromkeys(pages, status), role
            versions = 404 if role == "sub-committee" else status
            assert opened(client, role, school, "/quality/standards/") == versions
            assert opened(client, role, school, "/standards/") == 200

    def test_a_review_is_recorded_with_an_answer_to_each_standard(self, client, now, course, school, agreed):
        client.force_login(of_role("sub-committee", school))
        page = reverse("monitoring:quality_review", args=[course.slug])
        first, second = agreed["standards"].standards.all()
        answers = {
            "reviewed_on_0": "20", "reviewed_on_1": "11", "reviewed_on_2": "2026", "reviewer": "Hyacinth",
            "checks": ALL, "found_current": "yes", f"answer_{first.pk}": "met",
        }  # fmt: skip
        assert f"Select an answer to “{second.text}”" in client.post(page, answers).text
        client.post(page, {**answers, f"answer_{second.pk}": "partly", f"note_{second.pk}": "Slides"})
        review = QualityReview.objects.get()
        assert (review.meets_standards, review.found_current, review.standard_set) == (
            False, True, agreed["standards"],
        )  # fmt: skip
        text = client.get(reverse("monitoring:quality_course", args=[course.slug])).text
        assert "Reviewed on 20 November 2026 by Hyacinth" in text and "Slides" in text
        assert "must be today or in the past" in client.post(page, {**answers, "reviewed_on_2": "2027"}).text

    def test_an_event_that_was_held_is_observed(self, client, now, course, school, agreed):
        event = teams.event(course)
        client.force_login(of_role("td", school))
        page = reverse("monitoring:quality_observe", args=[event.reference])
        assert client.get(page).status_code == 404  # it is still to come
        Event.objects.update(starts_at=NOW - timedelta(days=2))
        said = {f"answer_{each.pk}": "met" for each in agreed["standards"].standards.all()}
        day = {"reviewed_on_0": "21", "reviewed_on_1": "11", "reviewed_on_2": "2026", "reviewer": "Kezia"}
        client.post(page, {**said, **day, "notes": "Lively"})
        review = QualityReview.objects.get()
        assert (review.event, review.course, review.meets_standards) == (event, course, True)

    def test_the_page_of_a_course_shows_learning_and_what_service_users_expect(self, client, now, course, school):
        learned("Neglect", TODAY, course)
        asked = Consultation.objects.create(title="Care leavers", dated=TODAY, sample="24 of them")
        asked.expected.create(kind="quality", text="They listen").courses.add(course)
        client.force_login(of_role("td", school))
        text = client.get(reverse("monitoring:quality_course", args=[course.slug])).text
        assert "Child F" in text and "To be worked in" in text and "They listen" in text
        text = client.get("/service-users/").text
        assert "24 of them" in text and reverse("monitoring:quality_course", args=[course.slug]) in text
        book = load_workbook(BytesIO(client.get("/service-users.xlsx").content))
        [theme, said_by, courses] = [cell.value for cell in book["What service users expect"][2]][6:]
        assert (theme, said_by, courses) == ("They listen", None, "Complex Neglect")

    def test_service_users_pages_show_the_events_of_the_year(self, client, now, course, school):
        teams.event(course, service_users_in_design=True)
        teams.event(course)
        client.force_login(of_role("td", school))
        page = client.get("/service-users/")
        assert (len(page.context["events"]), page.context["design"], page.context["delivery"]) == (1, 1, 0)

    def test_the_catalogues_admin_shows_and_filters_what_is_due(self, client, now, course):
        reviewed(teams.course("Gangs"))
        client.force_login(teams.person(is_superuser=True, is_staff=True))
        page = reverse("admin:courses_course_changelist")
        assert "Never reviewed</a>" in client.get(page).text
        found = client.get(page, {"review": "never"}).context["cl"].result_list
        assert [each.title for each in found] == ["Complex Neglect"]

    def test_recording_learning_says_which_courses_it_marks(self, client, now, course):
        reviewed(course, TODAY - timedelta(days=2))
        subject = Subject.objects.create(name="Neglect", category="general")
        course.subjects.add(subject)
        client.force_login(teams.person(is_superuser=True, is_staff=True))
        said = {"kind": "policy", "title": "New guide", "dated": "23/11/2026", "subjects": [subject.pk]}
        page = client.post(reverse("admin:monitoring_learning_add"), said, follow=True)
        assert "1 course of its subjects is to be reviewed" in page.text
        assert state(course) == State.LEARNING

    @pytest.mark.parametrize(("path", "queries"), [("/quality/", 11), ("/single-agency-training/", 8),
                                                   ("/service-users/", 10)])  # fmt: skip
    @pytest.mark.parametrize("number", [2, 200])
    def test_the_same_number_of_queries_at_2_rows_and_200(
        self, client, now, school, path, queries, number, query_count
    ):
        asked = Consultation.objects.create(title="Care leavers", dated=TODAY, sample="24 of them")
        for each in range(number):
            made = teams.course(f"Course {each}")
            SingleAgencyTraining.objects.create(organisation=school, title=f"Own {each}", held_on=TODAY)
            asked.expected.create(kind="quality", text="They listen").courses.add(made)
        client.force_login(of_role("sub-committee", school))
        assert query_count(path) == queries


class TestOwnCourses:
    @pytest.fixture
    def own(self, school):
        return SingleAgencyTraining.objects.create(organisation=school, title="Induction", held_on=TODAY)

    def test_leads_of_the_organisation_and_td_see_them(self, client, now, school, own):
        pages = [
            reverse(f"monitoring:{name}", args=[school.pk, *rest])
            for name, rest in (("team_own", []), ("team_own_add", []), ("team_own_one", [own.pk]),
                               ("team_own_change", [own.pk]), ("team_own_assess", [own.pk]))
        ]  # fmt: skip
        for role, status in LEAD.items():
            assert {page: opened(client, role, school, page) for page in pages} == dict.fromkeys(pages, status), role
        other = SingleAgencyTraining.objects.create(
            organisation=teams.organisation("Other"), title="Theirs", held_on=TODAY
        )
        assert opened(client, "lead", school, reverse("monitoring:team_own_one", args=[school.pk, other.pk])) == 404

    def test_recorded_assessed_and_commented(self, client, now, school, agreed):
        content = TrainingContent.objects.create(code="C1", title="Basics", short_name="Basics")
        lead = teams.lead(school)
        client.force_login(lead)
        said = {"title": "Update", "held_on_0": "2", "held_on_1": "9", "held_on_2": "2026", "people_trained": "14",
                "contents": ["C1"]}  # fmt: skip
        answer = client.post(reverse("monitoring:team_own_add", args=[school.pk]), said)
        own = SingleAgencyTraining.objects.get()
        assert (own.people_trained, own.recorded_by, list(own.contents.all())) == (14, lead, [content])
        assert answer.url == reverse("monitoring:team_own_assess", args=[school.pk, own.pk])
        statements = [each for kind in agreed.values() for each in kind.standards.all()]
        client.post(answer.url, {f"answer_{each.pk}": "met" for each in statements})
        own.refresh_from_db()
        assert (own.uses_core_messages, own.meets_standards, own.assessed_on) == (True, True, TODAY)
        first = agreed["standards"].standards.first()
        client.post(answer.url, {f"answer_{each.pk}": "met" if each != first else "no" for each in statements})
        client.post(answer.url, {f"answer_{each.pk}": "met" if each != first else "not_met" for each in statements})
        own.refresh_from_db()
        assert (own.uses_core_messages, own.meets_standards) == (True, False)
        client.force_login(of_role("sub-committee", school))
        client.post(reverse("monitoring:own_training", args=[own.pk]), {"text": "Put the local thresholds in"})
        assert TrainingComment.objects.get().text == "Put the local thresholds in"
        [message] = Message.objects.all()
        assert (message.recipient, "thresholds" in message.text) == (lead, True)
        client.force_login(lead)
        text = client.get(reverse("monitoring:team_own_one", args=[school.pk, own.pk])).text
        assert "Put the local thresholds in" in text and "Not yet" in text

    def test_without_agreed_sets_there_is_nothing_to_assess_it_by(self, client, now, school, own):
        client.force_login(teams.lead(school))
        page = reverse("monitoring:team_own_assess", args=[school.pk, own.pk])
        assert "Nothing to assess it by yet" in client.get(page).text
        assert client.post(page, {}).status_code == 200

    def test_a_change_keeps_who_recorded_it_and_leads_back(self, client, now, school, own):
        client.force_login(teams.lead(school))
        page = reverse("monitoring:team_own_change", args=[school.pk, own.pk])
        assert client.get(page).context["form"]["title"].value() == "Induction"
        said = {"title": "Induction, new", "held_on_0": "2", "held_on_1": "9", "held_on_2": "2026"}
        assert client.post(page, said).url == reverse("monitoring:team_own_one", args=[school.pk, own.pk])
        own.refresh_from_db()
        assert own.title == "Induction, new"

    def test_the_list_filters_and_downloads(self, client, now, school, own):
        own.uses_core_messages = own.meets_standards = True
        own.save()
        SingleAgencyTraining.objects.create(organisation=school, title="Other", held_on=TODAY)
        client.force_login(of_role("td", school))
        page = client.get("/single-agency-training/", {"state": "meets", "q": "indu", "sector": "Education"})
        assert list(page.context["page_obj"]) == [own]
        assert page.context["everything"] == {"all": 2, "organisations": 1, "meets": 1, "short": 0, "open": 1}
        book = load_workbook(BytesIO(client.get("/single-agency-training.xlsx", {"state": "meets"}).content))
        assert book.active.max_row == 2
