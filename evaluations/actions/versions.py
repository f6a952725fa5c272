"""Versions of a questionnaire: one that has forms is copied on change, not altered (§15)."""

from django.db import transaction

from accounts.models import User
from evaluations.actions.managers import Refused
from evaluations.models import Questionnaire


@transaction.atomic
def new_version(*, questionnaire: Questionnaire, by: User) -> Questionnaire:
    """Copy a questionnaire with its questions as the next version, to be edited; return it.

    One that is not in use yet and has no forms is returned itself: there is nothing to keep.
    """
    latest = Questionnaire.objects.filter(kind=questionnaire.kind).select_for_update().order_by("-version").first()
    if not latest.is_current and not latest.evaluations.exists():
        return latest
    questions = list(questionnaire.questions.all())
    copy = Questionnaire(
        kind=questionnaire.kind, version=latest.version + 1, introduction=questionnaire.introduction, is_current=False
    )
    copy._history_user = by
    copy.save()
    for question in questions:
        question.pk, question.questionnaire = None, copy
        question.save()
    return copy


@transaction.atomic
def publish_version(*, questionnaire: Questionnaire, by: User) -> Questionnaire:
    """Ask this version from now on; forms that are out keep theirs. Raises Refused when it asks nothing of all."""
    if not questionnaire.questions.filter(course=None).exists():
        raise Refused("This version asks nothing. Add a question for all courses first.")
    Questionnaire.objects.filter(kind=questionnaire.kind, is_current=True).update(is_current=False)
    questionnaire = Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)
    questionnaire.is_current, questionnaire._history_user = True, by
    questionnaire.save()
    return questionnaire
