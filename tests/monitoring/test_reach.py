"""Reach: who took part, this year against last to the same day, and that each number is the count of its rows."""

import csv
import re
from datetime import date
from io import BytesIO, StringIO
from urllib.parse import parse_qsl

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts.actions import ensure_roles
from accounts.models.user import SUB_COMMITTEE, TRAINER
from bookings.models import Booking
from courses.models import Course
from monitoring import listing
from monitoring.models import Baseline
from monitoring.reach import ROWS, reach
from monitoring.reach.pictures import chart, tiles
from monitoring.rules import period
from tests.factories import CourseFactory, OrganisationFactory, UserFactory, VenueFactory
from tests.monitoring import reached
from tests.monitoring.world import NOW, book, event, online, organisation, person, subject, this_year

pytestmark = pytest.mark.django_db
JUNE, JUNE_BEFORE, DECEMBER_BEFORE = date(2026, 6, 10), date(2025, 6, 10), date(2025, 12, 10)


def found(when=None):
    return reach(when or this_year(), now=NOW, again=True)


def numbers(lines) -> dict:
    return {line.name: (line.this, line.last) for line in lines if line.this or line.last}


def rows_of(line, when):
    rows = ROWS[line.rows][1](when)
    return listing.filtered(rows, dict(parse_qsl(line.parameters)))[0]


class TestTakeUp:
    @pytest.fixture
    def world(self):
        school = organisation("Education", kind="maintained_school", postcode="SW17 0QT")
        charity = organisation("Voluntary and community", vcs=True, kind="charity", postcode="sw11 2lq")
        teacher, worker = person(school, group=3), person(charity, group=6)
        neglect = CourseFactory(title="Neglect")
        neglect.subjects.set([subject("Neglect"), subject("Early help")])
        event(neglect, JUNE, came=[teacher, worker])
        event(neglect, JUNE_BEFORE, came=[teacher])
        event(neglect, DECEMBER_BEFORE, came=[worker])  # last year, after the same day of this year
        e_learning = CourseFactory(title="E-safety", delivery=Course.Delivery.ONLINE)
        online(e_learning, teacher, date(2026, 5, 1), completed=date(2026, 5, 2))
        return school, charity, teacher, worker

    def test_to_the_same_day_of_last_year(self, world):
        attendances, people, organisations = found().headlines
        assert (attendances.this, attendances.last, attendances.change) == (3, 1, "+2")
        assert (people.this, people.last) == (2, 1)
        assert (organisations.this, organisations.last) == (2, 1)

    def test_by_sector_group_kind_subject_and_delivery(self, world):
        shown = {each.code: numbers(each.lines) for each in found().breakdowns}
        assert shown["sector"] == {"Education": (2, 1), "Voluntary and community": (1, 0)}
        assert shown["group"] == {"Group 3: Group 3": (2, 1), "Group 6: Group 6": (1, 0)}
        assert shown["kind"] == {"Maintained school": (2, 1), "Charity or community group": (1, 0)}
        assert shown["subject"] == {"Early help": (2, 1), "Neglect": (2, 1)}
        assert shown["delivery"] == {"Face to face": (2, 1), "Online learning": (1, 0)}

    def test_an_event_without_a_venue_was_held_in_a_virtual_classroom(self, world):
        event(None, JUNE, came=[person()], venue=None)
        assert numbers(found().breakdown("delivery").lines)["Virtual classroom"] == (1, 0)

    def test_people_count_where_and_as_what_they_were_then(self, world):
        _, charity, teacher, _ = world
        teacher.organisation, teacher.group = charity, None
        teacher.save()
        assert numbers(found().breakdown("sector").lines)["Education"] == (2, 1)
        assert numbers(found().breakdown("group").lines)["Group 3: Group 3"] == (1, 1)  # the start knew no group

    def test_by_month_and_by_postcode_district(self, world):
        assert numbers(found().months) == {"May": (1, 0), "June": (2, 1)}
        districts = {d.code: (d.take_up.this, d.take_up.last, d.organisations, d.reached) for d in found().districts}
        assert districts["SW17"] == (2, 1, 1, 1)
        assert districts["SW11"] == (1, 0, 1, 1)
        assert districts["SW4"] == (0, 0, 0, 0)
        assert found().elsewhere.this == 0
        event(None, JUNE, came=[person(organisation("Health", postcode="CR0 1AA"))])
        assert found().elsewhere.this == 1

    def test_nothing_to_compare_with_is_no_data_and_not_nought(self):
        event(None, JUNE, came=[person()])
        assert [line.last for line in found().headlines] == [None, None, None]
        assert found().headlines[0].change == ""

    def test_a_baseline_stands_for_last_year_by_sector_in_proportion(self, world):
        Baseline.objects.create(year=2025, reporting_sector="Education", take_up=100)
        [education] = [line for line in found().breakdown("sector").lines if line.name == "Education"]
        assert education.last == 65  # 237 of 365 days, rounded up
        assert not education.last_is_rows

    def test_an_organisation_nobody_came_from_is_named_in_the_rows(self, world):
        organisation("Health", name="Balham Surgery", postcode="SW12 9EA")
        rows = ROWS["organisations"][1](this_year())
        assert [row.name for row in listing.filtered(rows, {"counted": "no"})[0]] == ["Balham Surgery"]


