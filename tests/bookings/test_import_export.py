"""T&D imports and exports tables: a dry run, all rows or none, faults named by line (edge cases 45 to 48)."""

import csv
import re
from datetime import timedelta
from io import BytesIO, StringIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook

from accounts.models import Organisation, User
from accounts.models.user import TRAINER
from bookings import actions
from bookings.models import Booking
from courses.models import Event, Venue
from notifications.models import Message
from tests.factories import (
    CourseFactory,
    GroupFactory,
    OrganisationFactory,
    SectorFactory,
    TrainerFactory,
    UserFactory,
    VenueFactory,
    make_event,
)
from wscb_training.importing import forget_uploads

pytestmark = pytest.mark.django_db
MODELS = ["accounts_organisation", "accounts_user", "courses_venue", "courses_event", "bookings_booking"]


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def officer(officer):
    SectorFactory(), GroupFactory()
    return officer


def upload(client, model: str, content: str | bytes, name: str = "rows.csv"):
    """Send a file for the dry run; return the answer."""
    content = content.encode() if isinstance(content, str) else content
    file = SimpleUploadedFile(name, content)
    return client.post(reverse(f"admin:{model}_import"), {"import_file": file, "format": "0", "resource": "0"})


def run(client, model: str, content, name: str = "rows.csv"):
    """Send a file, look at the dry run, and import it; return the page after."""
    asked = upload(client, model, content, name)
    form = asked.context["confirm_form"].initial
    return client.post(reverse(f"admin:{model}_process_import"), form, follow=True)


def exported(client, model: str) -> str:
    url = reverse(f"admin:{model}_export")
    fields = {
        f"{name}": "on"
        for name in client.get(url).context["form"].fields
        if name not in ("format", "resource", "export_items")
    }
    answer = client.post(url, {"format": "0", "resource": "0", **fields})
    return answer.content.decode("utf-8-sig")


ORGANISATIONS = "name,postcode,sector,kind\r\n"
PEOPLE = "email,full_name,job_role,organisation,group\r\n"
EVENTS = "course,sessions,venue,trainers,capacity\r\n"


class TestOrganisations:
    def test_are_looked_at_then_added_and_confirmed(self, client, officer):
        content = ORGANISATIONS + "Hillside Nursery,sw18 1aa,Maintained school,Nursery or early years group setting\r\n"
        page = upload(client, "accounts_organisation", content).text
        assert "1 new, 0 changed" in page and "Nothing is written yet" in page
        assert not Organisation.objects.filter(name="Hillside Nursery").exists()
        assert "1 organisation added, 0 changed." in run(client, "accounts_organisation", content).text
        added = Organisation.objects.get(name="Hillside Nursery")
        assert (added.postcode, added.kind, added.confirmed_by) == ("SW18 1AA", "nursery", officer)

    def test_a_bad_row_and_nothing_is_written_and_every_bad_row_is_named(self, client, officer):
        """Input 46."""
        content = ORGANISATIONS + (
            "Good School,SW18 1AA,Maintained school,\r\n,SW18 1AB,Maintained school,\r\n"
            "Odd School,SW18 1AC,No such sector,Castle\r\n"
        )
        answer = upload(client, "accounts_organisation", content)
        assert "Line 3, name: Enter the name." in answer.text
        assert "Line 4, sector: “No such sector” is not known." in answer.text
        assert "confirm_form" not in answer.context
        assert not Organisation.objects.filter(name__endswith=" School", postcode__startswith="SW18 1A").exists()

    def test_what_changed_is_changed_and_the_rest_left_as_it_is(self, client, officer):
        one = OrganisationFactory(name="One", postcode="SW18 1AA")
        OrganisationFactory(name="Two", postcode="SW18 1AB")
        was, now = "One,SW18 1AA,Maintained school,Maintained", "one,sw18 1aa,Maintained school,Academy or free"
        text = exported(client, "accounts_organisation").replace(was, now)
        assert "1 changed" in upload(client, "accounts_organisation", text).text
        run(client, "accounts_organisation", text)
        one.refresh_from_db()
        assert one.kind == "academy" and one.history.first().history_user == officer


