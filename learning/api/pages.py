"""Pages of lists: one way for all."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.core.paginator import Paginator
from ninja import Field, Schema
from ninja.errors import HttpError

SIZE = 100


class Paged(Schema):
    """Which page of a list."""

    page: int = Field(1, ge=1, le=1_000_000, description="Which page, from 1.")


def page_of(request, rows, asked: Paged, make: Callable[[list], list[dict]]) -> dict:
    """Return one page of `rows` (a queryset or a list) as `schemas.Page`; past the end it is empty.

    `make` gets the rows of the page, and returns their items in the same order. A filter that there is not is refused:
    a mistyped one would give everything.
    """
    if unknown := sorted(request.GET.keys() - type(asked).model_fields.keys()):
        raise HttpError(422, f"There is no filter “{unknown[0][:40]}”.")
    pages, number = Paginator(rows, SIZE), asked.page
    found = list(pages.page(number).object_list) if number <= pages.num_pages else []
    query = {**request.GET.dict(), "page": number + 1}
    following = f"{settings.BASE_URL}{request.path}?{urlencode(query)}" if number < pages.num_pages else None
    return {"count": pages.count, "next": following, "items": make(found)}
