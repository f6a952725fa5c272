"""The priorities page and the pages of its figures: who sees them, what they say, what can be taken from them."""

import csv
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from accounts.models import User
from accounts.models.user import SUB_COMMITTEE, TD_SERVICE, TRAINER
from monitoring import actions
from monitoring.models import Evidence, Indicator, Milestone, Priority
from tests.factories import CourseFactory, OrganisationFactory, UserFactory, make_lead
from tests.monitoring.reports import with_role
from tests.monitoring.world import conference, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("priorities")]
PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n"
TODAY = timezone.localdate()


@pytest.fixture
def td(officer):
    return officer


def url(name: str, code: str | None = None) -> str:
    return reverse(f"monitoring:{name}", args=[code] if code else [])


PAGES = [
    ("priorities", None), ("priorities_csv", None), ("priorities_xlsx", None), ("indicator", "1A"),
    ("indicator_csv", "1A"), ("indicator_xlsx", "1A"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "code"), PAGES)
def test_td_and_the_sub_committee_see_them_and_for_others_they_do_not_exist(client, name, code):
    assert client.get(url(name, code)).status_code == 302
    others = [UserFactory(), make_lead(OrganisationFactory()), with_role(TRAINER)]
    for someone in others:
        client.force_login(someone)
        assert client.get(url(name, code)).status_code == 404
    for role in (TD_SERVICE, SUB_COMMITTEE):
        client.force_login(with_role(role))
        assert client.get(url(name, code)).status_code == 200


class TestPriorities:
    def test_all_fifteen_with_figure_unit_target_period_and_source(self, client, td):
        conference(TODAY - timedelta(days=1), came=[person()])
        text = " ".join(client.get(url("priorities")).text.split())
        for priority in Priority.objects.all():
            assert f"{priority.number}. {priority.short_name}" in text
        for indicator in Indicator.objects.all():
            assert indicator.counted_from in text
        assert '<span class="wscb-value">1</span><span class="wscb-under">event</span>' in text
        assert '100%</span><span class="wscb-under">1 of 1 events</span>' in text
        assert "2 or more" in text

    def test_a_year_and_a_day_that_make_no_sense_count_as_not_said(self, client, td):
        for query in ("?year=x&as-at=y", "?year=99999", "?as-at=2026-02-31", "?year=2017&as-at=1900-01-01"):
            assert client.get(url("priorities") + query).status_code == 200
        assert client.get(url("priorities") + "?year=2019").context["period"].as_at == date(2020, 3, 31)

    def test_what_was_counted_is_kept_for_five_minutes_and_can_be_counted_again(self, client, td):
        def conferences(query=""):
            return client.get(url("priorities") + query).context["overview"].priorities[0].figures[0]

        assert conferences().value == "0"
        conference(TODAY - timedelta(days=1), came=[person()])
        assert conferences().value == "0"
        Indicator.objects.filter(code="1A").update(target=0)
        assert conferences().status == "met"  # a target counts at once
        assert conferences("?again=1").value == "1"
        assert client.get(url("indicator", "1A")).context["figure"].value == "1"

    def test_the_same_number_of_queries_with_2_events_and_with_40(self, client, td):
        numbers = []
        client.get(url("priorities"))  # something is kept, as of a worker's count
        for more in (2, 38):
            for _ in range(more):
                conference(TODAY - timedelta(days=1), came=[person(), person()])
            with CaptureQueriesContext(connection) as queries:
                client.get(url("priorities") + "?again=1")
            numbers.append(len(queries))
        assert numbers[0] == numbers[1]


