"""Privacy: the public statements, what is held about me, and T&D's report of what goes by schedule."""

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Policy
from accounts.permissions import signed_in, td_page
from monitoring.models import ErasureRequest, RetentionRun
from monitoring.privacy import actions, leaving, retention
from monitoring.privacy.data_map import HISTORY, by_rule

PAGE, MOST_LEAVERS, MOST_MADE = 30, 100, 6


@require_safe
def notice(request):
    """What is held, why, how long, and what one can ask for; with the periods that are set now."""
    policy = Policy.current()
    context = {"rules": by_rule(policy), "history": HISTORY.format(history=policy.history_years)}
    return render(request, "monitoring/privacy/notice.html", context)


@require_safe
def cookies(request):
    """The cookies, all of them necessary."""
    names = {"session_cookie": settings.SESSION_COOKIE_NAME, "csrf_cookie": settings.CSRF_COOKIE_NAME}
    return render(request, "monitoring/privacy/cookies.html", names)


@require_safe
def accessibility(request):
    """The accessibility statement that the 2018 regulations ask for."""
    return render(request, "monitoring/privacy/accessibility.html")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def my_data(request):
    """Download all that is held about me, or ask to be erased."""
    kind, now = request.POST.get("kind"), timezone.now()
    if kind in actions.KINDS:
        return redirect(actions.ask_for_my_data(person=request.user, kind=kind, now=now))
    if "erase" in request.POST:
        actions.ask_to_be_erased(person=request.user, now=now)
        messages.success(request, "We have your request. You get an answer within one month.")
        return redirect("monitoring:my_data")
    asked = request.user.erasure_requests.filter(settled_at=None).first()
    made = request.user.prepared_files.filter(title__in=actions.KINDS.values()).exclude(status="failed")[:MOST_MADE]
    return render(request, "monitoring/privacy/my_data.html", {"asked": asked, "made": made})


@signed_in
@require_safe
def erase_me(request):
    """Say what erasing means before it is asked for."""
    return render(request, "monitoring/privacy/erase_me.html")


@td_page
@require_http_methods(["GET", "HEAD", "POST"])
def kept(request):
    """T&D's report: requests to be erased, what is due, what each night deleted; and the periods."""
    now = timezone.now()
    if request.method == "POST":
        number = request.POST.get("settle", "")
        asked = get_object_or_404(ErasureRequest, pk=number if number.isascii() and number.isdigit() else 0)
        actions.settle(request=asked, by=request.user, now=now)
        messages.success(request, "The request is closed. Make sure that the person has your answer.")
        return redirect("monitoring:retention")
    policy = Policy.current()
    leavers = list(leaving.coming_up(policy, now))
    context = {
        "open_requests": ErasureRequest.objects.open().select_related("person"),
        "leavers": sorted(leavers, key=lambda each: each.on)[:MOST_LEAVERS],
        "due": retention.due(policy, leavers, now), "rules": by_rule(policy), "now": now,
        "page_obj": Paginator(RetentionRun.objects.all(), PAGE).get_page(request.GET.get("page")),
    }  # fmt: skip
    return render(request, "monitoring/privacy/retention.html", context)
