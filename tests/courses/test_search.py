"""Search that forgives a typo, as examples and against hostile input."""

from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.search import LONGEST, MOST_WORDS, Document, search

SAFETY, NEGLECT, CSE, FGM, TTT, E_SAFETY, CHILDREN = (
    "Multi-agency 2 Day Signs of Safety and Wellbeing",
    "Complex Neglect",
    "Child Sexual Exploitation – Level 1",
    "FGM as a Safeguarding Issue",
    "Training the Trainers",
    "E-safety Awareness Workshop",
    "Understanding Children's Development (0-11)",
)
DOCUMENTS = [
    Document(SAFETY, SAFETY, ("Signs of Safety and Wellbeing", "Assessment")),
    Document(NEGLECT, NEGLECT, ("Complex Neglect", "Neglect")),
    Document(CSE, CSE, ("Child Sexual Exploitation",), "How children are groomed, and the signs of it."),
    Document(FGM, FGM, ("Female Genital Mutilation", "Female Genital Mutilation (FGM)")),
    Document(TTT, TTT),
    Document(E_SAFETY, E_SAFETY, ("Online safety",)),
    Document(CHILDREN, CHILDREN, ("Children's Development",)),
]


def keys(asked, **options):
    return list(search(asked, DOCUMENTS, **options).keys)


@pytest.mark.parametrize(
    "asked, used, first",
    [
        ("saftey", "safety", SAFETY),
        ("neglct", "neglect", NEGLECT),
        ("Complx NEGLCT", "complex neglect", NEGLECT),
        ("sexual expliotation", "sexual exploitation", CSE),
        ("mutilaton!", "mutilation", FGM),
    ],
)
def test_a_typo_is_mended_and_the_answer_says_so(asked, used, first):
    found = search(asked, DOCUMENTS)
    assert found.is_mended
    assert (found.used, found.keys[0]) == (used, first)


@pytest.mark.parametrize("asked", ["neglect", "NEGLECT", "  neglect  ", "“neglect”", "negl"])
def test_a_word_that_is_known_is_left_as_typed(asked):
    found = search(asked, DOCUMENTS)
    assert not found.is_mended
    assert list(found.keys) == [NEGLECT]
    assert found.asked == asked.strip()


def test_exact_searches_the_typo_itself():
    found = search("saftey", DOCUMENTS, exact=True)
    assert not found.is_mended
    assert not found.keys


@pytest.mark.parametrize(
    "asked, key",
    [
        ("cse", CSE),
        ("CSE", CSE),
        ("fgm", FGM),
        ("female genital mutilation", FGM),
        ("e-safety", E_SAFETY),
        ("esafety", E_SAFETY),
        ("online safety", E_SAFETY),
        ("multiagency", SAFETY),
        ("childrens", CHILDREN),
        ("children’s development", CHILDREN),
        ("childrén", CHILDREN),
        ("level 1", CSE),
        ("groomed", CSE),
    ],
)
def test_abbreviations_hyphens_apostrophes_and_accents(asked, key):
    assert keys(asked)[0] == key


def test_words_that_tell_nothing_apart_are_passed_over_while_there_are_others():
    assert keys("training about the neglect of children") == keys("neglect children")
    assert keys("training") == [TTT]
    assert keys("the")[0] == TTT


def test_what_has_all_words_comes_alone():
    found = search("signs safety", DOCUMENTS)
    assert list(found.keys) == [SAFETY]
    assert not found.is_partial


def test_what_has_some_words_comes_where_nothing_has_all():
    found = search("neglect exploitation", DOCUMENTS)
    assert set(found.keys) == {NEGLECT, CSE}
    assert found.is_partial


def test_a_title_weighs_more_than_a_text():
    assert keys("signs")[:2] == [SAFETY, CSE]


def test_each_word_has_its_own_hits():
    found = search("neglect fgm", DOCUMENTS)
    assert found.hits == (frozenset({NEGLECT}), frozenset({FGM}))


@pytest.mark.parametrize(
    "asked", ["housing", "zzzz", "gp", "🙂", "'", '"', "%", "_", "\\", "\0", "   ", "؟", "--", "😀😀 💔"]
)
def test_what_is_not_there_finds_nothing(asked):
    assert keys(asked) == []


def test_quotes_percent_and_underscore_are_no_wild_cards():
    assert keys("neglect%") == keys("'neglect\"") == keys("neglect") == [NEGLECT]
    assert keys("n%t") == keys("n_glec%") == []


def test_a_short_word_is_never_taken_for_another():
    """Two or three letters are as near to everything: "sex" stays "sex", "egm" is not "FGM"."""
    assert not search("egm", DOCUMENTS).is_mended


def test_nothing_to_search_in():
    assert search("neglect", []).keys == ()


@given(st.text(max_size=400) | st.text(alphabet="nNeglct 'é-%_\"🙂١\0", max_size=400))
def test_any_text_is_searched_without_an_error(asked):
    found = search(asked, DOCUMENTS)
    assert len(found.asked) <= LONGEST
    assert len(found.hits) <= MOST_WORDS
    assert set(found.keys) <= {document.key for document in DOCUMENTS}
    assert search(found.used, DOCUMENTS, exact=True).keys == found.keys


@pytest.mark.parametrize(
    "asked", ["x" * 10_000, "neglect " * 1_250, "saftey neglct " * 700, "😀" * 10_000, "a-" * 5_000]
)
def test_ten_thousand_characters_are_searched_at_once(asked):
    many = [
        Document(number, f"{document.title} {number}", document.subjects)
        for number in range(30)
        for document in DOCUMENTS
    ]
    started = perf_counter()
    search(asked, many)
    assert perf_counter() - started < 0.5
