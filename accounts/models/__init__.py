from accounts.models.audit import AuditEntry
from accounts.models.invitation import Invitation
from accounts.models.organisation import CPDLead, Organisation, Sector
from accounts.models.policy import Policy
from accounts.models.problem import ProblemReport
from accounts.models.school import SafeguardingLead, WholeSchoolTraining
from accounts.models.user import Membership, User

__all__ = [
    "AuditEntry",
    "CPDLead",
    "Invitation",
    "Membership",
    "Organisation",
    "Policy",
    "ProblemReport",
    "SafeguardingLead",
    "Sector",
    "User",
    "WholeSchoolTraining",
]
