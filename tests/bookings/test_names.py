"""People 24: a name is right wherever a booking carries it: pages, emails as they leave, calendar entry."""

import html

import icalendar
import pytest
from django.utils import timezone

from bookings import actions
from notifications import actions as notifications
from notifications.models import Message
from tests.factories import OrganisationFactory, UserFactory, make_event, make_lead

pytestmark = pytest.mark.django_db
NAMES = [
    "Siobhán O'Brien", "Zoë Sørensen-Żuk", "محمد بن عبد الله", "רות כהן", "李伟", "<b>Ann</b> & Lee",
    "Ann; Lee, née: Li", 'Robert "Bobby" Lee', "X" + "y" * 199,
]  # fmt: skip


def email(kind, mailoutbox):
    """Return an email as it left the site, after its real delivery."""
    message = Message.objects.get(kind=kind)
    assert notifications.deliver(message_id=message.pk, now=timezone.now()), message.last_error
    return mailoutbox[-1]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_right_in_the_calendar_entry_and_on_the_booking(client, mailoutbox, name):
    person = UserFactory(full_name=name)
    booking = actions.book(event=make_event(), person=person, by=person, now=timezone.now())
    entry = icalendar.Calendar.from_ical(email("bookings/confirmed", mailoutbox).attachments[-1].content)
    assert entry.walk("VEVENT")[0]["ATTENDEE"].params["CN"].replace("'", '"') == name.replace("'", '"')
    client.force_login(person)
    assert client.get(booking.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_right_in_the_subject_the_text_and_the_html_of_an_email(mailoutbox, name):
    organisation = OrganisationFactory(requires_approval=True)
    make_lead(organisation)
    person = UserFactory(full_name=name, organisation=organisation)
    actions.book(event=make_event(), person=person, by=person, now=timezone.now())

    sent = email("bookings/approval_requested", mailoutbox)
    assert name in sent.subject and name in sent.body
    assert name in html.unescape(sent.alternatives[0].content)
    assert "<b>Ann" not in sent.alternatives[0].content
    head = sent.message().as_bytes().partition(b"\n\n")[0]
    assert head.isascii() and max(map(len, head.splitlines())) < 998  # what any mail server takes
