"""Where somebody is signed in, and signing out there: a phone that was lost, a computer that others use."""

import re
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.sessions.models import Session
from django.shortcuts import get_object_or_404, redirect, render

from accounts.permissions import signed_in

BROWSERS = (
    ("Edge", r"Edg(e|A|iOS)?/"), ("Opera", r"OPR/"), ("Samsung Internet", r"SamsungBrowser"),
    ("Firefox", r"Firefox|FxiOS"), ("Chrome", r"Chrome|CriOS|Chromium"), ("Safari", r"Safari"),
)  # fmt: skip
SYSTEMS = (
    ("iPhone", r"iPhone"), ("iPad", r"iPad"), ("Android", r"Android"), ("Windows", r"Windows"), ("Mac", r"Macintosh"),
    ("Chromebook", r"CrOS"), ("Linux", r"Linux"),
)  # fmt: skip


def in_words(user_agent: str) -> str:
    """Return a browser as people name it ("Chrome on Windows") from what it says of itself."""
    browser = next((name for name, mark in BROWSERS if re.search(mark, user_agent)), "A browser")
    system = next((name for name, mark in SYSTEMS if re.search(mark, user_agent)), "")
    return f"{browser} on {system}" if system else browser


@signed_in
def sessions(request):
    """List where the person is signed in; a press ends one of them, or all but this one."""
    if request.method == "POST":
        return _end(request)
    found = sorted(UserSession.objects.purge_and_list(request.user), key=lambda session: session.created_at)
    rows = [(session, in_words(session.user_agent), session.is_current()) for session in reversed(found)]
    context = {"rows": rows, "others": sum(not current for *_, current in rows)}
    return render(request, "accounts/sessions.html", context)


def _end(request):
    mine = UserSession.objects.filter(user=request.user).exclude(session_key=request.session.session_key)
    chosen = request.POST.get("session", "")
    ended = [get_object_or_404(mine, pk=chosen)] if chosen.isdecimal() and len(chosen) < 19 else list(mine)
    for session in ended:
        session.end()
    messages.success(request, "You are signed out there." if ended else "You are signed in nowhere else.")
    return redirect("accounts:sessions")


def forget(*, now: datetime) -> int:
    """Delete the sessions that are over, with what was noted of their browsers; return how many."""
    over, _ = Session.objects.filter(expire_date__lt=now).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    return over
