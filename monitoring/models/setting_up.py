from django.conf import settings
from django.db import models


class SetupTick(models.Model):
    """A step of setting up that T&D has ticked: what no figure shows, as that somebody read the settings."""

    step = models.CharField(max_length=30, primary_key=True)
    ticked_at = models.DateTimeField()
    ticked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    def __str__(self):
        return self.step
