from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property
from simple_history.models import HistoricalRecords

from accounts.models.organisation import Organisation, Sector

TD_SERVICE, TRAINER, SUB_COMMITTEE = "T&D Service", "Trainer", "Sub-committee"


class UserQuerySet(models.QuerySet):
    def working_for(self, organisation: Organisation):
        """Return who works there now, confirmed by a CPD lead, by name."""
        return self.filter(
            is_active=True,
            memberships__organisation=organisation,
            memberships__ended_on__isnull=True,
            memberships__confirmed_at__isnull=False,
        ).order_by("full_name", "pk")


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    """Makes people; an email is kept in lower case so that it is one login however it is typed."""

    def create_user(self, email: str | None, password: str | None = None, **fields) -> "User":
        user = self.model(email=email.strip().lower() if email else None, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email: str) -> "User":
        return self.get(email=email.strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person whom the Board trains, or who runs the training.

    Their email is the login, never the key: it may change, and a managed person (a small charity's volunteer) has
    none; their messages go to their coordinator.
    """

    # Null, not "": several managed people have none, and it is unique.
    email = models.EmailField(null=True, blank=True)  # noqa: DJ001
    full_name = models.CharField(max_length=200, blank=True)
    job_role = models.CharField(max_length=100, blank=True)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="people"
    )
    group = models.ForeignKey(
        "competence.CompetenceGroup", null=True, blank=True, on_delete=models.PROTECT, related_name="people"
    )
    manager_email = models.EmailField("line manager's email", blank=True)
    coordinator = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="managed_people"
    )
    is_active = models.BooleanField("active", default=True)
    bounced_at = models.DateTimeField(
        null=True, blank=True, help_text="When their email came back: nothing is sent there until it is put right."
    )
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="merged_accounts"
    )
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)
    is_staff = models.BooleanField("may open the admin", default=False)
    wants_alert = models.BooleanField("weekly email of new events", default=True)
    date_joined = models.DateTimeField(default=timezone.now)
    history = HistoricalRecords(
        excluded_fields=["password", "last_login"],
        history_change_reason_field=models.TextField(null=True),  # the names of several roles, before and after
    )

    objects = UserManager()

    USERNAME_FIELD = EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        verbose_name, verbose_name_plural = "person", "people"
        ordering = ["full_name", "email"]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="email_once", violation_error_message="This email is taken."),
            models.CheckConstraint(
                name="managed_person_has_coordinator",
                condition=Q(email__isnull=False) | Q(coordinator__isnull=False) | Q(is_active=False),
                violation_error_message="A person without email needs a coordinator.",
            ),
        ]

    def __str__(self):
        return self.full_name or self.email or f"Person {self.pk}"

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)

    @property
    def is_managed(self) -> bool:
        """Whether somebody else looks after this person's bookings and messages."""
        return not self.email

    @property
    def message_email(self) -> str:
        """The address that messages for this person go to, or "" when nobody can be reached."""
        if not self.is_active or self.bounced_at:
            return ""
        return self.email or (self.coordinator.message_email if self.coordinator else "")

    @property
    def profile_complete(self) -> bool:
        """Whether the Board knows who they are, for whom they work, as what, and in which competence group."""
        return bool(self.full_name and self.job_role and self.organisation_id and self.group_id)

    @property
    def sector(self) -> Sector | None:
        """The sector of the organisation they work for now."""
        return self.organisation.sector if self.organisation else None

    @cached_property
    def led_organisations(self) -> list[Organisation]:
        """The active organisations whose training they look after, by name; fetched once a request."""
        return list(self.leads.filter(is_active=True).select_related("sector"))

    @cached_property
    def role_names(self) -> frozenset[str]:
        """The roles (Django groups) they hold, fetched once a request."""
        return frozenset(self.groups.values_list("name", flat=True))

    @property
    def is_td(self) -> bool:
        """Whether they work for the Training and Development Service."""
        return self.is_active and (self.is_superuser or TD_SERVICE in self.role_names)

    @property
    def runs_registers(self) -> bool:
        """Whether they keep registers: trainers and the Training and Development Service."""
        return self.is_td or TRAINER in self.role_names

    @property
    def monitors(self) -> bool:
        """Whether they see how the strategy is being met: the Sub-committee and the T&D Service (§16)."""
        return self.is_td or SUB_COMMITTEE in self.role_names


class MembershipQuerySet(models.QuerySet):
    def open(self):
        """Return the memberships of people who work there now."""
        return self.filter(ended_on__isnull=True, person__is_active=True)

    def confirmed(self):
        """Return those of whom a CPD lead said that they work there."""
        return self.filter(confirmed_at__isnull=False)

    def to_confirm(self):
        """Return the people who say that they work there, and whom no CPD lead has confirmed yet."""
        return self.open().filter(confirmed_at__isnull=True)


class Membership(models.Model):
    """When somebody worked for an organisation. `User.organisation` is the open one, for quick look-ups."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    started_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True, help_text="When a CPD lead said they work here.")
    confirmed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["-started_on"]
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(ended_on__isnull=True), name="one_open_membership"),
            models.CheckConstraint(
                name="membership_ends_after_start",
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=models.F("started_on")),
            ),
        ]

    def __str__(self):
        return f"{self.person} at {self.organisation}"
