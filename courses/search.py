"""Search that forgives a typo: pure functions over documents, the same on every database.

The catalogue is some hundred courses and venues, so it is read whole for a search; nothing of what people type
reaches the database as text.
"""

import re
import unicodedata
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from math import log

LONGEST = 200  # characters of a search that are read; a person's search is shorter
MOST_WORDS = 10
# Words that tell nothing apart in a catalogue of courses; searched only when there are no others.
COMMON = frozenset(
    re.findall(
        r"\w+",
        """a about all an and are as at by can do for from how i in is it me my of on or our the their to us what when
        where which who with you your class classes course courses event events session sessions training workshop""",
    )
)
TITLE, SUBJECT, TEXT = 5.0, 3.0, 1.0


@dataclass(frozen=True)
class Document:
    """Something that can be found. `subjects` are short names, of which the initials ("CSE") are found too."""

    key: Hashable
    title: str
    subjects: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True)
class Found:
    """What a search found, and what was searched in the end.

    `used` is `asked` with its typos mended; `hits` has one set of keys a word; `keys` are in order of relevance:
    what has all words or, where nothing has (`is_partial`), what has some.
    """

    asked: str
    used: str
    hits: tuple[frozenset, ...] = ()
    keys: tuple = ()
    is_partial: bool = False

    @property
    def is_mended(self) -> bool:
        """Whether something else was searched than what was typed."""
        return self.used != self.asked


@dataclass
class _Index:
    """For each word of the documents, the weight that it has in each of them."""

    weights: dict[str, dict[Hashable, float]] = field(default_factory=dict)
    spellings: set[str] = field(default_factory=set)  # what a typo may be mended to

    def add(self, document: Document) -> None:
        for words, weight in _parts(document):
            self.spellings.update(word for word in words if len(word) > 3 and word not in COMMON)
            self._weigh(document.key, words, weight)
        self._weigh(document.key, {_initials(name) for name in (document.title, *document.subjects)} - {""}, SUBJECT)

    def _weigh(self, key: Hashable, words: Iterable[str], weight: float) -> None:
        for word in words:
            of_word = self.weights.setdefault(word, {})
            of_word[key] = max(weight, of_word.get(key, 0))

    def scores(self, word: str) -> dict[Hashable, float]:
        """Return the weight of each document that has `word`, or a word that begins with it."""
        result = dict(self.weights.get(word, {}))
        if len(word) >= 3:
            for other, of_word in self.weights.items():
                if other.startswith(word) or word == f"{other}s":
                    for key, weight in of_word.items():
                        result[key] = max(weight * 0.8, result.get(key, 0))
        return result

    def nearest(self, word: str) -> str | None:
        """Return the known word that `word` is a typo of, or None: one slip up to 7 letters, two beyond."""
        if len(word) < 4 or not word.isalpha():
            return None
        from rapidfuzz import process  # 3 MB that a process needs from its first mistyped word on only
        from rapidfuzz.distance import OSA

        slips = 1 if len(word) < 8 else 2
        near = process.extract(word, self.spellings, scorer=OSA.distance, score_cutoff=slips, limit=None)
        ranked = [(distance, -max(self.weights[other].values()), other) for other, distance, _ in near]
        return min(ranked)[2] if ranked else None


def search(asked: str, documents: Iterable[Document], *, exact: bool = False) -> Found:
    """Return what `asked` finds. `exact` searches what was typed, typos and all.

    Only the first 200 characters and 10 words count. Words nobody could mean to search by ("the", "training") are
    passed over while there are others. A search without a single word or number finds nothing.
    """
    asked = " ".join(asked.replace("\0", "")[:LONGEST].split())
    index = _index(documents)
    words = _query_words(asked, index)
    used, meant = asked, []
    for word in words:
        better = None if exact or index.scores(word) else index.nearest(word)
        meant.append(better or word)
        if better:
            used = _replace(used, word, better)
    hits = [index.scores(word) for word in meant]
    keys, is_partial = _ranked(hits)
    return Found(asked, used, tuple(frozenset(hit) for hit in hits), keys, is_partial)


def _index(documents: Iterable[Document]) -> _Index:
    index = _Index()
    for document in documents:
        index.add(document)
    return index


def _parts(document: Document) -> Iterable[tuple[set[str], float]]:
    """Return the words of the document with what they weigh, part by part."""
    yield _words(document.title), TITLE
    yield _words(" ".join(document.subjects)), SUBJECT
    yield _words(document.text), TEXT


def _ranked(hits: list[dict[Hashable, float]]) -> tuple[tuple, bool]:
    """Return the keys, best first, and whether none of them has all the words. A rare word says more."""
    number = len(set().union(*hits))
    scores = {}
    for hit in hits:
        rarity = 1 + log(number / len(hit)) if hit else 0
        for key, weight in hit.items():
            scores[key] = scores.get(key, 0) + weight * rarity
    keys = sorted(scores, key=scores.get, reverse=True)
    with_all = [key for key in keys if all(key in hit for hit in hits)]
    return tuple(with_all or keys), bool(keys and not with_all)


def _query_words(asked: str, index: _Index) -> list[str]:
    """Return the words to search by, each once: "e-safety" as one word where the documents know it so."""
    words = []
    for part in _plain(asked).split():
        pieces = re.findall(r"\w+", part)
        joined = "".join(pieces)
        words += [joined] if joined in index.weights else pieces
    telling = [word for word in words if word not in COMMON and (len(word) > 1 or word.isdigit())]
    return list(dict.fromkeys(telling or words))[:MOST_WORDS]


def _words(text: str) -> set[str]:
    """Return the words of a document, those with a hyphen both whole and in pieces."""
    words = set()
    for part in _plain(text).split():
        pieces = re.findall(r"\w+", part)
        words.update(pieces)
        if "-" in part or "–" in part:
            words.add("".join(pieces))
    return words - {""}


def _plain(text: str) -> str:
    """Return `text` in small letters without accents and apostrophes, so that "Children's" is "childrens"."""
    text = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in text if letter not in "'’‘`_" and not unicodedata.combining(letter))


def _initials(phrase: str) -> str:
    """Return "cse" for "Child Sexual Exploitation: a start", "" for a single word."""
    words = _plain(re.split(r"[:(–]", phrase)[0].replace("-", " ")).split()
    return "".join(word[0] for word in words) if len(words) > 1 else ""


def _replace(text: str, word: str, better: str) -> str:
    """Return `text` with the typed form of `word` replaced, whatever its case and accents."""
    return " ".join(better if "".join(re.findall(r"\w+", _plain(part))) == word else part for part in text.split())
