"""§5: who may be put on an event, by every path by which a trainer can come to one; and no double booking unawares."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from bookings import actions as bookings
from courses import actions
from courses.models import Course, Event, Subject, Trainer
from courses.rules import trainer_refusal
from tests.bookings.test_admin import form_of
from tests.factories import CourseFactory, OrganisationFactory, TrainerFactory, UserFactory, VenueFactory, make_event

pytestmark = pytest.mark.django_db
NO_PROGRAMME = "without a completed train-the-trainer programme"


@pytest.fixture
def untrained():
    return TrainerFactory(name="Jerome Bailey", train_the_trainer_on=None, person=UserFactory())


def admin_url(name, *args):
    return reverse(f"admin:courses_{name}", args=args)


class TestTheRule:
    FACTS = {
        "name": "Ann", "kind": "internal", "is_active": True, "trained": True, "is_multi_agency": True,
        "specialist_subjects": [], "expertise": [],
    }  # fmt: skip

    @pytest.mark.parametrize(
        ("facts", "words"),
        [
            ({}, None),
            ({"trained": False}, NO_PROGRAMME),
            ({"trained": False, "is_multi_agency": False}, None),
            ({"trained": False, "kind": "external"}, None),
            ({"kind": "external", "specialist_subjects": ["Gangs"]}, "no recorded expertise in Gangs"),
            ({"kind": "specialist", "specialist_subjects": ["Gangs", "FGM"], "expertise": ["FGM"]}, None),
            ({"kind": "specialist", "specialist_subjects": ["Gangs"], "expertise": ["FGM"]}, "no recorded expertise"),
            ({"is_active": False}, "not in the pool"),
        ],
        ids=str,
    )
    def test_internal_by_the_programme_the_others_by_expertise(self, facts, words):
        refusal = trainer_refusal(**{**self.FACTS, **facts})
        assert refusal is None if words is None else words in refusal


class TestEveryPath:
    def test_making_an_event(self, untrained):
        with pytest.raises(actions.TrainersRefused, match=NO_PROGRAMME):
            make_event(trainers=[untrained])
        assert not Event.objects.exists()

    def test_the_events_page_in_the_admin(self, client, officer, untrained):
        event = make_event()
        before = list(event.trainers.all())
        page = client.post(admin_url("event_change", event.pk), form_of(event, trainers=[untrained.pk])).text
        assert NO_PROGRAMME in page and list(event.trainers.all()) == before

    def test_a_new_event_in_the_admin(self, client, officer, untrained):
        start = timezone.localtime(timezone.now() + timedelta(days=20)).replace(hour=9, minute=0)
        data = form_of(Event(course=CourseFactory(), capacity=9, audience="all"), **{
            "trainers": [untrained.pk], "sessions-TOTAL_FORMS": 1, "sessions-0-starts_at_0": start.date(),
            "sessions-0-starts_at_1": "09:30", "sessions-0-ends_at_0": start.date(), "sessions-0-ends_at_1": "12:30",
        })  # fmt: skip
        assert NO_PROGRAMME in client.post(admin_url("event_add"), data).text and not Event.objects.exists()

    def test_a_copy_of_an_event_that_was_bespoke(self, untrained):
        bespoke = make_event(audience=Event.Audience.ORGANISATIONS, trainers=[untrained])
        Event.objects.filter(pk=bespoke.pk).update(audience=Event.Audience.ALL)
        bespoke.refresh_from_db()
        with pytest.raises(actions.TrainersRefused):
            actions.clone_event(event=bespoke, first_day=date(2030, 1, 7), by=None)

    def test_publishing_a_draft_whose_trainer_lost_the_programme(self, untrained):
        untrained.train_the_trainer_on = date(2020, 1, 1)
        untrained.save()
        draft = make_event(trainers=[untrained], published=False)
        Trainer.objects.filter(pk=untrained.pk).update(train_the_trainer_on=None)
        with pytest.raises(actions.TrainersRefused, match=NO_PROGRAMME):
            actions.publish(event=draft, by=None, now=timezone.now())

    def test_opening_a_bespoke_event_to_everyone(self, client, officer, untrained):
        event = make_event(audience=Event.Audience.ORGANISATIONS, organisations=[OrganisationFactory()],
                           trainers=[untrained])  # fmt: skip
        page = client.post(admin_url("event_change", event.pk), form_of(event, audience="all")).text
        event.refresh_from_db()
        assert NO_PROGRAMME in page and event.audience == "organisations"

    def test_making_a_trainer_internal_who_trains_an_event_to_come(self, client, officer):
        event = make_event(trainers=[TrainerFactory(kind="external", train_the_trainer_on=None)])
        trainer = event.trainers.get()
        data = {"name": trainer.name, "kind": "internal", "is_active": "on"}
        assert NO_PROGRAMME in client.post(admin_url("trainer_change", trainer.pk), data).text
        trainer.refresh_from_db()
        assert trainer.kind == "external"

    def test_making_a_course_multi_agency(self, client, officer, untrained):
        course = CourseFactory(programme=Course.Programme.BESPOKE)
        make_event(course=course, trainers=[untrained])
        data = {
            "title": course.title, "slug": course.slug, "summary": course.summary, "outcomes": course.outcomes,
            "delivery": course.delivery, "programme": "multi_agency", "level": course.level, "is_active": "on",
            "required_sessions": 1, "position": 0, "length": "", "start_link": "", "notes": "",
        }  # fmt: skip
        assert NO_PROGRAMME in client.post(admin_url("course_change", course.pk), data).text
        course.refresh_from_db()
        assert course.programme == Course.Programme.BESPOKE

    def test_nothing_else_writes_the_trainers_of_an_event(self):
        base = Path(__file__).parents[2]
        writers = [
            f"{path.relative_to(base)}: {line.strip()}"
            for app in ("accounts", "bookings", "competence", "courses", "evaluations", "learning", "monitoring")
            for path in (base / app).rglob("*.py")
            if "demo" not in path.relative_to(base).parts  # its events are over, and written in bulk
            for line in path.read_text().splitlines()
            if re.search(r"trainers\.(set|add|through)|\.events\.(set|add)\(", line)
        ]
        assert writers == ["courses/actions.py: event.trainers.set(trainers)"]


class TestItOpensByItself:
    @pytest.fixture
    def course(self):
        return CourseFactory(title="Training the Trainers", duty=Course.Duty.TRAIN_THE_TRAINER)

    def complete(self, course, person, mark="attended", *, seen=""):
        now = timezone.now()
        event = course.events.first() or make_event(course=course, starts_at=now - timedelta(days=1), now=now)
        booking = event.bookings.first() or bookings.book(
            event=event, person=person, by=person, now=now - timedelta(days=3), override_reason="Test"
        )
        cell = (booking.pk, event.sessions.get().pk)
        bookings.mark_attendance(event=event, marks={cell: mark}, seen={cell: seen}, by=None, now=now)
        bookings.close_register(event=event, by=None, now=now)

    def test_completing_training_the_trainers_and_shuts_when_that_is_withdrawn(self, untrained, course):
        self.complete(course, untrained.person)
        make_event(trainers=[Trainer.objects.get(pk=untrained.pk)])
        self.complete(course, untrained.person, "absent", seen="attended")
        untrained.refresh_from_db()
        assert untrained.train_the_trainer_on is None

    def test_for_somebody_who_joins_the_pool_afterwards(self, client, officer, course):
        person = UserFactory()
        self.complete(course, person)
        client.post(admin_url("trainer_add"), {
            "name": "New", "kind": "internal", "person": person.pk, "is_active": "on", "train_the_trainer_on": "",
        })  # fmt: skip
        assert Trainer.objects.get(name="New").train_the_trainer_on

    def test_what_td_typed_in_stays(self, course):
        trainer = TrainerFactory(kind="internal", person=UserFactory(), train_the_trainer_on=date(2016, 5, 12))
        self.complete(course, trainer.person, "absent")
        bookings.keep_pool()
        trainer.refresh_from_db()
        assert trainer.train_the_trainer_on == date(2016, 5, 12)


def test_a_specialist_subject_wants_recorded_expertise():
    subject = Subject.objects.create(name="Gangs", category=Subject.Category.SPECIALIST)
    course, trainer = CourseFactory(), TrainerFactory(kind="external")
    course.subjects.add(subject)
    with pytest.raises(actions.TrainersRefused, match="no recorded expertise in Gangs"):
        make_event(course=course, trainers=[trainer])
    trainer.expertise.add(subject)
    assert make_event(course=course, trainers=[trainer]).is_published


class TestDoubleBooking:
    def test_publishing_names_it_and_wants_a_reason(self):
        venue, trainer = VenueFactory(name="Battersea Arts Rooms"), TrainerFactory(name="Ama Mensah")
        first = make_event(venue=venue, trainers=[trainer])
        draft = make_event(venue=venue, trainers=[trainer], starts_at=first.starts_at, published=False,
                           double_booking_reason="")  # fmt: skip
        with pytest.raises(actions.DoubleBooked) as refused:
            actions.publish(event=draft, by=None, now=timezone.now())
        assert refused.value.clashes == [
            f"Battersea Arts Rooms is taken by {first} at that time.", f"Ama Mensah trains at {first} at that time.",
        ]  # fmt: skip
        Event.objects.filter(pk=draft.pk).update(double_booking_reason="Two rooms")
        assert actions.publish(event=draft, by=None, now=timezone.now()).is_published

    def test_a_reason_given_before_this_clash_is_none(self):
        venue = VenueFactory(name="Battersea Arts Rooms")
        first = make_event(venue=venue)
        draft = make_event(starts_at=first.starts_at, published=False, double_booking_reason="Two trainers")
        Event.objects.filter(pk=draft.pk).update(venue=venue)
        with pytest.raises(actions.DoubleBooked, match="given for another clash"):
            actions.publish(event=draft, by=None, now=timezone.now())

    def test_one_after_the_other_is_none(self):
        venue = VenueFactory()
        first = make_event(venue=venue)
        assert make_event(venue=venue, starts_at=first.ends_at, double_booking_reason="").is_published