class TestPeople:
    def test_are_added_with_their_organisation_and_nobody_is_emailed(self, client, officer):
        OrganisationFactory(name="Hillside")
        run(client, "accounts_user", PEOPLE + "Zoe@hillside.example,Zoë O'Brien,Teacher,Hillside,3\r\n")
        person = User.objects.get(email="zoe@hillside.example")
        assert (person.full_name, person.organisation.name, person.group.number) == ("Zoë O'Brien", "Hillside", 3)
        assert not person.has_usable_password() and not Message.objects.exists()
        assert person.memberships.get().organisation == person.organisation

    def test_faults_are_named(self, client, officer):
        for _ in range(2):
            OrganisationFactory(name="Twice")
        rows = "no-address,A,Teacher,Twice,3\r\nb@x.example,B,Teacher,Twice,3\r\nc@x.example,C,Teacher,Nowhere,9\r\n"
        page = upload(client, "accounts_user", PEOPLE + rows).text
        assert "Line 2, email: “no-address” is not an email address." in page
        assert "Line 3, organisation: “Twice” is there more than once: give the postcode too." in page
        assert "Line 4, organisation: “Nowhere” is not in the list." in page

    def test_nobody_takes_over_an_account_that_has_rights(self, client, officer):
        OrganisationFactory(name="Hillside")
        root = UserFactory(is_superuser=True, email="root@x.example")
        page = upload(client, "accounts_user", PEOPLE + "root@x.example,Mine,Teacher,Hillside,3\r\n").text
        root.refresh_from_db()
        assert "changed in the administration alone" in page and root.full_name != "Mine"


class TestEvents:
    def test_come_in_as_drafts_and_send_nothing(self, client, officer):
        """Events 45."""
        CourseFactory(title="Domestic Abuse"), VenueFactory(name="Town Hall"), TrainerFactory(name="Kezia Mensah")
        row = "Domestic Abuse,2027-03-22 09:30 to 16:30; 2027-03-29 9:30 to 16:30,Town Hall,kezia mensah,20\r\n"
        run(client, "courses_event", EVENTS + row)
        event = Event.objects.get()
        assert (event.status, event.vcs_places, event.sessions.count()) == ("draft", 2, 2)
        assert [timezone.localtime(each.starts_at).hour for each in event.sessions.all()] == [9, 9]
        assert event.created_by == officer and not Message.objects.exists()

    def test_the_dry_run_shows_no_reference_that_the_import_will_not_use(self, client, officer):
        CourseFactory(title="Domestic Abuse")
        row = "Domestic Abuse,2027-03-22 09:30 to 16:30,,,20\r\n"
        page = upload(client, "courses_event", EVENTS + row).text
        assert "What each row would do" in page
        assert not re.search(r"<td>[^/]*E-[0-9A-Z]{5}", page)
        run(client, "courses_event", EVENTS + row)
        assert re.fullmatch("E-[0-9A-Z]{5}", Event.objects.get().reference)

    def test_keep_to_the_gate(self, client, officer):
        CourseFactory(title="Domestic Abuse"), TrainerFactory(name="Jerome", train_the_trainer_on=None)
        row = "Domestic Abuse,2027-03-22 09:30 to 16:30,,Jerome,20\r\n"
        page = upload(client, "courses_event", EVENTS + row).text
        assert "Line 2, trainers: Jerome is an internal trainer without a completed train-the-trainer" in page

    def test_wrong_times_and_names_are_named(self, client, officer):
        CourseFactory(title="Domestic Abuse")
        rows = "Domestic Abuse,22/3/2027,,,20\r\nDomestic Abuse,2027-03-22 16:30 to 09:30,,Nobody,x\r\nOther,x,,,5\r\n"
        page = upload(client, "courses_event", EVENTS + rows).text
        assert "Line 2, sessions: “22/3/2027” is not like 2027-03-15 09:30 to 16:30." in page
        assert "Line 3, sessions: “2027-03-22 16:30 to 09:30” ends before it starts." in page
        assert "Line 4, course: “Other” is not known." in page and not Event.objects.exists()