class TestVoluntarySectorAndCommunity:
    def test_places_kept_secured_attended_and_missed(self):
        charity = organisation("Voluntary and community", vcs=True, kind="charity")
        came, missed, cancelled, coming = (person(charity) for _ in range(4))
        past = event(None, JUNE, came=[came, person(organisation("Education"))], booked=[missed], capacity=20,
                     vcs_places=2)  # fmt: skip
        book(past, cancelled, status=Booking.Status.CANCELLED, ended_at=past.starts_at)
        event(None, date(2027, 2, 1), booked=[coming], capacity=10, vcs_places=1)
        event(None, JUNE, came=[person(charity)], venue=None, capacity=50)  # a virtual classroom has no places
        assert [line.this for line in found().voluntary] == [30, 3, 3, 1, 1, 1, 1]
        assert found().voluntary_share == "10%"

    def test_events_in_the_community_delivered_and_to_come(self):
        hall = VenueFactory(postcode="SW15 4HD")
        event(None, JUNE, came=[person(), person()], hosted_in_community=True, venue=hall)
        event(None, JUNE, hosted_in_community=True)  # nobody came
        event(None, date(2027, 1, 10), hosted_in_community=True)
        event(None, JUNE_BEFORE, came=[person()], hosted_in_community=True)
        assert [(line.this, line.last) for line in found().community] == [(1, 1), (2, 1), (1, None)]
        assert {d.code: d.community_events for d in found().districts}["SW15"] == 1


@pytest.fixture
def board(client):
    ensure_roles()
    someone = UserFactory()
    someone.groups.add(Group.objects.get(name=SUB_COMMITTEE))
    client.force_login(someone)
    return someone


PAGES = [
    ("reach", []), ("reach_csv", []), ("reach_xlsx", []), ("reach_map", []), ("reach_rows", ["take-up"]),
    ("reach_rows_csv", ["organisations"]), ("reach_rows_xlsx", ["voluntary-sector"]),
]  # fmt: skip


class TestPages:
    @pytest.mark.parametrize(("name", "args"), PAGES)
    def test_who_monitors_sees_them_and_for_others_they_do_not_exist(self, client, board, name, args):
        url = reverse(f"monitoring:{name}", args=args)
        assert client.get(url).status_code == 200
        trainer = UserFactory()
        trainer.groups.add(Group.objects.get(name=TRAINER))
        client.force_login(trainer)
        assert client.get(url).status_code == 404

    def test_unknown_rows_are_not_found(self, client, board):
        assert client.get(reverse("monitoring:reach_rows", args=["nothing"])).status_code == 404

    def test_the_page_and_its_files_say_the_same(self, client, board):
        event(None, timezone.localdate(), came=[person(organisation("Education", postcode="SW17 0QT"))])
        shown = period(year=None, as_at=None, now=timezone.now(), starts_month=4)
        page = client.get(reverse("monitoring:reach") + "?again=1").text
        assert f"{shown.name}, same days" not in page
        assert "sector=Education" in page
        content = client.get(reverse("monitoring:reach_csv")).content.decode("utf-8-sig")
        lines = {(row["Table"], row["What"]): row for row in csv.DictReader(StringIO(content))}
        [this] = [heading for heading in next(iter(lines.values())) if heading.startswith(shown.name)]
        assert lines[("By sector", "Education")][this] == "1"
        book_file = load_workbook(BytesIO(client.get(reverse("monitoring:reach_xlsx")).content))
        assert book_file.sheetnames[:3] == ["Take-up", "By month", "By sector"]
        assert "Tooting" in client.get(reverse("monitoring:reach_map")).content.decode()

    def test_rows_filtered_and_in_a_file(self, client, board):
        for sector in ("Education", "Health"):
            event(None, timezone.localdate(), came=[person(organisation(sector))])
        url = reverse("monitoring:reach_rows", args=["take-up"])
        assert len(client.get(url).context["lines"]) == 2
        assert len(client.get(url, {"sector": "Health"}).context["lines"]) == 1
        file = client.get(reverse("monitoring:reach_rows_csv", args=["take-up"]), {"sector": "Health"})
        assert file.content.decode("utf-8-sig").count("\r\n") == 2  # headings and one row

    def test_the_same_number_of_queries_with_2_attenders_and_with_40(self, client, board):
        counted = []
        client.get(reverse("monitoring:reach"))  # something is kept, as of a worker's count
        for more in (2, 38):
            event(None, timezone.localdate(), came=[person() for _ in range(more)])
            with CaptureQueriesContext(connection) as queries:
                client.get(reverse("monitoring:reach") + "?again=1")
            counted.append(len(queries))
        assert counted[0] == counted[1]


