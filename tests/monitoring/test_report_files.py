"""The report on paper and as tables: tagged, with contents and outline; nothing that a spreadsheet computes."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook
from pypdf import PdfReader

from monitoring.report import actions, pdfs
from monitoring.report.reading import Reading
from tests.factories import CourseFactory
from tests.monitoring.reports import approved, counted, draft, fresh, nothing_to_tell, td
from tests.monitoring.world import NOW, conference, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("priorities")]


@pytest.fixture
def report():
    """A draft with a course whose title begins like a formula, compared with an approved report."""
    someone = td()
    approved(by=someone, as_at=date(2026, 6, 30))
    conference(date(2026, 6, 1), course=CourseFactory(title="=Neglect"), came=[person()])
    found = counted(by=someone, now=NOW + timedelta(hours=1))
    for number in range(16):
        words = "Words to the whole. " * 30 if not number else f"Words to {number}."
        actions.comment(report=found, number=number, text=words, seen=None, by=someone, now=NOW)
    actions.write_point(
        report=found, by=someone, kind="risk", text="A risk", response="Seen to", owner="Ada Cole", level="high",
        due_on=date(2027, 1, 1),
    )  # fmt: skip
    return fresh(found)


def test_the_pdf_is_tagged_named_outlined_and_its_summary_has_one_page(report):
    document = PdfReader(BytesIO(pdfs.report(Reading(report))))
    catalogue = document.trailer["/Root"]
    assert catalogue["/Lang"] == "en-GB"
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/ViewerPreferences"]["/DisplayDocTitle"]
    assert document.metadata.title.startswith("Draft: Is the strategy being met? Report 2")
    kinds = set(_kinds(catalogue["/StructTreeRoot"]))
    assert {"/H1", "/H2", "/H3", "/Table", "/TH", "/TD", "/Link", "/P", "/L"} <= kinds
    assert all(figure.get("/Alt") for figure in _elements(catalogue["/StructTreeRoot"], "/Figure"))
    pages = [page.extract_text() for page in document.pages]
    starts = {title: document.get_destination_page_number(each) for title, each in _outline(document)}
    assert starts["The fifteen priorities"] == starts["Summary"] + 1 == 2  # with the longest words and a last report
    for title, number in starts.items():
        assert title in pages[number].replace("\n", " ") or title.split()[0] in pages[number]
    for number in ("Summary", "The fifteen priorities", "About the figures"):
        line = next(line for line in pages[0].splitlines() if line.startswith(number))
        assert line.rstrip().endswith(str(starts[number] + 1))
    assert all(f"Page {number} of {len(pages)}" in text for number, text in enumerate(pages, start=1))
    text = " ".join(pages)
    assert "Words to 15." in text and "A risk" in text and "On 30 June" in text and "=Neglect" in text


def _elements(node, kind: str | None = None, depth: int = 0):
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        for each in node:
            yield from _elements(each, kind, depth)
    elif isinstance(node, dict) and depth < 40:
        if "/S" in node and (kind is None or node["/S"] == kind):
            yield node
        if "/K" in node:
            yield from _elements(node["/K"], kind, depth + 1)


def _kinds(root):
    return (element["/S"] for element in _elements(root))


def _outline(document: PdfReader):
    flat = []
    for each in document.outline:
        flat += each if isinstance(each, list) else [each]
    return [(each.title, each) for each in flat if not isinstance(each, list)]


def test_the_workbook_has_every_table_on_a_sheet_of_its_own_with_period_and_source(client, report):
    client.force_login(td())
    book = load_workbook(BytesIO(client.get(reverse("monitoring:report_xlsx", args=[report.number])).content))
    tables = Reading(report).tables()
    assert book.sheetnames == [table.title for table in tables.values()]
    assert all(len(name) <= 31 for name in book.sheetnames)
    course = book["By course"]["A2"]
    assert (course.value, course.data_type) == ("=Neglect", "s")
    delivery = [cell.value for cell in book["Delivery"]["A"] if cell.value]
    assert "Period: 1 April 2026 to 23 November 2026." in delivery
    assert any(str(value).startswith("Source: ") for value in delivery)
    for sheet in book:
        assert sheet.freeze_panes == "B2" and sheet["A1"].font.bold
        assert all(12 <= column.width <= 45 for column in sheet.column_dimensions.values())


def test_each_table_is_a_csv_file_without_a_formula(client, report):
    client.force_login(td())
    for name in Reading(report).tables():
        answer = client.get(reverse("monitoring:report_csv", args=[report.number, name]))
        lines = answer.content.decode("utf-8-sig").splitlines()
        assert answer.status_code == 200 and lines
        assert not any(line.startswith(("=", "+", "@")) for line in lines)
    assert "'=Neglect" in client.get(reverse("monitoring:report_csv", args=[report.number, "courses"])).text
    assert client.get(reverse("monitoring:report_csv", args=[report.number, "none"])).status_code == 404


def test_the_kept_pdf_is_the_one_that_everybody_gets(client):
    someone = td()
    found = approved(by=someone)
    actions.keep_pdf(report=found, made=b"%PDF kept")
    client.force_login(someone)
    answer = client.get(reverse("monitoring:report_pdf", args=[found.number]))
    assert answer.content == b"%PDF kept"
    assert answer["Content-Disposition"] == 'attachment; filename="report-1-2026-11-23.pdf"'
    assert actions.make({"report": found.pk}, nothing_to_tell) == ("report-1-2026-11-23.pdf", b"%PDF kept")


def test_a_draft_says_so_on_every_page(client):
    reading = Reading(draft(by=td()))
    pages = [page.extract_text() for page in PdfReader(BytesIO(pdfs.report(reading))).pages]
    assert "Draft, not approved" in pages[0] and all("DRAFT." in page for page in pages)
