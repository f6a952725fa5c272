"""One small borough in which every address of the site has something to show, for the tests that walk all of them.

Each person of PEOPLE is there once, with the password `PASSWORD`; `make_world` returns what stands in the addresses.
"""

from datetime import timedelta
from io import StringIO
from types import SimpleNamespace

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.core import signing
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.utils import timezone

from accounts import actions as accounts
from accounts import schools, staffing
from accounts.models import CPDLead, Policy
from accounts.models.invitation import INVITE
from accounts.models.user import SUB_COMMITTEE, TD_SERVICE, TRAINER
from accounts.rules import year_of
from bookings import actions as bookings
from bookings.emails import APPROVE, GIVE_BACK
from bookings.models import TrainingRecord
from competence.models import CompetenceGroup
from courses.models import Course
from evaluations import actions as evaluations
from evaluations.emails import ANSWER, RESPONDENT
from evaluations.models import Evaluation, Kind
from learning.actions import make_token
from learning.emails import STOP
from monitoring.models import Evidence, Indicator, SingleAgencyTraining, StandardSet
from monitoring.report import actions as reports
from monitoring.returns import actions as returns
from notifications.models import PreparedFile
from tests.factories import OrganisationFactory, TrainerFactory, UserFactory, make_event

PASSWORD = "correct-horse"  # the factories'
PEOPLE = ("learner", "lead", "stranger", "trainer", "td", "board", "super")


def make_world() -> SimpleNamespace:
    """Make the borough; return its `people` by role and `arguments`, the values of the addresses by their names."""
    now = timezone.now()
    call_command("load_strategy", stdout=StringIO())
    group = CompetenceGroup.objects.get(number=3)
    school = OrganisationFactory(name="Riverside School", requires_approval=False)

    def someone(role: str, organisation=school, **fields):
        person = UserFactory(
            email=f"{role}@world.example", full_name=f"Ada {role.title()}", organisation=None, group=group, **fields
        )
        accounts.join_organisation(person=person, organisation=organisation, by=person, now=now)
        person.memberships.update(confirmed_at=now)
        person.refresh_from_db()
        return person

    people = {"learner": someone("learner")}
    people["lead"] = someone("lead")
    other = OrganisationFactory(name="Another School")
    people["stranger"] = someone("stranger", other)
    for lead in (people["lead"], people["stranger"]):
        CPDLead.objects.create(organisation=lead.organisation, person=lead)
    people["trainer"] = someone("trainer", other)
    people["td"] = someone("td", other, is_staff=True)
    people["board"] = someone("board", other)
    people["super"] = someone("super", other, is_staff=True, is_superuser=True)
    for role, name in (("td", TD_SERVICE), ("board", SUB_COMMITTEE), ("trainer", TRAINER)):
        people[role].groups.add(Group.objects.get(name=name))
    arguments = _of_team(school, people, now=now) | _of_events(people, now=now)
    arguments |= _of_monitoring(school, people, now=now)
    token, secret = make_token(organisation=school, by=people["lead"], now=now, name="Our system", may_book=True)
    return SimpleNamespace(people=people, arguments=arguments | {"token_id": token.pk}, school=school, secret=secret)


def _of_team(school, people: dict, *, now) -> dict:
    """Return what the pages of a team and of single people need."""
    learner, lead = people["learner"], people["lead"]
    managed = UserFactory(email=None, coordinator=lead, organisation=None)
    staffing.start_membership(person=managed, organisation=school, by=lead, now=now, confirmed_by=lead)
    newcomer = UserFactory(email="newcomer@world.example", organisation=None)
    membership = staffing.start_membership(person=newcomer, organisation=school, by=newcomer, now=now)
    [invitation] = staffing.invite(organisation=school, addresses=["asked@world.example"], by=lead, now=now)
    key = Authenticator.objects.create(user=newcomer, type="webauthn", data={"name": "Key 1"})
    dsl = schools.name_safeguarding_lead(organisation=school, person=learner, role="lead", since=now.date(), by=lead)
    record = TrainingRecord.objects.create(
        person=learner, title="Basics", source="elsewhere", status="to_verify", completed_on=now.date()
    )
    record.evidence.save("certificate.pdf", ContentFile(b"%PDF-1.4"))
    no_file = TrainingRecord.objects.create(
        person=learner, title="First aid", source="elsewhere", status="to_verify", completed_on=now.date()
    )
    return {
        "organisation_id": school.pk,
        "person_id": learner.pk,
        "managed": managed.pk,
        "membership_id": membership.pk,
        "invitation_id": invitation.pk,
        "invitation": signing.dumps(invitation.pk, salt=INVITE),
        "role_id": dsl.pk,
        "pk": key.pk,
        "record_id": record.pk,
        "no_file": no_file.pk,
        "stop": signing.dumps(learner.pk, salt=STOP),
    }