@time_machine.travel(NOW, tick=False)
def test_every_number_on_the_page_opens_its_rows(client, board):
    charity = organisation("Voluntary and community", vcs=True, kind="charity", postcode="SW11 2LQ")
    course, hall = CourseFactory(), VenueFactory(postcode="SW15 4HD")
    course.subjects.add(subject("Neglect"))
    for day in (JUNE, JUNE_BEFORE, date(2027, 1, 10)):
        event(course, day, came=[person(charity)] if day < NOW.date() else [], booked=[person(charity)],
              hosted_in_community=True, venue=hall, vcs_places=2)  # fmt: skip
    online(CourseFactory(delivery="online"), person(organisation("Health", postcode="CR0 1AA")), JUNE, completed=JUNE)
    page, shown = client.get(reverse("monitoring:reach") + "?again=1").text, found()
    assert reached.without_rows(page, shown) == []
    links = reached.links(page)
    assert len(links) > 40
    for address, number in links:
        assert number in reached.opened(address, shown), address
        assert client.get(address).status_code == 200
    assert any("district=elsewhere" in address for address, _ in links)
    assert "Kept for the voluntary sector: 4 of 40 places." in client.get("/reach/places/").text


def test_the_people_who_took_part_are_a_row_each_and_unnamed(client, board):
    someone = person(organisation("Education"))
    for _ in range(2):
        event(None, timezone.localdate(), came=[someone])
    page = client.get(reverse("monitoring:reach_rows", args=["people"]))
    [(_, cells)] = page.context["lines"]
    assert dict(cells) == {
        "Last took part": timezone.localdate(), "Events attended": 2, "Online courses completed": 0,
    }  # fmt: skip
    assert someone.full_name not in page.text and "Education" not in page.text


def test_no_table_without_unit_period_and_source(client, board):
    event(None, timezone.localdate(), came=[person(organisation("Education", postcode="SW17 0QT"))])
    page = client.get(reverse("monitoring:reach") + "?again=1")
    captions = re.findall(r"<caption[^>]*>([^<]+)</caption>", page.text)
    period_words = page.context["period"].in_words
    assert len(captions) == page.text.count("Source: ") - 1 == 9  # above them once for all
    for caption in captions:
        assert caption.endswith(period_words)
        assert re.match("Attendances and online completions|Places|Events", caption)
    assert "visually-hidden" not in " ".join(re.findall(r"<caption[^>]*>", page.text))
    drawn = tiles(page.context["reach"])
    assert f"Attendances and online completions, {period_words}" in drawn and "Source: " in drawn


def test_pictures_say_what_the_tables_say():
    event(None, JUNE, came=[person(OrganisationFactory(postcode="SW17 0QT", name="<b>"))])
    shown = found()
    assert chart(shown.breakdown("sector"), shown).startswith("data:image/svg+xml;base64,")
    drawn = tiles(shown)
    assert drawn.count("<rect") == len(shown.districts)
    assert "1 of 1 reached" in drawn
