"""Single-agency training as pages and files show it."""

from collections.abc import Iterable

from django.db.models import Prefetch, QuerySet

from monitoring.models import SelfAssessment, SingleAgencyTraining
from wscb_training.tables import Table

WORDS = {True: "Yes", False: "No", None: "Not said"}


def with_answers() -> QuerySet[SingleAgencyTraining]:
    """Return the courses with all that a page of one shows."""
    said = SelfAssessment.objects.select_related("standard__standard_set")
    said = said.order_by("standard__standard_set__kind", "standard__position", "standard")
    return SingleAgencyTraining.objects.select_related("organisation__sector").prefetch_related(
        "contents", Prefetch("self_assessment", said), "comments__made_by",
        "quality_reviews__answers__standard", "quality_reviews__standard_set",
    )  # fmt: skip


def own_table(trainings: Iterable[SingleAgencyTraining]) -> Table:
    """Return single-agency courses as a table for a file."""
    headings = [
        "Course", "Organisation", "Sector", "Last held", "Length", "Given by", "People in 12 months",
        "Contents covered", "Uses the core messages", "Meets the standards", "Self-assessed", "Comments",
    ]  # fmt: skip
    rows = [
        [
            each.title, each.organisation.name, each.organisation.sector.reporting_sector, each.held_on, each.length,
            each.given_by, each.people_trained if each.people_trained is not None else "",
            ", ".join(content.short_name for content in each.contents.all()), WORDS[each.uses_core_messages],
            WORDS[each.meets_standards], each.assessed_on or "", each.said,
        ]
        for each in trainings
    ]  # fmt: skip
    return Table("Single-agency training", headings, rows)
