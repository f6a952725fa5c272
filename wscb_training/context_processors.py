"""What every page's layout needs."""

from django.conf import settings


def board(request):
    """Return the Board's name and contact details, for the header, the footer and the emails."""
    return {**board_context(), "read_only": settings.READ_ONLY}


def board_context() -> dict:
    """Return the same words for what is rendered outside a request: emails and documents."""
    return {
        "board_name": settings.BOARD_NAME,
        "board_short_name": settings.BOARD_SHORT_NAME,
        "service_name": settings.SERVICE_NAME,
        "contact_email": settings.CONTACT_EMAIL,
        "contact_phone": settings.CONTACT_PHONE,
        "base_url": settings.BASE_URL,
        "identity_providers": settings.OIDC_PROVIDERS,
    }
