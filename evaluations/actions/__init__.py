"""Every write about evaluations (§15)."""

from evaluations.actions.answering import save_draft, submit
from evaluations.actions.asking import invite, remind
from evaluations.actions.making import make_due_forms, make_forms_of
from evaluations.actions.managers import Refused, decline, find_managers, name_respondent
from evaluations.actions.themes import tag, untag
from evaluations.actions.versions import new_version, publish_version

__all__ = [
    "Refused",
    "decline",
    "find_managers",
    "invite",
    "make_due_forms",
    "make_forms_of",
    "name_respondent",
    "new_version",
    "publish_version",
    "remind",
    "save_draft",
    "submit",
    "tag",
    "untag",
]
