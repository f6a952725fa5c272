"""Writes of monitoring: loading the priorities, evidence, milestones."""

import csv
import re
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from django.db import transaction

from accounts.models import User
from courses.models import Course, Subject
from monitoring.models import Evidence, Indicator, Milestone, Priority, QualityStandard, StandardSet
from wscb_training.files import delete_after_commit
from wscb_training.wording import local_date

DATA = Path(__file__).parent / "data"
SHORT_NAMES = (
    "Learning from reviews and case audits", "Signs of Safety and Wellbeing", "Online learning",
    "Allegations against staff", "Multi-agency and bespoke training", "Course content kept up to date",
    "Evaluation and impact", "Reaching more of the workforce", "Places for the voluntary sector",
    "Needs analysis and training strategy", "Schools and their safeguarding leads", "Single-agency training",
    "Prevent", "Involving service users", "Quality assurance",
)  # fmt: skip
STRATEGY_YEAR = 2017
MILESTONES = (  # of the strategy, with their dates
    ("10A", "Training needs analysis done", date(2017, 12, 31)),
    ("10A", "Single-agency training mapped", date(2017, 12, 31)),
    ("10A", "Training strategy approved", date(2017, 12, 31)),
    ("10A", "Training strategy in force", date(2018, 3, 31)),
    ("12A", "Core messages approved", date(2018, 3, 31)),
    ("12A", "Core messages issued", date(2018, 3, 31)),
    ("12A", "Core messages minuted by the Training and Workforce Development Sub-committee", date(2018, 3, 31)),
)


class Refused(Exception):
    """What was asked for is not allowed; the sentence tells the person why."""


@transaction.atomic
def load_priorities() -> None:
    """Add the priorities, indicators and milestones that are missing; never change what T&D edited."""
    for row in _rows("priorities.csv"):
        number = int(row["number"])
        Priority.objects.get_or_create(
            number=number,
            defaults={
                "short_name": SHORT_NAMES[number - 1],
                "text": row["priority_as_printed"],
                "measure": row["indicator_as_printed"],
                "reading": row["reading"],
            },
        )
    for position, row in enumerate(_rows("indicators.csv"), start=1):
        _load_indicator(row, position)
    if not Milestone.objects.exists():
        indicators = {indicator.code: indicator for indicator in Indicator.objects.filter(kind="evidence")}
        for code, name, due_on in MILESTONES:
            Milestone.objects.create(indicator=indicators[code], year=STRATEGY_YEAR, name=name, due_on=due_on)


@transaction.atomic
def load_standards() -> None:
    """Add a draft of the quality standards and one of the core messages where there is no set of that kind.

    They are a proposal that T&D edits; nothing counts before the Sub-committee has agreed a set (§6.12, §6.15).
    """
    for kind in StandardSet.Kind:
        if StandardSet.objects.of_kind(kind).exists():
            continue
        draft = StandardSet.objects.create(kind=kind, version="1.0")
        texts = [row["text"] for row in _rows("statements.csv") if row["kind"] == kind]
        QualityStandard.objects.bulk_create(
            QualityStandard(standard_set=draft, position=number, text=text) for number, text in enumerate(texts, 1)
        )


def _load_indicator(row: dict, position: int) -> None:
    indicator, created = Indicator.objects.get_or_create(
        code=row["code"],
        defaults={
            "priority_id": int(re.match(r"\d+", row["code"])[0]),
            "position": position,
            "name": row["name"],
            "kind": row["kind"],
            "unit": row["unit"],
            "target": Decimal(row["target"]) if row["target"] else None,
            "target_source": row["source"],
            "definition": row["definition"],
            "counted_from": row["counted_from"],
            "question": row["question"],
        },
    )
    if created:
        indicator.subjects.set(Subject.objects.filter(name__in=row["subjects"].split(";")))
        indicator.courses.set(Course.objects.filter(title__in=row["courses"].split(";")))


def _rows(name: str) -> list[dict]:
    with (DATA / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@transaction.atomic
def add_evidence(
    *,
    indicator: Indicator,
    by: User,
    now: datetime,
    text: str,
    dated: date,
    link: str = "",
    file=None,
    milestone: Milestone | None = None,
) -> Evidence:
    """Write evidence beside a figure; with `milestone`, sign this off by it. `file` is checked by the form.

    Raises Refused when the milestone is of another indicator or was signed off meanwhile.
    """
    evidence = Evidence(
        indicator=indicator, text=text.strip(), dated=dated, link=link, added_by=by, added_at=now,
        file=file or "", file_name=file.name if file else "",
    )  # fmt: skip
    evidence._history_user = by
    evidence.save()
    if milestone:
        sign_off(milestone=milestone, evidence=evidence, by=by, now=now)
    return evidence


@transaction.atomic
def remove_evidence(*, evidence: Evidence, by: User) -> None:
    """Delete evidence with its file; the history keeps what it said. What signed a milestone off can't go (PROTECT)."""
    delete_after_commit(evidence.file)
    evidence._history_user = by
    evidence.delete()


@transaction.atomic
def sign_off(*, milestone: Milestone, evidence: Evidence, by: User, now: datetime) -> Milestone:
    """Sign a milestone off with evidence, as of today. Raises Refused as above."""
    milestone = Milestone.objects.select_for_update(of=("self",)).get(pk=milestone.pk)
    if milestone.indicator_id != evidence.indicator_id:
        raise Refused("This milestone belongs to another priority.")
    if milestone.signed_off_on:
        raise Refused("Somebody has signed this milestone off already.")
    milestone.signed_off_on, milestone.signed_off_by, milestone.evidence = local_date(now), by, evidence
    milestone._history_user = by
    milestone.save()
    return milestone
