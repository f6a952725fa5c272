"""Writes that touch every floor below: two accounts become one, a person is erased, what is told of training."""

from learning.actions.alerting import choose_alert, resume_alert, send_alerts, stop_alert
from learning.actions.certificates import tell_of_certificates
from learning.actions.erasing import erase_person, erasing_refusal
from learning.actions.expiring import remind_of_expiry
from learning.actions.merging import merge_accounts, merging_refusal
from learning.actions.tokens import make_token, note_token_use, revoke_token

__all__ = [
    "choose_alert",
    "erase_person",
    "erasing_refusal",
    "make_token",
    "merge_accounts",
    "merging_refusal",
    "note_token_use",
    "remind_of_expiry",
    "resume_alert",
    "revoke_token",
    "send_alerts",
    "stop_alert",
    "tell_of_certificates",
]
