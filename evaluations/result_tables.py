"""The results as tables for files: what the page shows, with its period and source."""

from evaluations.changes import STAGES
from evaluations.results import Results
from wscb_training.tables import Table

TOO_FEW, NO_DATA = "too few", "no data"
NAMES = {
    "response-rates": "How many answered",
    "change": "What changed",
    "answers": "How the answers spread",
    "comments": "What was written",
    "themes": "Themes",
}


def tables(found: Results) -> dict[str, Table]:
    """Return the tables of the results by the name in their address."""
    makers = (_rates, _changes, _spreads, _comments, _themes)
    return {name: make(found) for name, make in zip(NAMES, makers, strict=True)}


def _rates(found: Results) -> Table:
    rows = [[rate.name, rate.asked, rate.answered, rate.percent, rate.nobody] for rate in found.rates]
    return Table("Response rates", ["Questionnaire", "Asked", "Answered", "Percent", "Nobody to ask"], rows)


def _changes(found: Results) -> Table:
    headings = ["What was asked"]
    for _, stage in STAGES:
        headings += [f"{stage}: people who answered both", "Before", "Then", "Change"]
    rows = []
    for change in found.changes:
        row = [change.name]
        for pair in change.pairs:
            nothing = TOO_FEW if pair.number else NO_DATA
            row += [pair.number, *(nothing if each is None else each for each in (pair.before, pair.then, pair.change))]
        rows.append(row)
    return Table("Change (1 to 5)", headings, rows)


def _spreads(found: Results) -> Table:
    rows = []
    for spread in found.spreads:
        if spread.counts is None:
            rows.append([spread.kind_name, spread.question, TOO_FEW, None, spread.number, None])
        for choice, number in spread.counts or []:
            rows.append([spread.kind_name, spread.question, choice, number, spread.number, spread.average])
    return Table("Answers", ["Questionnaire", "Question", "Answer", "Number", "Of", "Average (1 to 5)"], rows)


def _comments(found: Results) -> Table:
    rows = [
        [comments.kind_name, comments.question, text] for comments in found.comments for text in comments.texts or []
    ]
    return Table("Comments", ["Questionnaire", "Question", "What was written"], rows)


def _themes(found: Results) -> Table:
    rows = [
        [comments.kind_name, comments.question, theme, number, comments.number]
        for comments in found.comments
        for theme, number in comments.themes
    ]
    return Table("Themes", ["Questionnaire", "Question", "Theme", "Answers", "Of"], rows)
