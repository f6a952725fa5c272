"""§14: flyers from the event's own record, feeds for other programs, and a list for other sites."""

import re
from datetime import datetime, timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar
from pypdf import PdfReader

from bookings import actions as bookings
from courses import pdfs
from courses.models import Event
from tests.factories import CourseFactory, UserFactory, VenueFactory, make_event
from tests.tagged import faults

LONDON = timezone.get_default_timezone()
pytestmark = pytest.mark.django_db


def read(content: bytes) -> tuple[str, int]:
    """Return the text of a PDF on one line, and its pages."""
    reader = PdfReader(BytesIO(content))
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in reader.pages)), len(reader.pages)


class TestTheFlyer:
    def test_says_what_when_where_for_whom_and_how_to_book(self, client):
        event = make_event(starts_at=datetime(2027, 1, 11, 9, 30, tzinfo=LONDON), capacity=25,
                           venue=VenueFactory(name="Town Hall", is_step_free=True),
                           course=CourseFactory(title="Complex Neglect", audience_note="Social workers"))  # fmt: skip
        answer = client.get(reverse("courses:flyer", args=[event.reference]))
        text, pages = read(answer.content)
        for words in (
            "Complex Neglect", "Monday 11 January 2027", "9:30am to 12:30pm", "Town Hall", "Step-free",
            "Social workers",
            "Recognise the cumulative effect of neglect", "3 places are kept for the voluntary and community sector",
        ):  # fmt: skip
            assert words in text
        assert f"/events/{event.reference}/" in text.replace(" ", "") and pages == 1
        assert faults(answer.content) == []

    @pytest.mark.parametrize("outcomes", [0, 1, 25])
    def test_stays_on_one_page_however_long_its_texts_are(self, outcomes):
        course = CourseFactory(
            title="Working together to safeguard children " * (1 + bool(outcomes > 9)), summary="Practice. " * outcomes,
            outcomes="\n".join("Recognise and respond to the cumulative effect of neglect" for _ in range(outcomes)),
            audience_note="Everyone who works with children. " * outcomes,
        )  # fmt: skip
        times = [timezone.now() + timedelta(days=days) for days in range(20, 26)]
        event = make_event(course=course, sessions=[(start, start + timedelta(hours=3)) for start in times])
        text, pages = read(pdfs.flyer(event))
        assert pages == 1 and "Book your place" in text and event.reference in text

    def test_is_made_anew_when_the_event_changes_and_kept_while_it_does_not(self, monkeypatch):
        event = make_event(venue=VenueFactory(name="Town Hall"))
        first = pdfs.flyer(event)
        monkeypatch.setattr("wscb_training.documents._laid_out", lambda *args: pytest.fail("it is kept"))
        assert pdfs.flyer(event) == first
        monkeypatch.undo()
        event.venue = VenueFactory(name="Roehampton Hall")
        assert "Roehampton Hall" in read(pdfs.flyer(event))[0]

    def test_of_drafts_and_cancelled_events_is_not_found(self, client):
        cancelled = make_event()
        bookings.cancel_event(event=cancelled, by=None, now=timezone.now(), reason="Snow")
        for event in (make_event(published=False), cancelled):
            assert client.get(reverse("courses:flyer", args=[event.reference])).status_code == 404

    def test_the_events_page_leads_to_it(self, client):
        event = make_event()
        assert reverse("courses:flyer", args=[event.reference]) in client.get(event.get_absolute_url()).text


class TestAMonthsProgramme:
    def get(self, client, year=2027, month=1):
        return client.get(reverse("courses:month_flyer", args=[year, month]))

    def test_holds_the_months_events_for_everyone(self, client):
        def event(day, title, **fields):
            starts_at = datetime(2027, *day, 9, 30, tzinfo=LONDON)
            return make_event(starts_at=starts_at, course=CourseFactory(title=title), **fields)

        event((1, 11), "In January"), event((1, 31), "Last of January"), event((2, 1), "In February")
        event((1, 12), "A draft", published=False), event((1, 13), "Bespoke", audience=Event.Audience.ORGANISATIONS)
        content = self.get(client).content
        text, pages = read(content)
        assert faults(content) == []
        titles = ("In January", "Last of January", "In February", "A draft", "Bespoke")
        assert [title for title in titles if title in text] == ["In January", "Last of January"] and pages == 1

    def test_a_full_month_goes_on_to_a_second_page(self, client):
        for number in range(60):
            make_event(starts_at=datetime(2027, 1, 4 + number % 25, 9, 30, tzinfo=LONDON))
        assert read(self.get(client).content)[1] > 1

    @pytest.mark.parametrize(("year", "month", "status"), [(2027, 1, 200), (2027, 13, 404), (1066, 1, 404)])
    def test_an_empty_month_is_no_error_and_no_month_is_not_found(self, client, year, month, status):
        assert self.get(client, year, month).status_code == status


