"""The emails of signing in, and the frame of all emails."""

from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines
from django.template.loader import render_to_string
from django.utils import timezone

from wscb_training.context_processors import board_context

FOLDER = Path(settings.BASE_DIR) / "templates/accounts/emails"
NAMES = sorted(path.stem for path in FOLDER.glob("*.html"))
LINK = "https://training.wscb.example/x/?a=1&b=O'Brien"


def render(name: str) -> str:
    context = {
        "user": "Siobhán O'Brien",
        "timestamp": timezone.now(),
        **dict.fromkeys(("activate_url", "password_reset_url", "signup_url"), LINK),
        **dict.fromkeys(("invitation_url", "details_url", "events_url"), LINK),
        "organisation": "The Ernest Bevin Academy",
        "invitation": {"organisation": "Balham Nursery", "invited_by": "Li Wei", "expires_at": timezone.now()},
        **dict.fromkeys(("from_email", "to_email", "deleted_email"), "o'brien@school.example"),
    }
    return render_to_string(f"accounts/emails/{name}", {**board_context(), **context})


@pytest.mark.parametrize("name", NAMES)
def test_an_email_is_a_subject_a_text_and_a_page(name):
    subject, text, html = (render(f"{name}{end}") for end in (".subject.txt", ".txt", ".html"))
    assert subject.strip() and "\n" not in subject.strip()
    assert text.strip().startswith(html.split("<h1")[1].split(">", 1)[1].split("</h1>")[0])
    assert "training@wscb.example" in text and "training@wscb.example" in html
    assert "You get this email because" in text and "You get this email because" in html


@pytest.mark.parametrize("name", NAMES)
def test_a_text_is_not_escaped_and_a_page_is(name):
    text, html = render(f"{name}.txt"), render(f"{name}.html")
    assert "&amp;" not in text and "&#x27;" not in text
    assert "a=1&b" not in html and "O'Brien" not in html


def test_the_facts_of_an_email_leave_out_what_is_empty():
    source = '{% include "notifications/emails/facts.html" %}'
    html = engines["django"].from_string(source).render({"facts": [("Place", "Hall\nSW18 1AA"), ("Room", "")]})
    assert "Hall<br>SW18 1AA" in html and "Room" not in html
