from django.urls import include, path

from monitoring.views import gaps, help, planning, priorities, reach

app_name = "monitoring"
urlpatterns = [
    path("today/", planning.today, name="today"),
    path("getting-started/", help.getting_started, name="getting_started"),
    path("help/", help.index, name="help"),
    path("help/<slug:key>/", help.page, name="help_page"),
    path("help/<slug:key>/guide.pdf", help.guide, name="guide"),
    path("contact/", help.contact, name="contact"),
    path("report-a-problem/", help.report, name="problem"),
    path("report-a-problem/sent/", help.reported, name="problem_sent"),
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
    path("reach/", reach.page, name="reach"),
    path("reach/reach.csv", reach.file, {"kind": "csv"}, name="reach_csv"),
    path("reach/reach.xlsx", reach.file, {"kind": "xlsx"}, name="reach_xlsx"),
    path("reach/map.svg", reach.file, {"kind": "svg"}, name="reach_map"),
    path("reach/<slug:name>/", reach.rows, name="reach_rows"),
    path("reach/<slug:name>/rows.csv", reach.rows_file, {"kind": "csv"}, name="reach_rows_csv"),
    path("reach/<slug:name>/rows.xlsx", reach.rows_file, {"kind": "xlsx"}, name="reach_rows_xlsx"),
    path("reports/", include("monitoring.report.urls")),
    path("", include("monitoring.privacy.urls")),
    path("", include("monitoring.returns.urls")),
    path("", include("monitoring.quality.urls")),
]
