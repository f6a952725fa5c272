from django.conf import settings
from django.db import models
from simple_history.models import HistoricalRecords

from bookings.models.booking import Booking
from courses.models import Session


class Attendance(models.Model):
    """Whether one booked person was at one session: the register's mark."""

    class Mark(models.TextChoices):
        ATTENDED = "attended", "Attended"
        LATE = "late", "Came late"
        LEFT_EARLY = "left_early", "Left early"
        ABSENT = "absent", "Absent"

    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="attendances")
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="attendances")
    mark = models.CharField(max_length=10, choices=Mark)
    marked_at = models.DateTimeField()
    marked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    is_self_check_in = models.BooleanField(default=False, help_text="By the QR code; a trainer's mark replaces it.")
    history = HistoricalRecords()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["booking", "session"], name="one_mark_a_session")]

    def __str__(self):
        return f"{self.booking.person}: {self.get_mark_display().lower()}"
