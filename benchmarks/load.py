"""Clients: processes of their own that ask as fast as they are answered."""

import http.client
import multiprocessing
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode, urlsplit

CSRF = "b" * 32
PATIENCE = 300  # seconds: a busy machine is slow, and that is to be measured


def run_clients(work, shares: list, *arguments) -> float:
    """Run `work(share, *arguments)` in a process a share, all from one line; return what they did a second together.

    Each returns how many it did; the time is from the starting line to the last one's end.
    """
    context = multiprocessing.get_context("fork")
    line, answers = context.Barrier(len(shares)), context.Queue()

    def client(share):
        line.wait()
        start = time.monotonic()
        done = work(share, *arguments)
        answers.put((done, start, time.monotonic()))

    processes = [context.Process(target=client, args=(share,)) for share in shares]
    for process in processes:
        process.start()
    results = [answers.get(timeout=300) for _ in processes]
    for process in processes:
        process.join()
    done = sum(result[0] for result in results)
    return done / (max(result[2] for result in results) - min(result[1] for result in results))


def get_pages(seconds: float, url: str, session: str = "") -> int:
    """Get one page again and again for so many seconds; return how often. Fails on any answer but 200."""
    connection, done = http.client.HTTPConnection(urlsplit(url).netloc, timeout=PATIENCE), 0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        get_page(connection, urlsplit(url).path, session)
        done += 1
    connection.close()
    return done


def get_page(
    connection: http.client.HTTPConnection, path: str, session: str = "", *, accept: str = "identity"
) -> bytes:
    """Get one page, signed in by a session or as a stranger; return what came over the line. Fails on all but 200."""
    headers = {"Accept-Encoding": accept, **({"Cookie": f"sessionid={session}"} if session else {})}
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    assert answer.status == 200, (path, answer.status)
    return body


def book_places(sessions: list[str], url: str) -> int:
    """Press "Confirm booking" once for each signed-in person; return how many were booked."""
    connection, done = http.client.HTTPConnection(urlsplit(url).netloc, timeout=PATIENCE), 0
    for session in sessions:
        book_place(connection, session, url)
        done += 1
    connection.close()
    return done


def book_place(connection: http.client.HTTPConnection, session: str, url: str) -> None:
    """Press "Confirm booking"; fails unless that leads to a place or the waiting list."""
    form = urlencode({"csrfmiddlewaretoken": CSRF, "access_needs": "", "dietary_needs": ""})
    headers = {
        "Cookie": f"sessionid={session}; csrftoken={CSRF}",
        "Content-Type": "application/x-www-form-urlencoded",
        "Referer": url,
    }
    connection.request("POST", urlsplit(url).path, form, headers)
    answer = connection.getresponse()
    answer.read()
    assert answer.status == 302 and "/booked/" in answer.headers["Location"], (answer.status, answer.headers)


def rush(sessions: list[str], url: str) -> float:
    """Let everybody press "Confirm booking" at the same moment; return the seconds until the last one is answered."""
    line = threading.Barrier(len(sessions) + 1)

    def press(session: str) -> None:
        connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=PATIENCE)
        line.wait()
        book_place(connection, session, url)
        connection.close()

    with ThreadPoolExecutor(len(sessions)) as people:
        answers = [people.submit(press, session) for session in sessions]
        line.wait()
        start = time.monotonic()
        for answer in answers:
            answer.result()
        return time.monotonic() - start
