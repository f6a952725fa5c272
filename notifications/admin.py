"""T&D's screen of messages: what was sent, what failed, and the button to send again."""

from django.contrib import admin, messages
from django.utils import timezone

from notifications import actions
from notifications.models import Message
from wscb_training.wording import count


@admin.register(Message)
class MessageAdmin(admin.ModelAdmin):
    """Messages are written by the site alone: here they are read, and failed ones sent again."""

    list_display = ["subject", "to", "status", "created_at", "sent_at", "attempts"]
    list_filter = ["status", "kind"]
    search_fields = ["to", "subject"]
    date_hierarchy = "created_at"
    show_full_result_count = False
    exclude = ["html", "calendar", "headers"]
    actions = ["send_again"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.action(description="Send again what failed", permissions=["view"])
    def send_again(self, request, queryset):
        failed = list(queryset.filter(status=Message.Status.FAILED))
        for message in failed:
            actions.send_again(message=message, now=timezone.now())
        messages.success(request, f"{count(len(failed), 'message')} will be sent again.")
