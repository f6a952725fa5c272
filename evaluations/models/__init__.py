from evaluations.models.evaluation import Answer, Evaluation
from evaluations.models.questionnaire import PLEDGE, Kind, Question, Questionnaire
from evaluations.models.theme import Tag, Theme

__all__ = ["PLEDGE", "Answer", "Evaluation", "Kind", "Question", "Questionnaire", "Tag", "Theme"]