def _of_monitoring(school, people: dict, *, now) -> dict:
    """Return what the pages of reports and yearly returns need: a draft with a risk, a return that is asked for."""
    today, td = timezone.localdate(), people["td"]
    StandardSet.objects.filter(agreed_on=None).update(agreed_on=today - timedelta(days=30))
    report, _ = reports.start(year=None, as_at=None, by=td, now=now)
    reports.count(snapshot=report.snapshot, progress=lambda done, of: None)
    point = reports.write_point(
        report=report, by=td, kind="risk", text="Few trainers", owner="T&D", due_on=today, level="high"
    )
    year = year_of(today, starts_month=Policy.current().year_starts_month)
    asked = returns.open_round(year=year, opens_on=today - timedelta(days=10), due_on=today + timedelta(days=20), by=td)
    for lead in (people["lead"], people["stranger"]):  # a draft to go on with, and one that T&D reads
        saved = returns.save_return(
            round=asked, organisation=lead.organisation, by=lead, now=now, workforce={3: 12}, known={3: 2},
            trainings=[("Induction", "Our deputy", 4)], barriers=[], notes="Cover is hard to find",
        )  # fmt: skip
    returns.send_return(yearly_return=saved, by=people["stranger"], now=now)
    return {"number": report.number, "point_id": point.pk, "priority": 1, "report_table": "figures",
            "return_id": saved.pk, "return_year": year}  # fmt: skip


def _of_events(people: dict, *, now) -> dict:
    """Return what the pages of events, bookings, questionnaires and figures need: one event to come and one past."""
    learner, lead = people["learner"], people["lead"]
    trainer = TrainerFactory(person=people["trainer"], name="Ada Trainer")
    course = Course.objects.filter(delivery="face_to_face").order_by("pk").first()
    coming = make_event(course=course, trainers=[trainer], capacity=12)
    booking = bookings.book(event=coming, person=learner, by=learner, now=now)
    then = now - timedelta(days=100)  # long enough for the questionnaires of three months on
    past = make_event(course=course, trainers=[trainer], capacity=12, starts_at=then, now=then - timedelta(days=30))
    been = bookings.book(event=past, person=learner, by=learner, now=then - timedelta(days=20))
    missed = bookings.book(event=past, person=lead, by=lead, now=then - timedelta(days=20))
    session = past.sessions.get()
    marks = {(been.pk, session.pk): "attended", (missed.pk, session.pk): "absent"}
    bookings.mark_attendance(event=past, marks=marks, seen={}, by=None, now=now)
    bookings.close_register(event=past, by=None, now=now)
    evaluations.make_forms_of(been, now=now)
    form = Evaluation.objects.get(booking=been, kind=Kind.IMPACT_LEARNER)
    prepared = PreparedFile.objects.create(
        title="12 certificates", task="x", requested_by=learner, requested_at=now, heard_at=now, finished_at=now,
        status="ready", file_name="certificates.pdf",
    )  # fmt: skip
    prepared.file.save("x.pdf", ContentFile(b"%PDF-1.4"))
    evidence = Evidence.objects.create(
        indicator=Indicator.objects.get(code="10A"), text="Approved", dated=now.date(), added_at=now,
        file=ContentFile(b"%PDF-1.4", name="x.pdf"),
    )  # fmt: skip
    own = SingleAgencyTraining.objects.create(organisation=lead.organisation, title="Our own", held_on=now.date())
    approve = signing.dumps([str(booking.code), lead.pk], salt=APPROVE)
    return {
        "slug": course.slug,
        "online": Course.objects.filter(delivery="online").order_by("pk").first().slug,
        "reference": coming.reference,
        "past": past.reference,
        "booking": booking.code,
        "missed": missed.code,
        "booking_pk": booking.pk,
        "event_pk": coming.pk,
        "form_pk": form.pk,
        "questionnaire_pk": form.questionnaire_id,
        "give_back": signing.dumps(str(booking.code), salt=GIVE_BACK),
        "approve": approve,
        "form": form.code,
        "form_link": signing.dumps([str(form.code), form.respondent_email], salt=ANSWER),
        "respondent": signing.dumps(lead.email, salt=RESPONDENT),
        "completed": TrainingRecord.objects.get(booking=been).pk,
        "check": TrainingRecord.objects.get(booking=been).check_code,
        "prepared_id": prepared.pk,
        "evidence_id": evidence.pk,
        "training_id": own.pk,
        "indicator": "10A",
        "table": "response-rates",
        "app": "courses",
        "key": "no-such-key",
        "help_for": "learner",
        "uidb36": "1",
        "provider_id": "nobody",
        "reach_rows": "take-up",
        "year": 2026,
        "month": 12,
        "number": 1,
    }