class TestEveryFaultOfARow:
    """Input 46: somebody who mends a file sees all of it at once, not one column a try."""

    def test_of_an_event(self, client, officer):
        page = upload(client, "courses_event", (
            "course,sessions,venue,trainers,capacity,minimum\n"
            "Nonsense,2027-05-15 09:30,The Moon,Nobody,x,\n"
        )).text  # fmt: skip
        for column in ("course", "sessions", "venue", "trainers", "capacity"):
            assert f"Line 2, {column}: " in page
        assert "Line 2, minimum" not in page and not Event.objects.exists()

    def test_of_a_person_an_organisation_and_a_venue(self, client, officer):
        cases = {
            "accounts_user": ("email,full_name,job_role,organisation,group\nnobody,Amina,Teacher,None such,99\n",
                              ["email", "organisation", "group"]),
            "accounts_organisation": ("name,postcode,sector,kind,is_active\nNew,SW18,Moon,Moon,perhaps\n",
                                      ["sector", "kind", "is_active"]),
            "courses_venue": ("name,address,postcode,capacity,is_step_free\nHall,1 Road,SW18,many,perhaps\n",
                              ["capacity", "is_step_free"]),
        }  # fmt: skip
        for model, (content, columns) in cases.items():
            page = upload(client, model, content).text
            assert [column for column in columns if f"Line 2, {column}: " not in page] == []


class TestBookings:
    HEADINGS = "event,email\r\n"

    def test_go_the_one_way_in_with_waiting_list_and_messages(self, client, officer):
        event, people = make_event(capacity=2), UserFactory.create_batch(2)
        content = self.HEADINGS + "".join(f"{event.reference},{person.email}\r\n" for person in people)
        asked = upload(client, "bookings_booking", content).text
        assert "Confirmed" in asked and "Waiting list" in asked and not Booking.objects.exists()
        run(client, "bookings_booking", content)
        assert [booking.status for booking in Booking.objects.order_by("pk")] == ["confirmed", "waiting"]
        assert Message.objects.count() == 2 and Booking.objects.first().booked_by == officer

    def test_again_books_nobody_twice(self, client, officer):
        event, person = make_event(), UserFactory()
        content = self.HEADINGS + f"{event.reference},{person.email}\r\n"
        run(client, "bookings_booking", content)
        assert "0 new, 0 changed, 1 as they are" in upload(client, "bookings_booking", content).text

    def test_a_rule_that_says_no_is_named(self, client, officer):
        event = make_event(published=False)
        person = UserFactory(full_name="Ann Lee")
        content = self.HEADINGS + f"{event.reference},{person.email}\r\nE-XXXXX,nobody@x.example\r\n"
        page = upload(client, "bookings_booking", content).text
        assert "Line 2, email: Ann Lee: This event is not open for booking yet." in page
        assert "Line 3, event: There is no event E-XXXXX." in page

    def test_when_the_world_moved_since_the_dry_run_nothing_is_written(self, client, officer):
        event, people = make_event(capacity=5), UserFactory.create_batch(2)
        content = self.HEADINGS + "".join(f"{event.reference},{person.email}\r\n" for person in people)
        form = upload(client, "bookings_booking", content).context["confirm_form"].initial
        User.objects.filter(pk=people[1].pk).update(is_active=False)
        page = client.post(reverse("admin:bookings_booking_process_import"), form, follow=True).text
        assert "Nothing was imported: something changed since you looked." in page and not Booking.objects.exists()


def packed(megabytes: int) -> bytes:
    """Return a ZIP file of a few kB that unpacks to so many MB."""
    content = BytesIO()
    with ZipFile(content, "w", ZIP_DEFLATED) as parts:
        parts.writestr("xl/worksheets/sheet1.xml", bytes(megabytes * 1024 * 1024))
    return content.getvalue()


