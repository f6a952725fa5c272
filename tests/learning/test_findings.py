"""The evidence pack says what managers saw twelve weeks on (§15): the same on page, PDF and workbook; never of few."""

from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook
from pypdf import PdfReader

from evaluations.loading import load_questionnaires
from learning.tasks import make_evidence_pack
from learning.views import team_evidence
from notifications.models import PreparedFile
from tests.evaluations.test_results import LATER, make_world
from tests.factories import OrganisationFactory, TrainerFactory, UserFactory, make_lead

pytestmark = pytest.mark.django_db


@pytest.fixture
def school(client, time_machine):
    load_questionnaires()
    school = OrganisationFactory(name="Riverside School")
    lead = make_lead(school, email="lead@riverside.example")
    time_machine.move_to(LATER, tick=False)
    client.force_login(lead)
    return school


def page(client, name: str, school):
    return client.get(reverse(f"learning:{name}", args=[school.pk]))


def words_of_pdf(client, school) -> str:
    content = page(client, "team_evidence_pdf", school).content
    return " ".join(" ".join(part.extract_text() for part in PdfReader(BytesIO(content)).pages).split())


def sheet(client, school) -> list[list]:
    book = load_workbook(BytesIO(page(client, "team_evidence_xlsx", school).content))
    return [list(row) for row in book["Manager findings"].iter_rows(values_only=True)][1:]


def test_five_managers_said_five_of_people_who_had_said_nine_fifths(client, school):
    """Of seven people the managers of five answered: 9/5 = 1.80 before, 5 as the managers see it."""
    make_world(school, TrainerFactory(person=UserFactory()), people=7)
    findings = page(client, "team_evidence", school).context["pack"].findings
    assert (findings.rate.asked, findings.rate.answered) == (7, 5)
    assert {(seen.people, seen.before, seen.then) for seen in findings.seen} == {(5, 1.8, 5)}
    rows = sheet(client, school)
    for seen in findings.seen:
        assert [seen.name, "Average as the manager sees it", 5, 5] in rows
    assert all([spread.question, *spread.counts[-1], spread.number] in rows for spread in findings.spreads)
    for words in (words_of_pdf(client, school), page(client, "team_evidence", school).text):
        assert "5 answers of managers and CPD leads, of 7 asked" in " ".join(words.split())


def test_what_they_wrote_in_their_own_words_is_not_in_it(client, school):
    make_world(school, TrainerFactory(person=UserFactory()), people=7)
    assert "health visitor" not in words_of_pdf(client, school)
    assert not [row for row in sheet(client, school) if "health visitor" in str(row)]


def test_four_answers_are_too_few(client, school):
    make_world(school, TrainerFactory(person=UserFactory()), people=4)
    findings = page(client, "team_evidence", school).context["pack"].findings
    assert (findings.seen, findings.spreads, findings.themes) == ([], [], [])
    assert sheet(client, school) == [["Fewer than 5 answers: too few to show", None, None, 4]]
    assert "fewer than 5 are too few to show" in words_of_pdf(client, school)


def test_another_organisations_answers_are_not_in_it(client, school):
    make_world(OrganisationFactory(name="Hill School"), TrainerFactory(person=UserFactory()), people=6)
    assert page(client, "team_evidence", school).context["pack"].findings.rate.answered == 0
    assert "has been asked about a course" in words_of_pdf(client, school)


def test_the_pdf_of_a_large_team_is_made_by_a_worker(client, school, monkeypatch):
    monkeypatch.setattr(team_evidence, "LARGE", -1)
    address = reverse("learning:team_evidence_pdf", args=[school.pk])
    assert client.get(address).url == reverse("learning:team_evidence", args=[school.pk])
    assert "Make the PDF" in page(client, "team_evidence", school).text
    client.post(address)
    prepared = PreparedFile.objects.get()
    assert make_evidence_pack(str(prepared.pk)) is None
    prepared.refresh_from_db()
    assert (prepared.status, prepared.file_name) == (
        "ready", "safeguarding-training-evidence-riverside-school-2026-03-01.pdf"
    )  # fmt: skip
    with prepared.file.open() as file:
        assert "What managers saw" in PdfReader(file).pages[0].extract_text() + PdfReader(file).pages[1].extract_text()


def test_who_leads_it_no_more_gets_none(client, school, monkeypatch):
    monkeypatch.setattr(team_evidence, "LARGE", -1)
    client.post(reverse("learning:team_evidence_pdf", args=[school.pk]))
    school.leadships.all().delete()
    make_evidence_pack(str(PreparedFile.objects.get().pk))
    assert PreparedFile.objects.get().problem == "You are not a CPD lead of Riverside School any more."
