"""What a respondent sends: a draft, or the answers, once (§15)."""

from datetime import datetime

from django.db import transaction

from evaluations import rules
from evaluations.actions.managers import Refused
from evaluations.models import Answer, Evaluation


@transaction.atomic
def submit(*, form: Evaluation, answers: list[Answer], share_with_manager: bool, now: datetime) -> Evaluation:
    """Keep the answers for good; return the form. Raises Refused when it was answered, withdrawn or closed meanwhile.

    `answers` are not saved yet and carry their questions. A second press finds it answered.
    """
    form = Evaluation.objects.select_for_update(of=("self",)).get(pk=form.pk)
    if sentence := rules.answer_refusal(form, now=now):
        raise Refused(sentence)
    for answer in answers:
        answer.evaluation = form
    Answer.objects.bulk_create(answers)
    form.submitted_at, form.draft, form.shared_with_manager = now, {}, share_with_manager
    form.save(update_fields=["submitted_at", "draft", "shared_with_manager"])
    return form


def save_draft(*, form: Evaluation, typed: dict[str, list[str]]) -> None:
    """Keep what was typed so far, for whoever comes back to it; nothing of a form that is answered."""
    kept = {name: [value[:5000] for value in values][:50] for name, values in typed.items() if name.startswith("q")}
    Evaluation.objects.open().filter(pk=form.pk).update(draft=kept)
