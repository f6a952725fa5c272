from django.conf import settings
from django.db import models
from django.db.models import Q


class ProblemReport(models.Model):
    """What somebody could not do on a page, in their own words. Deleted a year after it was settled."""

    page = models.CharField(max_length=300, blank=True, help_text="The page they came from.")
    tried = models.TextField("what they wanted to do")
    happened = models.TextField("what happened instead")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="problem_reports"
    )
    email = models.EmailField(blank=True, help_text="Where they want an answer.")
    reported_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["-reported_at"]
        verbose_name = "reported problem"
        indexes = [models.Index(fields=["reported_at"], name="problem_open", condition=Q(settled_at__isnull=True))]

    def __str__(self):
        return f"{self.page or 'No page'}: {self.tried[:60]}"
