"""The pages on which people answer: what is due, one form, and the way in from the room."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from accounts.permissions import signed_in
from bookings.models import Booking
from courses.models import Event
from evaluations import actions, permissions, rules
from evaluations.emails import answer_url
from evaluations.forms import form_for
from evaluations.models import Evaluation, Kind


@signed_in
def due(request):
    """All that I am asked: about my own courses, and about my staff."""
    forms = permissions.of_person(request.user).due(at=timezone.now())
    return render(request, "evaluations/due.html", {"forms": _answerable(forms), "signed_in": True})


@never_cache
def of_respondent(request, token):
    """The page of the manager's email: everything that one address is asked, without signing in."""
    address = permissions.address_from_link(token)
    forms = Evaluation.objects.filter(respondent_email=address, kind=Kind.IMPACT_MANAGER).due(at=timezone.now())
    return render(request, "evaluations/due.html", {"forms": _answerable(forms.for_page())})


def _answerable(forms) -> list[tuple[Evaluation, str]]:
    """Return the forms with their addresses, leaving out those whose time has run out."""
    now = timezone.now()
    return [(form, answer_url(form)) for form in forms if rules.answer_refusal(form, now=now) is None]


@signed_in
def answer(request, code):
    """One form that I am asked, signed in."""
    return _answer(request, permissions.own_form(code, viewer=request.user))


@never_cache
def by_link(request, token):
    """One form by the link of its email. Opening it changes nothing: a mail scanner does that."""
    return _answer(request, permissions.form_from_link(token))


def _answer(request, form: Evaluation):
    now = timezone.now()
    if refusal := rules.answer_refusal(form, now=now):
        return render(request, "evaluations/closed.html", {"evaluation": form, "refusal": refusal})
    if request.method == "POST" and "later" in request.POST:
        actions.save_draft(form=form, typed=dict(request.POST.lists()))
        if request.headers.get("X-Autosave"):
            return HttpResponse(status=204)
        messages.success(request, "What you typed is kept. Come back by the same link.")
        return redirect(request.path)
    answers = form_for(form, request.POST if request.method == "POST" else None)
    if request.method == "POST" and answers.is_valid():
        try:
            actions.submit(
                form=form, answers=answers.answers(), now=now,
                share_with_manager=answers.cleaned_data.get("share", False),
            )  # fmt: skip
        except actions.Refused as refused:  # another tab was quicker
            return render(request, "evaluations/closed.html", {"evaluation": form, "refusal": str(refused)})
        return render(request, "evaluations/thanks.html", {"evaluation": form})
    learners = form.learners_answers() if form.kind == Kind.IMPACT_MANAGER else []
    context = {"evaluation": form, "form": answers, "learners": learners, "event": form.booking.event}
    return render(request, "evaluations/answer.html", context)


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
