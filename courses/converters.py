"""Parts of addresses."""

from django.urls import register_converter


class Reference:
    """An event's reference, "E-7KMPQ". Anything else in an address is not found before a database hears of it."""

    regex = "[A-Za-z0-9-]{1,20}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Reference, "reference")
