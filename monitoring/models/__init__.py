from monitoring.models.priority import Baseline, Evidence, ImpactExample, Indicator, Milestone, Priority
from monitoring.models.quality import (
    Learning,
    QualityReview,
    QualityStandard,
    SingleAgencyTraining,
    StandardSet,
)

__all__ = [
    "Baseline",
    "Evidence",
    "ImpactExample",
    "Indicator",
    "Learning",
    "Milestone",
    "Priority",
    "QualityReview",
    "QualityStandard",
    "SingleAgencyTraining",
    "StandardSet",
]
