"""One table of the report as it is frozen: worded rows, what they count, from where, and which columns are drawn."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

from wscb_training.tables import Table

TOO_FEW = "Too few"
NO_DATA = "No data"


@dataclass(frozen=True)
class Part:
    """A table with all that a reader needs beside it. Cells are text, numbers or None; headings carry the units."""

    name: str  # in addresses and file names
    sheet: str  # of a workbook, at most 31 letters
    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence]
    period: str
    source: str
    note: str = ""
    empty: str = "There is nothing to show."
    drawn: Sequence[int] = field(default_factory=list)  # columns that a chart draws, with the first as labels
    series: int | None = None  # the column that names the bars of one label, where one column is drawn
    compared: int | None = None  # the column beside which the last report's stands

    def frozen(self) -> dict:
        """Return it as JSON."""
        return asdict(self)

    @classmethod
    def of(cls, frozen: dict) -> "Part":
        """Return what was frozen; names that a later version of the code dropped are passed over."""
        return cls(**{name: value for name, value in frozen.items() if name in cls.__dataclass_fields__})

    @property
    def numbers(self) -> list[bool]:
        """Whether each column holds numbers, which stand to the right."""
        return [all(_is_number(row[column]) for row in self.rows) for column in range(len(self.headings))]

    @property
    def lines(self) -> list[list[tuple[str, str, bool]]]:
        """The rows as they are shown: each cell with its heading, its words, and whether it stands to the right."""
        numbers = self.numbers
        decimals = [max((_decimals(row[column]) for row in self.rows), default=0) for column in range(len(numbers))]
        return [
            [
                (heading, _worded(cell, many), right)
                for heading, cell, many, right in zip(self.headings, row, decimals, numbers, strict=True)
            ]
            for row in self.rows
        ]

    @property
    def columns(self) -> list[tuple[str, bool]]:
        """The headings, each with whether its column stands to the right."""
        return list(zip(self.headings, self.numbers, strict=True))

    @property
    def table(self) -> Table:
        """The same as a sheet or a CSV file; what to know about it stands below the rows."""
        blank = [None] * (len(self.headings) - 1)
        about = [f"Period: {self.period}.", f"Source: {self.source}.", *([self.note] if self.note else [])]
        notes = [[line, *blank] for line in about]
        return Table(self.sheet, self.headings, [*self.rows, [None, *blank], *notes])


def _is_number(value) -> bool:
    return value is None or isinstance(value, int | float) or value in (TOO_FEW, NO_DATA)


def _decimals(value) -> int:
    return len(f"{value:.2f}".rstrip("0").partition(".")[2]) if isinstance(value, float) else 0


def _worded(value, decimals: int) -> str:
    if value is None:
        return NO_DATA
    if isinstance(value, float):
        return f"{value:,.{decimals}f}".replace("-", "−")
    return f"{value:,}" if isinstance(value, int) else value


def percentage(part: int, whole: int) -> float | None:
    """Return a percentage with one decimal, rounded down as everywhere; None of nothing."""
    return (1000 * part // whole) / 10 if whole else None
