"""`make scan`: Wapiti crawls and attacks the site over TLS, as a stranger and signed in; what it finds is counted.

On a site of its own with one of everything (tests/pages/world.py); each person starts from all pages of
tests/pages/table.py that they are the first who may open. Ends with 1 on any finding (none is explained away), on an
answer of 500, and where what was posted broke an invariant. Limits on guesses are off (scan_settings.py).
Bounded: about seven minutes. `--long` takes every attack that fits, half a minute for each: about 35 minutes.
Names of ROLES scan as those alone.
"""

import json
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import unquote

from tests.browser.every_page import ROLES, pages_of
from tests.browser.site import BASE, Site, free_port, listens, running_site, wait_for

WAPITI = "var/scan/bin/wapiti"
PASSWORD = "correct-horse"  # tests/factories.py
CRAWL_SECONDS, ATTACK_SECONDS = 20, 4  # a person's crawl; each attack of a person
LONG = 30  # either of them with --long
MODULES = (
    "backup", "cookieflags", "crlf", "csp", "csrf", "exec", "file", "http_headers", "https_redirect", "methods",
    "permanentxss", "redirect", "sql", "upload", "xss",
)  # fmt: skip
# What is for software that isn't here, or waits for slow answers. Left out of both: what needs a network (ssrf,
# takeover, wapp, htp, cms), lists that it would first fetch (nikto, buster) and TLS, which is the balancer's (ssl).
MORE = ("htaccess", "ldap", "log4shell", "shellshock", "spring4shell", "timesql", "xxe")
# What would end the scanner's own way in. tests/pages posts to these.
LEFT_OUT = (
    "account/logout/", "admin/logout/", "account/password/change/", "account/second-factor/", "your-details/sessions/",
    "your-details/data/erase/", "people/", "static/",
)  # fmt: skip
ANSWER = re.compile(r'"(?P<method>[A-Z]+) (?P<path>[^ ?"]+)\S* HTTP/[\d.]+" (?P<status>\d{3}) ')
CUT_SHORT = re.compile(r"Max attack time was reached for module (\w+)")


def main() -> None:
    long, roles = "--long" in sys.argv, [role for role in ROLES if role in sys.argv] or ROLES
    with tempfile.TemporaryDirectory() as folder, running_site(Path(folder)) as site:
        if not _sees_a_hole(site.folder):
            sys.exit("The scanner did not find the hole of a page that has one: it is blind.")
        starts = _start(site)
        wrong = [sentence for role in roles for sentence in _scan(site, role, starts[role], long)]
        print(site.manage("check_invariants").strip().splitlines()[-1])
    for sentence in wrong:
        print(f"WRONG: {sentence}")
    print(f"{len(wrong)} things are wrong." if wrong else "Nothing is wrong.")
    sys.exit(bool(wrong))


def _start(site: Site) -> dict[str, list]:
    """Make the world and serve it over TLS with a certificate of its own; return the pages by who opens them."""
    starts = pages_of(site)
    port = free_port()
    site.url = f"https://127.0.0.1:{port}"
    site.environment |= {"BASE_URL": site.url, "HTTPS": "on", "DJANGO_SETTINGS_MODULE": "benchmarks.scan_settings"}
    key, certificate = site.folder / "key.pem", site.folder / "certificate.pem"
    make = f"openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -keyout {key} -out {certificate}"
    subprocess.run(make.split(), check=True, capture_output=True)
    site.start(
        "web", "gunicorn", "--config", "python:wscb_training.gunicorn", "wscb_training.wsgi", "--threads", "4",
        "--bind", f"127.0.0.1:{port}", "--keyfile", str(key), "--certfile", str(certificate), "--access-logfile", "-",
    )  # fmt: skip
    wait_for(lambda: listens(port), "the site to listen")
    return starts


