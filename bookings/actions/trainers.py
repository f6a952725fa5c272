"""The pool of internal trainers follows the training record (§5)."""

from datetime import date

from django.db import transaction

from accounts.models import User
from bookings.models import TrainingRecord
from courses.models import Course, Trainer


@transaction.atomic
def keep_pool(*, person: User | None = None) -> int:
    """Open the gate for internal trainers who completed Training the Trainers here, and shut it where that was
    withdrawn; return how many changed. For one person, or all. What T&D typed in is never touched.
    """
    trainers = Trainer.objects.select_for_update(of=("self",)).filter(person__isnull=False)
    trainers = trainers.filter(person=person) if person else trainers
    changed = 0
    for trainer in trainers.filter(train_the_trainer_on__isnull=True) | trainers.filter(train_the_trainer_here=True):
        completed = completed_on(trainer.person_id)
        if completed == trainer.train_the_trainer_on:
            continue
        trainer.train_the_trainer_on, trainer.train_the_trainer_here = completed, completed is not None
        trainer.save()
        changed += 1
    return changed


def completed_on(person_id: int) -> date | None:
    """Return when somebody completed Training the Trainers, by their training record; None if they have not."""
    records = TrainingRecord.objects.counted().filter(person=person_id, course__duty=Course.Duty.TRAIN_THE_TRAINER)
    return records.order_by("completed_on").values_list("completed_on", flat=True).first()
