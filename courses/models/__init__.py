from courses.models.course import Course, Interest, Subject
from courses.models.event import Event, Session
from courses.models.place import Trainer, Venue

__all__ = ["Course", "Event", "Interest", "Session", "Subject", "Trainer", "Venue"]
