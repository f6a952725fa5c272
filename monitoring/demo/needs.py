"""The demo's yearly returns, own courses, reviews with their answers, and what service users expect."""

from datetime import date, datetime, timedelta
from random import Random

from accounts.models import Organisation, Policy, User
from competence.models import CompetenceGroup, TrainingContent
from courses.models import Course, Event, Subject
from monitoring.models import (
    Answer,
    Consultation,
    ExpectedQuality,
    Learning,
    ReturnRound,
    SingleAgencyTraining,
    StandardSet,
    YearlyReturn,
)
from monitoring.quality import actions as quality
from monitoring.quality.due import CHECKS, with_reviews
from monitoring.returns import actions as returns
from monitoring.returns import reading
from monitoring.rules import Period, period

MOST_RETURNS, MOST_OWN = 160, 40
ELSEWHERE = [
    ("Safeguarding level 2", "Southside College"), ("Paediatric first aid", "St John Ambulance"),
    ("Female genital mutilation, online", "Home Office"), ("Child protection in sport", "NSPCC"),
    ("Level 3 safeguarding update", "South West London NHS"), ("Online safety", "National Online Safety"),
]  # fmt: skip
WANTED = [
    "Complex Neglect", "Online safety", "Domestic Abuse", "Child Sexual Exploitation", "Self Harm", "Gangs",
    "Supervision Skills", "The effects of Parental Mental Health", "Early Help", "Attachment",
]  # fmt: skip
NOTES = [
    "Twilight sessions would let our teaching assistants come.",
    "We should like one whole-team event in the summer term.",
    "Our volunteers can only come on Saturdays.",
]
OWN = [
    ("Safeguarding induction", "Two hours", "Designated Safeguarding Lead", ("C1",)),
    ("Yearly safeguarding update", "Half a day", "Safeguarding lead of the trust", ("C1", "C2")),
    ("Recording concerns on our system", "One hour", "Deputy safeguarding lead", ("C1",)),
    ("Talking with children who are worried", "Half a day", "Educational psychologist", ("C6",)),
    ("Safeguarding supervision for managers", "One day", "An independent trainer", ("C7",)),
]
GAPS = [
    "The LADO's 24 hours are not in the slides yet.",
    "We do not ask again after three months.",
    "There is no loop in our training room.",
]
COMMENTS = [
    "A clear course. Please put the local thresholds in, not the national ones alone.",
    "Good use of case material. What do participants say three months on?",
    "Thank you. The Sub-committee would like to observe the next one.",
]
FOUND = [
    "Lively and clear; the case study on neglect worked well. The slides on thresholds need this year's guide.",
    "Trainers knew the room and took questions seriously. More time for the group work would help.",
    "Content is right. Two participants could not read the handout: larger print next time.",
]
CONSULTATIONS = [
    (
        "Young people in care and care leavers", 150, 24, "Two evening groups with the participation worker",
        "Young people from 12 to 20 of the Children in Care Council and the leaving care service.",
        [
            ("quality", "They listen and don't judge.", 19, ["Planning and Decision Making in Child Protection"]),
            ("quality", "They do what they said they would.", 16, []),
            ("skill", "They explain what happens next in words I understand.", 14,
             ["Signs of Safety & Wellbeing: Tools for working with children"]),
            ("skill", "They can talk about self harm without panic.", 8, ["Self Harm"]),
            ("knowledge", "They know what it is like to move placement.", 7, []),
            ("knowledge", "They know about life online.", 11, ["E-safety Awareness Workshop"]),
        ],
    ),
    (
        "Parents who had a child protection plan", 420, 17, "Interviews at home by an independent worker",
        "Parents whose plan ended in the year before, asked by letter; one in three answered.",
        [
            ("quality", "They are honest about what worries them.", 13,
             ["Working with Hard to Help Families developing Authoritative Practice"]),
            ("quality", "They respect our culture and our faith.", 6, ["Faith Based Abuse"]),
            ("skill", "They see the whole family, fathers too.", 9, ["Complex Neglect"]),
            ("knowledge", "They understand what drink, drugs and illness do to parents.", 10,
             ["Impact of Parental Substance Misuse on Parenting", "The Effects of Parental Mental Health on Children"]),
        ],
    ),
]  # fmt: skip


