"""Help for each role, guides to print, whom to ask, problems with a page, and T&D's first days."""

from datetime import datetime, timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group
from django.core import signing
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from accounts import problems
from accounts.models import Policy, ProblemReport
from accounts.models.user import SUB_COMMITTEE, TD_SERVICE
from learning.actions import erase_person
from monitoring import setting_up
from monitoring.models import SetupTick
from monitoring.today import waiting
from monitoring.views import help as help_views
from monitoring.views.help import MOST_REPORTS, ROLES
from notifications.models import Message
from tests.factories import OrganisationFactory, UserFactory, make_event, make_lead, make_officer
from tests.tagged import faults

pytestmark = pytest.mark.django_db
LONDON = timezone.get_default_timezone()
NOW = datetime(2026, 11, 23, 8, 30, tzinfo=LONDON)
KEYS = [role.key for role in ROLES]


@pytest.fixture
def td():
    return make_officer()


class TestHelp:
    @pytest.mark.parametrize("key", KEYS)
    def test_each_role_has_a_page_and_a_guide_of_one_accessible_page(self, client, key):
        page = client.get(reverse("monitoring:help_page", args=[key]))
        assert page.status_code == 200 and reverse("monitoring:guide", args=[key]) in page.text
        guide = client.get(reverse("monitoring:guide", args=[key]))
        assert guide["Content-Type"] == "application/pdf" and faults(guide.content) == []
        assert len(PdfReader(BytesIO(guide.content)).pages) == 1

    def test_says_what_the_policy_says(self, client):
        Policy.objects.update_or_create(pk=1, defaults={"notice_days": 9, "certificate_needs_evaluation": False})
        page = client.get(reverse("monitoring:help_page", args=["learner"])).text
        assert "less than 9 working days" in page and "and you have answered" not in page

    def test_of_nobody_is_not_found(self, client):
        assert client.get(reverse("monitoring:help_page", args=["base"])).status_code == 404
        assert client.get(reverse("monitoring:guide", args=["index"])).status_code == 404

    def test_every_page_leads_to_help_contact_and_the_report_with_its_own_address(self, client):
        page = client.get(reverse("courses:events")).text
        for address in (reverse("monitoring:help"), reverse("monitoring:contact"), "/report-a-problem/?page=/events/"):
            assert f'href="{address}"' in page
        assert "training@wscb.example" in client.get(reverse("monitoring:contact")).text


