"""Every address of the site × role × method, as tests/pages/table.py says.

That no address is missing from it tests/wscb_training/test_every_url.py sees to.
"""

import re

import pytest
from django.conf import settings
from django.contrib import admin
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import get_resolver, reverse

from tests.pages.table import ADMIN, ADMIN_PAGES, LOOKED_AT_BY, PAGES, ROLES, THEIR_ARGUMENTS
from tests.pages.world import make_world
from tests.wscb_training.test_every_url import every_address

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("every url")]  # one world, made once
VERBS = {"changelist": "v", "add": "a", "change": "c", "delete": "d", "history": "v"}
NEEDS_SCRIPT = re.compile(r"admin-autocomplete|related-widget-wrapper-link|_popup=1")
# Reading may write these: the session itself, and in the audit that somebody read.
MAY_WRITE = re.compile(r'"(django_session|accounts_auditentry)"')


@pytest.fixture(scope="module")
def shared_world(django_db_setup, django_db_blocker, tmp_path_factory):
    media = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), transaction.atomic(), override_settings(MEDIA_ROOT=media):
        made = make_world()
        made.media = media
        yield made
        transaction.set_rollback(True)


@pytest.fixture
def world(shared_world, settings):
    settings.MEDIA_ROOT = shared_world.media
    return shared_world


def address(name: str, world, arguments: dict | None = None) -> str:
    """Return the address of a page in the world."""
    [(_, parameters)] = get_resolver_entry(name)
    chosen = arguments or {}
    return reverse(name, kwargs={each: world.arguments[chosen.get(each, each)] for each in parameters})


def get_resolver_entry(name: str) -> list:
    """Return what the resolver knows of a name: its possible forms, here exactly one."""
    resolver, (*namespaces, name) = get_resolver(), name.split(":")
    for namespace in namespaces:
        resolver = resolver.namespace_dict[namespace][1]
    return resolver.reverse_dict.getlist(name)[0][0]


def answer(client, method: str, url: str):
    """Return the answer to a request, and let the next one find everything as it was."""
    cookies = client.cookies.copy()
    with transaction.atomic():
        response = (
            client.generic(method, url) if method not in ("GET", "POST") else getattr(client, method.lower())(url)
        )
        if response.streaming:
            response.getvalue()
        transaction.set_rollback(True)
    client.cookies = cookies
    return response


def looked_at() -> list[tuple[str, str, dict]]:
    """Return the pages whose tables stand elsewhere: name, who looks at it, values of its address."""
    names = [name for name in every_address() if name.startswith(tuple(LOOKED_AT_BY)) and name != "api:api-root"]
    return [
        (name, role, THEIR_ARGUMENTS.get(name, {}))
        for name in names
        for role in [next(role for begin, role in LOOKED_AT_BY.items() if name.startswith(begin))]
    ]


def in_lines(wrong: dict) -> str:
    return "\n" + "\n".join(f"{name}: {what}" for name, what in wrong.items())


def arriving(world, role: str) -> Client:
    if role == "token":
        return Client(raise_request_exception=False, headers={"Authorization": f"Bearer {world.secret}"})
    client = Client(raise_request_exception=False)
    if role != "nobody":
        client.force_login(world.people[role])
    return client


@pytest.mark.parametrize("role", ROLES)
def test_every_page_by_role_and_method(world, role):
    client, wrong = arriving(world, role), {}
    for name, page in PAGES.items():
        url, expected = address(name, world, page.arguments), page.answers(role)
        responses = [answer(client, method, url) for method in ("GET", "POST")]
        found = tuple(response.status_code for response in responses)
        if found != expected:
            wrong[f"{name} {url}"] = f"{found}, not {expected}"
        elif role not in page.roles and role == "nobody":
            for response in responses:
                assert response.url.startswith(reverse(settings.LOGIN_URL)), f"{name} leads to {response.url}"
    assert not wrong, in_lines(wrong)


def test_reading_changes_nothing(world):
    """A mail scanner, a browser that looks ahead or a link on another site opens pages; only a POST may write."""
    wrote = {}
    for name, page in PAGES.items():
        role = next(role for role in ("learner", "lead", "trainer", "td") if role in page.roles)
        client, url = arriving(world, role), address(name, world, page.arguments)
        answer(client, "GET", url)  # the first look may bring up to date what was due
        with CaptureQueriesContext(connection) as queries:
            answer(client, "GET", url)
        if changes := [query["sql"][:90] for query in queries if is_change(query["sql"])]:
            wrote[name] = changes
    assert not wrote, in_lines(wrote)


