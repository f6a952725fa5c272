"""One event from the booking to the manager's impact answer, over the pages that people use, with the clock moved.

Six people of one school. What they say of everything that has a scale from 1 to 5, one number each time:

    before        1 2 3 2 1 3    on average 12/6 = 2.00
    after         3 4 4 4 3 5    23/6 = 3.83, so +1.83 in all six
    12 weeks on   3 3 4 4 2 –    16/5 = 3.20; the five said 9/5 = 1.80 before, so +1.40
    the manager   4 4 4 3 3 –    18/5 = 3.60 of the same five, so +1.80
"""

import re
from datetime import datetime, timedelta
from html import unescape

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from accounts.models.user import SUB_COMMITTEE
from bookings import actions as bookings
from bookings.models import Booking
from evaluations.forms import form_for
from evaluations.loading import load_questionnaires
from evaluations.models import Evaluation, Kind, Question
from evaluations.tasks import run_chain
from notifications.models import Message
from tests.factories import CourseFactory, OrganisationFactory, UserFactory, make_event, make_lead

LONDON = timezone.get_default_timezone()
START = datetime(2025, 12, 4, 9, 30, tzinfo=LONDON)
BOOKED, EVE, END = START - timedelta(days=20), START - timedelta(days=1), START + timedelta(hours=3)
IMPACT = datetime(2026, 2, 26, 8, 0, tzinfo=LONDON)  # 12 weeks after 4 December, 8am
BEFORE, AFTER = [1, 2, 3, 2, 1, 3], [3, 4, 4, 4, 3, 5]
LATER, MANAGER = [3, 3, 4, 4, 2], [4, 4, 4, 3, 3]
LINK = re.compile(r"http://localhost:8000(/feedback/(?:link|for)/\S+)")
CONFIDENT = "Confidence to act on a concern"
pytestmark = pytest.mark.django_db


@pytest.fixture
def move(time_machine):
    """Return a function that moves the clock and lets beat's job run, twice."""

    def to(moment):
        time_machine.move_to(moment, tick=False)
        run_chain()
        run_chain()

    return to


@pytest.fixture
def event():
    load_questionnaires()
    course = CourseFactory(title="Complex Neglect", outcomes="Evidence neglect")
    return make_event(now=BOOKED, starts_at=START, capacity=12, course=course)


def link_in(kind: str, address: str) -> str:
    """Return the link of the newest email of this kind to an address."""
    text = Message.objects.filter(kind=f"evaluations/{kind}", to=address).latest("next_attempt_at").text
    return LINK.search(text)[1]


def answer(client, link: str, number: int, words: str = "Ask earlier") -> str:
    """Fill in the form behind a link as a browser does, every scale with this number; return the page that follows."""
    page = client.get(link)
    form = page.context["evaluation"]
    data = {}
    for name, question, _ in form_for(form).parts:
        if question.type in (Question.Type.SCALE, Question.Type.OUTCOMES):
            data[name] = str(number)
        elif question.type in (Question.Type.SHORT, Question.Type.LONG):
            data[name] = words
        elif question.type == Question.Type.ANY_OF:
            data[name] = question.option_list[:2]
        else:
            data[name] = question.option_list[0]
    sent = client.post(link, data)
    assert "Thank you" in sent.text, sent.text
    return sent.text


