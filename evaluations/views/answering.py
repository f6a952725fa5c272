"""The pages on which people answer: what is due, one form, and the way in from the room."""

from itertools import groupby

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from accounts.permissions import signed_in
from bookings.models import Booking
from courses.models import Event
from evaluations import actions, permissions, rules
from evaluations.emails import answer_url, respondent_url
from evaluations.forms import form_for
from evaluations.models import Evaluation, Kind


@signed_in
def due(request):
    """All that I am asked: about my own courses, and about my staff."""
    context = {"signed_in": True, **_due(permissions.of_person(request.user), by_link=False)}
    return render(request, "evaluations/due.html", context)


@never_cache
def of_respondent(request, token):
    """The page of the manager's email: everything that one address is asked, without signing in."""
    address = permissions.address_from_link(token)
    return render(request, "evaluations/due.html", _due(permissions.of_manager(address), by_link=True))


def _due(forms: QuerySet[Evaluation], *, by_link: bool) -> dict:
    """Return what can be answered now, each with its address: my own, and those about staff by event, with how many
    of these are answered already."""
    now = timezone.now()
    address = answer_url if by_link else _own_url
    can = [form for form in forms.due(at=now) if rules.answer_refusal(form, now=now) is None]
    about_staff = sorted((form for form in can if form.kind == Kind.IMPACT_MANAGER), key=_by_event)
    answered = forms.submitted().filter(kind=Kind.IMPACT_MANAGER, opens_at__gt=now - rules.ANSWERED_WITHIN).count()
    return {
        "own": [(form, address(form)) for form in can if form.kind != Kind.IMPACT_MANAGER],
        "events": [
            (event, [(form, address(form)) for form in theirs])
            for event, theirs in groupby(about_staff, key=lambda form: form.booking.event)
        ],
        "left": len(about_staff),
        "answered": answered,
        "of": answered + len(about_staff),
        "percent": 100 * answered // (answered + len(about_staff) or 1),
    }


def _by_event(form: Evaluation):
    event = form.booking.event
    return event.starts_at, event.pk, form.booking.person.full_name


def _own_url(form: Evaluation) -> str:
    return reverse("evaluations:answer", args=[form.code])


@signed_in
def answer(request, code):
    """One form that I am asked, signed in."""
    form = permissions.own_form(code, viewer=request.user)
    return _answer(request, form, theirs=permissions.of_person(request.user), by_link=False)


@never_cache
def by_link(request, token):
    """One form by the link of its email. Opening it changes nothing: a mail scanner does that."""
    form = permissions.form_from_link(token)
    theirs = permissions.of_manager(form.respondent_email) if form.kind == Kind.IMPACT_MANAGER else None
    return _answer(request, form, theirs=theirs, by_link=True)


def _answer(request, form: Evaluation, *, theirs: QuerySet[Evaluation] | None, by_link: bool):
    """Show a form and take what is sent; `theirs` are all that the same person is asked, to go on with the next."""
    now = timezone.now()
    if refusal := rules.answer_refusal(form, now=now):
        return render(request, "evaluations/closed.html", {"evaluation": form, "refusal": refusal})
    if request.method == "POST" and "later" in request.POST:
        actions.save_draft(form=form, typed=dict(request.POST.lists()))
        if request.headers.get("X-Autosave"):
            return HttpResponse(status=204)
        messages.success(request, "What you typed is kept. Come back by the same link.")
        return redirect(request.path)
    if request.method == "POST" and "decline" in request.POST and form.kind == Kind.IMPACT_MANAGER:
        return _decline(request, form, theirs=theirs, by_link=by_link)
    answers = form_for(form, request.POST if request.method == "POST" else None)
    if request.method == "POST" and answers.is_valid():
        try:
            actions.submit(
                form=form, answers=answers.answers(), now=now,
                share_with_manager=answers.cleaned_data.get("share", False),
            )  # fmt: skip
        except actions.Refused as refused:  # another tab was quicker
            return render(request, "evaluations/closed.html", {"evaluation": form, "refusal": str(refused)})
        return _thanks(request, form, theirs=theirs, by_link=by_link)
    learners = form.learners_answers() if form.kind == Kind.IMPACT_MANAGER else []
    context = {"evaluation": form, "form": answers, "learners": learners, "event": form.booking.event}
    return render(request, "evaluations/answer.html", context)


def _decline(request, form: Evaluation, **whose):
    try:
        actions.decline(form=form, now=timezone.now())
    except actions.Refused as refused:
        return render(request, "evaluations/closed.html", {"evaluation": form, "refusal": str(refused)})
    return _thanks(request, form, declined=True, **whose)


def _thanks(request, form: Evaluation, *, theirs: QuerySet[Evaluation] | None, by_link: bool, declined: bool = False):
    """Thank, and offer the next of those that are left: a manager has thirty to go through."""
    context = {"evaluation": form, "declined": declined}
    if theirs is not None:
        found = _due(theirs, by_link=by_link)
        left = [*found["own"], *(pair for _, pairs in found["events"] for pair in pairs)]
        context |= {
            **found, "left": len(left), "next": left[0] if left else None,
            "all_url": respondent_url(form.respondent_email) if by_link else reverse("evaluations:due"),
        }  # fmt: skip
    return render(request, "evaluations/thanks.html", context)


@signed_in
def room(request, reference):
    """The way from the room (QR): to my own form before or after the course, whichever is open."""
    event = get_object_or_404(
        Event.objects.exclude(status=Event.Status.DRAFT).select_related("course"), reference=reference
    )
    booking = Booking.objects.confirmed().filter(event=event, person=request.user).first()
    now = timezone.now()
    if booking:
        actions.make_forms_of(booking, now=now)
        forms = Evaluation.objects.filter(booking=booking, kind__in=[Kind.PRE, Kind.POST]).due(at=now)
        for form in forms.order_by("-opens_at"):
            if rules.answer_refusal(form, now=now) is None:
                return redirect("evaluations:answer", form.code)
    return render(
        request, "evaluations/nothing.html", {"event": event, "booking": booking, "back": reverse("evaluations:due")}
    )