class TestRows:
    @pytest.fixture
    def conferences(self):
        first, second = (CourseFactory(title=title) for title in ("=Neglect", "Gangs"))
        conference(TODAY - timedelta(days=1), course=first, came=[person()])
        conference(TODAY - timedelta(days=1), course=second, booked=[person()])

    def courses(self, client, **query):
        page = client.get(url("indicator", "1A"), query)
        return [dict(cells)["Course"] for _, cells in page.context["lines"]]

    def test_filtered_by_course_and_by_what_counts(self, client, td, conferences):
        assert sorted(self.courses(client)) == ["=Neglect", "Gangs"]
        assert self.courses(client, course="Gangs") == ["Gangs"]
        assert self.courses(client, counted="yes") == ["=Neglect"]
        assert self.courses(client, counted="no") == ["Gangs"]
        assert self.courses(client, course="Attachment") == []  # a choice of another year
        assert sorted(self.courses(client, course="%_🙂" * 900, counted="x")) == ["=Neglect", "Gangs"]

    def test_the_file_is_filtered_like_the_page_and_holds_no_formula(self, client, td, conferences):
        content = client.get(url("indicator_csv", "1A"), {"counted": "yes"}).content.decode("utf-8-sig")
        [row] = csv.DictReader(StringIO(content))
        assert (row["Course"], row["Counted"]) == ("'=Neglect", "Yes")

    def test_the_same_number_of_queries_with_2_rows_and_with_30(self, client, td):
        numbers = []
        for more in (2, 28):
            for _ in range(more):
                conference(TODAY - timedelta(days=1), came=[person()])
            with CaptureQueriesContext(connection) as queries:
                client.get(url("indicator", "1A"))
            numbers.append(len(queries))
        assert numbers[0] == numbers[1]

    def test_it_says_how_the_target_changed_and_who_set_it(self, client, td):
        assert "How the target changed" not in client.get(url("indicator", "2A")).text
        indicator = Indicator.objects.get(code="2A")
        indicator.target, indicator._history_user = 80, td
        indicator.save()
        indicator.definition = "The same in other words."
        indicator.save()  # no other target
        text = client.get(url("indicator", "2A")).text
        assert "How the target changed" in text
        assert [words for _, words, _ in client.get(url("indicator", "2A")).context["targets"]] == ["80%", "75%"]
        assert f"80%, set by {escape(str(td))}" in text

    def test_an_unknown_figure_is_not_found(self, client, td):
        assert client.get(url("indicator", "99Z")).status_code == 404


