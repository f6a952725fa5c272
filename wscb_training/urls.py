"""Addresses of the site: each app brings its own."""

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from wscb_training import views

admin.site.enable_nav_sidebar = False  # lists need the width, and the home page has it all
admin.site.login = views.admin_login
# Set by settings, or nobody's to look at: secrets and sessions of other people.
admin.site.unregister([SocialApp, SocialToken, Authenticator, UserSession])

urlpatterns = [
    path("health", views.health, name="health"),
    path("health/live", views.live, name="health_live"),
    path("admin/password_change/", RedirectView.as_view(pattern_name="account_change_password"), name="admin_password"),
    path("admin/", admin.site.urls),
    path("", include("accounts.urls")),  # before allauth's: its page that takes off a key stands in for theirs
    path("account/", include("allauth.account.urls")),
    path("account/second-factor/", include("allauth.mfa.urls")),
    path("account/provider/", include("allauth.socialaccount.urls")),
    path("account/", include("allauth.socialaccount.providers.openid_connect.urls")),
    path("", include("notifications.urls")),
    path("", include("courses.urls")),
    path("", include("bookings.urls")),
    path("", include("evaluations.urls")),
    path("", include("learning.urls")),
    path("", include("monitoring.urls")),
    path("api/v1/", include("learning.api.urls", namespace="api")),
]

handler400 = "wscb_training.views.bad_request"
handler500 = "wscb_training.views.server_error"
