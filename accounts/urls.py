from django.urls import path

from accounts import invitations, sessions, views
from accounts.second_factor import RemoveKeyView

app_name = "accounts"
urlpatterns = [
    path("invitation/<str:token>/", invitations.invitation, name="invitation"),
    path("your-details/", views.details, name="details"),
    path("your-details/start/", views.start, name="start"),
    path("your-details/name/", views.name, name="name"),
    path("your-details/organisation/", views.organisation, name="organisation"),
    path("your-details/organisation/choose/", views.choose_organisation, name="choose_organisation"),
    path("your-details/organisation/change/", views.change_organisation, name="change_organisation"),
    path("your-details/organisation/new/", views.new_organisation, name="new_organisation"),
    path("your-details/role/", views.role, name="role"),
    path("your-details/group/", views.group, name="group"),
    path("your-details/manager/", views.manager, name="manager"),
    path("your-details/sessions/", sessions.sessions, name="sessions"),
    path("your-details/check/", views.check, name="check"),
    path("account/second-factor/webauthn/keys/<int:pk>/remove/", RemoveKeyView.as_view(), name="remove_key"),
]
