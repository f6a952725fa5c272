from evaluations.models.evaluation import Answer, Evaluation
from evaluations.models.questionnaire import Kind, Question, Questionnaire

__all__ = ["Answer", "Evaluation", "Kind", "Question", "Questionnaire"]
