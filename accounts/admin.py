"""T&D's screens of people, organisations and policy."""

from django import forms
from django.contrib import admin, messages
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from accounts import actions, bounces, problems, second_factor, staffing
from accounts.imports import OrganisationRows, PersonRows
from accounts.models import (
    AuditEntry,
    CPDLead,
    Membership,
    Organisation,
    Policy,
    ProblemReport,
    Sector,
    User,
)
from wscb_training.histories import HistoryAdmin
from wscb_training.importing import ImportExport
from wscb_training.screens import PlainForm, ReadAdmin
from wscb_training.wording import count, day_and_clock

SHOWN = 20  # messages on a person's page


@admin.register(Sector)
class SectorAdmin(HistoryAdmin):
    list_display = ["name", "reporting_sector", "counts_as_vcs", "position"]
    list_filter = ["counts_as_vcs", "reporting_sector"]
    search_fields = ["name", "reporting_sector"]


class CPDLeadInline(PlainForm, admin.TabularInline):
    model = CPDLead
    extra = 0
    autocomplete_fields = ["person"]


class ToConfirmFilter(admin.SimpleListFilter):
    title = "to confirm"
    parameter_name = "confirm"

    def lookups(self, request, model_admin):
        return [("yes", "Typed in by people, to confirm")]

    def queryset(self, request, queryset):
        return queryset.unconfirmed() if self.value() else queryset


@admin.register(Organisation)
class OrganisationAdmin(ImportExport, HistoryAdmin):
    resource_classes = [OrganisationRows]
    history_parts = [(CPDLead, "organisation")]
    list_display = ["name", "sector", "kind", "postcode", "is_active", "requires_approval", "confirmed_at"]
    list_filter = [ToConfirmFilter, "is_active", "kind", "sector", "requires_approval"]
    list_select_related = ["sector"]
    search_fields = ["name", "postcode", "urn"]
    readonly_fields = ["confirmed_at", "confirmed_by"]
    inlines = [CPDLeadInline]
    actions = ["confirm"]

    @admin.action(description="Confirm: others may choose it from the list", permissions=["change"])
    def confirm(self, request, queryset):
        for organisation in queryset:
            actions.confirm_organisation(organisation=organisation, by=request.user, now=timezone.now())
        messages.success(request, f"{count(len(queryset), 'organisation')} confirmed.")

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if not change:  # what T&D adds needs nobody's confirmation
            actions.confirm_organisation(organisation=obj, by=request.user, now=timezone.now())


class BouncedFilter(admin.SimpleListFilter):
    title = "email"
    parameter_name = "bounced"

    def lookups(self, request, model_admin):
        return [("yes", "Comes back")]

    def queryset(self, request, queryset):
        return queryset.filter(bounced_at__isnull=False) if self.value() else queryset


class MembershipInline(admin.TabularInline):
    model = Membership
    fk_name = "person"
    extra = 0
    fields = readonly_fields = ["organisation", "started_on", "ended_on", "confirmed_at"]
    can_delete = False

    def has_add_permission(self, request, obj=None):
        return False


class PersonForm(forms.ModelForm):
    """A person's own fields; roles go by the one action that writes them. Whose screen it is, is set by the admin."""

    by: User

    def _save_m2m(self):
        roles = self.cleaned_data.pop("groups", None)
        super()._save_m2m()
        if roles is not None:
            actions.change_roles(person=self.instance, roles=roles, by=self.by)


