"""Ask ClamAV about a file that somebody sent, before it is kept (OWASP ASVS 12.4.2). Off where no setting names one."""

import logging
from typing import BinaryIO

from clamav_client import get_scanner
from clamav_client.clamd import ClamdError
from django.conf import settings

SECONDS = 15  # for each answer of the scanner: a page has thirty
FOUND = "The file has a virus. Choose another"
AWAY = "The file could not be scanned for viruses. Wait a few minutes, then send it again"
log = logging.getLogger(__name__)


def refusal(file: BinaryIO) -> str | None:
    """Return the sentence that refuses a file with a virus, or one that could not be scanned; None when it may be kept.

    Nothing is kept unscanned while the scanner is away: what waits can be sent again, what is kept is opened by others.
    """
    if not settings.VIRUS_SCANNER:
        return None
    scanner = get_scanner({"backend": "clamd", "address": settings.VIRUS_SCANNER, "timeout": SECONDS})
    try:
        found, name = scanner.client.instream(file)["stream"]
    except (ClamdError, OSError, KeyError) as error:
        log.error("The virus scanner at %s did not answer: %s", settings.VIRUS_SCANNER, error)
        return AWAY
    finally:
        file.seek(0)
    if found == "FOUND":
        log.warning("A file that somebody sent was refused: %s", name)
        return FOUND
    return None if found == "OK" else AWAY
