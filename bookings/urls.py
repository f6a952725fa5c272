from django.urls import path

import courses.converters  # noqa: F401 - registers `reference`
from bookings.views import absences, approval, booking, register

app_name = "bookings"
urlpatterns = [
    path("events/<reference:reference>/", booking.event, name="event"),
    path("events/<reference:reference>/book/", booking.book, name="book"),
    path("bookings/<uuid:code>/", booking.booking, name="booking"),
    path("bookings/<uuid:code>/booked/", booking.booked, name="booked"),
    path("bookings/<uuid:code>/needs/", booking.needs, name="needs"),
    path("bookings/<uuid:code>/cancel/", booking.cancel, name="cancel"),
    path("give-back/<str:token>/", booking.give_back, name="give_back"),
    path("approval/<str:token>/", approval.approval, name="approval"),
    path("register/", register.mine, name="registers"),
    path("register/<reference:reference>/", register.people, name="register"),
    path("register/<reference:reference>/session/<int:number>/", register.mark, name="register_mark"),
    path("register/<reference:reference>/walk-in/", register.walk_in, name="register_walk_in"),
    path("register/<reference:reference>/room/", register.room, name="register_room"),
    path("register/<reference:reference>/close/", register.close, name="register_close"),
    path("register/<reference:reference>/register.pdf", register.paper, name="register_paper"),
    path("absences/", absences.listed, name="absences"),
    path("absences.csv", absences.csv, name="absences_csv"),
    path("absences.xlsx", absences.xlsx, name="absences_xlsx"),
    path("absences/<uuid:code>/", absences.absence, name="absence"),
    path("check-in/", register.check_in, name="check_in"),
]
