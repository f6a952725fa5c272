from django.urls import path

from notifications import health, views
from wscb_training.metrics import metrics_page

urlpatterns = [
    path("health/ready", views.ready, name="health_ready"),
    path("metrics", metrics_page(health.gauges), name="metrics"),
    path("files/<uuid:prepared_id>/", views.prepared, name="prepared"),
    path("files/<uuid:prepared_id>/download", views.download, name="prepared_download"),
]
