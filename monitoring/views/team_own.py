"""A CPD lead's own courses (§6.12): recorded, assessed by core messages and standards, with the comments."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from accounts.permissions import kept_form
from learning.views.frame import show, team_page
from monitoring.models import StandardSet
from monitoring.quality import actions
from monitoring.quality.forms import OwnTrainingForm, SelfAssessmentForm
from monitoring.quality.reading import with_answers
from wscb_training.wording import local_date


def _sets() -> list[StandardSet]:
    today = local_date(timezone.now())
    kinds = (StandardSet.Kind.CORE_MESSAGES, StandardSet.Kind.STANDARDS)
    return [found for kind in kinds if (found := StandardSet.objects.in_force(kind, on=today))]


@team_page
def courses(request, organisation):
    """The organisation's own safeguarding courses."""
    found = organisation.own_trainings.prefetch_related("contents", "comments")
    return show(request, "monitoring/team/own.html", organisation, {"trainings": found, "sets": _sets()})


@team_page
def add(request, organisation):
    """Record a course."""
    return _edit(request, organisation, None)


@team_page
def change(request, organisation, training_id):
    """Change what was recorded of a course."""
    return _edit(request, organisation, get_object_or_404(with_answers(), organisation=organisation, pk=training_id))


def _edit(request, organisation, training):
    initial = kept_form(request)
    if training:
        names = ("title", "held_on", "length", "given_by", "people_trained", "notes")
        kept = {name: getattr(training, name) for name in names}
        initial = {**kept, "contents": [each.pk for each in training.contents.all()], **initial}
    form = OwnTrainingForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        saved = actions.record_own_training(
            organisation=organisation, by=request.user, training=training, **form.cleaned_data
        )
        messages.success(request, "The course is saved.")
        page = "team_own_one" if training or not _sets() else "team_own_assess"
        return redirect(f"monitoring:{page}", organisation.pk, saved.pk)
    title = "Change the course" if training else "Record a course of your own"
    context = {"form": form, "title": title, "training": training}
    return show(request, "monitoring/team/own_form.html", organisation, context)


@team_page
def one(request, organisation, training_id):
    """One course: what was recorded, its self-assessment, its reviews, the comments."""
    training = get_object_or_404(with_answers(), organisation=organisation, pk=training_id)
    return show(request, "monitoring/team/own_one.html", organisation, {"training": training, "sets": _sets()})


@team_page
def assess(request, organisation, training_id):
    """Judge a course by the core messages and the standards in force."""
    training = get_object_or_404(with_answers(), organisation=organisation, pk=training_id)
    said = {each.standard_id: (each.answer, each.note) for each in training.self_assessment.all()}
    sets = _sets()
    form = SelfAssessmentForm(request.POST or None, sets=sets, said=said, initial=kept_form(request))
    if request.method == "POST" and sets and form.is_valid():
        actions.assess_own_training(
            training=training, by=request.user, now=timezone.now(), answers=form.answers()
        )  # fmt: skip
        messages.success(request, "The self-assessment is saved.")
        return redirect("monitoring:team_own_one", organisation.pk, training.pk)
    context = {"form": form, "training": training, "sets": sets}
    return show(request, "monitoring/team/own_assess.html", organisation, context)
