from django.urls import path

import courses.converters  # noqa: F401 - registers `reference`
from courses.views import catalogue as views
from courses.views import publicity

app_name = "courses"
urlpatterns = [
    path("", views.home, name="home"),
    path("events/", views.events, name="events"),
    path("events/calendar/", views.calendar, name="calendar"),
    path("events/calendar/<int:year>/<int:month>/", views.month, name="month"),
    path("events/feed.ics", publicity.calendar_feed, name="calendar_feed"),
    path("events/feed.atom", publicity.NewsFeed(), name="news_feed"),
    path("events/embed/", publicity.embed, name="embed"),
    path("events/share/", publicity.share, name="share"),
    path("events/programme/<int:year>-<int:month>.pdf", publicity.month_flyer, name="month_flyer"),
    path("events/<reference:reference>/flyer.pdf", publicity.flyer, name="flyer"),
    path("events/<reference:reference>/calendar.ics", views.event_ics, name="event_ics"),
    path("courses/", views.courses, name="courses"),
    path("courses/<slug:slug>/", views.course, name="course"),
    path("courses/<slug:slug>/interest/", views.interest, name="interest"),
    path("groups/", views.groups, name="groups"),
    path("groups/matrix/", views.matrix, name="matrix"),
    path("groups/<int:number>/", views.group, name="group"),
]
