"""A learner's own pages: pathway, training record, passport; and the check that anyone can make of it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from accounts.permissions import kept_form, signed_in, with_details
from bookings import actions, rules
from bookings.models import TrainingRecord
from courses.models import Course
from learning import certificates, passports, pdfs, permissions
from learning.passports import passport_of
from learning.pathway import groups_of, my_pathway
from learning.record_forms import ElsewhereForm, OnlineForm
from wscb_training.files import saved_file
from wscb_training.tables import as_file


@with_details
def pathway(request):
    """The contents that my group needs: done, due again, expired or missing, and what fills each next."""
    mine = my_pathway(request.user, now=timezone.now())
    numbers = {state: mine.number(state) for state in ("expired", "missing", "due")}
    context = {"mine": mine, "groups": groups_of(request.user), **numbers}
    return render(request, "learning/mine/pathway.html", context)


@signed_in
def record(request):
    """All that I completed, and what waits to be verified."""
    records = TrainingRecord.objects.filter(person=request.user).exclude(status="withdrawn").for_page()
    records = records.select_related("person")
    kind = request.GET.get("kind", "")
    if kind in TrainingRecord.Source.values:
        records = records.filter(source=kind)
    standings = certificates.standings(records, now=timezone.now())
    context = {"standings": standings, "kind": kind, "kinds": TrainingRecord.Source.choices}
    return render(request, "learning/mine/record.html", context)


@with_details
def add_training(request):
    """Add training taken elsewhere, or the certificate of an online course."""
    waiting = request.user.training_records.to_verify().count()
    if refusal := rules.adding_refusal(waiting=waiting):
        messages.error(request, refusal)
        return redirect("learning:record")
    online = "course" in request.GET or request.GET.get("kind") == "online"
    form_class = OnlineForm if online else ElsewhereForm
    initial = {"course": request.GET.get("course"), **kept_form(request)}
    form = form_class(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_training(person=request.user, by=request.user, **form.cleaned_data)
            messages.success(request, "Your training is sent. It counts when it is verified, and we email you then.")
        except actions.Refused as refused:  # another tab has sent the last that may wait
            messages.error(request, str(refused))
        return redirect("learning:record")
    return render(request, "learning/mine/add_training.html", {"form": form, "online": online})


@signed_in
def evidence(request, record_id):
    """My own file back, to save."""
    record = permissions.own_record(record_id, viewer=request.user)
    if not record.evidence:
        raise Http404
    return saved_file(request, record.evidence)


@signed_in
def withdraw(request, record_id):
    """Take back what was added and is not verified yet."""
    record = permissions.own_record(record_id, viewer=request.user)
    if request.method == "POST":
        try:
            actions.withdraw_training(record=record, by=request.user)
            messages.success(request, "Taken back.")
        except actions.Refused as refused:
            messages.warning(request, str(refused))
        return redirect("learning:record")
    return render(request, "learning/mine/withdraw.html", {"record": record})


@with_details
def passport(request):
    """My training passport as a PDF."""
    content = pdfs.passport(passport_of(request.user, today=timezone.localdate()))
    return as_file(content, f"training-passport-{timezone.localdate()}.pdf", "application/pdf")


def check(request):
    """Where the code of a certificate or a passport is typed."""
    if code := "-".join(request.GET.get("code", "").upper()[:40].split()):
        return redirect("learning:check_code", code.replace("/", "-"))
    return render(request, "learning/mine/check.html")


def check_code(request, code):
    """Whether a record or a passport is genuine: name, training and date, and nothing else."""
    if passport := passports.checked(code.upper()):
        return render(request, "learning/mine/check.html", {"passport": passport, "code": code})
    counted = TrainingRecord.objects.filter(status__in=["counted", "withdrawn"]).select_related("person", "course")
    record = counted.filter(check_code=code.upper()).first()
    return render(request, "learning/mine/check.html", {"record": record, "code": code}, status=200 if record else 404)


@signed_in
def start(request, slug):
    """Note that I start an online course, and open the provider's page."""
    course = get_object_or_404(Course.objects.offered().exclude(start_link=""), slug=slug)
    if request.method != "POST":
        return redirect(course)
    actions.start_online(course=course, person=request.user, now=timezone.now())
    return redirect(course.start_link)
