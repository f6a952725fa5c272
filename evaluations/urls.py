from django.urls import path

import courses.converters  # noqa: F401 - registers `reference`
from evaluations.views import answering

app_name = "evaluations"
urlpatterns = [
    path("feedback/", answering.due, name="due"),
    path("feedback/<uuid:code>/", answering.answer, name="answer"),
    path("feedback/link/<str:token>/", answering.by_link, name="by_link"),
    path("feedback/for/<str:token>/", answering.of_respondent, name="of_respondent"),
    path("events/<reference:reference>/feedback/", answering.room, name="room"),
]
