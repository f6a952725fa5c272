"""What T&D does with several events at once: publish, cancel, write to the people booked, print, export."""

import uuid

from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.html import format_html

from bookings import actions, pdfs
from bookings.admin.forms import NoteForm, ReasonForm, SeriesForm
from bookings.admin.told import told_of
from bookings.models import Booking
from courses import actions as courses
from courses.models import Event
from wscb_training.tables import Table, as_file, xlsx_file
from wscb_training.wording import clock, count, local_date

MOST_REGISTERS = 40  # a register is a tenth of a second


class EventBulk:
    """The actions of the events' list. Each asks before anything goes out."""

    actions = [
        "publish_selected", "cancel_selected", "message_selected", "copy_selected", "print_registers",
        "export_selected",
    ]  # fmt: skip

    @admin.action(description="Publish", permissions=["change"])
    def publish_selected(self, request, queryset):
        if "apply" in request.POST:
            for event in queryset:
                self._publish(request, event)
            return None
        now = timezone.now()
        notes = {event.pk: self._readiness(event, now) for event in queryset.select_related("course", "venue")}
        words = "Everybody will see them and can book. Who asked for dates of the course is told."
        return self._ask_about(request, queryset, None, "publish_selected", "Publish these events?", words, notes=notes)

    def _readiness(self, event, now) -> str:
        if event.status != Event.Status.DRAFT:
            return f"{event.get_status_display()} already."
        refusal = courses.publish_refusal(event, now=now)
        return f"Not yet. {refusal}" if refusal else "Ready."

    def _publish(self, request, event):
        try:
            courses.publish(event=event, by=request.user, now=timezone.now())
            messages.success(request, format_html("{} is published.", event))
        except (courses.NotReady, courses.TrainersRefused, courses.DoubleBooked) as refusal:
            messages.error(request, f"{event}: {refusal}")

    @admin.action(description="Cancel, and tell everyone", permissions=["change"])
    def cancel_selected(self, request, queryset):
        form = ReasonForm(request.POST if "apply" in request.POST else None)
        if form.is_valid():
            for event in queryset:
                self._cancel(request, event, form.cleaned_data["reason"])
            return None
        words = "Everyone booked or waiting gets one email for each event, with the next events of the course."
        return self._ask_about(
            request, queryset, form, "cancel_selected", "Cancel these events?", words, told=told_of(queryset)
        )

    def _cancel(self, request, event, reason):
        try:
            actions.cancel_event(event=event, by=request.user, now=timezone.now(), reason=reason)
            messages.success(request, f"{event} is cancelled, and everyone is told.")
        except actions.Refused as refused:
            messages.error(request, f"{event}: {refused}")

    @admin.action(description="Write to the people booked", permissions=["change"])
    def message_selected(self, request, queryset):
        """Write, look at it, send it: one email to each person of each event, in their list of messages."""
        applied = "apply" in request.POST
        form = NoteForm(request.POST if applied else None, initial={"token": uuid.uuid4().hex})
        preview = None
        if applied and form.is_valid():
            if "send" in request.POST:
                sent = sum(
                    actions.write_to_people(event=event, by=request.user, **form.cleaned_data) for event in queryset
                )
                messages.success(request, f"{count(sent, 'person', 'people')} will get the message.")
                return None
            preview = form.cleaned_data
        words = "Everyone with a confirmed place gets one email for each event."
        told = told_of(queryset, Booking.Status.CONFIRMED)
        return self._ask_about(
            request, queryset, form, "message_selected", "Write to the people booked", words, preview=preview, told=told
        )

    @admin.action(description="Copy the series to new dates", permissions=["add"])
    def copy_selected(self, request, queryset):
        """Look at the copies of several events with new dates, then make them as drafts, all or none."""
        applied = "apply" in request.POST
        events = list(queryset.select_related("course", "venue").prefetch_related("trainers", "sessions"))
        form = SeriesForm(request.POST if applied else None, events=events)
        copies = form.copies() if form.is_valid() else []
        if copies and "make" in request.POST:
            try:
                with transaction.atomic():
                    for copy in copies:
                        courses.clone_event(event=copy.event, first_day=copy.first_day, by=request.user)
            except courses.TrainersRefused as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, f"{count(len(copies), 'draft')} made. Nobody is told until you publish.")
                return HttpResponseRedirect(f"{request.path}?status__exact=draft")
        words = "Everything is copied but dates, bookings and publication."
        title = "Copy this series to new dates"
        return self._ask_about(request, queryset, form, "copy_selected", title, words, copies=copies)

    def _ask_about(self, request, queryset, form, action, title, words, *, notes=None, **more):
        events = [(event, (notes or {}).get(event.pk, "")) for event in queryset.select_related("course")]
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "title": title, "form": form, "words": words,
            "events": events, "action": action, **more,
        }  # fmt: skip
        return render(request, "admin/bookings/ask_about_events.html", context)

    @admin.action(description="Print the registers", permissions=["view"])
    def print_registers(self, request, queryset):
        if queryset.count() > MOST_REGISTERS:
            messages.error(request, f"Choose no more than {MOST_REGISTERS} events at once.")
            return None
        return as_file(pdfs.registers(queryset.order_by("starts_at")), "registers.pdf", "application/pdf")

    @admin.action(description="Export as a spreadsheet", permissions=["view"])
    def export_selected(self, request, queryset):
        headings = [
            "Reference", "Course", "Type", "Status", "First session", "Starts", "Where", "Trainers", "Capacity",
            "Kept for voluntary sector", "Booked, voluntary sector", "Booked, others", "Waiting",
        ]  # fmt: skip
        rows = [_row(event) for event in queryset.select_related("course", "venue").prefetch_related("trainers")]
        return xlsx_file([Table("Events", headings, rows)], name=f"events {local_date(timezone.now())}")


def _row(event) -> list:
    return [
        event.reference, event.course.title, event.get_kind_display(), event.get_status_display(),
        local_date(event.starts_at) if event.starts_at else "", clock(event.starts_at) if event.starts_at else "",
        event.place_name, ", ".join(trainer.name for trainer in event.trainers.all()), event.capacity,
        event.vcs_places, event.held_vcs, event.held_other, event.waiting,
    ]  # fmt: skip
