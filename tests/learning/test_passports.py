"""The training passport: its code checks for anyone, tells what stood in it, and can't be made up."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from courses.rules import CLEAR_LETTERS
from learning import passports
from learning.actions import erase_person, merge_accounts
from tests import teams
from tests.teams import NOW, TODAY, completed


@given(st.integers(1, 2**24 - 1), st.dates(date(2000, 1, 1), date(2170, 1, 1)))
def test_a_code_reads_back_as_whose_and_when(person_id, on):
    code = passports.code_of(person_id, on=on)
    assert len(code) == 19 and set(code) <= {*CLEAR_LETTERS, "-"}
    assert passports.read_code(code) == (person_id, on)


@given(st.integers(0, 15), st.sampled_from(CLEAR_LETTERS))
def test_a_code_with_one_other_letter_is_none(place, letter):
    letters = passports.code_of(7, on=TODAY).replace("-", "")
    changed = letters[:place] + letter + letters[place + 1 :]
    assert changed == letters or passports.read_code(changed) is None


@pytest.mark.parametrize(
    "code", ["", "AAAA", "7KMP-Q2XD-9RVT", "AAAA-AAAA-AAAA-AAAA", "9999-9999-9999-9999", "ÄÖÜ" * 6]
)
def test_what_is_no_code_is_none(code):
    assert passports.read_code(code) is None


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
class TestChecking:
    @pytest.fixture
    def person(self, school, pathway):
        return teams.person("Amina O'Neill", at=school)

    def check(self, client, person, on=TODAY):
        return client.get(reverse("learning:check_code", args=[passports.code_of(person.pk, on=on).lower()]))

    def test_anyone_sees_whose_it_is_and_what_stood_in_it_and_nothing_else(self, client, person, school, pathway):
        record = completed(person, pathway[0])
        page = self.check(client, person)
        assert page.status_code == 200
        assert "Amina O&#x27;Neill" in page.text and record.course.title in page.text
        assert school.name not in page.text and person.job_role not in page.text and person.email not in page.text

    def test_what_was_withdrawn_since_says_so(self, client, person, pathway, time_machine):
        record = completed(person, pathway[0])
        type(record).objects.update(status="withdrawn", decided_at=NOW)
        assert "Withdrawn since" in self.check(client, person).text

    def test_training_of_after_its_day_was_not_in_it(self, client, person, pathway):
        record = completed(person, pathway[0], days_ago=0)
        assert record.course.title not in self.check(client, person, on=TODAY - timedelta(days=1)).text

    def test_what_is_not_verified_is_not_in_it(self, client, person):
        completed(person, status="to_verify", course=None, title="Basics", source="elsewhere")
        assert "Basics" not in self.check(client, person).text

    def test_of_merged_accounts_it_is_still_good_and_of_an_erased_one_not(self, client, person, school, pathway):
        record, td = completed(person, pathway[0]), teams.person(is_superuser=True)
        keep = teams.person("Amina Kept", at=school)
        merge_accounts(keep=keep, gone=person, by=td, now=NOW)
        page = self.check(client, person).text
        assert "Amina Kept" in page and record.course.title in page
        erase_person(person=keep, by=td, now=NOW)
        assert self.check(client, keep).status_code == self.check(client, person).status_code == 404

    def test_the_pdf_carries_the_code_and_a_leads_print_too(self, client, person, school, lead):
        completed(person)
        answer = client.get(reverse("learning:team_passport", args=[school.pk, person.pk]))
        text = "".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)
        assert passports.code_of(person.pk, on=TODAY) in text
