"""What CPD leads are told about their own courses."""

from django.conf import settings
from django.urls import reverse

from monitoring.models import TrainingComment
from notifications.actions import Draft, queue_many


def commented(comment: TrainingComment) -> int:
    """Tell the organisation's CPD leads that T&D or the Sub-committee commented on a course of theirs; once each."""
    training = comment.training
    page = settings.BASE_URL + reverse("monitoring:team_own_one", args=[training.organisation_id, training.pk])
    leads = training.organisation.cpd_leads.filter(is_active=True).select_related("coordinator")
    return queue_many(
        Draft(
            key=f"monitoring/comment/{comment.pk}/{lead.pk}", template="monitoring/own_commented",
            to=lead.message_email, recipient=lead,
            context={"comment": comment, "training": training, "page_url": page},
        )
        for lead in leads
    )  # fmt: skip
