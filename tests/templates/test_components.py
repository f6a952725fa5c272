"""Each component renders by itself, and escapes what people typed."""

from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.template import engines
from django.test import RequestFactory
from django.utils import timezone

COMPONENTS = sorted(path.stem for path in (Path(settings.BASE_DIR) / "templates/components").glob("*.html"))
START = timezone.now().replace(year=2027, month=1, day=12, hour=9, minute=30)


def event(**changes):
    """Return an event as far as a list shows it."""
    facts = {
        "course": SimpleNamespace(title="Neglect & <harm>"),
        "starts_at": START,
        "ends_at": START + timedelta(hours=7),
        "place_name": "Online",
        "hosted_in_community": False,
        "places_in_words": "6 places",
        "get_absolute_url": "/events/N-1/",
    }
    return SimpleNamespace(**facts | changes)


def render(source: str, path: str = "/events/?q=neglect&page=2", **context) -> str:
    """Return the template `source` rendered as on the page at `path`."""
    request = RequestFactory().get(path)
    request.user = AnonymousUser()
    return engines["django"].from_string(source).render(context, request)


def test_every_component_says_at_its_top_what_it_is():
    for name in COMPONENTS:
        text = (Path(settings.BASE_DIR) / f"templates/components/{name}.html").read_text()
        assert text.startswith("{% comment %}"), name


@pytest.mark.parametrize("name", COMPONENTS)
def test_every_component_renders_and_escapes_what_it_gets(name):
    typed = dict.fromkeys(("text", "title", "key", "summary", "label", "url", "address", "change_url"), "<b>bold</b>")
    week = [{"date": date(2027, 1, 11) + timedelta(days=n), "in_month": True, "events": [event()]} for n in range(7)]
    html = render(
        f'{{% include "components/{name}.html" %}}',
        **typed,
        event=event(),
        at=START,
        page=Paginator(range(100), 10).page(5),
        numbers=[1, 2],
        weeks=[week],
        percent=50,
        crumbs=[("<b>bold</b>", "/")],
        chips=[("<b>bold</b>", "?")],
        kind="success",
        line=SimpleNamespace(words="<b>bold</b>", points="0,0 9,9", last_x=9, last_y=9),
        messages=[SimpleNamespace(level_tag="success")],
        within=True,
    )
    assert html.strip()
    assert "<b>" not in html


def test_content_between_the_tags_keeps_its_html_and_escapes_its_variables():
    html = render('{% component "inset" %}<p>{{ name }}</p>{% endcomponent %}', name="<script>")
    assert "<p>&lt;script&gt;</p>" in html


def test_components_stand_within_components():
    html = render(
        '{% component "summary_list" %}{% component "summary_row" key="Job role" change_url="/x/" %}Teacher'
        "{% endcomponent %}{% endcomponent %}"
    )
    assert html.index("<dl") < html.index("Job role") < html.index("Teacher") < html.index("</dl>")
    assert 'Change<span class="govuk-visually-hidden"> job role</span>' in html


def test_a_row_of_events_says_when_where_and_what_is_free():
    html = render('{% include "components/event_row.html" %}', event=event())
    assert "Neglect &amp; &lt;harm&gt;" in html
    assert "Tuesday 12 January 2027, " in html and ">9:30am to 4:30pm<" in html
    assert "govuk-tag--green" in html and "6 places" in html


def test_an_event_whose_booking_has_closed_offers_no_places():
    html = render(
        '{% include "components/event_row.html" %}', event=event(booking_closes_at=START - timedelta(days=9999))
    )
    assert "Booking closed" in html and "6 places" not in html


def test_a_two_day_event_names_both_days():
    html = render('{% include "components/event_row.html" %}', event=event(ends_at=START + timedelta(days=1, hours=7)))
    assert ">9:30am</span>, last session Wednesday 13 January 2027" in html


@pytest.mark.parametrize(
    "words, colour", [("Full, 4 waiting", "grey"), ("2 places for voluntary sector", "purple"), ("1 place", "green")]
)
def test_the_colour_of_the_places_follows_their_words(words, colour):
    assert f"govuk-tag--{colour}" in render(
        '{% include "components/places.html" %}', event=event(places_in_words=words)
    )


def test_pagination_keeps_the_search_and_leaves_out_the_middle():
    html = render("{% pagination page %}", page=Paginator(range(200), 10).page(10))
    assert 'href="?q=neglect&amp;page=9"' in html
    assert 'aria-label="Page 10 of 20" aria-current="page"' in html
    assert html.count("&ctdot;") == 2


def test_a_list_of_one_page_has_no_pagination():
    assert "<nav" not in render("{% pagination page %}", page=Paginator(range(3), 10).page(1))


def test_breadcrumbs_start_at_home_and_end_with_this_page():
    html = render('{% crumbs "Courses" "/courses/" "Neglect" %}')
    assert html.index("Home") < html.index('href="/courses/"') < html.index('aria-current="page">Neglect')


def test_the_navigation_marks_where_one_is():
    assert 'aria-current="true"' in render('{% nav_link "Events" "/events/" %}', path="/events/N-1/")
    assert 'aria-current="page"' in render('{% nav_link "Events" "/events/" %}', path="/events/")
    assert "aria-current" not in render('{% nav_link "Courses" "/courses/" %}', path="/events/")
    assert 'aria-current="true"' in render('{% nav_link "Priorities" "/priorities/" "/reach/" %}', path="/reach/rows/")
    assert "aria-current" not in render('{% nav_link "Priorities" "/priorities/" "/reach/" %}', path="/events/")
    assert "<a" not in render('{% nav_link "Nowhere" address %}', path="/events/", address="")


@pytest.mark.parametrize("percent, width", [(-5, "0.0"), (60, "60.0"), (130, "100.0")])
def test_a_bar_never_leaves_its_frame(percent, width):
    assert f'width="{width}"' in render('{% include "components/progress.html" %}', percent=percent)
