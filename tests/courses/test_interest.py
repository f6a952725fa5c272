"""Registering interest in a course."""

import pytest
from django.urls import reverse

from courses.models import Course, Interest
from tests.courses.samples import NOW, course, event

pytestmark = pytest.mark.django_db


@pytest.fixture
def url():
    return reverse("courses:interest", args=[course().slug])


def test_somebody_registers_interest_and_takes_it_back(client, learner, url):
    client.force_login(learner)
    page = client.post(url, follow=True).content.decode()
    assert "Interest registered" in page
    assert "You registered interest" in page
    interest = Interest.objects.get()
    assert (interest.person, interest.registered_at, interest.told_at) == (learner, NOW, None)

    page = client.post(url, {"withdraw": "yes"}, follow=True).content.decode()
    assert "You are no longer on the list" in page
    assert "Would you come?" in page
    assert not Interest.objects.exists()


def test_twice_is_once(client, learner, url):
    client.force_login(learner)
    client.post(url)
    assert client.post(url, follow=True).status_code == 200
    assert Interest.objects.count() == 1


def test_it_is_for_who_is_signed_in(client, url):
    response = client.post(url)
    assert response.url == f"{reverse('account_login')}?next={url}"
    assert not Interest.objects.exists()


def test_opening_the_address_changes_nothing_and_leads_to_the_course(client, learner, url):
    client.force_login(learner)
    assert client.get(url).url == Course.objects.get().get_absolute_url()
    assert not Interest.objects.exists()


def test_a_course_with_an_open_event_takes_bookings_instead(client, learner, url):
    event(Course.objects.get())
    client.force_login(learner)
    assert "There are dates for this course" in client.post(url, follow=True).content.decode()
    assert not Interest.objects.exists()


def test_online_learning_is_started_instead(client, learner, url):
    Course.objects.update(delivery=Course.Delivery.ONLINE)
    client.force_login(learner)
    assert "start it whenever you like" in client.post(url, follow=True).content.decode()
    assert not Interest.objects.exists()


def test_who_registered_may_take_it_back_after_a_date_was_set(client, learner, url):
    client.force_login(learner)
    client.post(url)
    event(Course.objects.get())
    assert "I am no longer interested" in client.get(Course.objects.get().get_absolute_url()).content.decode()
    client.post(url, {"withdraw": "yes"})
    assert not Interest.objects.exists()
