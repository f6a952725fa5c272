"""The matrix and the evidence pack as files: the same figures as the page, and no formula in them."""

import csv
import shutil
import subprocess
from datetime import timedelta
from io import BytesIO, StringIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from accounts import schools
from bookings.models import TrainingRecord
from learning.teams import team
from tests import teams
from tests.teams import TODAY, completed
from wscb_training.tables import as_text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def rows_of_csv(response) -> list[list[str]]:
    return list(csv.reader(StringIO(response.content.decode("utf-8-sig"))))


def rows_of_xlsx(content: bytes, sheet: str = "Training matrix") -> list[list]:
    return [list(row) for row in load_workbook(BytesIO(content))[sheet].iter_rows(values_only=True)]


@pytest.fixture
def staff(school, lead, pathway):
    done, some = teams.person("Amina Żuk", at=school), teams.person("Ben O'Brien", at=school)
    completed(done, *pathway[:2], months=24)
    completed(some, pathway[0], months=12, days_ago=400)
    return done, some


class TestTheMatrix:
    def test_page_csv_and_xlsx_say_the_same(self, client, school, staff):
        page = client.get(reverse("learning:team_matrix", args=[school.pk]))
        as_csv = rows_of_csv(client.get(reverse("learning:team_matrix_csv", args=[school.pk])))
        as_xlsx = rows_of_xlsx(client.get(reverse("learning:team_matrix_xlsx", args=[school.pk])).content)
        assert as_csv[0] == ["Name", "Job role", "Group", "C1", "C2", "C9", "Done", "Needed", "Percent"]
        assert as_csv == [["" if value is None else str(value) for value in row] for row in as_xlsx]
        figures = [(row.person.full_name, row.done, row.required, row.percent) for row in page.context["rows"]]
        assert figures == [(row[0], *row[-3:]) for row in as_xlsx[1:]]
        assert ("Amina Żuk", 2, 2, 100) in figures
        assert ("Ben O'Brien", 0, 2, 0) in figures
        assert page.context["totals"] == [(1, 2), (1, 2), (0, 0)]
        assert as_csv[3][3].startswith("Expired on ")

    def test_one_group_only(self, client, school, staff):
        query = {"group": "8"}
        assert len(rows_of_csv(client.get(reverse("learning:team_matrix_csv", args=[school.pk]), query))) == 2
        assert "Amina" not in client.get(reverse("learning:team_matrix", args=[school.pk]), query).text

    @pytest.mark.parametrize("name", ["=cmd|' /C calc'!A0", "+44 20", "-2+3", "@SUM(A1)", "\t=1+1"])
    def test_a_name_that_looks_like_a_formula_is_text(self, client, school, lead, name):
        teams.person(name, at=school)
        as_csv = rows_of_csv(client.get(reverse("learning:team_matrix_csv", args=[school.pk])))
        assert f"'{name}" in [row[0] for row in as_csv]
        content = client.get(reverse("learning:team_matrix_xlsx", args=[school.pk])).content
        cells = {cell.value: cell.data_type for cell in load_workbook(BytesIO(content)).active["A"]}
        assert cells[name] == "s"

    def test_numbers_stay_numbers(self):
        assert [as_text(value) for value in (-1, 0, None, "plain", "")] == [-1, 0, None, "plain", ""]

    @pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice")
    def test_libreoffice_opens_it_with_the_same_figures(self, client, school, staff, tmp_path):
        teams.person("=1+1", at=school)
        response = client.get(reverse("learning:team_matrix_xlsx", args=[school.pk]))
        (tmp_path / "matrix.xlsx").write_bytes(response.content)
        profile = f"-env:UserInstallation=file://{tmp_path}/profile"
        command = ["soffice", profile, "--headless", "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76"]
        subprocess.run(
            [*command, "--outdir", tmp_path, tmp_path / "matrix.xlsx"], check=True, capture_output=True, timeout=120
        )
        opened = list(csv.reader(StringIO((tmp_path / "matrix.csv").read_text("utf-8"))))
        expected = [["" if value is None else str(value) for value in row] for row in rows_of_xlsx(response.content)]
        assert opened == expected
        assert "=1+1" in [row[0] for row in opened]