def _scan(site: Site, role: str, pages: list, long: bool) -> list[str]:
    """Scan as one person; print the counts, and return a sentence for each thing that is wrong."""
    log, report, begin = site.folder / "web.log", site.folder / f"{role}.json", time.monotonic()
    before = log.stat().st_size
    said = _wapiti(site, role, pages, report, long)
    found = json.loads(report.read_text())
    asked = list(ANSWER.finditer(log.read_bytes()[before:].decode(errors="replace")))
    answers = Counter(match["status"] for match in asked)
    seen = {match["path"] for match in asked if match["status"] == "200"}
    print(
        f"{role}: {len(pages)} pages given, {found['infos']['crawled_pages_nbr']} pages and forms crawled, "
        f"{len(seen)} addresses answered, {len(asked)} requests in {time.monotonic() - begin:.0f} s; "
        f"answers {dict(sorted(answers.items()))}; cut short: {', '.join(CUT_SHORT.findall(said)) or 'nothing'}",
        flush=True,
    )
    wrong = [f"{role}: 500 at {method} {path}" for method, path in sorted(
        {(match["method"], match["path"]) for match in asked if match["status"] == "500"}
    )]  # fmt: skip
    if role != "nobody" and not found["infos"]["auth"]["logged_in"]:
        wrong.append(f"{role}: the scanner could not sign in")
    return wrong + _findings(role, found)


def _wapiti(site: Site, role: str, pages: list, report: Path, long: bool) -> str:
    """Scan the site as one person and return what Wapiti said."""
    starts = report.with_suffix(".txt")
    starts.write_text("".join(f"{site.url}{url}\n" for _, url in pages))
    who = {"--form-url": f"{site.url}/account/login/", "--form-user": f"{role}@world.example",
           "--form-password": PASSWORD} if role != "nobody" else {}  # fmt: skip
    return _attack(
        site.url, report, who | {
            "--start": starts, "--module": ",".join(MODULES + MORE if long else MODULES),
            "--max-scan-time": LONG if long else CRAWL_SECONDS, "--max-attack-time": LONG if long else ATTACK_SECONDS,
            "--depth": 3, "--max-links-per-page": 60, "--max-files-per-dir": 20, "--verify-ssl": 0,
            "--header": f"Origin: {site.url}",  # as a browser sends it; without it every form is refused
        }
    )  # fmt: skip


def _attack(url: str, report: Path, options: dict) -> str:
    """Run Wapiti against an address, its findings into a file of JSON; return what it said."""
    options = {"--url": f"{url}/", "--scope": "folder", "--tasks": 2, "--format": "json", "--output": report,
               "--store-session": report.with_suffix(".session"), **options}  # fmt: skip
    left_out = [part for path in LEFT_OUT for part in ("--exclude", f"{url}/{path}*")]
    command = [WAPITI, "--no-bugreport", "--flush-session", "--verbose", "1", *left_out]
    command += [str(part) for option in options.items() for part in option]
    return subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=True, cwd=BASE
    ).stdout


class Weak(BaseHTTPRequestHandler):
    """A page with a hole: what stands in its address comes back as it is."""

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(f"<a href='/?q=a'>a</a><p>{unquote(self.path)}</p>".encode())

    def log_message(self, *args):
        """Say nothing."""


def _sees_a_hole(folder: Path) -> bool:
    """Return whether the scanner finds the hole of a page that has one: else its silence says nothing."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Weak) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        report = folder / "weak.json"
        _attack(f"http://127.0.0.1:{server.server_port}", report, {"--module": "xss", "--max-attack-time": 20})
        server.shutdown()
    return bool(json.loads(report.read_text())["vulnerabilities"]["Reflected Cross Site Scripting"])


def _findings(role: str, found: dict) -> list[str]:
    """Print the findings by kind, and return a sentence for each."""
    all_of = [
        (kind, each) for part in ("vulnerabilities", "anomalies") for kind, each_of in found[part].items()
        for each in each_of
    ]  # fmt: skip
    for kind, number in Counter(kind for kind, _ in all_of).items():
        print(f"  {number:4}  {kind}")
    return [
        f"{role}: {kind}: {each['method']} {each['path']} {each['parameter'] or ''} {each['info']}"
        for kind, each in all_of
    ]


if __name__ == "__main__":
    main()