@admin.register(User)
class UserAdmin(ImportExport, HistoryAdmin):
    """People. Passwords are theirs alone: they reset them by email."""

    resource_classes = [PersonRows]
    form = PersonForm
    history_parts = [(CPDLead, "person")]
    list_display = ["full_name", "email", "organisation", "job_role", "group", "is_active"]
    list_display_links = ["full_name", "email"]
    actions = ["mark_bounced", "clear_bounce", "reset_second_factor"]
    list_filter = ["is_active", BouncedFilter, "groups", "group", "organisation__sector"]
    list_select_related = ["organisation", "group"]
    search_fields = ["full_name", "email", "organisation__name"]
    autocomplete_fields = ["organisation", "coordinator"]
    date_hierarchy = "date_joined"
    show_full_result_count = False
    inlines = [MembershipInline]
    fieldsets = [
        (None, {"fields": ["full_name", "email", "job_role", "organisation", "group", "manager_email", "coordinator"]}),
        ("Emails", {"fields": ["wants_alert", "bounced_at", "messages_sent"]}),
        ("Roles", {"fields": ["groups", "is_staff", "is_superuser"]}),
    ]

    @admin.display(description="what they were sent")
    def messages_sent(self, person):
        newest = list(person.messages.order_by("-created_at")[:SHOWN])
        if not newest:
            return "Nothing yet"
        rows = format_html_join(
            "",
            '<li><a href="{}">{}</a>, {}: {}</li>',
            (
                (
                    reverse("admin:notifications_message_change", args=[message.pk]),
                    message.subject,
                    day_and_clock(message.created_at),
                    message.get_status_display().lower(),
                )
                for message in newest
            ),
        )
        all_url = f"{reverse('admin:notifications_message_changelist')}?recipient__id__exact={person.pk}"
        return format_html('<ul>{}</ul><a href="{}">All messages to them</a>', rows, all_url)

    @admin.action(description="Email comes back: send nothing more", permissions=["change"])
    def mark_bounced(self, request, queryset):
        for person in queryset:
            bounces.mark_bounced(person=person, by=request.user, now=timezone.now())
        messages.success(request, f"Nothing more is sent to {count(len(queryset), 'address', 'addresses')}.")

    @admin.action(description="Email works again", permissions=["change"])
    def clear_bounce(self, request, queryset):
        for person in queryset:
            bounces.clear_bounce(person=person, by=request.user)
        messages.success(request, f"{count(len(queryset), 'address gets', 'addresses get')} emails again.")

    @admin.action(description="Take off the second factor: phone and paper are lost", permissions=["second_factor"])
    def reset_second_factor(self, request, queryset):
        for person in queryset:
            second_factor.reset(person=person, by=request.user, now=timezone.now())
        messages.success(request, f"{count(len(queryset), 'person', 'people')} must set it up again.")

    def has_second_factor_permission(self, request) -> bool:
        # Not T&D's: whoever takes it off can take over an account whose password they know.
        return request.user.is_superuser

    def has_change_permission(self, request, obj=None):
        # Whoever changes an account's address can take it over by a new password: those with power are left alone.
        powerful = obj is not None and (obj.is_superuser or obj.is_staff)
        return super().has_change_permission(request, obj) and (request.user.is_superuser or not powerful)

    def get_readonly_fields(self, request, obj=None):
        # Who may open the admin is decided by whoever runs the system, so that no account can raise itself.
        return ["bounced_at", "messages_sent", *([] if request.user.is_superuser else ["is_staff", "is_superuser"])]

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name == "groups" and not request.user.is_superuser:
            kwargs["queryset"] = db_field.remote_field.model.objects.filter(name__in=actions.ROLES_TD_GIVES)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.by = request.user  # the class is made anew for each request
        return form

    def save_model(self, request, obj, form, change):
        if obj.email:
            obj.email = obj.email.strip().lower()
        if not change:
            obj.set_unusable_password()
        chosen, has_moved = obj.organisation, "organisation" in form.changed_data
        if has_moved:  # the action moves them, and keeps their memberships
            obj.organisation = User.objects.get(pk=obj.pk).organisation if change else None
        super().save_model(request, obj, form, change)
        if chosen and has_moved:
            actions.join_organisation(person=obj, organisation=chosen, by=request.user, now=timezone.now())
        elif has_moved:
            for membership in obj.memberships.filter(ended_on__isnull=True):
                staffing.end_membership(membership=membership, by=request.user, ended_on=timezone.localdate())


class OpenFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "open"

    def lookups(self, request, model_admin):
        return [("yes", "Not settled")]

    def queryset(self, request, queryset):
        return queryset.filter(settled_at__isnull=True) if self.value() else queryset


@admin.register(ProblemReport)
class ProblemReportAdmin(ReadAdmin):
    """What people could not do on a page. Read here, answered by email, and settled."""

    list_display = ["tried", "page", "person", "reported_at", "settled_at"]
    list_filter = [OpenFilter]
    list_select_related = ["person"]
    search_fields = ["page", "tried", "happened", "email"]
    date_hierarchy = "reported_at"
    actions = ["settle"]
    fields = ["page", "tried", "happened", "person", "answer_to", "reported_at", "settled_at", "settled_by"]
    readonly_fields = ["answer_to"]

    @admin.display(description="answer to")
    def answer_to(self, report):
        if not report.email:
            return "They left no address."
        return format_html('<a href="mailto:{}">{}</a>', report.email, report.email)

    @admin.action(description="Settled", permissions=["view"])
    def settle(self, request, queryset):
        for report in queryset:
            problems.settle_problem(report=report, by=request.user, now=timezone.now())
        messages.success(request, f"{count(len(queryset), 'problem')} settled.")


@admin.register(Policy)
class PolicyAdmin(HistoryAdmin):
    """The one row of policy."""

    list_display = ["__str__", "vcs_share", "release_days", "notice_days"]

    def has_add_permission(self, request):
        return super().has_add_permission(request) and not Policy.objects.exists()

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadAdmin):
    """Who signed in, took files out, saw access needs: to read, never to change."""

    list_display = ["at", "kind", "person", "what", "network_address"]
    list_filter = ["kind", "at"]
    search_fields = ["person__full_name", "person__email", "what"]
    list_select_related = ["person"]
    date_hierarchy = "at"
