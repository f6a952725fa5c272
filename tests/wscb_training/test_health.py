"""What balancers and containers ask."""

import pytest


@pytest.mark.django_db
def test_health_reaches_the_database_and_nothing_else(client, django_assert_num_queries):
    with django_assert_num_queries(1):  # SELECT 1
        answer = client.get("/health")
    assert (answer.status_code, answer.content) == (200, b"ok")


@pytest.mark.django_db
def test_health_is_asked_beside_https(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/").status_code == 301
    assert client.get("/health").status_code == 200
