"""Writes that touch every floor below: two accounts become one, a person is erased, what is told of training."""

from learning.actions.alerting import choose_alert, resume_alert, send_alerts, stop_alert
from learning.actions.certificates import tell_of_certificates
from learning.actions.erasing import erase_person, erasing_refusal
from learning.actions.expiring import remind_of_expiry
from learning.actions.merging import merge_accounts, merging_refusal

__all__ = [
    "choose_alert",
    "erase_person",
    "erasing_refusal",
    "merge_accounts",
    "merging_refusal",
    "remind_of_expiry",
    "resume_alert",
    "send_alerts",
    "stop_alert",
    "tell_of_certificates",
]
