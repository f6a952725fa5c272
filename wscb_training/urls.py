"""Addresses of the site: each app brings its own."""

from django.contrib import admin
from django.urls import include, path

from wscb_training import views

admin.site.enable_nav_sidebar = False  # lists need the width, and the home page has it all

urlpatterns = [
    path("health", views.health, name="health"),
    path("health/live", views.live, name="health_live"),
    path("admin/", admin.site.urls),
    path("account/", include("allauth.account.urls")),
    path("", include("notifications.urls")),
    path("", include("accounts.urls")),
    path("", include("courses.urls")),
    path("", include("bookings.urls")),
    path("", include("evaluations.urls")),
    path("", include("learning.urls")),
    path("", include("monitoring.urls")),
    path("api/v1/", include("learning.api.urls", namespace="api")),
]

handler400 = "wscb_training.views.bad_request"
handler500 = "wscb_training.views.server_error"
