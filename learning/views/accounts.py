"""T&D's pages behind a person's screen: two accounts become one, a person is erased."""

from django.contrib import messages
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from accounts.models import User
from accounts.permissions import td_page
from bookings.actions import Refused
from bookings.models import Booking
from learning import actions


@td_page
def merge(request, person_id):
    """Find the other account of this person, compare the two, and merge them."""
    keep = get_object_or_404(User.objects.select_related("organisation", "group"), pk=person_id)
    other = request.GET.get("other", "")
    if other.isascii() and other.isdigit():
        gone = get_object_or_404(User.objects.select_related("organisation", "group"), pk=other)
        return _merge(request, keep, gone)
    asked = request.GET.get("q", "").strip()[:100]
    found = User.objects.none()
    if asked:
        named = Q(full_name__icontains=asked) | Q(email__icontains=asked)
        found = User.objects.filter(named, merged_into=None, erased_at=None).exclude(pk=keep.pk)
    context = {"keep": keep, "asked": asked, "found": found.select_related("organisation")[:20]}
    return render(request, "learning/planning/merge.html", context)


def _merge(request, keep: User, gone: User):
    refusal = actions.merging_refusal(keep=keep, gone=gone)
    if request.method == "POST" and not refusal:
        try:
            actions.merge_accounts(keep=keep, gone=gone, by=request.user, now=timezone.now())
        except Refused as refused:
            refusal = str(refused)
        else:
            messages.success(request, f"The two accounts of {keep} are one now.")
            return redirect("admin:accounts_user_change", keep.pk)
    context = {"keep": keep, "gone": gone, "refusal": refusal, "accounts": [_account(keep), _account(gone)]}
    return render(request, "learning/planning/merge_check.html", context)


def _account(person: User) -> dict:
    return {
        "person": person,
        "bookings": person.bookings.count(),
        "records": person.training_records.counted().count(),
        "evaluations": person.evaluations.count(),
    }


@td_page
def erase(request, person_id):
    """Say what erasing does, and erase."""
    person, now = get_object_or_404(User, pk=person_id), timezone.now()
    refusal = actions.erasing_refusal(person)
    if request.method == "POST" and not refusal:
        try:
            actions.erase_person(person=person, by=request.user, now=now)
        except Refused as refused:
            refusal = str(refused)
        else:
            messages.success(request, "The person is erased. What counts in the figures stays.")
            return redirect("admin:accounts_user_changelist")
    coming = Booking.objects.live().filter(person=person, event__starts_at__gt=now).count()
    return render(request, "learning/planning/erase.html", {"person": person, "refusal": refusal, "coming": coming})
