"""The trainer's pages: their events, the register in the room, walk-ins, closing it, and the register on paper."""

from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts import audit
from accounts.permissions import signed_in
from bookings import actions, check_ins, pdfs, permissions, rules
from bookings.models import Attendance
from bookings.register import register_of, session_now
from bookings.register_forms import WalkInForm, answers, asked_again, marks_and_seen
from wscb_training.documents import qr_svg
from wscb_training.tables import as_file


@signed_in
def mine(request):
    """The events that I train: today, to come, and those whose register is still open."""
    now = timezone.now()
    events = permissions.trained_events(viewer=request.user).for_list().prefetch_related("sessions")
    return render(
        request,
        "bookings/register/mine.html",
        {
            "open": events.filter(register_closed_at=None, ends_at__lte=now, status="published").order_by("-starts_at")[
                :50
            ],
            "coming": events.filter(ends_at__gt=now, status="published").order_by("starts_at")[:50],
            "closed": events.filter(register_closed_at__isnull=False).order_by("-starts_at")[:20],
            "now": now,
        },
    )


@signed_in
def people(request, reference):
    """Who is booked, what they need, and what there is to do at this event."""
    event = permissions.trained_event(reference, viewer=request.user)
    register = register_of(event)
    now = timezone.now()
    if register.with_needs:
        audit.note(audit.Kind.NEEDS, by=request.user, what=f"Event {event.reference}", now=now, request=request)
    context = {
        "event": event,
        "register": register,
        "sessions": [(session, *register.count(session)) for session in register.sessions],
        "can_close": not event.register_closed_at and rules.close_refusal(event, now=now) is None,
        "walk_in_refusal": rules.walk_in_refusal(event, now=now),
    }
    return render(request, "bookings/register/people.html", context)


@signed_in
def mark(request, reference, number):
    """The register of one session. Sent as a form, or mark by mark by the page's script, which gets JSON back."""
    event = permissions.trained_event(reference, viewer=request.user)
    session = permissions.session_of(event, number)
    now, conflicts = timezone.now(), {}
    refusal = rules.mark_refusal(starts_at=session.starts_at, now=now)
    if request.method == "POST":
        marks, seen = marks_and_seen(request.POST, session, register_of(event))
        try:
            conflicts = actions.mark_attendance(event=event, marks=marks, seen=seen, by=request.user, now=now)
        except actions.Refused as refused:
            refusal = str(refused)
        if request.headers.get("Accept") == "application/json":
            return _as_json(register_of(event), session, conflicts, refusal)
        if not conflicts and not refusal:
            messages.success(request, "The register is saved.")
            return redirect("bookings:register_mark", event.reference, number)
    register = register_of(event)
    context = {
        "event": event, "session": session, "number": number, "register": register, "refusal": refusal,
        "rows": register.of_session(session), "count": register.count(session), "marks": Attendance.Mark.choices,
        "conflicts": _in_words(register, session, conflicts), "sessions": list(enumerate(register.sessions, start=1)),
    }  # fmt: skip
    return render(request, "bookings/register/mark.html", context, status=409 if conflicts else 200)


def _in_words(register, session, conflicts) -> list[dict]:
    """Return what another trainer marked meanwhile, to be named on the page."""
    return [
        {"booking": booking, "attendance": cell.attendance}
        for booking, cell in register.of_session(session)
        if (booking.pk, session.pk) in conflicts
    ]


def _as_json(register, session, conflicts, refusal) -> JsonResponse:
    """Answer the page's script: what each person's mark is now, and what somebody else changed meanwhile."""
    told = [
        {
            "booking": found["booking"].pk,
            "person": str(found["booking"].person),
            "mark": found["attendance"].mark if found["attendance"] else "",
            "words": found["attendance"].get_mark_display() if found["attendance"] else "Not marked",
            "by": str(found["attendance"].marked_by) if found["attendance"] else "somebody else",
        }
        for found in _in_words(register, session, conflicts)
    ]
    marks = {str(booking.pk): cell.mark for booking, cell in register.of_session(session)}
    present, marked = register.count(session)
    counts = {"present": present, "marked": marked, "of": len(register.rows)}
    return JsonResponse({"marks": marks, "conflicts": told, "refusal": refusal or "", "counts": counts})


@signed_in
def walk_in(request, reference):
    """Add somebody who came without a booking."""
    event = permissions.trained_event(reference, viewer=request.user)
    now = timezone.now()
    refusal = rules.walk_in_refusal(event, now=now)
    form = WalkInForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and not refusal and form.is_valid():
        try:
            booking = form.add(event=event, by=request.user, now=now)
        except actions.Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"{booking.person} is on the register and marked present.")
            return redirect("bookings:register", event.reference)
    context = {"event": event, "form": form, "refusal": refusal, "organisations": form.organisations()}
    return render(request, "bookings/register/walk_in.html", context)


@signed_in
def room(request, reference):
    """What the screen in the room shows: the code by which people check themselves in, and their questionnaires."""
    event = permissions.trained_event(reference, viewer=request.user)
    now = timezone.now()
    session = session_now(list(event.sessions.all()), now=now)
    code = check_ins.code_of(session, now=now)
    address = request.build_absolute_uri(reverse("bookings:check_in"))
    context = {
        "event": event,
        "session": session,
        "refusal": rules.check_in_refusal(starts_at=session.starts_at, now=now),
        "code": code,
        "address": address,
        "qr": qr_svg(f"{address}?code={code}"),
    }
    return render(request, "bookings/register/room.html", context)


@signed_in
def close(request, reference):
    """Ask about who is not marked yet, then close the register."""
    event = permissions.trained_event(reference, viewer=request.user)
    now = timezone.now()
    register = register_of(event)
    refusal = rules.close_refusal(event, now=now)
    marks, missing = {}, []
    if request.method == "POST" and not refusal:
        marks, missing = answers(request.POST, register)
        if not missing:
            try:
                actions.close_register(event=event, by=request.user, now=now, marks=marks)
            except actions.Refused as refused:
                messages.warning(request, str(refused))
                return redirect("bookings:register_close", event.reference)
            messages.success(request, "The register is closed. Certificates and questionnaires follow by themselves.")
            return redirect("bookings:register", event.reference)
    context = {
        "event": event,
        "register": register,
        "refusal": refusal,
        "missing": missing,
        "asked": asked_again(register, marks, missing),
        "marks": Attendance.Mark.choices,
    }
    return render(request, "bookings/register/close.html", context, status=422 if missing else 200)


@signed_in
def paper(request, reference):
    """The register to print: sessions by people, with boxes to sign."""
    event = permissions.trained_event(reference, viewer=request.user)
    return as_file(pdfs.registers([event]), f"register-{event.reference}.pdf", "application/pdf")


@signed_in
def check_in(request):
    """Check myself in with the code in the room. Opening the link only asks; pressing the button does it."""
    now = timezone.now()
    code = (request.POST if request.method == "POST" else request.GET).get("code", "")[:20]
    found = check_ins.session_of(code, person=request.user, now=now) if code else None
    context = {"code": code, "found": found, "wrong": bool(code) and found is None}
    if request.method == "POST" and found:
        booking, session = found
        try:
            actions.check_in(booking=booking, session=session, by=request.user, now=now)
            context["done"] = True
        except actions.Refused as refused:
            context["refusal"] = str(refused)
    return render(request, "bookings/register/check_in.html", context)
