"""The data map: every field that can hold something about a person, with the rule by which it goes.

A test holds this against all models: a new field that could be personal fails it until it stands here, as personal with
its rule, or as not personal. `docs/data-map.md` is written from it.
"""

from dataclasses import dataclass

from accounts.models import Policy


@dataclass(frozen=True)
class Rule:
    """Why something is held and when it goes; `ends` may name settings of policy in braces."""

    name: str
    purpose: str
    ends: str

    def words(self, policy: Policy) -> str:
        """Return when it goes, with the periods that are set now."""
        return self.ends.format(
            people=policy.people_years, messages=policy.messages_months, words=policy.words_years,
            history=policy.history_years, invitations=policy.invitations_months,
        )  # fmt: skip


PERSON = Rule(
    "Name, work and contact details",
    "To book, to tell people of their training, and to count it in the right place.",
    "Erased on request, and {people} years after they last signed in, booked or completed anything; "
    "they are told by email 30 days before.",
)  # fmt: skip
RECORD = Rule(
    "Bookings, attendance and training record",
    "To run the events, and to show that the workforce is trained (§6, §13).",
    "Stays as a number of its sector and group; whose it was goes when the person is erased.",
)  # fmt: skip
WORDS = Rule(
    "Answers, reasons and notes that people write", "To run the training and make it better (§15).",
    "Emptied {words} years after it was written; reasons also when the person is erased.",
)  # fmt: skip
NEEDS = Rule(
    "Access and dietary needs", "So that everybody can take part; seen by T&D and the trainers of the event only.",
    "Emptied 30 days after the event.",
)  # fmt: skip
FILE = Rule(
    "Certificates and other files that people send", "To show training taken elsewhere.",
    "Deleted when the record is taken back before it was verified, and when the person is erased.",
)  # fmt: skip
MESSAGE = Rule(
    "Emails", "To tell people of their bookings, and to see what went out.",
    "Emptied {messages} months after they were written, and deleted when the person is erased.",
)  # fmt: skip
DOCUMENT = Rule(
    "Documents made to download", "So that nobody has to wait on the page while they are made.", "Deleted after a week."
)
INVITATION = Rule(
    "Invitations", "To let people join their organisation.", "Deleted {invitations} months after they were sent."
)
OFFICER = Rule(
    "Who decided or changed something", "So that it can be explained later.",
    "Stays with what was decided; the name goes when the person is erased.",
)  # fmt: skip
SECRET = Rule("Passwords and codes", "To sign in; kept so that nobody can read them.", "Deleted with the account.")
AUDIT = Rule(
    "Sign-ins and downloads of people's data", "To see who had access, and to notice misuse.",
    "Deleted after a year.",
)  # fmt: skip

PROBLEM = Rule(
    "Problems reported with a page", "To put right what did not work, and to answer who reported it.",
    "Deleted a year after it was settled; who reported it goes when the person is erased.",
)  # fmt: skip

RULES = (PERSON, RECORD, WORDS, NEEDS, FILE, MESSAGE, DOCUMENT, INVITATION, PROBLEM, OFFICER, AUDIT, SECRET)
HISTORY = "Earlier versions of all these are deleted {history} years after they were written."

PERSONAL: dict[str, dict[Rule, str]] = {
    "accounts.User": {PERSON: "email full_name job_role manager_email coordinator merged_into", SECRET: "password"},
    "accounts.Membership": {PERSON: "person", OFFICER: "confirmed_by"},
    "accounts.CPDLead": {PERSON: "person"},
    "accounts.SafeguardingLead": {PERSON: "person"},
    "accounts.Organisation": {PERSON: "cpd_leads", OFFICER: "confirmed_by"},
    "accounts.WholeSchoolTraining": {OFFICER: "noted_by"},
    "accounts.AuditEntry": {AUDIT: "person what network_address"},
    "accounts.ProblemReport": {PROBLEM: "person page tried happened email", OFFICER: "settled_by"},
    "accounts.Invitation": {INVITATION: "email accepted_by", OFFICER: "invited_by"},
    "account.EmailAddress": {PERSON: "user email"},
    "account.EmailConfirmation": {SECRET: "key"},
    "courses.Interest": {PERSON: "person"},
    "courses.Trainer": {PERSON: "person name organisation_name about train_the_trainer_evidence"},
    "courses.Event": {OFFICER: "register_closed_by created_by"},
    "courses.Course": {OFFICER: "materials_reviewed_by"},
    "bookings.Booking": {
        RECORD: "person booked_by job_role", NEEDS: "access_needs dietary_needs",
        WORDS: "end_reason absence_reason override_reason", OFFICER: "approved_by ended_by",
    },
    "bookings.TrainingRecord": {
        RECORD: "person check_code title provider", FILE: "evidence", WORDS: "decision_reason", OFFICER: "decided_by",
    },
    "bookings.OnlineStart": {RECORD: "person"},
    "bookings.Attendance": {OFFICER: "marked_by"},
    "bookings.Charge": {WORDS: "waived_reason", OFFICER: "waived_by"},
    "evaluations.Evaluation": {RECORD: "respondent respondent_email declined_by", WORDS: "draft"},
    "evaluations.Answer": {WORDS: "text", RECORD: "choices"},
    "evaluations.Tag": {OFFICER: "tagged_by"},
    "learning.AlertChoice": {PERSON: "person deliveries"},
    "learning.ApiToken": {OFFICER: "name made_by revoked_by", SECRET: "digest ending"},
    "notifications.Message": {
        MESSAGE: "key recipient to subject text html calendar headers last_error",
    },
    "notifications.PreparedFile": {DOCUMENT: "title parameters requested_by file file_name problem"},
    "monitoring.YearlyReturn": {OFFICER: "saved_by sent_by"},
    "monitoring.Evidence": {OFFICER: "added_by"},
    "monitoring.Milestone": {OFFICER: "signed_off_by"},
    "monitoring.ImpactExample": {OFFICER: "coded_by"},
    "monitoring.SingleAgencyTraining": {OFFICER: "recorded_by given_by"},
    "monitoring.TrainingComment": {OFFICER: "made_by"},
    "monitoring.QualityReview": {OFFICER: "reviewer recorded_by"},
    "monitoring.Snapshot": {OFFICER: "asked_by"},
    "monitoring.Report": {OFFICER: "started_by approved_by circulated_by withdrawn_by"},
    "monitoring.Commentary": {OFFICER: "written_by"},
    "monitoring.ReportPoint": {OFFICER: "owner"},
    "monitoring.Consultation": {OFFICER: "recorded_by"},
    "monitoring.ErasureRequest": {PERSON: "person", OFFICER: "settled_by"},
    "monitoring.SetupTick": {OFFICER: "ticked_by"},
}  # fmt: skip

