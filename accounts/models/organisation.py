from django.conf import settings
from django.db import models
from simple_history.models import HistoricalRecords


class Sector(models.Model):
    """A part of the workforce (§2), rolled up into a reporting sector for the Board."""

    name = models.CharField(max_length=100, unique=True)
    reporting_sector = models.CharField(max_length=50)
    counts_as_vcs = models.BooleanField(
        "counts as voluntary and community",
        default=False,
        help_text="People of this sector may take the places kept for the Voluntary and Community Sector (§6.9).",
    )
    notes = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    history = HistoricalRecords()

    class Meta:
        ordering = ["position", "name"]

    def __str__(self):
        return self.name


class OrganisationQuerySet(models.QuerySet):
    def open_to_join(self):
        """Return the organisations that people may say they work for: active, and confirmed by T&D."""
        return self.filter(is_active=True, confirmed_at__isnull=False)

    def listed(self):
        """Return those that anybody may find by typing: not the childminders, who are people."""
        return self.open_to_join().exclude(kind=Organisation.Kind.CHILDMINDER)

    def unconfirmed(self):
        """Return what people typed in as "mine is not listed" and T&D has not confirmed yet."""
        return self.filter(is_active=True, confirmed_at__isnull=True)


class Organisation(models.Model):
    """An employer or setting whose staff the Board trains (§8 to §10)."""

    class Kind(models.TextChoices):
        MAINTAINED_SCHOOL = "maintained_school", "Maintained school"
        ACADEMY = "academy", "Academy or free school"
        INDEPENDENT_SCHOOL = "independent_school", "Independent school"
        COLLEGE = "college", "College or sixth form"
        NURSERY = "nursery", "Nursery or early years group setting"
        CHILDMINDER = "childminder", "Childminder"
        HEALTH = "health", "Health service"
        COUNCIL = "council", "Council service"
        POLICE_JUSTICE = "police_justice", "Police or justice"
        CHARITY = "charity", "Charity or community group"
        OTHER = "other", "Other"

    SCHOOLS = (Kind.MAINTAINED_SCHOOL, Kind.ACADEMY, Kind.INDEPENDENT_SCHOOL, Kind.COLLEGE)

    name = models.CharField(max_length=200)
    sector = models.ForeignKey(Sector, on_delete=models.PROTECT, related_name="organisations")
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.OTHER)
    postcode = models.CharField(max_length=10, blank=True)
    is_active = models.BooleanField("active", default=True)
    requires_approval = models.BooleanField(
        default=False, help_text="A CPD lead must approve each booking of this organisation's staff."
    )
    confirmed_at = models.DateTimeField(null=True, blank=True, editable=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    urn = models.CharField("URN", max_length=10, blank=True, help_text="Schools and settings only.")
    phase = models.CharField(max_length=50, blank=True, help_text="Schools only: nursery, primary, secondary …")
    cpd_leads = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="accounts.CPDLead", related_name="leads", blank=True
    )
    history = HistoricalRecords()

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        indexes = [models.Index(fields=["is_active", "name"], name="organisation_active_name")]

    def __str__(self):
        return self.name

    @property
    def is_school_or_setting(self) -> bool:
        """Whether §9 or §10 asks it for a Designated Safeguarding Lead: a school, college or early years setting."""
        return self.kind in (*self.SCHOOLS, self.Kind.NURSERY, self.Kind.CHILDMINDER)


class CPDLead(models.Model):
    """A person who looks after the training of an organisation's staff; one person may lead several."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="leadships")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="leadships")
    since = models.DateField(auto_now_add=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "CPD lead"
        constraints = [models.UniqueConstraint(fields=["organisation", "person"], name="lead_once")]

    def __str__(self):
        return f"{self.person} leads {self.organisation}"
