"""What T&D does with several events at once: publish, cancel, write to the people booked, print, export."""

import uuid

from django.contrib import admin, messages
from django.shortcuts import render
from django.utils import timezone
from django.utils.html import format_html

from bookings import actions, pdfs
from bookings.admin.forms import NoteForm, ReasonForm
from bookings.models import Booking
from courses import actions as courses
from wscb_training.tables import Table, as_file, xlsx_file
from wscb_training.wording import clock, count, local_date

MOST_REGISTERS = 40  # a register is a tenth of a second


class EventBulk:
    """The actions of the events' list. Each asks before anything goes out."""

    actions = ["publish_selected", "cancel_selected", "message_selected", "print_registers", "export_selected"]

    @admin.action(description="Publish", permissions=["change"])
    def publish_selected(self, request, queryset):
        for event in queryset:
            self._publish(request, event)

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
        people = count(Booking.objects.live().filter(event__in=queryset).count(), "person", "people")
        words = f"{people} booked or waiting will get one email for each event, with the next events of the course."
        return self._ask_about(request, queryset, form, "cancel_selected", "Cancel these events?", words)

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
        people = count(Booking.objects.confirmed().filter(event__in=queryset).count(), "person", "people")
        words = f"{people} with a confirmed place will get one email each."
        return self._ask_about(
            request, queryset, form, "message_selected", "Write to the people booked", words, preview
        )

    def _ask_about(self, request, queryset, form, action, title, words, preview=None):
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "title": title, "form": form, "words": words,
            "events": queryset, "action": action, "preview": preview,
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
