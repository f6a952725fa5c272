from django.urls import path

import courses.converters  # noqa: F401 - registers `reference`
from evaluations.views import answering, nobody, results, themes

app_name = "evaluations"
urlpatterns = [
    path("feedback/", answering.due, name="due"),
    path("feedback/<uuid:code>/", answering.answer, name="answer"),
    path("feedback/link/<str:token>/", answering.by_link, name="by_link"),
    path("feedback/for/<str:token>/", answering.of_respondent, name="of_respondent"),
    path("events/<reference:reference>/feedback/", answering.room, name="room"),
    path("results/", results.overview, name="results"),
    path("results/files/results.xlsx", results.xlsx, name="results_xlsx"),
    path("results/files/<slug:table>.csv", results.csv, name="results_csv"),
    path("results/events/<reference:reference>/", results.event, name="event_results"),
    path("results/events/<reference:reference>/summary.pdf", results.summary, name="event_summary"),
    path("results/nobody-to-ask/", nobody.nobody_to_ask, name="nobody"),
    path("results/themes/", themes.themes, name="themes"),
]
