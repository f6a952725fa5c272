"""Addresses of the yearly return: T&D's pages, and those of a team."""

from django.urls import path

from monitoring.views import returns, team_returns

urlpatterns = [
    path("returns/", returns.returns, name="returns"),
    path("returns.xlsx", returns.returns_file, name="returns_xlsx"),
    path("returns/ask/", returns.open_round, name="open_round"),
    path("returns/<int:year>/remind/", returns.remind, name="returns_remind"),
    path("returns/of/<int:return_id>/", returns.one, name="return"),
    path("returns/of/<int:return_id>/hand-back/", returns.hand_back, name="return_hand_back"),
    path("team/<int:organisation_id>/return/", team_returns.overview, name="team_return"),
    path("team/<int:organisation_id>/return/edit/", team_returns.edit, name="team_return_edit"),
    path("team/<int:organisation_id>/return/check/", team_returns.check, name="team_return_check"),
    path("team/<int:organisation_id>/return/take-back/", team_returns.take_back, name="team_return_take_back"),
]