class TestFeeds:
    def test_the_calendar_has_an_entry_a_session_and_strikes_cancelled_ones_out(self, client):
        start = timezone.now() + timedelta(days=20)
        two_days = make_event(
            sessions=[(start + timedelta(days=d), start + timedelta(days=d, hours=3)) for d in (0, 7)]
        )
        cancelled = make_event(days=25)
        bookings.cancel_event(event=cancelled, by=None, now=timezone.now(), reason="Snow")
        make_event(published=False)
        entries = Calendar.from_ical(client.get(reverse("courses:calendar_feed")).text).walk("VEVENT")
        assert sorted((entry["uid"].partition("@")[0], str(entry["status"])) for entry in entries) == sorted([
            (f"{two_days.reference.lower()}-1", "CONFIRMED"), (f"{two_days.reference.lower()}-2", "CONFIRMED"),
            (f"{cancelled.reference.lower()}-1", "CANCELLED"),
        ])  # fmt: skip

    def test_nothing_is_sent_again_while_nothing_changed(self, client):
        make_event()
        first = client.get(reverse("courses:calendar_feed"))
        again = client.get(reverse("courses:calendar_feed"), headers={"if-none-match": first["ETag"]})
        assert again.status_code == 304

    def test_the_atom_feed_is_newest_first(self, client):
        titles = ["First", "Second"]
        for number, title in enumerate(titles):
            make_event(
                course=CourseFactory(title=title), days=40 - number, now=timezone.now() + timedelta(hours=number)
            )
        page = client.get(reverse("courses:news_feed"))
        assert page["Content-Type"].startswith("application/atom+xml")
        assert re.findall(r"<title>(First|Second),", page.text) == ["Second", "First"]

    @pytest.mark.parametrize("name", ["calendar_feed", "news_feed", "embed"])
    def test_know_the_filters_of_the_list(self, client, name):
        make_event(course=CourseFactory(title="Here"), hosted_in_community=True)
        make_event(course=CourseFactory(title="There"))
        page = client.get(reverse(f"courses:{name}"), {"only": "community"}).text
        assert "Here" in page and "There" not in page

    @pytest.mark.parametrize("name", ["calendar_feed", "news_feed", "embed"])
    @pytest.mark.parametrize("events", [2, 60])
    def test_ask_the_same_few_questions_for_any_number(self, client, name, events, django_assert_max_num_queries):
        for number in range(events):
            make_event(days=5 + number)
        with django_assert_max_num_queries(6):
            client.get(reverse(f"courses:{name}"), {"n": "20"} if name == "embed" else {})


class TestOnOtherSites:
    def test_only_this_page_may_stand_in_a_frame(self, client):
        make_event()
        assert "X-Frame-Options" not in client.get(reverse("courses:embed"))
        assert client.get(reverse("courses:events"))["X-Frame-Options"] == "DENY"

    @pytest.mark.parametrize(("asked", "shown"), [("2", 2), ("0", 5), ("x", 5), ("²", 5), ("9999", 20)])
    def test_shows_as_many_as_asked_within_reason(self, client, asked, shown):
        for number in range(22):
            make_event(days=5 + number)
        assert client.get(reverse("courses:embed"), {"n": asked}).text.count('class="wscb-row"') == shown

    def test_the_way_to_it_is_explained(self, client):
        make_event()
        page = client.get(reverse("courses:share")).text
        assert "&lt;iframe src=" in page and reverse("courses:calendar_feed") in page
        assert reverse("courses:share") in client.get(reverse("courses:events")).text


def test_a_waiting_list_takes_part_in_nothing_of_it(client):
    """Nobody's name is in what is public."""
    event, person = make_event(capacity=2), UserFactory(full_name="Zoë Private")
    bookings.book(event=event, person=person, by=person, now=timezone.now())
    pages = [reverse("courses:calendar_feed"), reverse("courses:news_feed"), reverse("courses:embed")]
    assert not any("Zoë" in client.get(page).text for page in pages)
    assert "Zoë" not in read(client.get(reverse("courses:flyer", args=[event.reference])).content)[0]
