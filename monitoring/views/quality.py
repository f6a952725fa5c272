"""Quality assurance (§6.6, §6.15): which reviews are due, a course's reviews, recording one, standards and messages."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.permissions import kept_form, td_page
from courses.models import Course, Event
from monitoring.actions import Refused
from monitoring.models import Learning, QualityReview, SingleAgencyTraining, StandardSet
from monitoring.permissions import monitoring_page
from monitoring.quality import actions, due
from monitoring.quality.forms import ReviewForm
from monitoring.quality.rules import State
from wscb_training.tables import xlsx_file
from wscb_training.wording import local_date

PAGE = 50
STANDARDS, CORE_MESSAGES = StandardSet.Kind.STANDARDS, StandardSet.Kind.CORE_MESSAGES


def _in_force(*kinds) -> list[StandardSet]:
    today = local_date(timezone.now())
    found = [StandardSet.objects.in_force(kind, on=today) for kind in kinds]
    return [each for each in found if each]


def _reviews():
    found = QualityReview.objects.select_related("event", "standard_set", "single_agency", "course")
    return found.prefetch_related("answers__standard")


@monitoring_page
def quality(request):
    """The courses by how they stand to their yearly review; what was learned; what else waits."""
    today = local_date(timezone.now())
    listed, state = due.standings(today=today), request.GET.get("state", "")
    shown = [each for each in listed if each.state == state] if state in set(State) else listed
    own = due.own_to_review(today=today)
    context = {
        "page_obj": Paginator(shown, PAGE).get_page(request.GET.get("page")), "counted": due.counted(listed),
        "all": len(listed), "due": sum(each.state.is_due for each in listed), "state": state, "today": today,
        "states": list(State), "own_count": own.count(), "own": own[:8],
        "observations": _reviews().filter(event__isnull=False)[:8],
        "learning": Learning.objects.prefetch_related("subjects")[:8],
        "sets": _in_force(CORE_MESSAGES, STANDARDS),
    }  # fmt: skip
    return render(request, "monitoring/quality/due.html", context)


@monitoring_page
def quality_file(request):
    """The same list as a workbook."""
    today = local_date(timezone.now())
    return xlsx_file([due.table(due.standings(today=today))], name=f"course reviews {today}")


@monitoring_page
def course(request, slug):
    """One course: its reviews and observations, what was learned since, what service users expect of it."""
    today = local_date(timezone.now())
    found = get_object_or_404(due.with_reviews(Course.objects.all(), today=today), slug=slug)
    events = Event.objects.filter(course=found, status__in=["published", "completed"], starts_at__lte=timezone.now())
    context = {
        "course": found, "standing": due.Standing(found, due.state_of(found, today=today)),
        "reviews": _reviews().filter(course=found)[:50],
        "learning": Learning.objects.filter(subjects__courses=found).distinct()[:20],
        "expected": found.expected_qualities.select_related("consultation").order_by("-consultation__dated", "kind"),
        "events": events.order_by("-starts_at").select_related("venue")[:10],
    }  # fmt: skip
    return render(request, "monitoring/quality/course.html", context)


@monitoring_page
def review(request, slug):
    """Record the yearly review of a course."""
    found = get_object_or_404(Course, slug=slug)
    back = reverse("monitoring:quality_course", args=[slug])
    return _record(request, course=found, title=found.title, back=back, of_content=True)


@monitoring_page
def observe(request, reference):
    """Record the observation of an event that was held."""
    event = get_object_or_404(
        Event.objects.select_related("course"), reference=reference, starts_at__lte=timezone.now(),
        status__in=[Event.Status.PUBLISHED, Event.Status.COMPLETED],
    )  # fmt: skip
    back = reverse("monitoring:quality_course", args=[event.course.slug])
    return _record(request, event=event, title=event.course.title, back=back, of_content=False)


@monitoring_page
def review_own(request, training_id):
    """Record the review of an organisation's own course against the standards."""
    training = get_object_or_404(SingleAgencyTraining.objects.select_related("organisation"), pk=training_id)
    back = reverse("monitoring:own_training", args=[training_id])
    return _record(request, single_agency=training, title=str(training), back=back, of_content=False)


def _record(request, *, title: str, back: str, of_content: bool, **subject):
    sets = _in_force(STANDARDS)
    initial = {"reviewer": str(request.user), "reviewed_on": timezone.localdate(), **kept_form(request)}
    observed = "event" in subject
    form = ReviewForm(request.POST or None, sets=sets, of_content=of_content, observed=observed, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.record_review(by=request.user, **subject, **form.values())
        messages.success(request, "The observation is recorded." if observed else "The review is recorded.")
        return redirect(back)
    context = {"form": form, "title": title, "back": back, "observed": observed, "sets": sets, **subject}
    return render(request, "monitoring/quality/review.html", context)


def standards(request):
    """The core messages and the quality standards in force, for everybody, to read and to print (§6.12)."""
    context = {"sets": _in_force(CORE_MESSAGES, STANDARDS)}
    return render(request, "monitoring/quality/standards.html", context)


@td_page
def versions(request):
    """All versions of the standards and the core messages, drafts too; a new one is made from any of them."""
    sets = StandardSet.objects.prefetch_related("standards")
    if request.method == "POST":
        chosen = request.POST.get("from", "")
        made_from = get_object_or_404(sets, pk=int(chosen) if chosen.isascii() and chosen.isdigit() else 0)
        try:
            made = actions.new_version(of=made_from, version=actions.next_version(made_from), by=request.user)
        except Refused as refused:
            messages.warning(request, str(refused))
            return redirect("monitoring:standard_versions")
        messages.success(request, "Here is the draft. Change it; it counts from the day on which it is agreed.")
        return redirect("admin:monitoring_standardset_change", made.pk)
    return render(request, "monitoring/quality/versions.html", {"sets": [(each, each.is_used) for each in sets]})
