"""Names that somebody types, of themselves and of organisations; programme years: pure decisions."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime

from django.utils import timezone

LIKE_ENOUGH = 62  # of 100; lower, "St Mary's" finds every saint
POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][A-Z]{2})")
# What turns the direction of text that follows; a right-to-left name needs none of them.
TURNS = {*"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"}


def tidy_name(typed: str) -> str:
    """Return a name as it is kept: any script, one space between words, nothing that breaks a line or turns the text.

    Joiners stay: Persian and Indian names are not right without them.
    """
    shown = (" " if unicodedata.category(letter) in ("Cc", "Zl", "Zp") else letter for letter in typed)
    text = unicodedata.normalize("NFC", "".join(letter for letter in shown if letter not in TURNS))
    return " ".join(text.split())


def has_letters(name: str) -> bool:
    """Return whether a name has a letter, of any script, in it."""
    return any(letter.isalpha() for letter in name)


def tidy_postcode(typed: str) -> str | None:
    """Return a UK postcode in its printed form ("SW18 2PU"), or None when it is none."""
    match = POSTCODE.fullmatch(re.sub(r"[^A-Za-z0-9]", "", typed).upper())
    return f"{match[1]} {match[2]}" if match else None


def matching_organisations(typed: str, names: Mapping[int, str], *, most: int = 10) -> list[int]:
    """Return the keys of the names most like what somebody typed, best first; typing mistakes are forgiven.

    `names` maps a key to "name postcode", so that a postcode finds an organisation too: a whole one finds those that
    have it and no others, for its neighbours look much like it.
    """
    typed = plain(typed[:200])
    if not typed:
        return []
    if postcode := tidy_postcode(typed):
        wanted = letters_and_figures(postcode)
        return [key for key, name in names.items() if letters_and_figures(name).endswith(wanted)][:most]
    from rapidfuzz import fuzz, process  # 3 MB that only a process in which somebody searches needs

    near = process.extract(typed, names, scorer=fuzz.WRatio, processor=plain, limit=5 * most, score_cutoff=LIKE_ENOUGH)
    by_words = sorted(near, key=lambda match: (-_words_alike(typed, plain(match[0])), -match[1]))
    return [key for _, _, key in by_words[:most]]


def plain(text: str) -> str:
    """Return a text in small letters without accents and apostrophes, other signs as spaces."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    kept = (letter for letter in letters if not unicodedata.combining(letter) and letter not in "'’‘`.")
    return " ".join("".join(letter if letter.isalnum() else " " for letter in kept).split())


def _words_alike(typed: str, name: str) -> float:
    """Return how well the typed words are found among those of a name, 0 to 100; the start of a word will do."""
    words = name.split()
    best = [max((_word_alike(one, word) for word in words), default=0) for one in typed.split()]
    return sum(best) / len(best)


def _word_alike(typed: str, word: str) -> float:
    from rapidfuzz import fuzz

    return 95 if word != typed and word.startswith(typed) else fuzz.ratio(typed, word)


def same_name(one: str, other: str) -> bool:
    """Return whether two people typed the same name: letters and figures alike, whatever the rest."""
    return letters_and_figures(one) == letters_and_figures(other)


def letters_and_figures(text: str) -> str:
    """Return what is left of a text without spaces, signs and capitals: "St. Mary's" is "stmarys"."""
    return re.sub(r"[\W_]+", "", text).casefold()


def same_organisation(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Return whether two (name, postcode) are one organisation: same name in the same district ("SW18"), or one of
    them without a postcode. There is a St Mary's in every district.
    """
    (name, postcode), (other_name, other_postcode) = one, other
    districts = {part.split()[0] for part in (postcode, other_postcode) if part.split()}
    return same_name(name, other_name) and len(districts) <= 1


def childminder_name(full_name: str) -> str:
    """Return the name of the organisation that a childminder is; at most 200 characters."""
    return f"{full_name[:187]}, childminder" if full_name else "Childminder"


def year_of(day: date, *, starts_month: int) -> int:
    """Return the programme year that `day` lies in, named by the calendar year in which it begins."""
    return day.year if day.month >= starts_month else day.year - 1


def year_bounds(year: int, *, starts_month: int) -> tuple[datetime, datetime]:
    """Return the first moment of a programme year and that of the next, in London."""
    zone = timezone.get_default_timezone()
    return tuple(datetime(each, starts_month, 1, tzinfo=zone) for each in (year, year + 1))


def year_name(year: int, *, starts_month: int) -> str:
    """Return "2026-27", or "2026" where it is a calendar year."""
    return str(year) if starts_month == 1 else f"{year}-{(year + 1) % 100:02}"
