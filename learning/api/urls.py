"""The addresses of the interface; they stand in a namespace of their own."""

from learning.api.site import api

urlpatterns, app_name, _ = api.urls
