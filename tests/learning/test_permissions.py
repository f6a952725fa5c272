"""Who may open which page of learning, in one table; with the team's table it names every address there is."""

import pytest
from django.core import signing
from django.core.files.base import ContentFile
from django.urls import reverse

from learning import urls
from learning.emails import STOP
from tests import teams
from tests.learning.test_team_permissions import PAGES, POST_ONLY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
ROLES = ("nobody", "owner", "colleague", "lead", "td")
OWN, TD, OPEN = (302, 200, 200, 200, 200), (302, 404, 404, 404, 200), (200, 200, 200, 200, 200)
# page, argument of its address, status for each of ROLES; what is not signed in goes to sign in
TABLE = [
    ("my_training", None, OWN),
    ("pathway", None, OWN),
    ("record", None, OWN),
    ("add_training", None, OWN),
    ("passport", None, OWN),
    ("evidence", "record", (302, 200, 404, 404, 404)),
    ("withdraw", "record", (302, 200, 404, 404, 404)),
    ("certificate", "record", (302, 409, 404, 404, 404)),  # whoever gave that training gives its certificate
    ("event_certificates", "event", TD),
    ("api", None, OPEN),
    ("check", None, OPEN),
    ("check_code", "code", OPEN),
    ("start", "course", (302, 302, 302, 302, 302)),  # opening leads to the course; the button starts it
    ("schools", None, TD),
    ("schools_xlsx", None, TD),
    ("demand", None, TD),
    ("weekly_email", None, OWN),
    ("stop_weekly_email", "token", OPEN),
    ("next_alert", None, TD),
    ("merge", "person", TD),
    ("erase", "person", TD),
    ("teams", None, (302, 200, 200, 302, 200)),  # who leads one goes straight to it
]


@pytest.fixture
def world(pathway):
    school = teams.organisation()
    owner, colleague = teams.person(at=school), teams.person(at=school)
    td = teams.person(at=teams.organisation("Council"), is_superuser=True)
    record = teams.completed(owner)
    record.evidence.save("certificate.pdf", ContentFile(b"%PDF"))
    course = teams.course(delivery="online", start_link="https://learning.example/basic")
    people = {"nobody": None, "owner": owner, "colleague": colleague, "lead": teams.lead(school), "td": td}
    return people, {
        None: [], "record": [record.pk], "event": [teams.event().reference], "code": [record.check_code],
        "course": [course.slug], "token": [signing.dumps(owner.pk, salt=STOP)], "person": [owner.pk],
    }  # fmt: skip


@pytest.mark.parametrize("role", ROLES)
def test_every_page_by_role(client, world, role):
    people, arguments = world
    if people[role]:
        client.force_login(people[role])
    found = {name: client.get(reverse(f"learning:{name}", args=arguments[of])).status_code for name, of, _ in TABLE}
    assert found == {name: statuses[ROLES.index(role)] for name, _, statuses in TABLE}


TEAM_FILES = {"team_certificate"}  # 409 or a PDF: tests/learning/test_certificates.py


def test_the_tables_name_every_page():
    names = {pattern.name for pattern in (*urls.urlpatterns, *urls.team_urls) if getattr(pattern, "name", None)}
    listed = {name for name, *_ in (*TABLE, *PAGES, *POST_ONLY)}
    assert names - TEAM_FILES == listed
