"""T&D's screen of messages: what was sent, what failed, and the button to send again."""

from django.contrib import admin, messages
from django.utils import timezone

from notifications import actions
from notifications.models import Message
from wscb_training.screens import ReadAdmin
from wscb_training.wording import count


@admin.register(Message)
class MessageAdmin(ReadAdmin):
    """Messages are written by the site alone: here they are read, and failed ones sent again."""

    list_display = ["subject", "to", "status", "created_at", "sent_at", "attempts"]
    list_filter = ["status", "kind"]
    search_fields = ["to", "subject"]
    date_hierarchy = "created_at"
    exclude = ["html", "calendar", "headers"]
    actions = ["send_again"]

    @admin.action(description="Send again what failed", permissions=["view"])
    def send_again(self, request, queryset):
        failed = list(queryset.filter(status=Message.Status.FAILED))
        for message in failed:
            actions.send_again(message=message, now=timezone.now())
        messages.success(request, f"{count(len(failed), 'message')} will be sent again.")