def make_needs(random: Random, *, now: datetime) -> None:
    """Make what needs analysis, quality assurance and service users have to show, by the site's own actions."""
    this = period(year=None, as_at=None, now=now, starts_month=Policy.current().year_starts_month)
    td = User.objects.get(email="td@demo.example")
    messages = StandardSet.objects.of_kind(StandardSet.Kind.CORE_MESSAGES).get()
    before = this.year_before()
    messages.agreed_on, messages.minute = before.starts_on - timedelta(days=40), "Sub-committee, item 5"
    messages.introduction = "Every safeguarding course in the borough carries these, whoever gives it."
    messages.save()
    _own_courses(random, td, now)
    _returns(random, this, now)
    _reviews(random, td, this)
    _consultations(td, this.as_at)


def _own_courses(random: Random, td: User, now: datetime) -> None:
    """Say more of the own courses that the priorities made, add others, assess most, comment on some."""
    sets = [StandardSet.objects.in_force(kind, on=now.date()) for kind in StandardSet.Kind]
    contents = {content.code: content for content in TrainingContent.objects.all()}
    others = Organisation.objects.filter(is_active=True, own_trainings=None).exclude(kind="childminder").order_by("pk")
    wanted = max(0, MOST_OWN - SingleAgencyTraining.objects.count())
    for organisation in others[::3][:wanted]:
        SingleAgencyTraining.objects.create(
            organisation=organisation, title="", held_on=now.date() - timedelta(days=random.randint(10, 330))
        )
    for number, own in enumerate(SingleAgencyTraining.objects.select_related("organisation").order_by("pk")):
        title, length, given_by, codes = OWN[number % len(OWN)]
        lead = own.organisation.cpd_leads.order_by("pk").first() or td
        own = quality.record_own_training(
            organisation=own.organisation, by=lead, training=own, title=own.title or title, length=length,
            given_by=given_by, people_trained=random.randint(3, 60), contents=[contents[code] for code in codes],
        )  # fmt: skip
        if number % 6 == 5:
            continue
        answers = {
            standard: (Answer.MET, "") if random.random() < 0.96 else (Answer.PARTLY, random.choice(GAPS))
            for each in sets
            for standard in each.standards.all()
        }
        after = min(now, now - (now.date() - own.held_on) + timedelta(days=9))
        quality.assess_own_training(training=own, by=lead, now=after, answers=answers)
        if number % 5 == 1:
            quality.comment(
                training=own,
                by=td,
                now=min(now, after + timedelta(days=20)),
                text=COMMENTS[number // 5 % len(COMMENTS)],
            )


def _returns(random: Random, this: Period, now: datetime) -> None:
    """Make last year's round, which most returned, and this year's, of which some are sent and some begun."""
    last = ReturnRound.objects.create(
        year=this.year - 1, opens_on=this.starts_on - timedelta(days=200), due_on=this.starts_on - timedelta(days=150)
    )
    ago = min(40, max(1, (this.as_at - this.starts_on).days))
    current = ReturnRound.objects.create(
        year=this.year, opens_on=this.as_at - timedelta(days=ago), due_on=this.as_at + timedelta(days=12)
    )
    asked = list(reading.asked_organisations().filter(leadships__isnull=False).distinct()[:MOST_RETURNS])
    subjects = list(Subject.objects.filter(name__in=WANTED))
    groups = list(CompetenceGroup.objects.all())
    for number, organisation in enumerate(asked):
        if number % 5 != 4:
            day = last.due_on - timedelta(days=random.randint(-3, 40))
            _one(random, last, organisation, groups, subjects, now - (now.date() - day), is_sent=True)
        if number % 5 in (0, 1, 3):
            at = now - timedelta(days=random.randint(1, ago))
            _one(random, current, organisation, groups, subjects, at, is_sent=number % 5 != 3)


def _one(random, round, organisation, groups, subjects, at: datetime, *, is_sent: bool) -> YearlyReturn:
    by = organisation.cpd_leads.order_by("pk").first()
    known = reading.known(organisation, today=at.date()).workforce
    size = random.choice([4, 9, 14, 30, 55])
    workforce = {
        group.pk: max(known.get(group.pk, 0), random.randint(0, size if group.pk in (1, 2, 3, 6) else 2))
        for group in groups
    }
    kept = returns.save_return(
        round=round, organisation=organisation, by=by, now=at, workforce=workforce, known=known,
        trainings=[(title, provider, random.randint(1, 12)) for title, provider in random.sample(ELSEWHERE, 2)],
        subjects=random.sample(subjects, min(3, len(subjects))), other_subjects="",
        barriers=random.sample([value for value, _ in YearlyReturn.Barrier.choices], random.randint(1, 3)),
        other_barriers="", notes=random.choice(NOTES) if random.random() < 0.3 else "",
    )  # fmt: skip
    return returns.send_return(yearly_return=kept, by=by, now=at) if is_sent else kept


def _reviews(random: Random, td: User, this: Period) -> None:
    """Record reviews with answers of some courses, observe some events, and record learning that marks others."""
    standards = StandardSet.objects.in_force(StandardSet.Kind.STANDARDS, on=this.as_at)
    held = Event.objects.filter(status=Event.Status.COMPLETED, starts_at__lt=this.moment).select_related("course")
    for number, event in enumerate(held.order_by("-starts_at")[:24:3]):
        answers = {
            each: (Answer.MET, "") if random.random() < 0.9 else (Answer.PARTLY, "Next time.")
            for each in standards.standards.all()
        }
        day = event.starts_at.date()
        quality.record_review(
            by=td, event=event, reviewed_on=day, reviewer=("Hyacinth Lewis", "Dominic Clarke")[number % 2],
            standards=standards, answers=answers, notes=FOUND[number % len(FOUND)],
        )  # fmt: skip
        if number % 2 == 0:
            quality.record_review(
                by=td, course=event.course, reviewed_on=min(day + timedelta(days=7), this.as_at), checks=list(CHECKS),
                reviewer="Dominic Clarke", found_current=True, standards=standards, answers=answers,
                notes=FOUND[(number + 1) % len(FOUND)],
            )  # fmt: skip
    for course in with_reviews(Course.objects.all(), today=this.as_at):
        if course.last_review and course.last_found_current:
            course.materials_reviewed_on, course.materials_reviewed_by = course.last_review, course.last_reviewer
            course.save(update_fields=["materials_reviewed_on", "materials_reviewed_by"])
    for kind, title, days, names in (
        ("case_audit", "Case audit: neglect in families with many moves", 75, ["Attachment"]),
        ("policy", "Domestic Abuse Act: children are victims in their own right", 45, ["Domestic Abuse"]),
    ):
        made = Learning.objects.create(kind=kind, title=title, dated=this.as_at - timedelta(days=days))
        made.subjects.set(Subject.objects.filter(name__in=names))


def _consultations(td: User, today: date) -> None:
    courses = {course.title: course for course in Course.objects.all()}
    for title, days, people, method, sample, themes in CONSULTATIONS:
        asked = Consultation.objects.create(
            title=title, dated=today - timedelta(days=days), sample=sample, people=people, method=method,
            summary="The themes below were named most. They went to the trainers of the courses beside them.",
            recorded_by=td,
        )  # fmt: skip
        for number, (kind, text, mentions, titles) in enumerate(themes, start=1):
            theme = ExpectedQuality.objects.create(
                consultation=asked, kind=kind, text=text, mentions=mentions, position=number
            )
            theme.courses.set(courses[name] for name in titles if name in courses)
