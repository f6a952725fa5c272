"""Help for each role, guides to print, whom to ask, problems with a page, and T&D's first days."""

from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import problems
from accounts.models import Policy
from accounts.permissions import td_page
from monitoring import setting_up
from monitoring.help_forms import ProblemForm
from wscb_training.addresses import is_ours
from wscb_training.documents import pdf_kept
from wscb_training.limits import address_of, count_up

MOST_REPORTS, WITHIN = 10, 60 * 60  # from one address; seconds


@dataclass(frozen=True)
class Role:
    """Somebody whom a help page is written for."""

    key: str
    title: str
    about: str


ROLES = [
    Role("learner", "Learners", "Find a course, book it, get there, and keep your certificate."),
    Role("lead", "CPD leads and managers", "Look after your staff's training: book, approve, and see who needs what."),
    Role("trainer", "Trainers", "Take the register in the room, and see what people made of the day."),
    Role("service", "Training and Development Service", "Plan the year, run events, look after people and figures."),
    Role("board", "Sub-committee members", "See whether the strategy is being met, and what each figure rests on."),
]
BY_KEY = {role.key: role for role in ROLES}


def _role(key: str) -> Role:
    if key not in BY_KEY:
        raise Http404
    return BY_KEY[key]


@require_safe
def index(request):
    """Help: for whom, and whom to ask."""
    return render(request, "monitoring/help/index.html", {"roles": ROLES})


@require_safe
def page(request, key):
    """Help for one role."""
    role = _role(key)
    return render(request, f"monitoring/help/{key}.html", {"role": role, "policy": Policy.current()})


@require_safe
def guide(request, key):
    """The guide of one role as a PDF: one page to print and hand out."""
    role = _role(key)
    context = {"role": role, "policy": Policy.current(), "steps": f"monitoring/help/_{key}_steps.html"}
    content = pdf_kept("monitoring/pdf/guide.html", context, scales=(1.35, 1.22, 1.1, 1, 0.9))
    headers = {"Content-Disposition": f'inline; filename="guide-{key}.pdf"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


@require_safe
def contact(request):
    """Whom to ask about what."""
    return render(request, "monitoring/help/contact.html", {"roles": ROLES})


def report(request):
    """Report a problem with a page."""
    by = request.user if request.user.is_authenticated else None
    came_from = request.GET.get("page") or urlsplit(request.headers.get("Referer", "")).path
    form = ProblemForm(
        request.POST if request.method == "POST" else None, signed_in=by is not None, initial={"page": came_from[:300]}
    )
    if request.method == "POST" and form.is_valid():
        if count_up(f"problems/{address_of(request)}", within=WITHIN) > MOST_REPORTS:
            form.add_error(None, "You have reported a lot within an hour. Write to us by email instead")
        else:
            data = {"email": "", **form.cleaned_data}
            problems.report_problem(**data, by=by, now=timezone.now())
            return redirect(reverse("monitoring:problem_sent") + "?" + urlencode({"page": data["page"]}))
    return render(request, "monitoring/help/report.html", {"form": form, "page": came_from})


@require_safe
def reported(request):
    """Thanks for a report, with the way back to the page that it is about."""
    page = request.GET.get("page")
    return render(request, "monitoring/help/reported.html", {"came_from": page if is_ours(request, page) else ""})


@td_page
def getting_started(request):
    """T&D's checklist for the first days: what the data shows is done ticks itself."""
    key = request.POST.get("step", "")
    if request.method == "POST":
        if key not in setting_up.BY_KEY:
            raise Http404
        setting_up.tick(key=key, by=request.user, now=timezone.now(), done="undo" not in request.POST)
        return redirect("monitoring:getting_started")
    standings = setting_up.standings()
    context = {"standings": standings, "done": sum(standing.done for standing in standings)}
    return render(request, "monitoring/help/getting_started.html", context)
