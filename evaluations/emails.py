"""What people are asked by email. One function an email; each link opens one person's forms and nothing else."""

from datetime import datetime

from django.conf import settings
from django.core import signing
from django.urls import reverse

from evaluations.models import Evaluation, Kind
from notifications.actions import Draft
from wscb_training.wording import local_date

# What a signed link may be used for, and nothing else.
ANSWER, RESPONDENT = "evaluations.answer", "evaluations.respondent"
TEMPLATES = {Kind.PRE: "pre", Kind.POST: "post", Kind.IMPACT_LEARNER: "impact"}


def ask(form: Evaluation, *, stage: int) -> Draft:
    """Return the email to a learner with the link of one form; `stage` 1 and 2 are the reminders."""
    person = form.booking.person
    return Draft(
        key=f"evaluations/ask/{form.pk}/{stage}/{form.respondent_email}",
        template=f"evaluations/{TEMPLATES[form.kind]}",
        to=form.respondent_email,
        recipient=form.respondent,
        context={"form": form, "person": person, "event": form.booking.event, "stage": stage,
                 "answer_url": answer_url(form)},
    )  # fmt: skip


def ask_manager(address: str, forms: list[Evaluation], *, stage: int, now: datetime) -> Draft:
    """Return the email to a manager with one link to the page of all forms about their staff that are due."""
    return Draft(
        key=f"evaluations/manager/{address}/{stage}/{local_date(now)}/{forms[0].pk}",
        template="evaluations/manager",
        to=address,
        recipient=forms[0].respondent,
        context={"forms": forms, "stage": stage, "page_url": respondent_url(address)},
    )


def answer_url(form: Evaluation) -> str:
    """Return the link by which the respondent of this form, and nobody else, answers it without signing in."""
    token = signing.dumps([str(form.code), form.respondent_email], salt=ANSWER)
    return settings.BASE_URL + reverse("evaluations:by_link", args=[token])


def respondent_url(address: str) -> str:
    """Return the link to the page of all that one respondent is asked."""
    return settings.BASE_URL + reverse("evaluations:of_respondent", args=[signing.dumps(address, salt=RESPONDENT)])