def table(page: str, caption: str) -> dict[str, list[str]]:
    """Return the rows of the table with this caption: {its row heading: [what its cells say]}."""
    html = next(each for each in re.findall(r"<table.*?</table>", page, re.S) if caption in each)
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", html.partition("<tbody")[2], re.S)
    cells = [[words(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)] for row in rows]
    return {row[0]: row[1:] for row in cells}


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def test_from_booking_to_the_managers_answer_and_the_figures_of_the_results_page(client, event, move, time_machine):
    school = OrganisationFactory(name="Riverside School")
    lead = make_lead(school, email="lead@riverside.example")
    people = UserFactory.create_batch(6, organisation=school)

    time_machine.move_to(BOOKED, tick=False)
    for person in people:
        client.force_login(person)
        sent = client.post(reverse("bookings:book", args=[event.reference]), {"access_needs": "", "dietary_needs": ""})
        assert "/booked/" in sent.url
    client.logout()

    move(EVE)
    for person, number in zip(people[1:], BEFORE[1:], strict=True):
        answer(client, link_in("pre", person.email), number)
    # The first answers in the room, by the code on the trainer's screen.
    time_machine.move_to(START - timedelta(minutes=5), tick=False)
    client.force_login(people[0])
    in_the_room = client.get(reverse("evaluations:room", args=[event.reference]))
    answer(client, in_the_room.url, BEFORE[0])
    client.logout()

    time_machine.move_to(END, tick=False)
    session = event.sessions.get()
    marks = {(booking.pk, session.pk): "attended" for booking in Booking.objects.filter(event=event)}
    bookings.mark_attendance(event=event, marks=marks, seen={}, by=None, now=END)
    bookings.close_register(event=event, by=None, now=END)
    move(END + timedelta(minutes=10))
    for person, number in zip(people, AFTER, strict=True):
        answer(client, link_in("post", person.email), number, f"I will visit {person.pk}")

    move(IMPACT - timedelta(minutes=1))
    assert not Evaluation.objects.filter(kind__in=[Kind.IMPACT_LEARNER, Kind.IMPACT_MANAGER]).exists()
    move(IMPACT)
    for person, number in zip(people[:5], LATER, strict=True):
        assert f"“I will visit {person.pk}”" in client.get(link_in("impact", person.email)).text  # their pledge
        answer(client, link_in("impact", person.email), number)
    one_page = client.get(link_in("manager", lead.email)).text
    assert Message.objects.filter(kind="evaluations/manager").count() == 1
    links = dict(re.findall(r'href="[^"]*?(/feedback/link/[^"]+)"><bdi>(.*?)</bdi>', one_page))
    links = {unescape(name): link for link, name in links.items()}
    for person, number in zip(people[:5], MANAGER, strict=True):
        answer(client, links[person.full_name], number)

    board = UserFactory()
    board.groups.add(Group.objects.get_or_create(name=SUB_COMMITTEE)[0])
    client.force_login(board)
    page = client.get(reverse("evaluations:event_results", args=[event.reference])).text
    assert table(page, "How many answered") == {
        "Before the course": ["6", "6", "100%"],
        "After the course": ["6", "6", "100%"],
        "Twelve weeks later: learner": ["6", "5", "83%"],
        "Twelve weeks later: manager": ["6", "5", "83%"],
    }
    after, later = "+1.83 2.00 to 3.83 6 people", "+1.40 1.80 to 3.20 5 people"
    assert table(page, "in the people who answered both times") == {
        "Knowledge of the subject": [after, "No data", "No data"],
        CONFIDENT: [after, later, "No data"],
        "Evidence neglect": [after, later, "+1.80 1.80 to 3.60 5 people"],
        "Knowledge before the course, looking back": ["0.00 3.83 to 3.83 6 people", "No data", "No data"],
    }
    before = table(page, "Answers from 1 (low) to 5 (high)")
    assert before["How much do you know about this subject?"] == ["2", "2", "2", "0", "0", "6", "2.00"]
    assert table(page, "Have you seen a change in practice? (5 answers)")["Yes, clear"][0] == "5"

    overview = client.get(reverse("evaluations:results"), {"year": "2025", "by": "sector"}).text
    confident = table(overview, "in the people who answered both times")[CONFIDENT]
    assert confident == [after, later, "No data"]
    assert table(overview, "Share of forms answered")["Education"] == [
        "100% 6 of 6", "100% 6 of 6", "83% 5 of 6", "83% 5 of 6", "+1.83",
    ]  # fmt: skip
    csv = client.get(reverse("evaluations:results_csv", args=["change"]), {"event": event.reference}).content.decode()
    assert f"{CONFIDENT},6,2,3.83,1.83,5,1.8,3.2,1.4,0,no data,no data,no data" in csv
