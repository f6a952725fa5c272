"""Which words come up in what people write: a suggestion of themes to T&D, no more."""

import re
from collections import Counter
from collections.abc import Iterable

MOST = 24
WORD = re.compile(r"[^\W\d_]{4,}")
# Words that say nothing of what an answer is about.
EMPTY = """
able about above after again against also although always among another anything around asked back because
been before being below best better between both came come could course courses days different doing done down
during each even ever every everyone feel felt find first found from further gave give given going good great
happy have having help helped helpful here hers herself himself however into itself just keep kept knew know
knowing learn learned learnt less like little look made make making many might more most much must myself need
needed needs never next nothing often once only other others ourselves over part people perhaps quite rather
really same seen several shall should since some someone something sometimes still such sure take taken than
thank thanks that their theirs them themselves then there these they thing things think this those though
thought through time today together told took training trainer under until used useful using very want wanted
ways well went were what when where which while whole will with within without work would your yours yourself
"""
_EMPTY = frozenset(EMPTY.split())


def common_words(texts: Iterable[str], *, least: int = 2) -> list[tuple[str, int]]:
    """Return the words that stand in the most texts, each with in how many, at least in `least`; most first."""
    counted: Counter = Counter()
    for text in texts:
        counted.update({word.casefold() for word in WORD.findall(text)} - _EMPTY)
    found = [(word, many) for word, many in counted.items() if many >= least]
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))[:MOST]
