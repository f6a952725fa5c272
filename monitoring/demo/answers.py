"""What the demo's people answer before, after and twelve weeks later, at realistic rates (§15)."""

from datetime import datetime, timedelta
from random import Random

from courses.models import Course, Event
from evaluations import actions
from evaluations.models import Answer, Evaluation, Kind, Question, Questionnaire
from evaluations.rules import impact_opens_at
from monitoring.models import Indicator

M = Question.Measure
PLEDGES = [
    "Ask about the home earlier, and write down what the child says in their own words.",
    "Talk to the health visitor before I decide that it can wait.",
    "Bring the case to supervision and use the tool with the team.",
    "Use the graded care profile when I visit.",
    "Share information with the school nurse instead of waiting to be asked.",
    "Keep a chronology for every family that worries me.",
    "Ring the hub for advice sooner.",
]
WORDS = {
    M.PLEDGE: PLEDGES,
    M.DIFFERENCE: [
        "A mother told us what was going on at home, because we asked in a different way.",
        "The school and the health visitor now share information every month.",
        "A referral went in weeks earlier than it would have before.",
        "Supervision is about the child now, no more about the form.",
        "A young person got help from early help before it grew into a crisis.",
    ],
    M.NEED: ["More on neglect of adolescents.", "A refresher on information sharing.", "Supervision skills."],
    "": [
        "I rang the hub about a family and the advice helped me to act.",
        "I used the tool in two visits, and in supervision.",
        "More time for the case studies, please.",
        "The case studies were the best part; more time for them.",
        "Handouts before the course would help.",
        "To know when to refer and to whom.",
        "How to speak with parents about neglect.",
        "The room was cold in the afternoon.",
    ],
}  # fmt: skip
WRITTEN = {Kind.PRE: 0.4, Kind.POST: 0.6, Kind.IMPACT_LEARNER: 0.7, Kind.IMPACT_MANAGER: 0.6}
THEMES = {"Time for case studies": "case studies", "Supervision": "supervision", "Sharing information": "share"}


def make_answers(random: Random, *, now: datetime) -> None:
    """Answer the forms of the events held, before, after and 12 weeks on; note some themes."""
    asked = _questions()
    for event in Event.objects.filter(status=Event.Status.COMPLETED).select_related("course"):
        for booking in event.bookings.filter(record__status="counted").select_related("person__coordinator"):
            before = random.randint(2, 4)
            twelve_weeks = impact_opens_at(ends_at=event.ends_at, weeks=12)
            said = {
                Kind.PRE: (event.starts_at - timedelta(days=1), before, 0.85),
                Kind.POST: (event.ends_at, min(5, before + random.choice([0, 1, 1, 2])), 0.78),
                Kind.IMPACT_LEARNER: (twelve_weeks, min(5, before + random.choice([0, 1, 1])), 0.45),
                Kind.IMPACT_MANAGER: (twelve_weeks, min(5, before + 1), 0.38),
            }
            for kind, (opens_at, number, rate) in said.items():
                if opens_at < now:
                    _form(random, booking, kind, opens_at, number, rate, asked[kind], now)
    for theme, words in THEMES.items():
        actions.tag(answers=Answer.objects.filter(text__contains=words), theme=theme, by=None, now=now)


def _form(random, booking, kind, opens_at, number, rate, asked, now) -> None:
    at = opens_at + timedelta(hours=random.randint(1, 200))
    answered = random.random() < rate and at < now
    sheet, questions = asked
    manager = booking.organisation.cpd_leads.first() if kind == Kind.IMPACT_MANAGER and booking.organisation else None
    respondent = manager or booking.person
    form, created = Evaluation.objects.get_or_create(
        booking=booking, kind=kind,
        defaults={
            "questionnaire": sheet, "respondent": respondent, "opens_at": opens_at,
            "respondent_email": respondent.message_email, "issued_at": opens_at,
            "submitted_at": at if answered else None,
        },
    )  # fmt: skip
    if created and answered:
        theirs = [question for question in questions if question.course_id in (None, booking.event.course_id)]
        rows = [row for question in theirs for row in _answer(random, form, question, number, booking.event.course)]
        Answer.objects.bulk_create(rows)


def _answer(random: Random, form: Evaluation, question: Question, number: int, course: Course) -> list[Answer]:
    """Return what somebody whose confidence is `number` answers to a question; nothing where they leave it empty."""
    if question.type == Question.Type.OUTCOMES:
        return [
            Answer(evaluation=form, question=question, outcome=outcome[:300], number=_near(random, number))
            for outcome in course.outcome_list
        ]
    if question.type == Question.Type.SCALE:
        lower = question.measure == M.KNOWLEDGE_THEN
        return [Answer(evaluation=form, question=question, number=_near(random, number - 2 if lower else number))]
    if question.type in (Question.Type.SHORT, Question.Type.LONG):
        if random.random() > WRITTEN[form.kind]:
            return []
        return [Answer(evaluation=form, question=question, text=random.choice(WORDS.get(question.measure, WORDS[""])))]
    options = question.option_list or ["Yes", "No"]
    many = random.randint(1, 2) if question.type == Question.Type.ANY_OF else 1
    return [Answer(evaluation=form, question=question, choices=random.sample(options, min(many, len(options))))]


def _near(random: Random, number: int) -> int:
    return max(1, min(5, number + random.choice([-1, 0, 0, 0, 1])))


def _questions() -> dict:
    """Return each current questionnaire with its questions, those included that priorities 4 and 13 count."""
    found = {}
    for kind in Kind.values:
        sheet = Questionnaire.objects.get(kind=kind, is_current=True)
        if kind == Kind.POST:
            _add_counted_questions(sheet)
        found[kind] = (sheet, list(sheet.questions.all()))
    return found


def _add_counted_questions(sheet: Questionnaire) -> None:
    for indicator in Indicator.objects.exclude(question=""):
        for course in Course.objects.filter(subjects__in=indicator.subjects.all()).distinct():
            if not sheet.questions.filter(course=course, text=indicator.question).exists():
                sheet.questions.create(
                    course=course, text=indicator.question, type=Question.Type.SCALE, position=90, is_required=False
                )
