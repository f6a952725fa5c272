from bookings.models.attendance import Attendance
from bookings.models.booking import Booking
from bookings.models.charge import Charge
from bookings.models.record import OnlineStart, TrainingRecord

__all__ = ["Attendance", "Booking", "Charge", "OnlineStart", "TrainingRecord"]
