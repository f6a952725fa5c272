"""T&D's screens of events and bookings.

Events are registered here and not in courses, because publishing, changing and cancelling one touches its bookings.
"""

from bookings.admin import bookings, events, records, trainers

__all__ = ["bookings", "events", "records", "trainers"]
