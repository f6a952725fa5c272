"""Addresses of privacy; their names stand in the namespace of monitoring."""

from django.urls import path

from monitoring.views import privacy

urlpatterns = [
    path("privacy/", privacy.notice, name="privacy"),
    path("cookies/", privacy.cookies, name="cookies"),
    path("accessibility/", privacy.accessibility, name="accessibility"),
    path("your-details/data/", privacy.my_data, name="my_data"),
    path("your-details/data/erase/", privacy.erase_me, name="erase_me"),
    path("privacy/retention/", privacy.kept, name="retention"),
]
