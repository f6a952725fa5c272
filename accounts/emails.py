"""What people are told about whom they work for. One function an email; each is a message row before it is sent."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from accounts.models import Invitation, Membership, ProblemReport, User
from notifications.actions import Write, queue


def invitation(invitation: Invitation) -> None:
    """Invite somebody, at their own address, to register as staff of the organisation."""
    queue(
        key=f"accounts/invitation/{invitation.pk}/{invitation.sent_at:%Y%m%d%H%M%S}",
        template="accounts/invitation",
        to=invitation.email,
        context={"invitation": invitation, "invitation_url": settings.BASE_URL + invitation.get_absolute_url()},
    )


def problem_reported(report: ProblemReport) -> None:
    """Tell the Training and Development Service what somebody could not do on a page."""
    queue(
        key=f"accounts/problem/{report.pk}",
        template="accounts/problem",
        to=settings.CONTACT_EMAIL,
        context={
            "report": report,
            "page_url": settings.BASE_URL + report.page if report.page else "",
            "admin_url": settings.BASE_URL + reverse("admin:accounts_problemreport_change", args=[report.pk]),
        },
    )


def membership_confirmed(membership: Membership, *, write: Write = queue) -> None:
    """Tell somebody that their CPD lead has confirmed where they work."""
    _tell(membership, "membership_confirmed", write=write)


def membership_refused(membership: Membership) -> None:
    """Tell somebody that the organisation which they named does not know them."""
    _tell(membership, "membership_refused")


def _tell(membership: Membership, name: str, *, write: Write = queue) -> None:
    write(
        key=f"accounts/{name}/{membership.pk}",
        template=f"accounts/{name}",
        to=membership.person.message_email,
        recipient=membership.person,
        context={
            "organisation": membership.organisation,
            "details_url": settings.BASE_URL + reverse("accounts:start"),
            "events_url": settings.BASE_URL + reverse("courses:events"),
        },
    )


def second_factor_reset(person: User, *, now: datetime) -> None:
    """Tell somebody that their second factor was taken off, so that nobody takes it off behind their back."""
    _warn(person, "second_factor_reset", once=f"{now:%Y%m%d%H%M%S}", now=now)


def code_used_again(person: User, *, now: datetime) -> None:
    """Tell somebody that a code of their app was entered a second time, once an hour (OWASP ASVS 2.8.5)."""
    _warn(person, "code_used_again", once=f"{now:%Y%m%d%H}", now=now)


def _warn(person: User, name: str, *, once: str, now: datetime) -> None:
    """Tell somebody what was done with their account, once in the time that `once` names."""
    queue(
        key=f"accounts/{name}/{person.pk}/{once}",
        template=f"accounts/{name}",
        to=person.message_email,
        recipient=person,
        context={"timestamp": now},
    )
