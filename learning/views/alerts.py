"""The weekly email of new events: what I want of it, stopping it with one press, and T&D's look at the next one."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from accounts.models import Policy, User
from accounts.permissions import signed_in, td_page
from learning import actions, alerts, permissions, rules
from learning.alert_forms import AlertForm, WhoseEmailForm
from learning.models import AlertChoice, wants_alert


@signed_in
def weekly_email(request):
    """Choose what the weekly email tells of, and see what the next one would list."""
    person, now = request.user, timezone.now()
    form = AlertForm(request.POST if request.method == "POST" else None, initial=_chosen(person))
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        actions.choose_alert(
            person=person, by=person, wants=chosen["wants"], subjects=chosen["subjects"], groups=chosen["groups"],
            deliveries=chosen["deliveries"],
        )  # fmt: skip
        messages.success(request, "What you chose for the weekly email is saved.")
        return redirect("learning:weekly_email")
    return render(request, "learning/weekly_email.html", {"form": form, "person": person, **_next(person, now)})


def _chosen(person) -> dict:
    choice = AlertChoice.objects.filter(person=person).first()
    return {
        "wants": "yes" if person.wants_alert else "no",
        "subjects": choice.subjects.all() if choice else [],
        "groups": choice.groups.all() if choice else [],
        "deliveries": choice.deliveries if choice else [],
    }


def _next(person, now) -> dict:
    policy = Policy.current()
    times = {"now": now, "weekday": policy.alert_weekday, "hour": policy.alert_hour}
    return {
        "next_moment": rules.next_alert_moment(**times),
        "picks": alerts.preview(person, now=now, moment=rules.alert_moment(**times)),
    }


@csrf_exempt  # the mail program's own button posts here (RFC 8058); the signed address says whose email it is
@never_cache
def stop_weekly_email(request, token):
    """Stop the email with one press, without signing in. Opening the page changes nothing: a mail scanner does that."""
    person = permissions.person_of_stop_link(token)
    if request.method == "POST":
        if "resume" in request.POST:
            actions.resume_alert(person=person)
        else:
            actions.stop_alert(person=person)
        if request.POST.get("List-Unsubscribe"):
            return HttpResponse(status=204)
        return redirect(request.path)
    return render(request, "learning/stop_weekly_email.html", {"wants": person.wants_alert})


@td_page
def next_alert(request):
    """T&D sees what the next weekly email tells of, and as it would come to a person."""
    form = WhoseEmailForm(request.GET if "email" in request.GET else None)
    shown, now = None, timezone.now()
    if form.is_bound and form.is_valid():
        shown = {"person": form.person, **_next(form.person, now)}
    policy = Policy.current()
    last = rules.alert_moment(now=now, weekday=policy.alert_weekday, hour=policy.alert_hour)
    context = {
        "form": form,
        "shown": shown,
        "policy": policy,
        "last_moment": last,
        "next_moment": rules.next_alert_moment(now=now, weekday=policy.alert_weekday, hour=policy.alert_hour),
        "fresh": alerts.news(since=last, until=now).events,
        "people": User.objects.filter(wants_alert()).count(),
    }
    return render(request, "learning/next_alert.html", context)
