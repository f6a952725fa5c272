"""Schools and settings (§9, §10): who answers for safeguarding, when their training runs out, what is missing."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from dateutil.relativedelta import relativedelta
from django.db.models import Q

from accounts.models import Organisation, SafeguardingLead, WholeSchoolTraining
from bookings.models import TrainingRecord
from courses.models import Course, Event
from wscb_training.wording import local_date, short_day

DUE_SOON = relativedelta(months=3)
WHOLE_SCHOOL_MONTHS = 36  # where no course says otherwise


@dataclass(frozen=True)
class Trained:
    """Something that was done on a date and may run out."""

    on: date
    until: date | None
    by: str

    def has_expired(self, today: date) -> bool:
        return bool(self.until and self.until < today)

    def is_due(self, today: date) -> bool:
        """Whether it runs out within three months."""
        return bool(self.until and today <= self.until <= today + DUE_SOON)


@dataclass(frozen=True)
class Holder:
    """A Designated Safeguarding Lead or deputy with their latest training for it, if any."""

    role: SafeguardingLead
    training: Trained | None
    today: date

    @property
    def is_lead(self) -> bool:
        return self.role.role == SafeguardingLead.Role.LEAD

    @property
    def problem(self) -> str:
        """What is wrong with their training, as a sentence; "" when it is in date."""
        person = self.role.person
        if self.training is None:
            return f"{person} has no Designated Safeguarding Lead training on record."
        if self.training.has_expired(self.today):
            return f"The safeguarding lead training of {person} ran out on {short_day(self.training.until)}."
        return ""

    @property
    def is_due(self) -> bool:
        return bool(self.training and self.training.is_due(self.today))


@dataclass(frozen=True)
class Standing:
    """Where one school or setting stands."""

    organisation: Organisation
    today: date
    holders: list[Holder] = field(default_factory=list)
    whole_school: Trained | None = None

    @property
    def leads(self) -> list[Holder]:
        return [holder for holder in self.holders if holder.is_lead]

    @property
    def deputies(self) -> list[Holder]:
        return [holder for holder in self.holders if not holder.is_lead]

    @property
    def leads_trained_until(self) -> date | None:
        """The first date on which the training of a lead runs out."""
        until = (holder.training.until for holder in self.leads if holder.training and holder.training.until)
        return min(until, default=None)

    @property
    def missing(self) -> list[str]:
        """What is missing, a plain sentence each; empty when everything is in order."""
        sentences = [] if self.leads else ["No Designated Safeguarding Lead is named."]
        if not self.deputies and self.organisation.kind != Organisation.Kind.CHILDMINDER:
            sentences.append("No deputy is named.")
        sentences += [holder.problem for holder in self.holders if holder.problem]
        if self.whole_school is None:
            sentences.append("There is no record of training for all staff together.")
        elif self.whole_school.has_expired(self.today):
            sentences.append(f"The training of all staff ran out on {short_day(self.whole_school.until)}.")
        return sentences

    @property
    def due(self) -> list[str]:
        """What runs out within three months, a plain sentence each."""
        sentences = [
            f"The safeguarding lead training of {holder.role.person} runs out on {short_day(holder.training.until)}."
            for holder in self.holders
            if holder.is_due
        ]
        if self.whole_school and self.whole_school.is_due(self.today):
            sentences.append(f"The training of all staff runs out on {short_day(self.whole_school.until)}.")
        return sentences


def standing(organisation: Organisation, *, today: date) -> Standing:
    """Return where one school or setting stands."""
    return standings([organisation], today=today)[0]


def standings(organisations: list[Organisation], *, today: date) -> list[Standing]:
    """Return where each of them stands as at `today`, in their order; in a fixed number of queries."""
    named = Q(until__isnull=True) | Q(until__gt=today)
    roles = SafeguardingLead.objects.filter(named, organisation__in=organisations, since__lte=today)
    roles = roles.select_related("person")
    holders, by_organisation = list(roles.order_by("-role", "since")), defaultdict(list)
    trained = _lead_training({role.person_id for role in holders}, today)
    for role in holders:
        by_organisation[role.organisation_id].append(Holder(role, trained.get(role.person_id), today))
    whole = _whole_school(organisations, today)
    return [
        Standing(organisation, today, by_organisation[organisation.pk], whole.get(organisation.pk))
        for organisation in organisations
    ]


def _lead_training(people: set[int], today: date) -> dict[int, Trained]:
    """Return each person's latest Designated Safeguarding Lead training, which lasts what its course says."""
    records = TrainingRecord.objects.counted().filter(
        person__in=people, course__duty=Course.Duty.SAFEGUARDING_LEAD, completed_on__lte=today
    )
    found = {}
    for record in records.select_related("course").order_by("completed_on"):
        months = record.course.refresher_months
        until = record.completed_on + relativedelta(months=months) if months else None
        found[record.person_id] = Trained(record.completed_on, until, record.course.title)
    return found


def _whole_school(organisations: list[Organisation], today: date) -> dict[int, Trained]:
    """Return the latest training of all staff of each: an event held for it alone, or what its lead noted."""
    months = Course.objects.filter(duty=Course.Duty.WHOLE_SCHOOL).values_list("refresher_months", flat=True).first()
    lasts = relativedelta(months=months or WHOLE_SCHOOL_MONTHS)
    events = Event.objects.filter(course__duty=Course.Duty.WHOLE_SCHOOL, status=Event.Status.COMPLETED)
    found = [
        (organisation, local_date(ended), title)
        for organisation, ended, title in events.filter(organisations__in=organisations).values_list(
            "organisations", "ends_at", "course__title"
        )
        if local_date(ended) <= today
    ]
    noted = WholeSchoolTraining.objects.filter(organisation__in=organisations, trained_on__lte=today)
    found += list(noted.values_list("organisation", "trained_on", "provider"))
    return {organisation: Trained(on, on + lasts, by) for organisation, on, by in sorted(found, key=lambda row: row[1])}


LACKS = {
    "lead": ("No safeguarding lead named", lambda at: not at.leads),
    "expired": ("Lead training missing or run out", lambda at: any(holder.problem for holder in at.holders)),
    "due": ("Something runs out within 3 months", lambda at: bool(at.due)),
    "whole": (
        "All-staff training missing or run out",
        lambda at: at.whole_school is None or at.whole_school.has_expired(at.today),
    ),
    "fine": ("Everything in order", lambda at: not at.missing),
}
