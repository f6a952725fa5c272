"""Clients: processes of their own that ask as fast as they are answered."""

import http.client
import multiprocessing
import time
from urllib.parse import urlencode, urlsplit

CSRF = "b" * 32


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


def get_pages(seconds: float, url: str) -> int:
    """Get one page again and again for so many seconds; return how often. Fails on any answer but 200."""
    connection, done = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30), 0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        connection.request("GET", urlsplit(url).path)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200, answer.status
        done += 1
    connection.close()
    return done


def book_places(sessions: list[str], url: str) -> int:
    """Press "Confirm booking" once for each signed-in person; return how many were booked."""
    connection, done = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60), 0
    form = urlencode({"csrfmiddlewaretoken": CSRF, "access_needs": "", "dietary_needs": ""})
    for session in sessions:
        headers = {
            "Cookie": f"sessionid={session}; csrftoken={CSRF}",
            "Content-Type": "application/x-www-form-urlencoded",
            "Referer": url,
        }
        connection.request("POST", urlsplit(url).path, form, headers)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 302 and "/booked/" in answer.headers["Location"], (answer.status, answer.headers)
        done += 1
    connection.close()
    return done