class TestAProblem:
    def send(self, client, **data):
        data = {"tried": "Book a place", "happened": "It said no.", "page": "/events/", **data}
        return client.post(reverse("monitoring:problem"), data)

    def test_is_kept_and_told_to_td_at_once(self, client):
        answer = self.send(client, email="amina@riverside.example")
        assert answer.url == f"{reverse('monitoring:problem_sent')}?page=%2Fevents%2F"
        assert 'href="/events/">Go back to the page you came from' in client.get(answer.url).text
        report = ProblemReport.objects.get()
        assert (report.page, report.email, report.person) == ("/events/", "amina@riverside.example", None)
        message = Message.objects.get(kind="accounts/problem")
        assert message.to == "training@wscb.example" and message.subject == "A problem with /events/"
        for words in ("Book a place", "It said no.", "amina@riverside.example", "/events/"):
            assert words in message.text and words in message.html

    def test_the_token_of_a_link_from_an_email_is_not_kept(self, client):
        """Else whoever reads T&D's mailbox could answer, approve or give back for the person."""
        booking = uuid4()
        token = signing.dumps(str(booking), salt="bookings.give_back")
        self.send(client, page=f"/give-back/{token}/")
        assert ProblemReport.objects.get().page == "/give-back/[token]/"
        assert token not in Message.objects.get(kind="accounts/problem").text
        self.send(client, page=f"/bookings/{booking}/")  # opens nothing for others, and says which booking it is
        assert ProblemReport.objects.filter(page=f"/bookings/{booking}/").exists()

    def test_of_somebody_signed_in_is_answered_at_their_address(self, client):
        person = UserFactory()
        client.force_login(person)
        assert "Your email address" not in client.get(reverse("monitoring:problem")).text
        self.send(client, email="somebody@else.example")
        assert ProblemReport.objects.values_list("person", "email").get() == (person.pk, person.email)

    def test_names_what_is_missing(self, client):
        page = self.send(client, tried=" ", happened="", email="nobody").text
        for words in ("Enter what you wanted to do", "Enter what happened", "Enter an email address like"):
            assert words in page
        assert not ProblemReport.objects.exists()

    @pytest.mark.parametrize("page", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/a\nb"])
    def test_keeps_no_address_but_one_of_this_site(self, client, page):
        self.send(client, page=page)
        assert ProblemReport.objects.get().page == ""

    def test_thanks_lead_back_to_no_other_site(self, client):
        page = client.get(reverse("monitoring:problem_sent"), {"page": "https://evil.example/"}).text
        assert "evil" not in page and "Go to the first page" in page

    def test_too_many_from_one_place_are_refused(self, client):
        for _ in range(MOST_REPORTS):
            assert self.send(client).status_code == 302
        assert "You have reported a lot" in self.send(client).text
        assert ProblemReport.objects.count() == MOST_REPORTS

    def test_behind_a_proxy_each_place_is_counted_by_itself(self, client, settings, monkeypatch):
        settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
        monkeypatch.setattr(help_views, "MOST_REPORTS", 1)
        for address in ("203.0.113.7", "203.0.113.8"):
            client.defaults["HTTP_X_FORWARDED_FOR"] = address
            assert self.send(client).status_code == 302, address
        assert "You have reported a lot" in self.send(client).text

    def test_waits_on_today_until_td_settles_it(self, client, td):
        self.send(client)
        assert [each.title for each in waiting(now=timezone.now())] == ["Problems that people reported"]
        client.force_login(td)
        page = client.get(reverse("admin:accounts_problemreport_change", args=[ProblemReport.objects.get().pk])).text
        assert "Mark as settled" in page
        url = reverse("admin:accounts_problemreport_changelist")
        client.post(url, {"action": "settle", "_selected_action": [ProblemReport.objects.get().pk]})
        page = client.get(reverse("admin:accounts_problemreport_change", args=[ProblemReport.objects.get().pk])).text
        assert "Mark as settled" not in page
        report = ProblemReport.objects.get()
        assert report.settled_by == td and waiting(now=timezone.now()) == []

    def test_is_forgotten_a_year_after_it_was_settled(self, td):
        old, new, open_ = (
            problems.report_problem(page="/", tried="x", happened="y", email="", by=None, now=NOW) for _ in range(3)
        )
        problems.settle_problem(report=old, by=td, now=NOW - timedelta(days=366))
        problems.settle_problem(report=new, by=td, now=NOW - timedelta(days=364))
        assert problems.forget_problems(now=NOW) == 1
        assert set(ProblemReport.objects.all()) == {new, open_}

    def test_stays_without_its_reporter_who_is_erased(self, td):
        person = UserFactory()
        problems.report_problem(page="/", tried="x", happened="y", email="", by=person, now=NOW)
        erase_person(person=person, by=td, now=timezone.now())
        assert ProblemReport.objects.values_list("person", "email").get() == (None, "")


class TestSettingUp:
    def done(self) -> list[str]:
        return [standing.step.key for standing in setting_up.standings() if standing.done]

    def test_steps_tick_themselves_by_what_is_there(self, td):
        assert self.done() == []
        UserFactory().groups.add(Group.objects.get(name=TD_SERVICE))
        UserFactory().groups.add(Group.objects.get(name=SUB_COMMITTEE))
        make_event()
        for _ in range(10):
            make_lead(OrganisationFactory(confirmed_at=NOW))
        assert self.done() == ["colleagues", "organisations", "leads", "venues", "event"]

    def test_others_are_ticked_and_the_tick_taken_back(self, client, td):
        client.force_login(td)
        url = reverse("monitoring:getting_started")
        for _ in range(2):
            client.post(url, {"step": "policy"})
        assert SetupTick.objects.get().ticked_by == td and "Dominic Clarke" in client.get(url).text
        client.post(url, {"step": "policy", "undo": "yes"})
        assert not SetupTick.objects.exists()
        assert client.post(url, {"step": "nonsense"}).status_code == 404

    def test_each_step_leads_to_a_page_that_td_may_open(self, client, td):
        client.force_login(td)
        assert {step.key: client.get(step.address()).status_code for step in setting_up.STEPS} == {
            step.key: 200 for step in setting_up.STEPS
        }

    def test_today_speaks_of_it_until_the_service_runs(self, client, td):
        client.force_login(td)
        today = reverse("monitoring:today")
        assert "Setting up the service: 10 steps to go." in client.get(today).text
        event = make_event()
        type(event).objects.filter(pk=event.pk).update(register_closed_at=NOW)
        assert "Setting up the service" not in client.get(today).text

    def test_is_for_td_alone(self, client):
        client.force_login(UserFactory())
        assert client.get(reverse("monitoring:getting_started")).status_code == 404
