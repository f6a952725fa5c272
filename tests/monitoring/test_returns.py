"""The yearly return (§6.10): who is asked when, what is filled in, drafts, sending, taking back, what T&D sees."""

import re
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from bookings.models import TrainingRecord
from courses.models import Subject
from monitoring.actions import Refused
from monitoring.models import Indicator, ReturnRound, SingleAgencyTraining, YearlyReturn
from monitoring.returns import actions, reading, rules
from notifications.models import Message
from tests import teams
from tests.monitoring.roles import LEAD, MONITORING, of_role, opened
from tests.monitoring.world import this_year
from tests.teams import NOW, TODAY

pytestmark = pytest.mark.django_db
OPENS, DUE = date(2026, 11, 1), date(2026, 12, 18)


@pytest.fixture
def now(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def round():
    return ReturnRound.objects.create(year=2026, opens_on=OPENS, due_on=DUE)


@pytest.fixture
def school():
    return teams.organisation()


@pytest.fixture
def lead(school, client):
    lead = teams.lead(school, name="Ada Lead")
    client.force_login(lead)
    return lead


def at(day: date):
    return NOW.replace(year=day.year, month=day.month, day=day.day)


def saved(round, school, lead, **answers):
    answers = {"workforce": {3: 12}, "known": {3: 1}, "trainings": [("Level 2", "NSPCC", 4)], **answers}
    return actions.save_return(round=round, organisation=school, by=lead, now=NOW, **answers)


def sent(round, school, lead, **answers):
    return actions.send_return(yearly_return=saved(round, school, lead, **answers), by=lead, now=NOW)


class TestNavigation:
    """On every page of a team: a badge while the return is due (§6.10), the rarer parts under "More"."""

    BADGE = re.compile(r"Yearly return <span [^>]*>1<span[^>]*> waiting</span>")

    def page(self, client, school, name="learning:team"):
        return " ".join(client.get(reverse(name, args=[school.pk])).text.split())

    def test_a_badge_stands_there_from_the_opening_until_it_is_sent(self, client, school, now):
        lead = teams.lead(school)
        client.force_login(lead)
        assert not self.BADGE.search(self.page(client, school))
        dates = {"year": 2026, "due_on": TODAY + timedelta(days=30), "by": None}
        actions.open_round(opens_on=TODAY + timedelta(days=1), **dates)
        assert not self.BADGE.search(self.page(client, school))
        asked = actions.open_round(opens_on=TODAY, **dates)
        page = self.page(client, school)
        assert self.BADGE.search(page) and re.search(r"More <span [^>]*>1<span[^>]*> waiting", page)
        saved = actions.save_return(
            round=asked, organisation=school, by=lead, now=NOW, workforce={}, known={}, trainings=[]
        )
        assert self.BADGE.search(self.page(client, school))  # a draft is not sent
        actions.send_return(yearly_return=saved, by=lead, now=NOW)
        page = self.page(client, school)
        assert not self.BADGE.search(page) and "waiting" not in page

    def test_the_part_whose_page_it_is_stands_in_the_row_and_marked_once(self, client, school, now):
        client.force_login(teams.lead(school))
        for name, words in (("learning:team_settings", "Settings"), ("monitoring:team_own", "Own courses"),
                            ("monitoring:team_own_add", "Own courses")):  # fmt: skip
            page = self.page(client, school, name)
            menu = page[page.index('class="wscb-team-nav__menu"') : page.index("</details>")]
            nav = page[
                page.index('<nav class="wscb-team-nav"') : page.index("</nav>", page.index("wscb-team-nav__menu"))
            ]
            assert f">{words}</a>" not in menu and nav.count("aria-current") == 1
            assert re.search(rf"aria-current=\"(page|true)\">{words}</a>", nav)


class TestRules:
    @pytest.mark.parametrize(
        ("today", "notice"),
        [
            (OPENS - timedelta(days=1), None), (OPENS, "invite"), (DUE - timedelta(days=15), "invite"),
            (DUE - timedelta(days=14), "remind"), (DUE, "remind"), (DUE + timedelta(days=1), "overdue"),
            (DUE + timedelta(days=42), "overdue"), (DUE + timedelta(days=43), None),
        ],
    )  # fmt: skip
    def test_which_email_a_day_asks_for(self, today, notice):
        assert rules.notice_due(opens_on=OPENS, due_on=DUE, today=today) == notice

    def test_a_round_shorter_than_two_weeks_invites_first(self):
        assert rules.notice_due(opens_on=OPENS, due_on=OPENS + timedelta(days=10), today=OPENS) == "invite"

    def test_what_was_sent_is_taken_back_before_it_is_changed_by_leads_until_the_date(self):
        facts = {"due_on": DUE, "today": DUE, "is_td": False}
        assert rules.refusal_to_take_back(is_sent=True, **facts) is None
        late = {**facts, "today": DUE + timedelta(days=1)}
        assert "has passed" in rules.refusal_to_take_back(is_sent=True, **late)
        assert rules.refusal_to_take_back(is_sent=True, **{**late, "is_td": True}) is None
        assert "not been sent" in rules.refusal_to_take_back(is_sent=False, **facts)
        assert rules.refusal_to_change(is_sent=False, opens_on=OPENS, today=OPENS) is None
        assert "Take it back" in rules.refusal_to_change(is_sent=True, opens_on=OPENS, today=OPENS)
        assert "not open" in rules.refusal_to_change(is_sent=False, opens_on=OPENS, today=OPENS - timedelta(days=1))


class TestAsking:
    def test_each_lead_gets_one_email_a_notice_that_lists_all_their_organisations(self, round, school):
        lead = teams.lead(school, teams.organisation("Second school"))
        teams.organisation("Nobody there")
        for _ in range(2):  # run twice
            actions.ask_for_returns(now=NOW)
        [message] = Message.objects.all()
        assert (message.recipient, message.kind) == (lead, "monitoring/return_asked")
        assert "Balham Park School" in message.text and "Second school" in message.html
        assert message.subject == "Tell us which training your staff need: yearly return 2026-27"
        actions.ask_for_returns(now=at(DUE - timedelta(days=3)))
        actions.ask_for_returns(now=at(DUE + timedelta(days=3)))
        actions.ask_for_returns(now=at(DUE + timedelta(days=4)))
        subjects = list(Message.objects.order_by("created_at").values_list("subject", flat=True))
        assert [subject.split()[-1] for subject in subjects] == ["2026-27", "2026", "missing"]

    def test_who_has_returned_and_childminders_are_not_asked(self, round, school):
        lead = teams.lead(school)
        teams.lead(teams.organisation("Rosa", kind="childminder"))
        sent(round, school, lead)
        assert actions.ask_for_returns(now=NOW) == 0

    def test_nothing_goes_before_the_day(self, round, school):
        teams.lead(school)
        assert actions.ask_for_returns(now=at(OPENS - timedelta(days=1))) == 0

    def test_a_reminder_by_hand_goes_once_a_day(self, round, school):
        teams.lead(school)
        remind = {"round": round, "organisations": [school], "by": None}
        assert [actions.remind(now=NOW, **remind) for _ in range(2)] == [1, 0]
        assert actions.remind(now=NOW + timedelta(days=1), **remind) == 1
        with pytest.raises(Refused, match="not open yet"):
            actions.remind(now=at(OPENS - timedelta(days=1)), **remind)


class TestWhatIsKnown:
    def test_workforce_by_group_training_elsewhere_and_own_courses(self, school):
        first, second = teams.person(at=school), teams.person(at=school, group=teams.group(1))
        teams.person(at=school, confirmed=False)
        for person, days, status in ((first, 10, "counted"), (second, 10, "counted"), (first, 400, "counted"),
                                     (second, 5, "to_verify")):  # fmt: skip
            TrainingRecord.objects.create(
                person=person, title="Level 2", provider="NSPCC", source="elsewhere", status=status,
                completed_on=TODAY - timedelta(days=days),
            )  # fmt: skip
        SingleAgencyTraining.objects.create(organisation=school, title="Induction", held_on=TODAY)
        SingleAgencyTraining.objects.create(organisation=school, title="Old", held_on=TODAY - timedelta(days=500))
        known = reading.known(school, today=TODAY)
        assert known.workforce == {3: 1, 1: 1}
        assert known.trainings == [("Level 2", "NSPCC", 2)]
        assert [own.title for own in known.own] == ["Induction"]


class TestDraftAndSending:
    def test_a_draft_is_replaced_and_one_organisation_has_one_return_a_year(self, round, school, lead):
        saved(round, school, lead)
        kept = saved(round, school, lead, workforce={3: 9}, trainings=[])
        assert YearlyReturn.objects.count() == 1
        assert [line.people for line in kept.workforce.all()] == [9]
        assert not kept.trainings.exists()

    def test_what_was_sent_stays_until_it_is_taken_back(self, round, school, lead):
        kept = sent(round, school, lead)
        with pytest.raises(Refused):
            saved(round, school, lead)
        with pytest.raises(Refused):
            actions.send_return(yearly_return=kept, by=lead, now=NOW)
        actions.take_back(yearly_return=kept, by=lead, now=NOW)
        assert not saved(round, school, lead).is_sent
        assert kept.history.count() == 5

    def test_filled_in_kept_checked_sent_and_taken_back_on_the_pages(self, client, now, round, school, lead):
        subject = Subject.objects.create(name="Neglect", category="general")
        page = client.get(reverse("monitoring:team_return_edit", args=[school.pk]))
        assert page.context["form"]["group_3"].value() == 1  # the lead herself
        answers = {
            "group_3": "14", "training_0_title": "Level 2", "training_0_people": "3", "subjects": [subject.pk],
            "barriers": ["cover", "full"], "other_barriers": "Winter",
        }  # fmt: skip
        url = reverse("monitoring:team_return_edit", args=[school.pk])
        assert client.post(url, {**answers, "save": "x"}).url == reverse("monitoring:team_return", args=[school.pk])
        assert "A draft was kept" in client.get(reverse("monitoring:team_return", args=[school.pk])).text
        check = client.post(url, {**answers, "check": "x"}).url
        text = client.get(check).text
        assert "14 people" in text and "(1 registered here)" in text and "Neglect" in text and "Winter" in text
        client.post(check)
        kept = YearlyReturn.objects.get()
        assert (kept.is_sent, kept.barriers, kept.sent_by) == (True, ["cover", "full"], lead)
        assert client.get(url).status_code == 302
        client.post(reverse("monitoring:team_return_take_back", args=[school.pk]))
        assert not YearlyReturn.objects.get().is_sent

    def test_what_makes_no_sense_is_named(self, client, now, round, school, lead):
        url = reverse("monitoring:team_return_edit", args=[school.pk])
        page = client.post(url, {"group_3": "-1", "training_1_people": "4"})
        assert "Enter 0 or more people of group 3" in page.text
        assert "Enter what training 2 was called" in page.text
        assert not YearlyReturn.objects.exists()

    def test_without_a_round_nothing_is_asked(self, client, now, school, lead):
        assert "Nothing is asked of you now" in client.get(reverse("monitoring:team_return", args=[school.pk])).text
        assert client.get(reverse("monitoring:team_return_edit", args=[school.pk])).status_code == 404


class TestPages:
    @pytest.mark.parametrize("name", ["team_return", "team_return_edit", "team_return_check"])
    def test_leads_of_the_organisation_and_td_see_theirs(self, client, now, round, school, name):
        saved(round, school, teams.person())
        for role, status in LEAD.items():
            assert (role, opened(client, role, school, reverse(f"monitoring:{name}", args=[school.pk]))) == (
                role, status,
            )  # fmt: skip

    def test_td_and_the_sub_committee_see_who_has_returned(self, client, now, round, school):
        kept = sent(round, school, teams.person())
        pages = ["/returns/", "/returns.xlsx", reverse("monitoring:return", args=[kept.pk])]
        for role, status in MONITORING.items():
            assert [opened(client, role, school, page) for page in pages] == [status] * 3, role
        for role, status in {**MONITORING, "sub-committee": 404}.items():
            pages = ["/returns/ask/", reverse("monitoring:returns_remind", args=[2026])]
            assert [opened(client, role, school, page) for page in pages] == [status] * 2, role

    def test_a_draft_is_its_organisations_own(self, client, now, round, school):
        kept = saved(round, school, teams.person())
        assert opened(client, "td", school, reverse("monitoring:return", args=[kept.pk])) == 404

    def test_the_list_filters_reminds_and_adds_up(self, client, now, round, school):
        subject = Subject.objects.create(name="Neglect", category="general")
        sent(round, school, teams.person(), subjects=[subject], barriers=["cover"])
        other = teams.organisation("Harbour", vcs=True)
        teams.lead(other)
        client.force_login(of_role("td", school))
        page = client.get("/returns/", {"state": "open"})
        assert [each.name for each in page.context["page_obj"]] == ["Harbour"]
        assert (page.context["sent"], page.context["asked"]) == (1, 2)
        together = page.context["together"]
        assert together.workforce == [("Education", [12], 12)]
        assert (together.subjects, together.barriers) == ([("Neglect", 1)], [("No cover for staff who are away", 1)])
        client.post(reverse("monitoring:returns_remind", args=[2026]) + "?state=open")
        assert Message.objects.count() == 1
        book = load_workbook(BytesIO(client.get("/returns.xlsx").content))
        assert [sheet.max_row for sheet in book] == [3, 2, 2]
        assert client.get("/returns/", {"state": "?", "sector": "%", "q": "'"}).status_code == 200

    def test_td_sets_the_dates_and_hands_a_return_back(self, client, now, round, school):
        kept = sent(round, school, teams.person())
        client.force_login(of_role("td", school))
        days = {"opens_on_0": "1", "opens_on_1": "12", "opens_on_2": "2026", "due_on_0": "1", "due_on_1": "11",
                "due_on_2": "2026"}  # fmt: skip
        assert "due after CPD leads are asked" in client.post("/returns/ask/", {"year": 2026, **days}).text
        client.post("/returns/ask/", {"year": 2027, **days, "due_on_2": "2027"})
        assert ReturnRound.objects.get(year=2027).due_on == date(2027, 11, 1)
        client.post(reverse("monitoring:return_hand_back", args=[kept.pk]))
        assert not YearlyReturn.objects.get().is_sent

    @pytest.mark.parametrize("number", [2, 200])
    def test_the_same_number_of_queries_at_2_rows_and_200(self, client, now, round, school, number, query_count):
        by = teams.person()
        for each in range(number):
            teams.organisation(f"School {each}")
        sent(round, school, by)
        client.force_login(of_role("sub-committee", school))
        assert query_count("/returns/") == 18


def test_priority_10_says_how_many_returns_came(client, now, round, school, priorities):
    sent(round, school, teams.person())
    teams.organisation("Second")
    assert reading.received_by(2026, as_at=this_year().as_at) == (
        "Yearly returns received: 1 of 2 organisations, due by 18 December 2026."
    )
    assert reading.received_by(2025, as_at=TODAY) == ""
    client.force_login(of_role("sub-committee", school))
    page = client.get(Indicator.objects.get(code="10A").get_absolute_url())
    assert "Yearly returns received: 1 of 2 organisations" in page.text
