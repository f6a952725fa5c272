"""Addresses of the report; their names stand in the namespace of monitoring."""

from django.urls import path

from monitoring.views import report_writing as writing
from monitoring.views import reports

urlpatterns = [
    path("", reports.reports, name="reports"),
    path("new/", reports.start, name="report_start"),
    path("<int:number>/", reports.report, name="report"),
    path("<int:number>/pdf/", reports.pdf, name="report_pdf"),
    path("<int:number>/tables.xlsx", reports.xlsx, name="report_xlsx"),
    path("<int:number>/<slug:table>.csv", reports.csv, name="report_csv"),
    path("<int:number>/commentary/<int:priority>/", writing.commentary, name="report_commentary"),
    path("<int:number>/risks/new/", writing.add_point, {"kind": "risk"}, name="report_risk"),
    path("<int:number>/actions/new/", writing.add_point, {"kind": "action"}, name="report_action"),
    path("<int:number>/points/<int:point_id>/", writing.point, name="report_point"),
    path("<int:number>/approve/", writing.approve, name="report_approve"),
    path("<int:number>/circulate/", writing.circulate, name="report_circulate"),
    path("<int:number>/withdraw/", writing.withdraw, name="report_withdraw"),
    path("<int:number>/again/", writing.begin_again, name="report_again"),
]
