"""What the demo's people answer before, after and twelve weeks later, at realistic rates (§15)."""

from datetime import datetime, timedelta
from random import Random

from django.db.models import DateTimeField, ExpressionWrapper, F

from accounts.models import Organisation
from bookings.models import Booking
from courses.models import Course, Event
from evaluations import actions
from evaluations.actions.managers import manager_of
from evaluations.models import Answer, Evaluation, Kind, Question, Questionnaire
from evaluations.rules import impact_opens_at, pre_opens_at
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
RATES = {Kind.PRE: 0.85, Kind.POST: 0.78, Kind.IMPACT_LEARNER: 0.45, Kind.IMPACT_MANAGER: 0.38}


def make_answers(random: Random, *, now: datetime) -> None:
    """Answer the forms of the events held, before, after and 12 weeks on; note some themes. Written in bulk."""
    asked, forms, answers = _questions(), [], []
    there = Booking.objects.filter(event__status=Event.Status.COMPLETED, record__status="counted", evaluations=None)
    there = there.select_related("event__course", "person__coordinator", "organisation").order_by("pk")
    for booking in there.prefetch_related("organisation__cpd_leads"):
        before = random.randint(2, 4)
        said = {
            Kind.PRE: before, Kind.POST: min(5, before + random.choice([0, 1, 1, 2])),
            Kind.IMPACT_LEARNER: min(5, before + random.choice([0, 1, 1])), Kind.IMPACT_MANAGER: min(5, before + 1),
        }  # fmt: skip
        for kind, number in said.items():
            if form := _form(random, booking, kind, asked[kind][0], now):
                forms.append(form)
                if form.submitted_at:
                    answers += _answers(random, form, number, asked[kind][1])
    Evaluation.objects.bulk_create(forms)
    Answer.objects.bulk_create(answers)
    for theme, words in THEMES.items():
        actions.tag(answers=Answer.objects.filter(text__contains=words), theme=theme, by=None, now=now)


def remind(*, now: datetime) -> None:
    """Count the open forms as reminded of on the 7th and 14th day, so that no worker reminds of what is long past."""
    open_ones = Evaluation.objects.open().filter(issued_at__isnull=False)
    for field, days in (("first_reminded_at", 7), ("second_reminded_at", 14)):
        later = ExpressionWrapper(F("issued_at") + timedelta(days=days), DateTimeField())
        open_ones.filter(issued_at__lt=now - timedelta(days=days)).update(**{field: later})


def _form(random: Random, booking: Booking, kind: str, sheet: Questionnaire, now: datetime) -> Evaluation | None:
    """Return a form as it was asked, and perhaps answered; None where nobody was asked, or nobody is yet."""
    event, person = booking.event, booking.person
    opens_at = {Kind.PRE: pre_opens_at(starts_at=event.starts_at), Kind.POST: event.ends_at}.get(kind)
    opens_at = opens_at or impact_opens_at(ends_at=event.ends_at, weeks=12)
    alone = booking.organisation is None or booking.organisation.kind == Organisation.Kind.CHILDMINDER
    if opens_at >= now or (kind == Kind.IMPACT_MANAGER and alone) or (kind == Kind.PRE and booking.is_walk_in):
        return None
    manages = kind == Kind.IMPACT_MANAGER
    respondent, address = manager_of(booking) if manages else (person, person.message_email)
    at = opens_at + timedelta(hours=random.randint(1, 200))
    answered = bool(address) and random.random() < RATES[kind] and at < now
    return Evaluation(
        booking=booking, kind=kind, questionnaire=sheet, respondent=respondent, opens_at=opens_at,
        respondent_email=address, issued_at=opens_at if address else None, submitted_at=at if answered else None,
        outcomes=event.course.outcome_list,
        shared_with_manager=answered and kind == Kind.IMPACT_LEARNER and random.random() < 0.5,
    )  # fmt: skip


def _answers(random: Random, form: Evaluation, number: int, questions: list[Question]) -> list[Answer]:
    course = form.booking.event.course
    theirs = [question for question in questions if question.course_id in (None, course.pk)]
    return [answer for question in theirs for answer in _answer(random, form, question, number, course)]


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
