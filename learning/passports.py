"""Training passports: what one shows, and the code on it by which anyone can check it.

The code is made from who and when, and signed; nothing is written when somebody prints one, and each still checks.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.models import User
from bookings.models import TrainingRecord
from courses.rules import CLEAR_LETTERS
from learning.teams import Cell, pathways

EPOCH = date(2000, 1, 1)
PERSON_BITS, DAY_BITS, PROOF_BITS = 24, 16, 38  # 78 bits: 16 letters hold 79
LETTERS = 16
Status = TrainingRecord.Status


@dataclass(frozen=True)
class Passport:
    """What a training passport shows."""

    person: User
    today: date
    cells: list[Cell]
    records: list[TrainingRecord]

    @property
    def done(self) -> int:
        return sum(cell.done for cell in self.cells)

    @property
    def code(self) -> str:
        return code_of(self.person.pk, on=self.today)

    @property
    def check_address(self) -> str:
        return f"{settings.BASE_URL}{reverse('learning:check_code', args=[self.code])}"


def passport_of(person: User, *, today: date) -> Passport:
    """Return the passport of a person: every record that counts, newest first, and their pathway."""
    records = TrainingRecord.objects.counted().filter(person=person).for_page()
    cells = [cell for cell in pathways([person], today=today)[person.pk] if cell.needed]
    return Passport(person=person, today=today, cells=cells, records=list(records))


def code_of(person_id: int, *, on: date) -> str:
    """Return the code of the passport that a person had printed on a day: "8QWE-2PZK-M4TA-77CX"."""
    number = (person_id << DAY_BITS | (on - EPOCH).days) << PROOF_BITS | _proof(person_id, on)
    letters = ""
    for _ in range(LETTERS):
        number, rest = divmod(number, len(CLEAR_LETTERS))
        letters = CLEAR_LETTERS[rest] + letters
    return "-".join(letters[start : start + 4] for start in range(0, LETTERS, 4))


def read_code(code: str) -> tuple[int, date] | None:
    """Return whose passport of which day a code is (the person's id), or None when it is none of ours."""
    letters = code.replace("-", "")
    if len(letters) != LETTERS or any(letter not in CLEAR_LETTERS for letter in letters):
        return None
    number = 0
    for letter in letters:
        number = number * len(CLEAR_LETTERS) + CLEAR_LETTERS.index(letter)
    number, proof = number >> PROOF_BITS, number & (1 << PROOF_BITS) - 1
    person_id, days = number >> DAY_BITS, number & (1 << DAY_BITS) - 1
    on = EPOCH + timedelta(days=days)
    if person_id >> PERSON_BITS or not constant_time_compare(str(proof), str(_proof(person_id, on))):
        return None
    return person_id, on


def _proof(person_id: int, on: date) -> int:
    digest = salted_hmac("learning.passport", f"{person_id} {on}", algorithm="sha256").digest()
    return int.from_bytes(digest[:8]) & (1 << PROOF_BITS) - 1


@dataclass(frozen=True)
class Checked:
    """What is told of a genuine passport: whose, of which day, and what stood in it, as it stands today."""

    person: User
    on: date
    records: list[TrainingRecord]  # counted then; those withdrawn since say so


def checked(code: str) -> Checked | None:
    """Return what is told to somebody who checks a passport's code; None when there is no such passport (any more)."""
    found = read_code(code)
    person = User.objects.filter(pk=found[0], erased_at__isnull=True).first() if found else None
    while person and person.merged_into_id:
        person = person.merged_into
    if person is None or person.erased_at:
        return None
    on = found[1]
    decided = Q(decided_at__date__lte=on) | Q(decided_at__isnull=True, status=Status.COUNTED)
    withdrawn_after = Q(decided_at__isnull=True, status=Status.WITHDRAWN, source=TrainingRecord.Source.EVENT)
    records = TrainingRecord.objects.filter(
        decided | withdrawn_after, person=person, completed_on__lte=on, recorded_at__date__lte=on,
        status__in=[Status.COUNTED, Status.WITHDRAWN],
    )  # fmt: skip
    return Checked(person, on, list(records.select_related("course")))
