"""T&D's screens of quality write by the same actions as the pages (§6.6, §6.12)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from courses.models import Subject
from monitoring.actions import load_standards
from monitoring.models import Consultation, Learning, QualityReview, SingleAgencyTraining, StandardSet
from monitoring.quality import actions, due
from tests import teams
from tests.teams import NOW, TODAY

pytestmark = pytest.mark.django_db
ALL = list(due.CHECKS)


@pytest.fixture(autouse=True)
def now(time_machine):
    time_machine.move_to(NOW, tick=False)


def test_a_review_put_right_in_the_admin_has_its_verdict_from_its_answers(client):
    """By the same actions as the pages: who recorded it, what follows from the answers, the materials' date."""
    load_standards()
    StandardSet.objects.update(agreed_on=TODAY - timedelta(days=100))
    officer, course = teams.person(is_superuser=True, is_staff=True), teams.course("Complex Neglect")
    standards = StandardSet.objects.get(kind="standards")
    client.force_login(officer)
    first, second = standards.standards.all()[:2]
    data = {
        "course": course.pk, "reviewed_on": "23/11/2026", "reviewer": "Kezia", "found_current": "on",
        "standard_set": standards.pk, "meets_standards": "true", "notes": "", **dict.fromkeys(ALL, "on"),
        "answers-TOTAL_FORMS": 2, "answers-INITIAL_FORMS": 0, "answers-0-standard": first.pk,
        "answers-0-answer": "met", "answers-1-standard": second.pk, "answers-1-answer": "not_met",
    }  # fmt: skip
    answer = client.post(reverse("admin:monitoring_qualityreview_add"), data)
    assert answer.status_code == 302, [line for line in answer.text.splitlines() if "errorlist" in line]
    review = QualityReview.objects.get()
    assert (review.recorded_by, review.meets_standards) == (officer, False)
    course.refresh_from_db()
    assert (course.materials_reviewed_on, course.materials_reviewed_by) == (TODAY, "Kezia")


def test_own_courses_learning_and_consultations_are_saved_by_the_actions(client, monkeypatch):
    officer, school = teams.person(is_superuser=True, is_staff=True), teams.organisation()
    client.force_login(officer)
    subject = Subject.objects.create(name="Neglect", category="general")
    sent = {
        "singleagencytraining": {"organisation": school.pk, "title": " Induction ", "held_on": "01/11/2026",
                                 "uses_core_messages": "unknown", "meets_standards": "unknown"},
        "learning": {"kind": "policy", "title": "New guide", "dated": "23/11/2026", "subjects": [subject.pk]},
        "consultation": {"title": "Care leavers", "dated": "23/11/2026", "sample": "24 of them",
                         "expected-TOTAL_FORMS": 0, "expected-INITIAL_FORMS": 0},
    }  # fmt: skip
    called = []
    for name in ("record_own_training", "record_learning", "record_consultation"):
        real = getattr(actions, name)
        monkeypatch.setattr(actions, name, lambda real=real, **said: called.append(real.__name__) or real(**said))
    for model, data in sent.items():
        answer = client.post(reverse(f"admin:monitoring_{model}_add"), data)
        assert answer.status_code == 302, [line for line in answer.text.splitlines() if "errorlist" in line]
    assert called == ["record_own_training", "record_learning", "record_consultation"]
    own, asked = SingleAgencyTraining.objects.get(), Consultation.objects.get()
    assert (own.title, own.recorded_by, asked.recorded_by) == ("Induction", officer, officer)
    assert {row.history.first().history_user for row in (own, asked, Learning.objects.get())} == {officer}
