"""Every write about places. One way in: pages, admin, CPD leads, waiting list and imports all come through here."""

from bookings.actions.absences import settle_missed_places, waive_charge
from bookings.actions.approving import approval_refusal, approve, decline, lapse_due_approvals, remind_due_approvals
from bookings.actions.attendance import check_in, close_register, mark_attendance
from bookings.actions.booking import book, cancel, change_needs, promote_out_of_order
from bookings.actions.events import (
    announce_change,
    cancel_event,
    change_capacity,
    close_account,
    free_places_of_closed_accounts,
    wipe_needs,
)
from bookings.actions.interest import tell_interested
from bookings.actions.notes import warn_of_few_bookings, write_to_people
from bookings.actions.places import Refused, list_is_served, lock_event, release_due_places, release_places
from bookings.actions.records import (
    add_training,
    import_completions,
    refuse_record,
    start_online,
    verify_record,
    withdraw_training,
)
from bookings.actions.reminders import send_joining_instructions, send_reminders
from bookings.actions.team import (
    Outcome,
    PlacesRanShort,
    book_many,
    note_absence,
    note_leaver,
    preview_many,
    swap,
    swap_refusal,
)
from bookings.actions.trainers import keep_pool
from bookings.actions.walk_ins import add_unknown_walk_in, add_walk_in

__all__ = [
    "Outcome",
    "PlacesRanShort",
    "Refused",
    "add_training",
    "add_unknown_walk_in",
    "add_walk_in",
    "announce_change",
    "approval_refusal",
    "approve",
    "book",
    "book_many",
    "cancel",
    "cancel_event",
    "change_capacity",
    "change_needs",
    "check_in",
    "close_account",
    "close_register",
    "decline",
    "free_places_of_closed_accounts",
    "import_completions",
    "keep_pool",
    "lapse_due_approvals",
    "list_is_served",
    "lock_event",
    "mark_attendance",
    "note_absence",
    "note_leaver",
    "preview_many",
    "promote_out_of_order",
    "refuse_record",
    "release_due_places",
    "release_places",
    "remind_due_approvals",
    "send_joining_instructions",
    "send_reminders",
    "settle_missed_places",
    "start_online",
    "swap",
    "swap_refusal",
    "tell_interested",
    "verify_record",
    "waive_charge",
    "warn_of_few_bookings",
    "wipe_needs",
    "withdraw_training",
    "write_to_people",
]
