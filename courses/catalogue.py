"""Loading Appendices 1 and 2, and the courses that the priorities need besides (§6)."""

import csv
from pathlib import Path

from django.db import transaction
from django.utils.text import slugify

from competence.models import CompetenceGroup, PathwayVersion, TrainingContent
from courses.models import Course, Subject

DATA = Path(__file__).parent / "data"
DELIVERY = {
    "face to face": Course.Delivery.FACE_TO_FACE,
    "online learning": Course.Delivery.ONLINE,
    "conference": Course.Delivery.CONFERENCE,
}
DUTIES = {  # of schools and settings (§9, §10), and of internal trainers (§5)
    "Designated Safeguarding Lead: basic": Course.Duty.SAFEGUARDING_LEAD,
    "Designated Safeguarding Lead: advanced": Course.Duty.SAFEGUARDING_LEAD,
    "Whole school staff safeguarding": Course.Duty.WHOLE_SCHOOL,
    "Training the Trainers": Course.Duty.TRAIN_THE_TRAINER,
}


@transaction.atomic
def load_catalogue() -> None:
    """Add the subjects and courses that are missing; never change what T&D edited."""
    for row in _rows("subjects.csv"):
        Subject.objects.get_or_create(
            name=row["subject"],
            defaults={
                "category": Subject.Category.GENERAL if row["category"].startswith("General") else "specialist",
                "core_subject": row["core_subject"],
                "position": int(row["position"]),
            },
        )
    texts = {row["title"]: row for row in _rows("course_texts.csv")}
    known = set(Course.objects.values_list("title", flat=True)) | set(
        Course.objects.exclude(title_as_printed="").values_list("title_as_printed", flat=True)
    )
    for row in [*_rows("courses.csv"), *_rows("courses_needed_by_priorities.csv")]:
        # T&D may have changed a title: the wording of the strategy still finds it.
        if not {row["title"], row.get("title_as_printed") or row["title"]} & known:
            _add_course(row, texts.get(row["title"], {}))


def _add_course(row: dict, texts: dict) -> None:
    online = row["delivery_mode"] == "online learning"
    course = Course.objects.create(
        title=row["title"],
        title_as_printed=row.get("title_as_printed", ""),
        slug=slugify(row["title"])[:100].strip("-"),
        delivery=DELIVERY[row["delivery_mode"]],
        level=row["level"],
        duty=DUTIES.get(row["title"], ""),
        required_sessions=int(row.get("required_sessions") or (0 if online else 1)),
        refresher_months=int(row["refresher_months"]) if row.get("refresher_months") else None,
        position=int(row.get("position") or 100),
        notes=row["notes"],
        start_link=f"https://learning.wscb.example/{slugify(row['title'])}" if online else "",
        summary=texts.get("summary", ""),
        outcomes="\n".join(outcome.strip() for outcome in texts.get("outcomes", "").split("|")),
        audience_note=texts.get("audience", ""),
        length=texts.get("length", ""),
    )
    course.subjects.set(Subject.objects.filter(name__in=row["subjects"].split(";")))
    course.contents.set(TrainingContent.objects.filter(code__in=row["contents"].split(";")))
    course.satisfies.set(TrainingContent.objects.filter(code__in=row["satisfies"].split(";")))
    course.target_groups.set(_groups_for(row["contents"].split(";")))


def _groups_for(codes: list[str]):
    """Return the groups that Appendix 4 ticks for any of these contents: whom the course is for, until T&D edits it."""
    version = PathwayVersion.objects.earliest()
    return CompetenceGroup.objects.filter(ticks__version=version, ticks__content__in=codes).distinct()


def _rows(name: str) -> list[dict]:
    with (DATA / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
