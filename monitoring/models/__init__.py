from monitoring.models.needs import ReturnRound, ReturnTraining, ReturnWorkforce, YearlyReturn
from monitoring.models.priority import Baseline, Evidence, ImpactExample, Indicator, Milestone, Priority
from monitoring.models.privacy import ErasureRequest, RetentionRun
from monitoring.models.quality import (
    Answer,
    Learning,
    QualityReview,
    QualityStandard,
    ReviewAnswer,
    SelfAssessment,
    SingleAgencyTraining,
    StandardSet,
    TrainingComment,
)
from monitoring.models.report import SUMMARY, Commentary, Report, ReportPoint, Snapshot
from monitoring.models.service_users import Consultation, ExpectedQuality
from monitoring.models.setting_up import SetupTick

__all__ = [
    "SUMMARY",
    "Answer",
    "Baseline",
    "Commentary",
    "Consultation",
    "ErasureRequest",
    "Evidence",
    "ExpectedQuality",
    "ImpactExample",
    "Indicator",
    "Learning",
    "Milestone",
    "Priority",
    "QualityReview",
    "QualityStandard",
    "Report",
    "ReportPoint",
    "RetentionRun",
    "ReturnRound",
    "ReturnTraining",
    "ReturnWorkforce",
    "ReviewAnswer",
    "SelfAssessment",
    "SetupTick",
    "SingleAgencyTraining",
    "Snapshot",
    "StandardSet",
    "TrainingComment",
    "YearlyReturn",
]
