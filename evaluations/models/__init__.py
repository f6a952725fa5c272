from evaluations.models.evaluation import Answer, Evaluation
from evaluations.models.questionnaire import Kind, Question, Questionnaire
from evaluations.models.theme import Tag, Theme

__all__ = ["Answer", "Evaluation", "Kind", "Question", "Questionnaire", "Tag", "Theme"]
