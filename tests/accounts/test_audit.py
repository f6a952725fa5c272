"""The audit: who signed in or was refused, who took files out, who saw access needs. Never the data itself."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts import audit
from accounts.models import AuditEntry
from bookings import actions
from tests import teams
from tests.factories import TrainerFactory, UserFactory, make_event, make_lead

pytestmark = pytest.mark.django_db


def noted(kind: str) -> list[tuple]:
    return list(AuditEntry.objects.filter(kind=kind).order_by("pk").values_list("person__email", "what"))


def test_sign_ins_and_sign_outs(client):
    person = UserFactory(email="ada@riverside.example")
    client.post(reverse("account_login"), {"login": "Ada@Riverside.example", "password": "not it at all"})
    client.post(reverse("account_login"), {"login": "nobody@riverside.example", "password": "not it at all"})
    client.post(reverse("account_login"), {"login": person.email, "password": "correct-horse"})
    client.post(reverse("account_logout"))
    assert noted("sign_in_failed") == [(person.email, ""), (None, "")]  # what was typed is not kept
    assert noted("sign_in") == [(person.email, "password")]
    assert noted("sign_out") == [(person.email, "")]
    assert AuditEntry.objects.get(kind="sign_in").network_address == "127.0.0.1"


def test_files_taken_out(client):
    lead = make_lead(UserFactory().organisation)
    client.force_login(lead)
    pages = ["team_matrix_csv", "team_matrix_xlsx", "team_evidence_pdf"]
    urls = [reverse(f"learning:{page}", args=[lead.organisation_id]) for page in pages]
    for url in urls:
        assert client.get(url).status_code == 200
    assert noted("export") == [(lead.email, url) for url in urls]


def test_kept_files_too(client, settings, tmp_path):
    """They go out as bytes of any kind; all that is held about somebody and what staff sent was in no audit."""
    settings.MEDIA_ROOT = tmp_path
    school = teams.organisation()
    lead, person = teams.lead(school), teams.person(at=school)
    record = actions.add_training(
        person=person, by=person, completed_on=date(2026, 1, 5), title="Level 2", provider="College", contents=[],
        evidence=SimpleUploadedFile("c.pdf", b"%PDF"),
    )  # fmt: skip
    client.force_login(lead)
    url = reverse("learning:team_record_evidence", args=[school.pk, record.pk])
    assert client.get(url).status_code == 200
    assert noted("export") == [(lead.email, url)]


def test_the_admins_exports_too(client):
    client.force_login(UserFactory(email="super@riverside.example", is_staff=True, is_superuser=True))
    url = reverse("admin:accounts_user_export")
    form = client.get(url).context["form"]
    data = {field.html_name: field.value() for field in form if field.value() is not None}
    assert client.post(url, data | {"format": "0"}).status_code == 200
    assert noted("export") == [("super@riverside.example", url)]


def test_the_public_programme_is_no_matter(client):
    client.get(reverse("courses:calendar_feed"))
    client.get(reverse("courses:flyer", args=[make_event().reference]))
    assert not AuditEntry.objects.exists()


def test_access_needs_that_somebody_sees(client):
    trainer = TrainerFactory(person=UserFactory(email="trainer@riverside.example"))
    event, person = make_event(trainers=[trainer]), UserFactory()
    client.force_login(trainer.person)
    url = reverse("bookings:register", args=[event.reference])
    client.get(url)
    assert noted("needs") == []  # nobody told of any
    actions.book(event=event, person=person, by=person, now=timezone.now(), access_needs="A loop")
    assert "A loop" in client.get(url).content.decode()
    assert noted("needs") == [("trainer@riverside.example", f"Event {event.reference}")]


def test_a_year_on_it_is_forgotten():
    now = timezone.now()
    for days in (364, 366):
        audit.note(audit.Kind.SIGN_IN, by=None, now=now - timedelta(days=days))
    assert audit.forget(now=now) == 1
    assert AuditEntry.objects.count() == 1


def test_nobody_changes_it(client):
    entry = audit.note(audit.Kind.SIGN_IN, by=None, now=timezone.now())
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    page = reverse("admin:accounts_auditentry_change", args=[entry.pk])
    assert client.get(page).status_code == 200
    assert client.post(page, {"what": "x"}).status_code == 403
    assert client.post(reverse("admin:accounts_auditentry_delete", args=[entry.pk]), {"post": "yes"}).status_code == 403
