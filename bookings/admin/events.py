"""The event's screen: sessions inline, publish, clone, cancel, and who is told of a change before it is made."""

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html

from bookings import actions
from bookings.admin.event_bulk import EventBulk
from bookings.admin.event_form import EventForm, SessionInline
from bookings.admin.forms import AddPersonForm, ClonesForm, ReasonForm
from bookings.admin.told import told_of
from bookings.models import Booking
from courses import actions as courses
from courses.imports import EventRows
from courses.models import Event, Session
from courses.rules import changes_in_words
from wscb_training.histories import HistoryAdmin
from wscb_training.importing import ImportExport
from wscb_training.wording import clock, count, short_day

PLACES = ("capacity", "vcs_share")
COUNTS = ("held_vcs", "held_other", "waiting", "over_capacity", "over_quota", "vcs_places", "released_at")


@admin.register(Event)
class EventAdmin(EventBulk, ImportExport, HistoryAdmin):
    resource_classes = [EventRows]
    form = EventForm
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    list_display = ["reference", "course", "when", "place", "shown_status", "shown_places", "held"]
    list_display_links = ["reference", "course"]
    list_filter = ["status", "kind", "course__delivery", "audience", "hosted_in_community", "course__subjects"]
    list_select_related = ["course", "venue"]
    search_fields = ["reference", "course__title", "venue__name"]
    date_hierarchy = "starts_at"
    ordering = ["-starts_at"]
    show_full_result_count = False
    list_per_page = 50
    autocomplete_fields = ["course", "venue", "trainers", "sectors", "organisations"]
    readonly_fields = ["reference", "shown_status", "shown_places", "missing", "people"]
    inlines = [SessionInline]
    history_hidden = [*COUNTS[:5], "reference", "starts_at", "ends_at", "double_booking_given"]  # worked out, not typed
    history_parts = [(Session, "event")]
    change_form_template = "admin/courses/event/change_form.html"
    fieldsets = [
        (None, {"fields": ["reference", "shown_status", "missing", "course", "kind"]}),
        (
            "Where and who",
            {"fields": ["venue", "joining_link", "joining_instructions", "trainers", "double_booking_reason"]},
        ),
        (
            "Places (§6.9)",
            {"fields": ["capacity", "minimum", "vcs_share", "shown_places", "people", "releases_places", "release_at"]},
        ),
        (
            "Who may book, and when",
            {"fields": ["audience", "sectors", "organisations", "booking_opens_at", "booking_closes_at"]},
        ),
        (
            "For the Board's figures",
            {"fields": ["hosted_in_community", "service_users_in_design", "service_users_in_delivery"]},
        ),
    ]

    @admin.display(description="when", ordering="starts_at")
    def when(self, event):
        if not event.starts_at:
            return "No session yet"
        return format_html(
            '<span class="wscb-nowrap">{}</span> <span class="wscb-nowrap">{}</span>',
            short_day(event.starts_at), clock(event.starts_at),
        )  # fmt: skip

    @admin.display(description="where", ordering="venue__name")
    def place(self, event):
        return event.place_name

    @admin.display(description="status", ordering="status")
    def shown_status(self, event):
        return event.get_status_display()

    @admin.display(description="places")
    def shown_places(self, event):
        return event.places_in_words if event.pk else "–"

    @admin.display(description="booked")
    def held(self, event):
        return f"{event.held_vcs + event.held_other} of {event.capacity}"

    @admin.display(description="before it can be published")
    def missing(self, event):
        if not event.pk or event.status != Event.Status.DRAFT:
            return "–"
        missing = courses.missing_to_publish(event, now=timezone.now())
        return f"It still needs {', '.join(missing)}." if missing else "Nothing is missing."

    @admin.display(description="people")
    def people(self, event):
        if not event.pk:
            return "–"
        return format_html(
            '{} with a place, {} waiting: <a href="{}?event__id__exact={}">see the bookings</a>',
            event.held_vcs + event.held_other, event.waiting, reverse("admin:bookings_booking_changelist"), event.pk,
        )  # fmt: skip

    def has_delete_permission(self, request, obj=None):
        return False  # an event is cancelled, so that everyone is told

    # Saving: the form writes its own fields, the actions whatever has consequences.

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Ask before a change that people are told of: it is tried, shown, and undone until T&D says yes."""
        if request.method != "POST" or not object_id or "_confirmed" in request.POST:
            return super().changeform_view(request, object_id, form_url, extra_context)
        with transaction.atomic():
            answer = super().changeform_view(request, object_id, form_url, extra_context)
            changes = getattr(request, "changes_to_tell", None)
            if not changes:
                return answer
            transaction.set_rollback(True)
        messages.get_messages(request)._queued_messages.clear()  # "was changed" is not true yet
        return self._ask_to_announce(request, object_id, changes)

    def _ask_to_announce(self, request, object_id, changes):
        event = self._event(request, object_id)
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "original": event, "changes": changes,
            "title": "Make this change, and tell the people booked?",
            "told": told_of([event], Booking.Status.CONFIRMED),
            "posted": [(name, value) for name, values in request.POST.lists() for value in values],
        }  # fmt: skip
        return render(request, "admin/bookings/announce.html", context)

    def save_model(self, request, obj, form, change):
        if not change:
            obj.reference, obj.created_by = courses.new_reference(), request.user
            obj.save()
            return
        stored = actions.lock_event(obj.pk)
        request.outline_before = stored.outline()
        asked = {name: getattr(obj, name) for name in PLACES}
        for name in (*COUNTS, *PLACES):
            setattr(obj, name, getattr(stored, name))
        obj.save()
        if set(PLACES) & set(form.changed_data):
            try:
                actions.change_capacity(event=obj, by=request.user, now=timezone.now(), **asked)
            except actions.Refused as refused:  # somebody booked between the form and the save
                messages.error(request, str(refused))

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        reason = form.instance.relations_changed if change else ""
        event = courses.settle(event=form.instance, by=request.user, reason=reason)
        if not (change and event.is_published):
            return
        changes = changes_in_words(request.outline_before, Event.objects.get(pk=event.pk).outline())
        if changes and "_confirmed" in request.POST:
            told = actions.announce_change(event=event, changes=changes, by=request.user, now=timezone.now())
            messages.info(request, f"{count(told, 'person', 'people')} told: {' '.join(changes)}")
        elif changes and event.bookings.confirmed().exists():
            request.changes_to_tell = changes

    # Buttons.

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<path:object_id>/publish/", view(self.publish_view), name="courses_event_publish"),
            path("<path:object_id>/clone/", view(self.clone_view), name="courses_event_clone"),
            path("<path:object_id>/cancel/", view(self.cancel_view), name="courses_event_cancel"),
            path("<path:object_id>/add-person/", view(self.add_person_view), name="courses_event_add_person"),
            *super().get_urls(),
        ]

    def _event(self, request, object_id) -> Event:
        event = get_object_or_404(Event.objects.select_related("course", "venue"), pk=unquote(object_id))
        if not self.has_change_permission(request, event):
            raise PermissionDenied
        return event

    def _back(self, event):
        return HttpResponseRedirect(reverse("admin:courses_event_change", args=[event.pk]))

    def publish_view(self, request, object_id):
        """Publish a draft, or say what is missing."""
        event = self._event(request, object_id)
        if request.method == "POST":
            self._publish(request, event)
        return self._back(event)

    def clone_view(self, request, object_id):
        """Look at copies of the event on other days, then make them as drafts."""
        event = self._event(request, object_id)
        form = ClonesForm(request.POST or None, event=event)
        copies = form.copies() if request.method == "POST" and form.is_valid() else []
        if copies and "make" in request.POST:
            try:
                with transaction.atomic():
                    made = [
                        courses.clone_event(event=event, first_day=copy.first_day, by=request.user) for copy in copies
                    ]
            except courses.TrainersRefused as refused:
                form.add_error(None, str(refused))
            else:
                drafts = count(len(made), "draft")
                names = ", ".join(copy.reference for copy in made)
                messages.success(request, f"{drafts} made: {names}. Nobody is told until you publish.")
                return HttpResponseRedirect(f"{reverse('admin:courses_event_changelist')}?status__exact=draft")
        words = "Everything is copied but dates, bookings and publication."
        context = {"title": f"Copy {event} to other days", "form": form, "copies": copies, "words": words}
        return self._ask(request, event, context, template="admin/bookings/clone.html")

    def cancel_view(self, request, object_id):
        """Say who will be told, ask for the reason, cancel."""
        event = self._event(request, object_id)
        form = ReasonForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            self._cancel(request, event, form.cleaned_data["reason"])
            return self._back(event)
        context = {
            "title": f"Cancel {event}?", "form": form, "button": "Cancel the event and tell everyone",
            "words": "Everyone booked or waiting gets one email, with the next events of the course.",
            "told": told_of([event]),
        }  # fmt: skip
        return self._ask(request, event, context)

    def add_person_view(self, request, object_id):
        """Book somebody by the one way in; with a reason, beyond the rules."""
        event = self._event(request, object_id)
        form = AddPersonForm(request.POST or None, admin_site=self.admin_site)
        if request.method == "POST" and form.is_valid():
            try:
                booking = actions.book(event=event, by=request.user, now=timezone.now(), **form.cleaned_data)
                messages.success(request, f"{booking.person}: {booking.get_status_display().lower()}.")
                return self._back(event)
            except actions.Refused as refused:
                form.add_error(None, str(refused))
        words = f"{event.places_in_words}. They are told by email."
        context = {"title": f"Add a person to {event}", "form": form, "button": "Book", "words": words}
        return self._ask(request, event, context)

    def _ask(self, request, event, context, template="admin/bookings/ask.html"):
        context = {**self.admin_site.each_context(request), "opts": self.opts, "original": event, **context}
        return render(request, template, context)
