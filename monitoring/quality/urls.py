"""Addresses of quality: reviews and standards, single-agency training, what service users expect."""

from django.urls import path

from monitoring.views import own, quality, service_users, team_own

urlpatterns = [
    path("quality/", quality.quality, name="quality"),
    path("quality/reviews.xlsx", quality.quality_file, name="quality_xlsx"),
    path("quality/standards/", quality.versions, name="standard_versions"),
    path("quality/courses/<slug:slug>/", quality.course, name="quality_course"),
    path("quality/courses/<slug:slug>/review/", quality.review, name="quality_review"),
    path("quality/events/<reference:reference>/observe/", quality.observe, name="quality_observe"),
    path("standards/", quality.standards, name="standards"),
    path("single-agency-training/", own.trainings, name="own_trainings"),
    path("single-agency-training.xlsx", own.trainings_file, name="own_trainings_xlsx"),
    path("single-agency-training/<int:training_id>/", own.training, name="own_training"),
    path("single-agency-training/<int:training_id>/review/", quality.review_own, name="review_own"),
    path("service-users/", service_users.page, name="service_users"),
    path("service-users.xlsx", service_users.file, name="service_users_xlsx"),
    path("team/<int:organisation_id>/own-courses/", team_own.courses, name="team_own"),
    path("team/<int:organisation_id>/own-courses/add/", team_own.add, name="team_own_add"),
    path("team/<int:organisation_id>/own-courses/<int:training_id>/", team_own.one, name="team_own_one"),
    path("team/<int:organisation_id>/own-courses/<int:training_id>/change/", team_own.change, name="team_own_change"),
    path("team/<int:organisation_id>/own-courses/<int:training_id>/assess/", team_own.assess, name="team_own_assess"),
]
