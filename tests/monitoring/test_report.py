"""A report: frozen figures, compared with the last, on its way from draft to the Sub-committee (§16)."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.models.user import SUB_COMMITTEE
from bookings.models import Attendance, Booking
from courses.models import Event
from evaluations.models import Evaluation, Kind, Questionnaire
from monitoring.actions import Refused
from monitoring.models import ImpactExample, Indicator, Report, ReportPoint, Snapshot
from monitoring.report import actions, delivery, voices
from monitoring.report.comparison import change_of_figure, change_of_status
from monitoring.report.part import Part
from monitoring.report.reading import Reading
from notifications.models import Message, PreparedFile
from tests.factories import UserFactory
from tests.monitoring.reports import (
    approved,
    circulated,
    counted,
    draft,
    figure_of,
    fresh,
    member,
    nothing_to_tell,
    td,
    withdrawn,
)
from tests.monitoring.world import NOW, at, attend, book, conference, event, online, organisation, person, this_year

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("priorities")]
LATER = NOW + timedelta(hours=1)


class TestFrozen:
    def test_a_later_booking_event_or_target_does_not_move_it(self):
        conference(date(2026, 6, 1), came=[person()])
        report = counted(by=td())
        conference(date(2026, 7, 1), came=[person()])
        Indicator.objects.filter(code="1A").update(target=1)
        first = Reading(fresh(report)).priorities[0].figures[0].frozen
        assert (first["value"], first["unit"], first["target"]) == ("1", "event", "2 or more")
        assert first["rows"] == "1 event"
        assert figure_of(counted(by=td()).snapshot.content, "1A")["value"] == "2"

    def test_nothing_after_its_moment_counts_however_late_a_worker_counts(self):
        report, _ = actions.start(year=None, as_at=date(2026, 6, 30), by=td(), now=NOW)
        conference(date(2026, 6, 1), came=[person()])
        conference(date(2026, 7, 1), came=[person()])
        assert actions.count(snapshot=report.snapshot, progress=nothing_to_tell)
        assert figure_of(fresh(report).snapshot.content, "1A")["value"] == "1"

    def test_the_second_of_two_workers_changes_nothing(self):
        report = counted(by=td())
        conference(date(2026, 6, 1), came=[person()])
        assert not actions.count(snapshot=report.snapshot, progress=nothing_to_tell)
        assert figure_of(fresh(report).snapshot.content, "1A")["value"] == "0"

    @pytest.mark.parametrize("fields", [{"content": {}}, {"content": None, "counted_at": None}, {"year": 2020}])
    def test_the_database_refuses_to_change_figures(self, fields):
        snapshot = draft(by=td()).snapshot
        with pytest.raises(IntegrityError), transaction.atomic():
            Snapshot.objects.filter(pk=snapshot.pk).update(**fields)

    @pytest.mark.parametrize("fields", [{"words": {}}, {"number": 99}, {"status": "draft"}, {"compared_with": None}])
    def test_the_database_refuses_to_change_what_is_approved(self, fields):
        someone = td()
        approved(by=someone)
        second = approved(by=someone, now=LATER)
        with pytest.raises(IntegrityError), transaction.atomic():
            Report.objects.filter(pk=second.pk).update(**fields)
        Report.objects.filter(pk=second.pk).update(approved_by=None)  # who leaves does not stand in the way

    def test_commentary_and_points_of_an_approved_report_are_those_that_were_approved(self):
        someone, report = (by := td()), draft(by=by)
        actions.comment(report=report, number=1, text="One more comes in March.", seen=None, by=someone, now=NOW)
        actions.approve(report=report, by=someone, now=NOW)
        report.commentaries.update(text="Something else")
        assert Reading(fresh(report)).priorities[0].commentary == "One more comes in March."


class TestDelivery:
    @pytest.fixture
    def world(self):
        """An event with five booked: three came, one came to a part, one did not come; one walked in, one was late."""
        school, police = organisation("Education"), organisation("Police")
        came = [person(school) for _ in range(2)] + [person(police)]
        held = event(day=date(2026, 6, 10), came=came, capacity=12)
        in_part, absent = (book(held, person(school)) for _ in range(2))
        session = held.sessions.get()
        for booking, mark in ((in_part, "left_early"), (absent, "absent")):
            Attendance.objects.create(booking=booking, session=session, mark=mark, marked_at=at(date(2026, 6, 10)))
        walked_in = Booking.objects.get(person=came[2])
        Booking.objects.filter(pk=walked_in.pk).update(is_walk_in=True)
        late = {"status": "cancelled", "ended_at": at(date(2026, 6, 9)), "is_late": True, "confirmed_at": NOW}
        for reason in ["Ill"] * 5 + ["ill."] + ["My sister's wedding", ""]:
            book(held, person(school), **late, end_reason=reason)
        event(day=date(2026, 5, 10), cancelled_at=NOW - timedelta(days=300), status=Event.Status.CANCELLED)
        event(day=date(2025, 6, 10), came=[person(school)])
        event(day=date(2026, 1, 10), came=[person(school)])  # last year, after the same day
        return held

    def parts(self) -> dict[str, Part]:
        return {part.name: part for part in delivery.parts(this_year())}

    def test_the_whole_by_hand(self, world):
        online(world.course, person(), date(2026, 6, 1), completed=date(2026, 6, 2))
        rows = {row[0]: row[1:] for row in self.parts()["delivery"].rows}
        assert rows == {
            "Events delivered": [1, 1], "Events cancelled": [1, 0], "Courses that ran at these events": [1, 1],
            "Places at these events": [12, 20], "Places booked when the event took place": [4, 1],
            "Of these attended in full": [2, 1], "Attendance rate (% of places booked)": [50.0, 100.0],
            "Of these attended in part": [1, 0], "Of these not used: did not come": [1, 0], "Cancelled late": [8, 0],
            "Walk-ins who attended in full": [1, 0], "Online courses completed": [1, 0],
            "People trained, each counted once": [4, 1],
        }  # fmt: skip

    def test_by_agency_and_by_course(self, world):
        by_agency = {row[0]: row[1:] for row in self.parts()["agencies"].rows}
        assert by_agency == {"Education": [4, 2, 50.0, 1, 8, 0, 1], "Police": [0, 1, None, 0, 0, 1, 0]}
        assert self.parts()["courses"].rows == [[world.course.title, 1, 12, 4, 3, 50.0, 1, 8, 1]]

    def test_a_reason_of_fewer_than_five_people_is_told_with_the_others(self, world):
        late = [row[1:] for row in self.parts()["reasons"].rows if row[0] == "Cancelled late"]
        assert late == [["Ill", 6], [delivery.OTHER_REASONS, 1], [delivery.NO_REASON, 1]]

    def test_nothing_is_no_data_and_no_zero_percent(self):
        rows = {row[0]: row[1:] for row in self.parts()["delivery"].rows}
        assert rows["Attendance rate (% of places booked)"] == [None, "No data"]
        assert self.parts()["agencies"].rows == []


class TestVoices:
    def test_only_examples_that_td_coded_are_quoted(self):
        ImpactExample.objects.create(dated=date(2026, 6, 1), theme="Earlier referrals", text="A nursery rings earlier.")
        ImpactExample.objects.create(dated=date(2025, 6, 1), theme="Old", text="Last year.")
        voices = {part.name: part for part in Reading(counted(by=td())).parts["voices"]}
        assert [row[1] for row in voices["examples"].rows] == ["A nursery rings earlier."]
        assert voices["change"].rows == [] and voices["change"].empty


class TestComparison:
    @pytest.mark.parametrize(
        ("now", "then", "change"),
        [
            ("met", "at risk", "better"), ("at risk", "on track", "worse"), ("met", "met", "same"),
            ("not met", "not met so far", "worse"), ("met", "no data", ""), ("met", None, ""),
        ],
    )  # fmt: skip
    def test_of_a_status(self, now, then, change):
        assert change_of_status(now, then) == change

    @pytest.mark.parametrize(
        ("kind", "now", "then", "words"),
        [
            ("count", 3, 1, "+2"), ("count", 1, 3, "−2"), ("ratio", 83.3, 77.1, "+6.2 points"),
            ("ratio", 50, 50, "no change"), ("mean", 0.8, 0.85, "−0.05"), ("count", 3, None, ""),
            ("count", None, 3, ""), ("comparison", 1204, 4, "+1,200"),
        ],
    )  # fmt: skip
    def test_of_a_figure(self, kind, now, then, words):
        assert change_of_figure({"kind": kind, "number": now}, {"kind": kind, "number": then}) == words

    def test_of_a_figure_that_was_not_there_or_was_another_kind(self):
        assert change_of_figure({"kind": "count", "number": 3}, None) == ""
        assert change_of_figure({"kind": "count", "number": 3}, {"kind": "ratio", "number": 3}) == ""

    def test_with_the_last_report_by_hand(self):
        someone = td()
        conference(date(2026, 6, 1), came=[person()])
        approved(by=someone, as_at=date(2026, 6, 30), make=counted)
        conference(date(2026, 7, 1), came=[person()])
        reading = Reading(counted(by=someone, now=LATER))
        first = reading.priorities[0]
        assert (first.figures[0].last["value"], first.figures[0].frozen["value"]) == ("1", "2")
        assert first.figures[0].since_last == "+1"
        assert reading.last_words == "30 June 2026"
        table = next(part for part in reading.parts["delivery"] if part.name == "delivery")
        assert table.headings == ["Number of", "This year", "On 30 June 2026", "Same days last year"]
        assert table.rows[0] == ["Events delivered", 2, 1, "No data"]

    def test_with_neither_a_draft_nor_a_withdrawn_nor_a_newer_one(self):
        someone = td()
        newer = approved(by=someone)
        draft(by=someone)
        gone = approved(by=someone, as_at=date(2026, 5, 31))
        actions.withdraw(report=gone, by=someone, now=LATER, reason="Wrong.")
        assert Reading(draft(by=someone, as_at=date(2026, 6, 30))).last is None
        assert Reading(draft(by=someone)).last == newer

    def test_what_it_was_compared_with_stays_when_that_is_withdrawn_later(self):
        someone = td()
        first, second = approved(by=someone), approved(by=someone, now=LATER)
        actions.withdraw(report=first, by=someone, now=LATER, reason="Wrong.")
        assert Reading(fresh(second)).last == first


class TestWay:
    def test_of_two_who_approve_one_wins_and_the_other_is_told_who(self):
        first, second = td(full_name="Kezia Mensah"), td()
        report = draft(by=first)
        actions.approve(report=report, by=first, now=NOW)
        with pytest.raises(Refused, match="Kezia Mensah approved this report on 23 November 2026 at 10am"):
            actions.approve(report=report, by=second, now=LATER)
        assert fresh(report).approved_by == first

    def test_it_is_not_approved_before_it_is_counted(self):
        someone = td()
        report, _ = actions.start(year=None, as_at=None, by=someone, now=NOW)
        with pytest.raises(Refused, match="still being counted"):
            actions.approve(report=report, by=someone, now=NOW)

    def test_circulated_twice_each_member_gets_one_email_and_who_joined_gets_theirs(self):
        someone, members = td(), [member(), member()]
        member(is_active=False)
        report = approved(by=someone)
        assert actions.circulate(report=report, by=someone, now=NOW) == 2
        assert actions.circulate(report=report, by=someone, now=LATER) == 0
        third = member()
        assert actions.circulate(report=report, by=someone, now=LATER) == 1
        sent = Message.objects.filter(kind="monitoring/report_circulated")
        assert set(sent.values_list("to", flat=True)) == {each.email for each in (*members, third)}
        assert sent.count() == 3
        assert f"/reports/{report.number}/" in sent.first().text
        assert fresh(report).circulated_at == NOW

    @pytest.mark.parametrize("make", [draft, withdrawn])
    def test_only_an_approved_report_is_circulated(self, make):
        someone = td()
        with pytest.raises(Refused):
            actions.circulate(report=make(by=someone), by=someone, now=NOW)

    def test_its_readers_are_told_that_it_is_withdrawn_and_why(self):
        someone, reader = td(), member()
        report = circulated(by=someone)
        actions.withdraw(report=report, by=someone, now=NOW, reason="A figure was wrong.")
        message = Message.objects.get(kind="monitoring/report_withdrawn")
        assert message.to == reader.email and "A figure was wrong." in message.text
        with pytest.raises(Refused, match="withdrew this report"):
            actions.withdraw(report=report, by=someone, now=LATER, reason="Again")

    def test_a_draft_that_is_given_up_tells_nobody(self):
        someone = td()
        member()
        actions.withdraw(report=draft(by=someone), by=someone, now=NOW, reason="A trial.")
        assert not Message.objects.filter(kind__startswith="monitoring/").exists()

    def test_begun_again_it_has_the_words_and_the_same_figures(self):
        someone = td()
        old = draft(by=someone)
        actions.comment(report=old, number=0, text="All in all.", seen=None, by=someone, now=NOW)
        actions.write_point(report=old, by=someone, kind="action", text="Do it.", owner="Ada", due_on=date(2027, 1, 1))
        actions.approve(report=old, by=someone, now=NOW)
        actions.withdraw(report=old, by=someone, now=NOW, reason="A word was wrong.")
        new, document = actions.begin_again(report=old, by=someone, now=LATER, count_again=False)
        assert (new.snapshot, new.replaces, new.status, document) == (old.snapshot, old, "draft", None)
        reading = Reading(fresh(new))
        assert reading.summary == "All in all." and [each["text"] for each in reading.actions] == ["Do it."]
        with pytest.raises(Refused, match=f"Report {new.number} replaces it already"):
            actions.begin_again(report=old, by=someone, now=LATER, count_again=True)

    def test_open_risks_and_actions_come_over_from_the_last_report(self):
        someone = td()
        first = draft(by=someone)
        fields = {"kind": "action", "owner": "Ada", "due_on": date(2027, 1, 1)}
        actions.write_point(report=first, by=someone, text="Open", **fields)
        actions.write_point(report=first, by=someone, text="Done", is_done=True, **fields)
        actions.approve(report=first, by=someone, now=NOW)
        assert [point.text for point in draft(by=someone, now=LATER).points.all()] == ["Open"]
        assert ReportPoint.objects.count() == 3


class TestCommentary:
    def test_who_writes_over_another_is_told_first(self):
        first, second = td(full_name="Kezia Mensah"), td()
        report = draft(by=first)
        actions.comment(report=report, number=1, text="Hers", seen=None, by=first, now=NOW)
        with pytest.raises(Refused, match="Kezia Mensah wrote here"):
            actions.comment(report=report, number=1, text="His", seen=None, by=second, now=LATER)
        actions.comment(report=report, number=1, text="Both", seen=NOW, by=second, now=LATER)
        assert [each.text for each in report.commentaries.all()] == ["Both"]
        assert report.commentaries.get().history.count() == 2

    def test_nobody_writes_into_an_approved_report(self):
        someone = td()
        report = approved(by=someone)
        with pytest.raises(Refused):
            actions.comment(report=report, number=1, text="Late", seen=None, by=someone, now=LATER)
        with pytest.raises(Refused):
            actions.write_point(
                report=report, by=someone, kind="action", text="Late", owner="Ada", due_on=date(2027, 1, 1)
            )

    def test_priorities_short_of_their_target_without_commentary_are_named(self):
        someone = td()
        report = draft(by=someone)
        assert 1 in [each["number"] for each in actions.uncommented(report)]
        actions.comment(report=report, number=1, text="Why", seen=None, by=someone, now=NOW)
        assert 1 not in [each["number"] for each in actions.uncommented(fresh(report))]


class TestWorker:
    def test_asked_for_twice_it_is_made_once(self):
        someone = td()
        report, document = actions.start(year=None, as_at=None, by=someone, now=NOW)
        assert actions.ask_for_pdf(report=report, by=someone, now=NOW) == document
        assert PreparedFile.objects.count() == 1

    def test_what_a_killed_worker_left_is_begun_again_with_the_figures_it_had_counted(self, monkeypatch):
        someone = td()
        conference(date(2026, 6, 1), came=[person()])
        report, _ = actions.start(year=None, as_at=None, by=someone, now=NOW)

        def killed(reading):
            raise SystemExit

        with monkeypatch.context() as patch, pytest.raises(SystemExit):
            patch.setattr(actions.pdfs, "report", killed)
            actions.make({"report": report.pk}, nothing_to_tell)
        conference(date(2026, 7, 1), came=[person()])
        steps = []
        name, made = actions.make({"report": report.pk}, lambda done, of: steps.append((done, of)))
        assert name == "draft-report-1-2026-11-23.pdf" and made.startswith(b"%PDF")
        assert figure_of(fresh(report).snapshot.content, "1A")["value"] == "1"
        assert steps == [(0, 1)]

    def test_the_pdf_of_an_approved_report_is_made_once_and_kept(self, settings):
        report = approved(by=td())
        _, first = actions.make({"report": report.pk}, nothing_to_tell)
        _, second = actions.make({"report": report.pk}, nothing_to_tell)
        assert first == second
        actions.keep_pdf(report=fresh(report), made=b"%PDF of a slower worker")
        with fresh(report).pdf.open() as file:
            assert file.read() == first
        assert len(list((settings.MEDIA_ROOT / "reports").iterdir())) == 1


def test_a_person_without_the_role_is_no_member():
    UserFactory()
    reader = member()
    assert actions.members() == [reader]
    assert reader.groups.get().name == SUB_COMMITTEE


def test_what_was_answered_after_its_day_does_not_count_in_the_response_rates():
    someone, sheet = person(), Questionnaire.objects.get_or_create(kind=Kind.POST, version=1)[0]
    booking = attend(event(day=date(2026, 6, 10)), someone)
    form = Evaluation.objects.create(
        booking=booking, kind=Kind.POST, questionnaire=sheet, respondent=someone,
        respondent_email=someone.email, opens_at=at(date(2026, 6, 10)), submitted_at=at(date(2026, 7, 5)),
    )  # fmt: skip
    for as_at, answered in ((date(2026, 6, 30), 0), (date(2026, 7, 31), 1)):
        rates = next(part for part in voices.parts(this_year(as_at)) if part.name == "rates")
        row = next(row for row in rates.rows if row[0] == form.get_kind_display())
        assert row[1:3] == [1, answered]
