from django.conf import settings
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from bookings.models.booking import Booking


class Charge(models.Model):
    """What an organisation is charged for a place that was not used; recorded for export only (§6.9)."""

    booking = models.OneToOneField(Booking, on_delete=models.PROTECT, related_name="charge")
    amount = models.DecimalField("amount (£)", max_digits=6, decimal_places=2)
    recorded_at = models.DateTimeField()
    waived_at = models.DateTimeField(null=True, blank=True)
    waived_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    waived_reason = models.CharField(max_length=300, blank=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["-recorded_at"]
        constraints = [
            models.CheckConstraint(
                name="charge_waived_with_reason",
                condition=Q(waived_at__isnull=True, waived_reason="")
                | (Q(waived_at__isnull=False) & ~Q(waived_reason="")),
            )
        ]

    def __str__(self):
        return f"£{self.amount} for {self.booking}"

    @property
    def in_words(self) -> str:
        """The amount, or why it was waived."""
        return f"Waived: {self.waived_reason}" if self.waived_at else f"£{self.amount:.2f}"
