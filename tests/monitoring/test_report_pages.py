"""The pages of the report: who sees what in which status, and writing that loses nothing (§16)."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from monitoring.models import Report
from monitoring.report import actions
from notifications.models import Message, PreparedFile
from tests.factories import UserFactory
from tests.monitoring.reports import approved, circulated, draft, fresh, member, td, withdrawn
from tests.monitoring.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("priorities")]
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def officer(client):
    someone = td(full_name="Kezia Mensah")
    client.force_login(someone)
    return someone


def url(name: str, report: Report, *more) -> str:
    return reverse(f"monitoring:{name}", args=[report.number, *more])


MAKERS = {"draft": draft, "approved": approved, "circulated": circulated, "withdrawn": withdrawn}
READ = [("report", ()), ("report_pdf", ()), ("report_xlsx", ()), ("report_csv", ("figures",))]
WRITE = [
    ("report_commentary", (1,)), ("report_risk", ()), ("report_action", ()), ("report_approve", ()),
    ("report_circulate", ()), ("report_withdraw", ()), ("report_again", ()),
]  # fmt: skip
# What a member gets: reading pages with figures, the page itself, pages to write.
MEMBER = {
    "draft": (404, 404, 404), "approved": (404, 404, 404), "circulated": (200, 200, 403), "withdrawn": (404, 200, 403),
}  # fmt: skip


@pytest.mark.parametrize("status", MAKERS)
def test_who_sees_what_in_which_status(client, status):
    officer = td()
    report = MAKERS[status](by=officer)
    files, page, written = MEMBER[status]
    expected = {
        "stranger": dict.fromkeys(["files", "page", "written"], 404),
        "member": {"files": files, "page": page, "written": written},
        "td": dict.fromkeys(["files", "page", "written"], 200),
    }
    for role, someone in (("stranger", UserFactory()), ("member", member()), ("td", officer)):
        client.force_login(someone)
        for name, more in READ + WRITE:
            kind = "written" if (name, more) in WRITE else "page" if name == "report" else "files"
            answer = client.get(url(name, report, *more))
            assert answer.status_code in (expected[role][kind], 409 if kind == "written" and role == "td" else 0), (
                role,
                name,
            )
            if role != "td" and kind == "written":
                assert client.post(url(name, report, *more)).status_code == expected[role][kind]
    assert fresh(report).status == status
    client.logout()
    assert client.get(url("report", report)).status_code == 302


def test_the_list_shows_members_what_was_circulated_and_td_all(client):
    someone = td()
    draft(by=someone)
    shown = circulated(by=someone, now=LATER)
    client.force_login(member())
    assert list(client.get(reverse("monitoring:reports")).context["page_obj"]) == [shown]
    client.force_login(someone)
    assert len(client.get(reverse("monitoring:reports")).context["page_obj"]) == 2
    client.force_login(UserFactory())
    assert client.get(reverse("monitoring:reports")).status_code == 404
    assert client.get(reverse("monitoring:report_start")).status_code == 404


def test_a_member_makes_none(client):
    client.force_login(member())
    assert client.post(reverse("monitoring:report_start"), day(date(2026, 6, 1))).status_code == 403
    assert not Report.objects.exists()


def day(value: date, name: str = "as_at") -> dict:
    return {f"{name}_0": value.day, f"{name}_1": value.month, f"{name}_2": value.year}


class TestStart:
    def test_a_worker_counts_while_the_page_shows_how_far_it_is(self, client, officer):
        answer = client.post(reverse("monitoring:report_start"), day(timezone.localdate()))
        report, document = Report.objects.get(), PreparedFile.objects.get()
        assert answer.url == document.get_absolute_url()
        assert document.page == report.get_absolute_url()
        assert "is being counted" in client.get(report.get_absolute_url()).text
        assert client.get(url("report_xlsx", report)).status_code == 404

    def test_a_day_to_come_is_refused(self, client, officer):
        page = client.post(reverse("monitoring:report_start"), day(timezone.localdate() + timedelta(days=1)))
        assert "The day must be today or in the past" in page.text and not Report.objects.exists()


class TestPage:
    def test_every_figure_with_unit_period_and_source(self, client, officer):
        report = draft(by=officer)
        text = " ".join(client.get(report.get_absolute_url()).text.split())
        assert text.count("1 April 2026 to 23 November 2026") > 15
        for priority in report.snapshot.content["priorities"]:
            assert f"{priority['number']}. {priority['name']}" in text
            for figure in priority["figures"]:
                assert figure["source"] in text.replace("&#x27;", "'")
                assert figure["unit"].removeprefix("of ") in text or not figure["has_data"]

    def test_withdrawn_a_member_reads_why_and_where_the_new_one_is(self, client):
        someone = td()
        old = withdrawn(by=someone)
        new, _ = actions.begin_again(report=old, by=someone, now=LATER, count_again=False)
        client.force_login(member())
        page = client.get(old.get_absolute_url()).text
        assert "A figure was wrong." in page and str(new) not in page and "Take-up" not in page
        actions.approve(report=new, by=someone, now=LATER)
        actions.circulate(report=new, by=someone, now=LATER)
        assert f"{new}</a> takes its place" in client.get(old.get_absolute_url()).text

    def test_the_queries_are_the_same_with_2_reports_and_12_and_with_more_words(self, client, officer):
        numbers = []
        for more in (2, 10):
            for place in range(more):
                last = approved(by=officer, now=NOW + timedelta(minutes=len(numbers) * 20 + place))
            report = draft(by=officer, now=LATER)
            for place in range(more):
                actions.comment(report=report, number=place, text="Words", seen=None, by=officer, now=NOW)
                actions.write_point(
                    report=report, by=officer, kind="action", text="Do it", owner="Ada", due_on=date(2027, 1, 1)
                )
            for address in (report.get_absolute_url(), last.get_absolute_url(), reverse("monitoring:reports")):
                with CaptureQueriesContext(connection) as queries:
                    client.get(address)
                numbers.append(len(queries))
        assert numbers[:3] == numbers[3:]
        assert max(numbers) < 20


class TestCommentary:
    def test_saved_and_on_to_the_next_priority(self, client, officer):
        report = draft(by=officer)
        answer = client.post(url("report_commentary", report, 1), {"text": "O’Brien & <b>co</b>", "next": "yes"})
        assert answer.url == url("report_commentary", report, 2)
        page = client.get(report.get_absolute_url()).text
        assert "O’Brien &amp; &lt;b&gt;co&lt;/b&gt;" in page
        answer = client.post(url("report_commentary", report, 15), {"text": "The end", "next": "yes"})
        assert answer.url == report.get_absolute_url() + "#priority-15"
        assert client.get(url("report_commentary", report, 16)).status_code == 404

    def test_kept_as_it_is_typed(self, client, officer):
        report = draft(by=officer)
        for text in ("Half", "Half a sen"):  # the page still holds what it was opened with
            answer = client.post(url("report_commentary", report, 1), {"text": text, "seen": "", "later": "yes"})
            assert answer.status_code == 204
        assert report.commentaries.get().text == "Half a sen"

    def test_typed_text_survives_the_end_of_the_session(self, client, officer):
        report = draft(by=officer)
        address = url("report_commentary", report, 1)
        client.logout()
        assert client.post(address, {"text": "A long thought", "seen": ""}).status_code == 302
        session = client.session
        kept = {name: session[name] for name in ("wanted_page", "kept_form")}
        client.force_login(officer)
        session = client.session
        session.update(kept)
        session.save()
        assert "A long thought" in client.get(address).text
        assert not report.commentaries.exists()

    def test_who_would_write_over_a_colleague_sees_both_texts(self, client, officer):
        report = draft(by=officer)
        address = url("report_commentary", report, 1)
        actions.comment(report=report, number=1, text="Hers", seen=None, by=td(full_name="Ada Cole"), now=NOW)
        page = client.post(address, {"text": "Mine", "seen": ""})
        assert page.status_code == 409
        assert "Ada Cole wrote here" in page.text and "Hers" in page.text and "Mine" in page.text
        seen = page.context["form"]["seen"].value()
        assert client.post(address, {"text": "Mine", "seen": seen}).status_code == 302
        assert report.commentaries.get().text == "Mine"

    def test_approved_meanwhile_the_text_is_shown_to_copy(self, client, officer):
        report = draft(by=officer)
        actions.approve(report=report, by=td(full_name="Ada Cole"), now=NOW)
        page = client.post(url("report_commentary", report, 1), {"text": "Too late", "seen": ""})
        assert page.status_code == 409 and "Ada Cole approved this report" in page.text and "Too late" in page.text
        assert not report.commentaries.exists()

    def test_a_summary_that_would_not_fit_its_page_is_refused(self, client, officer):
        page = client.post(url("report_commentary", draft(by=officer), 0), {"text": "x" * 601})
        assert page.status_code == 200 and "Error: " in page.text


class TestPoints:
    DATA = {"text": "Two trainers leave.", "response": "Train more.", "owner": "Ada Cole", "level": "high"}

    def test_a_risk_is_added_changed_and_taken_out(self, client, officer):
        report = draft(by=officer)
        data = self.DATA | day(date(2027, 1, 15), "due_on")
        assert client.post(url("report_risk", report), data).status_code == 302
        point = report.points.get()
        assert (point.kind, point.level, point.due_on) == ("risk", "high", date(2027, 1, 15))
        client.post(url("report_point", report, point.pk), data | {"level": "low"})
        assert "Low" in client.get(report.get_absolute_url()).text
        client.post(url("report_point", report, point.pk), {"delete": "yes"})
        assert not report.points.exists()

    def test_what_is_missing_is_named(self, client, officer):
        page = client.post(url("report_risk", draft(by=officer))).text
        for sentence in ("Enter the risk", "Enter what is done about it", "Enter who sees to it", "Enter a day",
                         "Choose how high the risk is"):  # fmt: skip
            assert sentence in page

    def test_an_action_of_another_report_is_not_found(self, client, officer):
        first, second = draft(by=officer), draft(by=officer, now=LATER)
        point = actions.write_point(
            report=first, by=officer, kind="action", text="Do it", owner="Ada", due_on=date(2027, 1, 1)
        )
        assert client.get(url("report_point", second, point.pk)).status_code == 404


class TestSteps:
    def test_approve_circulate_withdraw_begin_again(self, client, officer):
        reader, report = member(full_name="Zadie Okafor"), draft(by=officer)
        assert "have no commentary yet" in client.get(url("report_approve", report)).text
        assert "Approved. It can be circulated now." in client.post(url("report_approve", report), follow=True).text
        assert "Zadie Okafor" in client.get(url("report_circulate", report)).text
        assert "The link goes to 1 member" in client.post(url("report_circulate", report), follow=True).text
        assert "Every member has the link already" in client.post(url("report_circulate", report), follow=True).text
        assert Message.objects.filter(to=reader.email).count() == 1
        assert "Enter why it is withdrawn" in client.post(url("report_withdraw", report), {"reason": " "}).text
        client.post(url("report_withdraw", report), {"reason": "Wrong year."})
        client.post(url("report_again", report), {"same": "yes"})
        new = Report.objects.get(status="draft")
        assert new.replaces == report and new.snapshot == report.snapshot
        history = client.get(report.get_absolute_url()).text
        for step in ("Started", "Approved", "Circulated", "Withdrawn", "Wrong year."):
            assert step in history

    def test_who_is_second_to_approve_is_told_who_was_first(self, client, officer):
        report = draft(by=officer)
        actions.approve(report=report, by=td(full_name="Ada Cole"), now=NOW)
        assert "Ada Cole approved this report" in client.post(url("report_approve", report), follow=True).text