# Words about courses, organisations and figures; forms ask that nobody is named in them.
NOT_PERSONAL: dict[str, str] = {
    "accounts.Sector": "name reporting_sector notes",
    "accounts.Organisation": "name postcode urn phase",
    "accounts.WholeSchoolTraining": "provider",
    "competence.CompetenceGroup": "short_name description example_roles",
    "competence.TrainingContent": "code title short_name",
    "competence.PathwayVersion": "note",
    "courses.Subject": "name core_subject",
    "courses.Course": "title title_as_printed slug summary outcomes audience_note level length start_link notes",
    "courses.Venue": "name address postcode access_notes travel_notes",
    "courses.Event": "reference cancel_reason joining_link joining_instructions double_booking_reason "
    "double_booking_given",
    "evaluations.Questionnaire": "introduction",
    "evaluations.Question": "text hint options low_label high_label",
    "evaluations.Theme": "name",
    "evaluations.Evaluation": "outcomes withdrawn_reason",
    "evaluations.Answer": "outcome",
    "notifications.Message": "kind calendar_method",
    "notifications.PreparedFile": "task page",
    "notifications.Tick": "name",
    "monitoring.YearlyReturn": "other_subjects barriers other_barriers notes",
    "monitoring.ReturnTraining": "title provider",
    "monitoring.Priority": "short_name text measure reading",
    "monitoring.Indicator": "code name unit definition counted_from question",
    "monitoring.Evidence": "text link file file_name",
    "monitoring.Milestone": "name",
    "monitoring.Baseline": "reporting_sector source",
    "monitoring.ImpactExample": "theme text",
    "monitoring.StandardSet": "version introduction minute",
    "monitoring.QualityStandard": "text",
    "monitoring.SingleAgencyTraining": "title length notes",
    "monitoring.SelfAssessment": "note",
    "monitoring.TrainingComment": "text",
    "monitoring.QualityReview": "notes",
    "monitoring.ReviewAnswer": "note",
    "monitoring.Learning": "title link notes",
    "monitoring.Snapshot": "content",
    "monitoring.Report": "words withdrawn_reason pdf",
    "monitoring.Commentary": "text",
    "monitoring.ReportPoint": "text response",
    "monitoring.Consultation": "title sample method summary",
    "monitoring.ExpectedQuality": "text",
    "monitoring.RetentionRun": "done left",
    "monitoring.SetupTick": "step",
}


def fields_of(label: str) -> dict[str, Rule]:
    """Return the personal fields of a model with their rules."""
    return {name: rule for rule, names in PERSONAL.get(label, {}).items() for name in names.split()}


def by_rule(policy: Policy) -> list[tuple[Rule, str, list[str]]]:
    """Return each rule, when it ends by the policy, and the fields under it as "Booking: access_needs, …"."""
    return [
        (rule, rule.words(policy), [
            f"{label.partition('.')[2]}: {names[rule].replace(' ', ', ')}"
            for label, names in PERSONAL.items() if rule in names
        ])
        for rule in RULES
    ]  # fmt: skip


def as_markdown(policy: Policy) -> str:
    """Return the data map as the text of docs/data-map.md, with the periods as they are set at first."""
    lines = [
        "# Data map",
        "",
        "Which personal data the system holds, why, and when it goes (UK GDPR, articles 5 and 30). Written from",
        "`monitoring/privacy/data_map.py` by `manage.py data_map`; a test compares it with every model, so that a new",
        "field about a person is not forgotten. The periods are settings: T&D edits them in the administration, under",
        "Policy. `monitoring.tasks.keep_to_retention` deletes by them every night and writes a report.",
        "",
    ]
    for rule, ends, fields in by_rule(policy):
        lines += [f"## {rule.name}", "", f"{rule.purpose} {ends}", "", *(f"- {field}" for field in fields), ""]
    return "\n".join([*lines, "## Earlier versions", "", HISTORY.format(history=policy.history_years), ""])
