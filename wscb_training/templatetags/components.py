"""The parts that pages are made of (`templates/components/`) as template tags; loaded in every template."""

from django import template
from django.core.paginator import Page

from wscb_training.documents import qr_svg

register = template.Library()


@register.simple_block_tag(takes_context=True)
def component(context, content, name, **parameters) -> str:
    """Return `components/<name>.html` around what stands between the tags, which it gets as `content`.

    `{% component "inset" %}Bring photo ID.{% endcomponent %}`. Each component lists its parameters at its top.
    Like an include, it sees the page's own context as well.
    """
    with context.push(**parameters, content=content):
        return context.template.engine.get_template(f"components/{name}.html").render(context)


@register.inclusion_tag("components/breadcrumbs.html")
def crumbs(*titles_and_addresses) -> dict:
    """Return the way here from the home page: `{% crumbs "Courses" url "Neglect" %}`; this page has no address."""
    pairs = list(titles_and_addresses) + [""] * (len(titles_and_addresses) % 2)
    return {"crumbs": list(zip(pairs[::2], pairs[1::2], strict=True))}


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context, page: Page) -> dict:
    """Return links to the other pages of a list, keeping the rest of the query: `{% pagination page_obj %}`."""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {"page": page, "numbers": list(numbers), "request": context["request"]}


@register.inclusion_tag("components/nav_link.html", takes_context=True)
def nav_link(context, text: str, address: str, *parts: str) -> dict:
    """Return an item of the service navigation, marked when the page is at or under `address`; nothing without one.

    `parts` are the addresses of pages that belong to it and stand elsewhere.
    """
    path = context["request"].path
    within = any(path.startswith(each) for each in (address, *parts) if each)
    return {"text": text, "address": address, "current": path == address, "within": within}


@register.filter
def fraction_of(part: int, width: int | float) -> float:
    """Return `part` percent of `width`, for the length of a bar: `{{ percent|fraction_of:100 }}`."""
    return round(max(0, min(100, part)) * width / 100, 2)


@register.filter
def described_by(field) -> str:
    """Return the ids of a counted text's hint, errors and count: the form pack fails on one that has no hint."""
    hint = [f"{field.auto_id}_hint"] if field.help_text else []
    errors = [f"{field.auto_id}_{number}_error" for number, _ in enumerate(field.errors, start=1)]
    return " ".join([*hint, *errors, f"{field.auto_id}-info"])


@register.simple_tag
def qr(address: str) -> str:
    """Return a QR code of an address as inline SVG: `{% qr address %}`. Print the address beside it too."""
    return qr_svg(address)
