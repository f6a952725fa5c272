from django.urls import path

from notifications import views

urlpatterns = [
    path("health/ready", views.ready, name="health_ready"),
    path("files/<uuid:prepared_id>/", views.prepared, name="prepared"),
    path("files/<uuid:prepared_id>/download", views.download, name="prepared_download"),
]