class TestFiles:
    @pytest.mark.parametrize("model", MODELS)
    def test_what_is_exported_comes_back_unchanged(self, client, officer, book, model):
        event = make_event(venue=VenueFactory(access_notes="=HYPERLINK(1)", travel_notes="Bus 28, then walk"))
        book(event, UserFactory(full_name="Zoë O'Brien"), at=timezone.now())
        text = exported(client, model)
        rows = list(csv.reader(StringIO(text)))
        if model == "courses_event":  # events that are there are changed on their page alone
            assert "as they are" in upload(client, model, text).text
            return
        if model == "accounts_user":
            text = "\r\n".join(line for line in text.splitlines() if officer.email not in line)
        page = upload(client, model, text).text
        assert f"0 new, 0 changed, {len(text.splitlines()) - 1} as they are" in page and len(rows) > 1

    def test_a_cell_like_a_formula_is_exported_as_text(self, client, officer):
        """Input 47."""
        OrganisationFactory(name="=cmd|' /C calc'!A0")
        assert "'=cmd|' /C calc'!A0" in exported(client, "accounts_organisation")

    def test_excel_too(self, client, officer):
        book = Workbook()
        for row in (["name", "address", "postcode", "capacity"], ["New Hall", "1 High St", "SW18 1AA", 40]):
            book.active.append(row)
        content = BytesIO()
        book.save(content)
        run(client, "courses_venue", content.getvalue(), "venues.xlsx")
        assert Venue.objects.get(name="New Hall").capacity == 40

    @pytest.mark.parametrize(
        ("name", "content", "words"),
        [
            ("rows.pdf", b"%PDF", "Choose a CSV file or an Excel file"),
            ("rows.csv", b"", "The submitted file is empty"),
            ("rows.csv", b"x" * (5 * 1024 * 1024 + 1), "smaller than 5 MB"),
            ("rows.xlsx", b"no workbook", "This file can&#x27;t be read."),
            ("rows.xlsx", packed(51), "unpacks to more than 50 MB"),
            ("../../rows.csv", b"colour\r\nred\r\n", "The column colour is not known. The columns are name"),
            ("rows.csv", b"name\r\nOne\r\n", "postcode"),
        ],
        ids=["pdf", "empty", "large", "no workbook", "bomb", "climbing name, wrong column", "a column is missing"],
    )
    def test_a_wrong_file_is_refused_clearly(self, client, officer, name, content, words):
        """Input 48."""
        answer = upload(client, "accounts_organisation", content, name)
        assert answer.status_code == 200 and words in answer.text and "Traceback" not in answer.text

    @pytest.mark.parametrize("model", MODELS)
    def test_there_is_an_example_that_says_the_columns(self, client, officer, model):
        text = client.get(reverse(f"admin:{model}_example")).content.decode("utf-8-sig")
        assert len(text.splitlines()) == 2

    @pytest.mark.parametrize("model", MODELS)
    def test_for_td_alone(self, client, officer, model):
        trainer = UserFactory(is_staff=True)
        trainer.groups.add(Group.objects.get_or_create(name=TRAINER)[0])
        client.force_login(trainer)
        for page in ("import", "export"):
            assert client.get(reverse(f"admin:{model}_{page}")).status_code == 403


def test_access_needs_are_not_exported(client, officer):
    event, person = make_event(), UserFactory()
    actions.book(event=event, person=person, by=person, now=timezone.now(), access_needs="wheelchair")
    assert "wheelchair" not in exported(client, "bookings_booking")


def test_a_file_that_nobody_imported_is_forgotten_after_a_day(client, officer, settings):
    upload(client, "accounts_organisation", ORGANISATIONS + "Hillside,SW18 1AA,Maintained school,\r\n")
    folder = settings.MEDIA_ROOT / "django-import-export"
    assert len(list(folder.iterdir())) == 1
    now = timezone.now()
    assert [forget_uploads(now=now + timedelta(hours=hours)) for hours in (23, 25, 25)] == [0, 1, 0]
    assert list(folder.iterdir()) == []


def test_a_persons_page_lists_what_they_were_sent(client, officer):
    event, person = make_event(), UserFactory()
    booking = actions.book(event=event, person=person, by=person, now=timezone.now())
    actions.cancel(booking=booking, by=person, now=timezone.now())
    page = client.get(reverse("admin:accounts_user_change", args=[person.pk])).text
    assert page.count(event.course.title) == 2 and f"recipient__id__exact={person.pk}" in page
    everything = client.get(reverse("admin:notifications_message_changelist"), {"recipient__id__exact": person.pk})
    assert everything.status_code == 200 and everything.text.count(person.email) >= 2
