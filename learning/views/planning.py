"""T&D's pages for planning: all schools by what they lack, and the demand for courses."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone

from accounts.models import Organisation
from accounts.permissions import td_page
from learning import demand as planning
from learning import schools
from wscb_training.tables import Table, xlsx_file
from wscb_training.wording import local_date

PAGE = 50
KINDS = [
    (kind.value, kind.label)
    for kind in (*Organisation.SCHOOLS, Organisation.Kind.NURSERY, Organisation.Kind.CHILDMINDER)
]


@td_page
def all_schools(request):
    """Every school and setting, filtered by kind and by what it lacks."""
    found = _standings(request)
    context = {
        "page_obj": Paginator(found, PAGE).get_page(request.GET.get("page")),
        "asked": request.GET.get("q", "").strip()[:100],
        "kind": request.GET.get("kind", ""),
        "lacks": request.GET.get("lacks", ""),
        "kinds": KINDS,
        "choices": [(key, words) for key, (words, _) in schools.LACKS.items()],
    }
    return render(request, "learning/planning/schools.html", context)


@td_page
def all_schools_xlsx(request):
    """The same list as a workbook."""
    lines = [
        [
            at.organisation.name, at.organisation.urn, at.organisation.get_kind_display(), at.organisation.postcode,
            ", ".join(str(holder.role.person) for holder in at.leads),
            at.leads_trained_until or "",
            len(at.deputies), at.whole_school.on if at.whole_school else "",
            at.whole_school.until if at.whole_school else "", " ".join(at.missing),
        ]
        for at in _standings(request)
    ]  # fmt: skip
    headings = [
        "School or setting", "URN", "Kind", "Postcode", "Safeguarding lead", "Lead trained until", "Deputies",
        "All staff trained", "All staff until", "Missing",
    ]  # fmt: skip
    return xlsx_file([Table("Schools", headings, lines)], name=f"schools {local_date(timezone.now())}")


def _standings(request) -> list[schools.Standing]:
    kind, lacks = request.GET.get("kind", ""), request.GET.get("lacks", "")
    kinds = [kind] if kind in dict(KINDS) else list(dict(KINDS))
    organisations = Organisation.objects.filter(is_active=True, kind__in=kinds)
    if asked := request.GET.get("q", "").strip()[:100]:
        organisations = organisations.filter(name__icontains=asked)
    found = schools.standings(list(organisations), today=local_date(timezone.now()))
    if lacks in schools.LACKS:
        found = [at for at in found if schools.LACKS[lacks][1](at)]
    return found


@td_page
def demand(request):
    """Demand by course, sector and group, beside the people whose pathway it would fill; an event starts from here."""
    now = timezone.now()
    contents, subjects = planning.gaps()
    return render(
        request,
        "learning/planning/demand.html",
        {"courses": planning.demand(now=now, today=local_date(now)), "contents": contents, "subjects": subjects},
    )
