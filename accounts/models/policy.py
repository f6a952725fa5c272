from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords


class Policy(models.Model):
    """The settings of policy: one row that T&D edits, with history."""

    vcs_share = models.DecimalField(
        "share of places kept for the Voluntary and Community Sector",
        max_digits=4,
        decimal_places=3,
        default=Decimal("0.1"),
        validators=[MinValueValidator(Decimal("0")), MaxValueValidator(Decimal("1"))],
        help_text="0.1 is the strategy's 10% (§6.9). An event may keep more.",
    )
    release_days = models.PositiveSmallIntegerField(
        "days before an event that unused places are released", default=7, help_text="An event may set its own date."
    )
    cut_off_hours = models.PositiveSmallIntegerField(
        "hours before an event that the waiting list stops", default=24, help_text="After that T&D decides."
    )
    notice_days = models.PositiveSmallIntegerField(
        "working days' notice to cancel", default=3, help_text="A cancellation within them is late."
    )
    approval_lapse_days = models.PositiveSmallIntegerField(
        "working days until an approval lapses", default=5, help_text="The place is free again then."
    )
    approval_reminder_days = models.PositiveSmallIntegerField(
        "working days until a CPD lead is reminded of an approval", default=2
    )
    certificate_needs_evaluation = models.BooleanField("certificate only after the evaluation of the day", default=True)
    impact_weeks = models.PositiveSmallIntegerField(
        "weeks until the impact questionnaires",
        default=12,
        validators=[MinValueValidator(12)],
        help_text="Never under 12 (§15).",
    )
    first_reminder_days = models.PositiveSmallIntegerField(
        "days until the first reminder of a questionnaire", default=7
    )
    second_reminder_days = models.PositiveSmallIntegerField("days until the second reminder", default=14)
    suppression_threshold = models.PositiveSmallIntegerField(
        "answers below which no average is shown", default=5, validators=[MinValueValidator(5)]
    )
    alert_weekday = models.PositiveSmallIntegerField(
        "day of the weekly alert",
        default=0,
        choices=[(0, "Monday"), (1, "Tuesday"), (2, "Wednesday"), (3, "Thursday"), (4, "Friday")],
    )
    alert_hour = models.PositiveSmallIntegerField(
        "hour of the weekly alert", default=8, validators=[MaxValueValidator(23)], help_text="London time, 0 to 23."
    )
    charges_on = models.BooleanField(
        "record charges for late cancellation and non-attendance", default=False, help_text="For export only."
    )
    charge_half_day = models.DecimalField(
        "charge for half a day or less (£)", max_digits=6, decimal_places=2, default=40
    )
    charge_day = models.DecimalField("charge for a day (£)", max_digits=6, decimal_places=2, default=80)
    minimum_warning_days = models.PositiveSmallIntegerField(
        "days before an event that few bookings are warned of", default=10
    )
    year_starts_month = models.PositiveSmallIntegerField(
        "month in which the programme year starts", default=4, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    people_years = models.PositiveSmallIntegerField(
        "years until somebody who is not seen any more is erased",
        default=6,
        validators=[MinValueValidator(1)],
        help_text="After they last signed in, booked or completed anything.",
    )
    words_years = models.PositiveSmallIntegerField(
        "years until reasons and answers in people's own words are emptied",
        default=3,
        validators=[MinValueValidator(1)],
    )
    history_years = models.PositiveSmallIntegerField(
        "years until earlier versions are deleted", default=6, validators=[MinValueValidator(1)]
    )
    messages_months = models.PositiveSmallIntegerField(
        "months until emails are deleted", default=12, validators=[MinValueValidator(1)]
    )
    invitations_months = models.PositiveSmallIntegerField(
        "months until invitations are deleted", default=6, validators=[MinValueValidator(1)]
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "policy"
        constraints = [
            models.CheckConstraint(name="one_policy", condition=Q(pk=1)),
            models.CheckConstraint(name="impact_never_before_12_weeks", condition=Q(impact_weeks__gte=12)),
        ]

    def __str__(self):
        return "Settings of policy"

    @classmethod
    def current(cls) -> "Policy":
        """Return the settings in force; the defaults until T&D edits them."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)
