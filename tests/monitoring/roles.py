"""People of every role, and a table of who may open what: what the tests of monitoring's pages start from."""

from django.contrib.auth.models import Group

from accounts.actions import ensure_roles
from accounts.models.user import SUB_COMMITTEE, TD_SERVICE, TRAINER
from tests import teams

MONITORING = {"td": 200, "sub-committee": 200, "trainer": 404, "lead": 404, "staff": 404, "anonymous": 302}
TD_ALONE = {**MONITORING, "sub-committee": 403}
LEAD = {"td": 200, "lead": 200, "sub-committee": 404, "other lead": 404, "trainer": 404, "staff": 404, "anonymous": 302}


def of_role(role: str, school):
    """Return somebody of that role, or None for "anonymous"; "lead" leads `school`."""
    ensure_roles()
    if role == "anonymous":
        return None
    if role in ("lead", "other lead"):
        return teams.lead(school if role == "lead" else teams.organisation("Another school"))
    groups = {"td": TD_SERVICE, "sub-committee": SUB_COMMITTEE, "trainer": TRAINER}
    someone = teams.person(at=school, is_staff=role == "td")
    if role in groups:
        someone.groups.add(Group.objects.get(name=groups[role]))
    return someone


def opened(client, role: str, school, url: str) -> int:
    """Return the status with which somebody of a role opens an address."""
    client.logout()
    if someone := of_role(role, school):
        client.force_login(someone)
    return client.get(url).status_code