def is_change(sql: str) -> bool:
    return sql.startswith(("INSERT", "UPDATE", "DELETE")) and not MAY_WRITE.search(sql)


def test_methods_that_no_page_offers(world):
    """PUT and the like let nobody see or do more than reading does."""
    client, wrong = arriving(world, "learner"), {}
    for name, page in PAGES.items():
        url, read = address(name, world, page.arguments), page.answers("learner")[0]
        if (status := answer(client, "PUT", url).status_code) not in (read, 302, 405, 429):
            wrong[name] = status
    assert not wrong, in_lines(wrong)


def test_forms_of_other_sites_are_refused(world):
    """A POST without this site's token is refused; one page may go without: a mail program's button (RFC 8058)."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(world.people["super"])
    let_in = {
        name
        for name, page in PAGES.items()
        if page.answers("super")[1] not in (404, 405)
        and answer(client, "POST", address(name, world, page.arguments)).status_code not in (403, 405)
    }
    assert let_in == {"learning:stop_weekly_email"}


@pytest.mark.parametrize("role", ["td", "super"])
def test_every_model_of_the_admin_by_role(world, role):
    wrong = {}
    client = arriving(world, role)
    for model in admin.site._registry:
        label, first = model._meta.label_lower, model.objects.first()
        may = ADMIN[label][role == "super"]
        for verb, letter in VERBS.items():
            if verb in ("change", "delete", "history") and not first:
                continue
            url = reverse(
                f"admin:{label.replace('.', '_')}_{verb}", args=[] if verb in ("changelist", "add") else [first.pk]
            )
            # Who may only look opens the change page too, and can't save it.
            opens = letter in may or (verb == "change" and "v" in may)
            found = [answer(client, method, url).status_code for method in ("GET", "POST")]
            expected = [
                200 if opens else 403,
                (200, 302) if letter in may else (200, 403) if verb == "history" else (403,),
            ]
            if found[0] != expected[0] or found[1] not in expected[1]:
                wrong[f"{label} {verb}"] = f"{found}, not {expected}"
    assert not wrong, in_lines(wrong)


@pytest.mark.parametrize("role", ["td", "super"])
def test_every_other_page_of_the_admin(world, role):
    wrong = {}
    client = arriving(world, role)
    for name, (expected, arguments) in ADMIN_PAGES.items():
        url = reverse(f"admin:{name}", kwargs={key: world.arguments[value] for key, value in arguments.items()})
        found = tuple(answer(client, method, url).status_code for method in ("GET", "POST"))
        if found != expected:
            wrong[name] = f"{found}, not {expected}"
    assert not wrong, in_lines(wrong)


def test_every_form_of_the_admin_can_do_without_script(world):
    """Each has one that needs none, at `?plain=1`: no search, no second window."""
    wrong, client = {}, arriving(world, "super")
    for model in admin.site._registry:
        name, first = f"admin:{model._meta.label_lower.replace('.', '_')}", model.objects.first()
        for url in [reverse(f"{name}_add"), *([reverse(f"{name}_change", args=[first.pk])] if first else [])]:
            answer = client.get(url, {"plain": 1})
            if answer.status_code == 200 and (found := set(NEEDS_SCRIPT.findall(answer.text))):
                wrong[url] = ", ".join(sorted(found))
    assert not wrong, in_lines(wrong)


@pytest.mark.parametrize("role", ["nobody", "board"])
def test_nobody_else_gets_into_the_admin(world, role):
    """Whoever is not of its staff is sent to sign in, even by a page that does not exist."""
    open_pages = []
    client = arriving(world, role)
    urls = [reverse("admin:index"), "/admin/no/such/page/"]
    for model in admin.site._registry:
        name = f"admin:{model._meta.label_lower.replace('.', '_')}"
        urls += [reverse(f"{name}_changelist"), reverse(f"{name}_add")]
        urls += [reverse(f"{name}_{verb}", args=[1]) for verb in ("change", "delete", "history")]
    for name, (_, arguments) in ADMIN_PAGES.items():
        if name not in ("login", "logout", "password_change"):
            urls.append(
                reverse(f"admin:{name}", kwargs={key: world.arguments[value] for key, value in arguments.items()})
            )
    for url in urls:
        for method in ("GET", "POST"):
            response = answer(client, method, url)
            if response.status_code != 302 or not response.url.startswith(reverse("admin:login")):
                open_pages.append((method, url, response.status_code))
    assert open_pages == []