class TestTheEvidencePack:
    def test_the_workbook_has_a_sheet_for_each_part_with_the_figures_of_the_page(self, client, school, staff):
        page = client.get(reverse("learning:team_evidence", args=[school.pk]))
        content = client.get(reverse("learning:team_evidence_xlsx", args=[school.pk])).content
        facts = dict(rows_of_xlsx(content, "Summary")[1:])
        assert facts["For"] == "Section 175 of the Education Act 2002"
        assert facts["People"] == page.context["pack"].summary.people == 3
        assert facts["Percent who have all they need"] == page.context["pack"].summary.percent == 66
        assert facts["Group 3: Group 3: percent of contents done"] == 50
        assert [row[0] for row in rows_of_xlsx(content, "Running out")[1:]] == ["Ben O'Brien"]
        assert rows_of_xlsx(content, "Safeguarding leads")[-3:][0][1] == "No Designated Safeguarding Lead is named."

    def test_training_elsewhere_that_was_verified_is_named(self, client, school, staff, pathway):
        TrainingRecord.objects.create(
            person=staff[0], title="=Basics", provider="NSPCC", source="elsewhere", completed_on=TODAY
        ).contents.set([pathway[0]])
        content = client.get(reverse("learning:team_evidence_xlsx", args=[school.pk])).content
        assert rows_of_xlsx(content, "Training elsewhere")[1][:3] == ["Amina Żuk", "=Basics", "NSPCC"]

    def test_the_pdf_is_one_for_names_in_any_script(self, client, school, lead):
        teams.person("O'Brien <b> عائشة Żuk", at=school)
        response = client.get(reverse("learning:team_evidence_pdf", args=[school.pk]))
        assert response.content.startswith(b"%PDF")
        assert response["Content-Disposition"].endswith('2026-11-23.pdf"')

    def test_a_charity_has_no_sheet_of_safeguarding_leads_and_is_asked_by_section_11(self, client):
        charity = teams.organisation("Tooting Sports Club", vcs=True)
        client.force_login(teams.lead(charity))
        content = client.get(reverse("learning:team_evidence_xlsx", args=[charity.pk])).content
        assert dict(rows_of_xlsx(content, "Summary")[1:])["For"] == "Section 11 of the Children Act 2004"
        assert "Safeguarding leads" not in load_workbook(BytesIO(content)).sheetnames

    def test_it_takes_as_many_queries_for_30_people_as_for_3(
        self,
        client,
        school,
        staff,
        pathway,
        django_assert_max_num_queries,
    ):
        url = reverse("learning:team_evidence", args=[school.pk])
        for _ in range(27):
            completed(teams.person(at=school), pathway[0])
        schools.name_safeguarding_lead(organisation=school, person=staff[0], role="lead", since=TODAY, by=staff[0])
        with django_assert_max_num_queries(33):
            client.get(url)


def test_a_name_of_a_file_holds_no_path(client):
    organisation = teams.organisation("../../St. Anne's / Infants")
    client.force_login(teams.lead(organisation))
    header = client.get(reverse("learning:team_matrix_csv", args=[organisation.pk]))["Content-Disposition"]
    assert header == 'attachment; filename="training-matrix-st-annes-infants-2026-11-23.csv"' or "/" not in header


def test_the_day_after_the_last_is_expired(pathway, school):
    person = teams.person(at=school)
    record = completed(person, pathway[0], months=24)
    last = team(school, today=TODAY)[0].cells[0].valid_until
    assert team(school, today=last)[0].cells[0].state == "due"
    assert team(school, today=last + timedelta(days=1))[0].cells[0].state == "expired"
    assert last.year == record.completed_on.year + 2
