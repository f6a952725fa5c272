"""Loading the strategy's Appendices 3 and 4."""

import csv
from datetime import date
from pathlib import Path

from django.db import transaction

from competence.models import CompetenceGroup, PathwayTick, PathwayVersion, TrainingContent

DATA = Path(__file__).parent / "data"
STRATEGY_IN_FORCE = date(2017, 4, 1)


@transaction.atomic
def load_pathway() -> None:
    """Add the groups, contents and ticks of Appendices 3 and 4 that are missing; never change what is there."""
    for row in _rows("groups.csv"):
        CompetenceGroup.objects.get_or_create(
            number=int(row["group"]),
            defaults={
                "short_name": row["short_name_proposed"],
                "description": row["description_as_printed"],
                "example_roles": "\n".join(role.strip() for role in row["example_roles"].split(";")),
            },
        )
    for row in _rows("contents.csv"):
        TrainingContent.objects.get_or_create(
            code=row["code"],
            defaults={"title": row["content_as_printed"], "short_name": row["short_name_proposed"]},
        )
    version, created = PathwayVersion.objects.get_or_create(
        in_force_from=STRATEGY_IN_FORCE, defaults={"note": "Appendix 4 as printed in the strategy for 2017-18"}
    )
    if created:
        PathwayTick.objects.bulk_create(
            PathwayTick(version=version, group_id=number, content_id=row["content_code"])
            for row in _rows("pathway.csv")
            for number in range(1, 9)
            if row[f"group_{number}"] == "1"
        )


@transaction.atomic
def set_ticks(*, version: PathwayVersion, ticks: set[tuple[int, str]], by) -> str:
    """Let a version of the pathway tick these (group number, content code) and no others (Appendix 4).

    Return what changed in words, "" when nothing did; each tick that comes or goes stands in the history, with `by`.
    """
    before = {(tick.group_id, tick.content_id): tick for tick in version.ticks.all()}
    for cell in before.keys() - ticks:
        tick = before[cell]
        tick._history_user = by
        tick.delete()
    for group, content in sorted(ticks - before.keys()):
        tick = PathwayTick(version=version, group_id=group, content_id=content)
        tick._history_user = by
        tick.save()
    parts = [
        f"{word} {', '.join(f'{content} for group {group}' for group, content in sorted(cells))}"
        for word, cells in (("ticked", ticks - before.keys()), ("unticked", before.keys() - ticks))
        if cells
    ]
    return "; ".join(parts)


def _rows(name: str) -> list[dict]:
    with (DATA / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
