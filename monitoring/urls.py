from django.urls import path

from monitoring.views import gaps, planning, priorities

app_name = "monitoring"
urlpatterns = [
    path("today/", planning.today, name="today"),
    path("programme/", planning.programme, name="programme"),
    path("priorities/", priorities.priorities, name="priorities"),
    path("priorities/figures.csv", priorities.figures_file, {"kind": "csv"}, name="priorities_csv"),
    path("priorities/figures.xlsx", priorities.figures_file, {"kind": "xlsx"}, name="priorities_xlsx"),
    path("priorities/<str:code>/", priorities.indicator, name="indicator"),
    path("priorities/<str:code>/rows.csv", priorities.rows_file, {"kind": "csv"}, name="indicator_csv"),
    path("priorities/<str:code>/rows.xlsx", priorities.rows_file, {"kind": "xlsx"}, name="indicator_xlsx"),
    path("priorities/evidence/<int:evidence_id>/", priorities.evidence_file, name="evidence_file"),
    path("gaps/", gaps.gaps, name="gaps"),
    path("gaps.csv", gaps.gaps_file, {"kind": "csv"}, name="gaps_csv"),
    path("gaps.xlsx", gaps.gaps_file, {"kind": "xlsx"}, name="gaps_xlsx"),
]