class TestEvidence:
    def data(self, **fields):
        day = TODAY
        return {
            "text": "The report of the audit.", "dated_0": day.day, "dated_1": day.month, "dated_2": day.year,
            "link": "", **fields,
        }  # fmt: skip

    def test_td_adds_text_a_date_a_link_and_a_file(self, client, td):
        file = SimpleUploadedFile("../../report.exe", PDF)
        data = self.data(file=file, link="https://board.example/minutes")
        assert client.post(url("indicator", "1A"), data).status_code == 302
        evidence = Evidence.objects.get()
        assert (evidence.added_by, evidence.dated, evidence.file_name) == (td, TODAY, "report.pdf")
        assert evidence.file.name.startswith("priorities/")
        assert "The report of the audit." in client.get(url("indicator", "1A")).text
        saved = client.get(reverse("monitoring:evidence_file", args=[evidence.pk]))
        assert saved.content == PDF
        assert saved["Content-Disposition"].startswith("attachment")
        client.force_login(UserFactory())
        assert client.get(reverse("monitoring:evidence_file", args=[evidence.pk])).status_code == 404

    @pytest.mark.parametrize("way", ["page", "list"])
    def test_what_a_superuser_deletes_in_the_admin_goes_with_its_file(
        self, client, td, way, django_capture_on_commit_callbacks
    ):
        client.post(url("indicator", "1A"), self.data(file=SimpleUploadedFile("report.pdf", PDF)))
        evidence = Evidence.objects.get()
        path = Path(evidence.file.path)
        assert path.exists()
        User.objects.filter(pk=td.pk).update(is_superuser=True)  # T&D itself deletes none
        address, sent = reverse("admin:monitoring_evidence_delete", args=[evidence.pk]), {"post": "yes"}
        if way == "list":
            address = reverse("admin:monitoring_evidence_changelist")
            sent |= {"action": "delete_selected", "_selected_action": [evidence.pk]}
        with django_capture_on_commit_callbacks(execute=True):
            assert client.post(address, sent).status_code == 302
        assert not Evidence.objects.exists() and not path.exists()
        assert Evidence.history.filter(history_type="-").get().history_user == td

    @pytest.mark.parametrize(
        "file", [SimpleUploadedFile("a.pdf", b"MZ not a PDF"), SimpleUploadedFile("a.pdf", b"")], ids=["wrong", "empty"]
    )
    def test_a_file_that_is_none_is_refused(self, client, td, file):
        page = client.post(url("indicator", "1A"), self.data(file=file))
        assert page.status_code == 200
        assert "Error: " in page.text
        assert not Evidence.objects.exists()

    def test_the_sub_committee_reads_it_and_adds_none(self, client):
        client.force_login(with_role(SUB_COMMITTEE))
        assert "Add evidence" not in client.get(url("indicator", "1A")).text
        assert client.post(url("indicator", "1A"), self.data()).status_code == 403
        assert not Evidence.objects.exists()

    def test_a_milestone_is_signed_off_once_with_its_evidence(self, client, td):
        indicator = Indicator.objects.get(code="10A")
        milestone = Milestone.objects.filter(indicator=indicator, year=2017).first()
        address = url("indicator", "10A") + "?year=2017"
        client.post(address, self.data(milestone=milestone.pk))
        milestone.refresh_from_db()
        assert (milestone.signed_off_on, milestone.signed_off_by) == (TODAY, td)
        assert milestone.evidence.text == "The report of the audit."
        again = client.post(address, self.data(milestone=milestone.pk))
        assert "Choose a milestone that is not signed off yet" in again.text
        with pytest.raises(actions.Refused):
            actions.sign_off(milestone=milestone, evidence=milestone.evidence, by=td, now=timezone.now())


class TestAdmin:
    def test_td_changes_a_target_with_history_and_the_next_load_leaves_it(self, client, td):
        indicator = Indicator.objects.get(code="9A")
        address = reverse("admin:monitoring_indicator_change", args=[indicator.pk])
        data = {
            "name": indicator.name, "target": "12.5", "target_source": "proposed", "definition": indicator.definition,
            "counted_from": indicator.counted_from, "question": "", "position": "1",
        }  # fmt: skip
        assert client.post(address, data).status_code == 302
        actions.load_priorities()
        indicator.refresh_from_db()
        assert indicator.target == 12.5
        last = indicator.history.first()
        assert (last.history_user, last.prev_record.target) == (td, 10)

    @pytest.mark.parametrize(
        "model",
        ["milestone", "baseline", "impactexample", "standardset", "qualityreview", "singleagencytraining", "learning"],
    )
    def test_td_keeps_what_the_figures_need(self, client, td, model):
        assert client.get(reverse(f"admin:monitoring_{model}_changelist")).status_code == 200
        assert client.get(reverse(f"admin:monitoring_{model}_add")).status_code == 200

    def test_nobody_adds_a_priority_or_an_indicator(self, client, td):
        for model in ("priority", "indicator", "evidence"):
            assert client.get(reverse(f"admin:monitoring_{model}_changelist")).status_code == 200
            assert client.get(reverse(f"admin:monitoring_{model}_add")).status_code == 403


def test_loaded_twice_there_are_fifteen_priorities_once():
    actions.load_priorities()
    assert Priority.objects.count() == 15
    assert set(Indicator.objects.values_list("priority", flat=True)) == set(range(1, 16))
    Priority.objects.filter(pk=13).update(short_name="Prevent duty")
    actions.load_priorities()
    assert Priority.objects.get(pk=13).short_name == "Prevent duty"
