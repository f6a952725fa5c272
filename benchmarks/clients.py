"""Clients of the chaos run: people who book and cancel over HTTP, and note what the site has confirmed to them."""

import http.client
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from urllib.parse import urlencode

CSRF = "b" * 32
TIMEOUT = 20


@dataclass
class Client(threading.Thread):
    """One client with several people's sessions; each step is a booking, or the cancelling of one of theirs."""

    address: str
    sessions: list[str]
    events: list[str]
    until: float
    seed: int
    down: dict[str, bool]  # what is down at the moment
    answers: Counter = field(default_factory=Counter)
    booked: set[str] = field(default_factory=set)  # codes that the site confirmed, and that were not touched since
    cancelled: set[str] = field(default_factory=set)
    unsure: set[str] = field(default_factory=set)  # cancelled without an answer: either may be true

    def __post_init__(self):
        super().__init__(daemon=True)
        self.random, self.mine = Random(self.seed), {session: {} for session in self.sessions}

    def __hash__(self):
        return id(self)

    def run(self) -> None:
        """Book and cancel until the time is over."""
        while time.monotonic() < self.until:
            session, event = self.random.choice(self.sessions), self.random.choice(self.events)
            try:
                if code := self.mine[session].get(event):
                    self._cancel(session, event, code)
                else:
                    self._book(session, event)
            except (OSError, http.client.HTTPException) as error:
                self._count(f"no answer ({type(error).__name__})")
                time.sleep(0.2)

    def _book(self, session: str, event: str) -> None:
        status, location = self._send(session, f"/events/{event}/book/", {"access_needs": "", "dietary_needs": ""})
        if status == 302 and "/booked/" in location:
            code = location.rstrip("/").split("/")[-2]
            self.mine[session][event] = code
            self.booked.add(code)
            self.answers["booked or on the list"] += 1
        else:
            self._count("refused" if status == 302 else f"answer {status}")
            time.sleep(0 if status == 302 else 0.2)

    def _cancel(self, session: str, event: str, code: str) -> None:
        self.booked.discard(code)
        self.unsure.add(code)
        del self.mine[session][event]
        status, _ = self._send(session, f"/bookings/{code}/cancel/", {"reason": "Changed teams"})
        if status == 200:
            self.unsure.discard(code)
            self.cancelled.add(code)
        self._count("cancelled" if status == 200 else f"answer {status}")

    def _count(self, what: str) -> None:
        """Count an answer, and one that is none with what is down."""
        trouble = what.startswith(("no answer", "answer"))
        self.answers[f"{what} while {' and '.join(self.down) or 'nothing'} was down" if trouble else what] += 1

    def _send(self, session: str, path: str, data: dict) -> tuple[int, str]:
        connection = http.client.HTTPConnection(self.address, timeout=TIMEOUT)
        headers = {
            "Cookie": f"sessionid={session}; csrftoken={CSRF}", "Referer": f"http://{self.address}{path}",
            "Content-Type": "application/x-www-form-urlencoded",
        }  # fmt: skip
        try:
            connection.request("POST", path, urlencode({"csrfmiddlewaretoken": CSRF, **data}), headers)
            answer = connection.getresponse()
            answer.read()
            return answer.status, answer.headers.get("Location", "")
        finally:
            connection.close()
